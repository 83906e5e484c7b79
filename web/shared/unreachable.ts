import type { Text } from './language';

export const UNREACHABLE: Text = [
  'Cannot reach the service. Check that it is running and that you are online.',
  '无法连接服务：请确认服务正在运行，且网络正常。',
];
