/** Sends nothing: writes the code to standard error. For demo mode and CODE_DELIVERY=log. */
import type { Write } from '../../base/log';
import type { CodeSender, News } from './ports';

const SHOWN = 3;

const NEWS: Readonly<Record<News, string>> = {
  bound: 'its account has another address now',
  signed_in: 'a new address of its account was used to sign in',
};

/** `recent` are the last few, newest first. */
export function createLogSender(write: Write): { sender: CodeSender; recent: () => readonly string[] } {
  let shown: readonly string[] = [];
  const sender: CodeSender = {
    ready: () => true,
    async send({ address, digits }) {
      write(`sign-in code for ${address}: ${digits}\n`);
      shown = [`${address}: ${digits}`, ...shown].slice(0, SHOWN);
    },
    notify: async (email, news) => write(`told ${email} that ${NEWS[news]}\n`),
  };
  return { sender, recent: () => shown };
}
