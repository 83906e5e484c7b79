/** Waiting for the cloud: asks at growing intervals until an answer is there. */
import { setTimeout as sleep } from 'node:timers/promises';
import { DeployError } from './deploy-error';

/** First and longest pause between two questions, in milliseconds. The API allows 20 questions a second. */
const firstPause = 100;
const longestPause = 3000;

export interface WaitOptions {
  /** Completes the sentence "Waited N minutes for …". */
  readonly what: string;
  /** Milliseconds. */
  readonly timeout: number;
}

/** Repeats `ask` until it gives something else than undefined. Throws DeployError when that takes too long. */
export async function waitFor<T>({ what, timeout }: WaitOptions, ask: () => Promise<T | undefined>): Promise<T> {
  const deadline = Date.now() + timeout;
  for (let pause = firstPause; ; pause = Math.min(pause * 1.5, longestPause)) {
    const answer = await ask();
    if (answer !== undefined) return answer;
    if (Date.now() + pause > deadline) {
      const minutes = Math.round(timeout / 60_000);
      throw new DeployError(`Waited ${minutes} minutes for ${what}. Run the same command again to go on waiting.`);
    }
    await sleep(pause);
  }
}
