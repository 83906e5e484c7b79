/**
 * How the steps tell what they do: one moving line while something is under way, one lasting line when it is done. What
 * is waited for, since when and how long that takes as a rule is on the moving line, or, where nobody sees a line move
 * (a log of CI), in a line of its own every half a minute.
 */
import { duration } from './clock';
import type { Progress, Writers } from './framework';

export interface Reporter {
  /** Runs `work` under a progress line; `done` becomes a lasting line, with the seconds it took where that is long. */
  step<T>(message: string, work: () => Promise<T>, done: (result: T) => string | undefined): Promise<T>;
  /** Names what the present step waits for; gives what ends that. */
  waiting(what: string, usually?: string): () => void;
  /** A lasting line on stderr. */
  note(text: string): void;
  warn(text: string): void;
  /** The command's result, on stdout. */
  print(text: string): void;
  /** What is under way, or ''. */
  now(): string;
}

/** Shorter than this is not worth telling, in milliseconds. */
const longStep = 2000;
const signOfLife = 30_000;

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

  /** Answers how to stop. */
  function tick(message: string, line: Progress): () => void {
    const began = Date.now();
    const sentence = () => sentenceOf({ message, began, wait }, Date.now());
    const timer = process.stderr.isTTY
      ? setInterval(() => line.update(sentence()), 1000)
      : setInterval(() => log.notice(`… ${sentence()}`), signOfLife);
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
