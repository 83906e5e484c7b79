/** Waiting for the cloud: asks at growing intervals until an answer is there. */
import { duration } from './clock';
import type { Context } from './context';
import { DeployError } from './deploy-error';

/** First and longest pause between two questions, in milliseconds. The API allows 20 questions a second. */
const firstPause = 100;
const longestPause = 3000;

export interface WaitOptions {
  /** Completes the sentence "Waited 5 min for …". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
  /** How long it takes as a rule, for people: `3 to 6 minutes`. */
  readonly usually?: string;
}

/** Repeats `ask` until it gives something else than undefined; undefined when that takes too long. */
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

/** The same, and throws DeployError when that takes too long. */
export async function waitFor<T>(
  context: Pick<Context, 'clock' | 'report'>,
  options: WaitOptions,
  ask: () => Promise<T | undefined>,
): Promise<T> {
  const answer = await waitUntil(context, options, ask);
  if (answer !== undefined) return answer;
  const { what, timeout } = options;
  throw new DeployError(`Waited ${duration(timeout)} for ${what}. Run the same command again to go on waiting.`);
}
