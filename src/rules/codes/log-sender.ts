/** Sends nothing: the code is written where whoever runs the service reads it. For demo mode and CODE_DELIVERY=log. */
import type { Write } from '../../base/log';
import type { CodeSender } from './ports';

export function createLogSender(write: Write): CodeSender {
  return {
    ready: () => true,
    send: async ({ address, digits }) => write(`sign-in code for ${address}: ${digits}\n`),
    tellOldAddress: async (email) => write(`told ${email} that its account has another address now\n`),
  };
}
