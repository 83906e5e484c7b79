/** How the steps tell what they do: one moving line while something is under way, one lasting line when it is done. */
import type { Progress, Writers } from './framework';

export interface Reporter {
  /** Runs `work` under a progress line; `done` becomes a lasting line, with the seconds it took where that is long. */
  step<T>(message: string, work: () => Promise<T>, done: (result: T) => string | undefined): Promise<T>;
  /** A lasting line on stderr. */
  note(text: string): void;
  warn(text: string): void;
  /** The command's result, on stdout. */
  print(text: string): void;
}

/** Shorter than this is not worth telling, in milliseconds. */
const longStep = 2000;

/** Where nobody sees a line move (a log of CI), a step that goes on tells so after this time, in milliseconds. */
const signOfLife = 30_000;

/** Counts the seconds of a step: on the moving line of a terminal, or as lines. Answers how to stop. */
function tick(message: string, line: Progress, notice: (text: string) => void): () => void {
  const began = Date.now();
  const seconds = () => Math.round((Date.now() - began) / 1000);
  const timer = process.stderr.isTTY
    ? setInterval(() => line.update(`${message} (${seconds()}s)`), 1000)
    : setInterval(() => notice(`… ${message} (${seconds()}s)`), signOfLife);
  return () => clearInterval(timer);
}

export function createReporter({ log, progress, writeText }: Writers): Reporter {
  return {
    async step(message, work, done) {
      const line = progress.create({ message });
      const began = Date.now();
      const stop = tick(message, line, (text) => log.notice(text));
      try {
        const result = await work();
        const text = done(result);
        const took = Date.now() - began;
        if (text !== undefined) log.notice(took < longStep ? `✔ ${text}` : `✔ ${text} (${Math.round(took / 1000)}s)`);
        return result;
      } finally {
        stop();
        line.remove();
      }
    },
    note: (text) => log.notice(text),
    warn: (text) => log.warning(text),
    print: (text) => writeText(text),
  };
}
