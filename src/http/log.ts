/**
 * Logs: one JSON line per request (request-report.ts) and per event, on standard output, where SCF collects them. Values are
 * numbers, codes and ids that the service made itself, or has checked to be letters, digits, `_` and `-`; no text of a client
 * is written.
 */
import type { Log, Write } from '../base/log';

let stampedAt = 0;
let stamp = '';

/** The time of a line; many lines have the same millisecond. */
export function timeText(): string {
  const now = Date.now();
  if (now !== stampedAt) {
    stampedAt = now;
    stamp = new Date(now).toISOString();
  }
  return stamp;
}

export function createLog(write: Write): Log {
  return (event, fields = {}) => write(`${JSON.stringify({ time: timeText(), event, ...fields })}\n`);
}

/** The stack of an unexpected error, without its message, which may contain anything. */
export function traceOf(error: unknown): string {
  if (!(error instanceof Error)) return typeof error;
  // The stack begins with the message, whose lines may look like frames.
  const stack = (error.stack ?? '').replace(error.message, '');
  const frames = stack.split('\n').filter((line) => /^\s+at /.test(line));
  return [error.name, ...frames.slice(0, 8).map((line) => line.trim())].join(' | ');
}

/** How long a line may wait for others (ms). */
const COLLECTED_MS = 10;

/**
 * Collects the lines of a moment into one write, since each write is a system call. For long-running
 * processes; a function that is frozen after its response must write immediately.
 */
export function bufferedWrite(write: Write): Write {
  let lines: string[] = [];
  const flush = () => {
    const text = lines.join('');
    lines = [];
    write(text);
  };
  process.on('exit', () => {
    if (lines.length > 0) flush();
  });
  return (line) => {
    if (lines.push(line) === 1) setTimeout(flush, COLLECTED_MS);
  };
}
