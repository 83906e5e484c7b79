import type { Text } from './language';

export const UNREACHABLE: Text = [
  'The service does not answer. Is it running, and is this device on line?',
  '无法连接服务：请确认服务正在运行，且网络正常。',
];
