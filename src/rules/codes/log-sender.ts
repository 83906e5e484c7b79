/** Sends nothing: writes the code to standard error. For demo mode and CODE_DELIVERY=log. */
import type { Write } from '../../base/log';
import type { CodeSender } from './ports';

const SHOWN = 3;

/** `recent` are the last few, newest first. */
export function createLogSender(write: Write): { sender: CodeSender; recent: () => readonly string[] } {
  let shown: readonly string[] = [];
  const sender: CodeSender = {
    ready: () => true,
    async send({ address, digits }) {
      write(`sign-in code for ${address}: ${digits}\n`);
      shown = [`${address}: ${digits}`, ...shown].slice(0, SHOWN);
    },
    tellOldAddress: async (email) => write(`told ${email} that its account has another address now\n`),
  };
  return { sender, recent: () => shown };
}
