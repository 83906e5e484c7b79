/** Waiting for the cloud: asks at growing intervals until there is a result. */
import { duration } from './clock';
import type { Context } from './context';
import { DeployError } from './deploy-error';

/** First and longest pause between two questions, in milliseconds. The API allows 20 questions a second. */
const firstPause = 100;
const longestPause = 3000;

export interface WaitOptions {
  /** Completes the sentence "Timed out after 5 min waiting for …". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** Its usual duration, for people: `3 to 6 minutes`. */
  readonly usually?: string;
}

/** Repeats `ask` until it returns something else than undefined; undefined after the time-out. */
export async function waitUntil<T>(
  { clock, report }: Pick<Context, 'clock' | 'report'>,
  { what, timeout, usually }: WaitOptions,
  ask: () => Promise<T | undefined>,
): Promise<T | undefined> {
  const deadline = clock.now() + timeout;
  const done = report.waiting(what, usually);
  try {
    for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
      const answer = await ask();
      if (answer !== undefined || clock.now() + pause > deadline) return answer;
      await clock.sleep(pause);
    }
  } finally {
    done();
  }
}

/** The same, and throws DeployError after the time-out. */
export async function waitFor<T>(
  context: Pick<Context, 'clock' | 'report'>,
  options: WaitOptions,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const answer = await waitUntil(context, options, ask);
  if (answer !== undefined) return answer;
  const { what, timeout } = options;
  throw new DeployError(
    `Timed out after ${duration(timeout)} waiting for ${what}. Run the same command again to continue.`,
  );
}
