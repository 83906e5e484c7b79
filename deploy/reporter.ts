/**
 * The output of the steps: a moving line while a step runs, a lasting line when it is done. The moving line shows the
 * current wait, its start and its usual duration. Without a terminal (a CI log) that is a line every half minute.
 */
import { duration } from './clock';
import type { Progress, Writers } from './framework';

export interface Reporter {
  /** Runs `work` under a progress line; `done` becomes a lasting line, with the seconds if it took long. */
  step<T>(message: string, work: () => Promise<T>, done: (result: T) => string | undefined): Promise<T>;
  /** Names the wait of the current step; returns the function that ends it. */
  waiting(what: string, usually?: string): () => void;
  /** A lasting line on stderr. */
  note(text: string): void;
  warn(text: string): void;
  /** The command's result, on stdout. */
  print(text: string): void;
  /** The current step and its wait, or ''. */
  now(): string;
}

/** Durations below this are not shown, in milliseconds. */
const longStep = 2000;
const lineEvery = 30_000;

interface Wait {
  readonly what: string;
  readonly usually: string | undefined;
  readonly since: number;
}

interface Moment {
  readonly message: string;
  readonly began: number;
  readonly wait: Wait | undefined;
}

const clockTime = (milliseconds: number): string => new Date(milliseconds).toTimeString().slice(0, 8);

/** `Database cluster: waiting for cluster x to run since 10:42:07 (2 min 5 s; usually 3 to 6 minutes)` */
export function sentenceOf({ message, began, wait }: Moment, now: number): string {
  if (!wait) return `${message} (${duration(now - began)})`;
  const usual = wait.usually === undefined ? '' : `; usually ${wait.usually}`;
  const since = `since ${clockTime(wait.since)} (${duration(now - wait.since)}${usual})`;
  return `${message}: waiting for ${wait.what} ${since}`;
}

export function createReporter({ log, progress, writeText }: Writers): Reporter {
  let wait: Wait | undefined;
  let current = '';

  /** Returns the function that stops it. */
  function tick(message: string, line: Progress): () => void {
    const began = Date.now();
    const sentence = () => sentenceOf({ message, began, wait }, Date.now());
    const timer = process.stderr.isTTY
      ? setInterval(() => line.update(sentence()), 1000)
      : setInterval(() => log.notice(`… ${sentence()}`), lineEvery);
    return () => clearInterval(timer);
  }

  return {
    async step(message, work, done) {
      const line = progress.create({ message });
      const began = Date.now();
      const stop = tick(message, line);
      const outer = current;
      current = message;
      try {
        const result = await work();
        const text = done(result);
        const took = Date.now() - began;
        if (text !== undefined) log.notice(took < longStep ? `✔ ${text}` : `✔ ${text} (${duration(took)})`);
        return result;
      } finally {
        current = outer;
        stop();
        line.remove();
      }
    },
    waiting(what, usually) {
      const outer = wait;
      wait = { what, usually, since: Date.now() };
      return () => {
        wait = outer;
      };
    },
    note: (text) => log.notice(text),
    warn: (text) => log.warning(text),
    print: (text) => writeText(text),
    now: () => (wait ? `${current}: waiting for ${wait.what}` : current),
  };
}
