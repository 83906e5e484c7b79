/** Bytes on a socket, for requests that no HTTP client would send. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';

export interface RawOptions {
  /** Between two parts (ms). */
  pauseMs?: number;
  /** Ends when what has come back matches; else when the other side ends, or after `timeoutMs` (5,000). */
  until?: RegExp;
  timeoutMs?: number;
}

/** Writes the parts, each as a packet of its own, and gives everything that came back. */
export async function rawHttp(
  port: number,
  parts: readonly (string | Buffer)[],
  options: RawOptions = {},
): Promise<string> {
  const { pauseMs = 5, until, timeoutMs = 5_000 } = options;
  const socket: Socket = connect({ port, host: '127.0.0.1', noDelay: true });
  let received = '';
  const finished = new Promise<void>((resolve) => {
    socket.on('data', (data) => {
      received += data.toString('utf8');
      if (until?.test(received)) resolve();
    });
    socket.on('close', () => resolve());
    socket.on('error', () => resolve());
  });
  for (const part of parts) {
    socket.write(part);
    if (parts.length > 1) await sleep(pauseMs);
  }
  await Promise.race([finished, sleep(timeoutMs, undefined, { ref: false })]);
  socket.destroy();
  return received;
}

export interface RawAnswer {
  status: string;
  headers: string;
  body: string;
}

/** The answers in what came back over one connection, in their order. */
export function answersIn(received: string): RawAnswer[] {
  const answers: RawAnswer[] = [];
  let rest = Buffer.from(received);
  for (;;) {
    const end = rest.indexOf('\r\n\r\n');
    if (end < 0) return answers;
    const head = rest.subarray(0, end).toString();
    const length = Number(/^content-length: (\d+)\r?$/im.exec(head)?.[1] ?? 0);
    const status = head.split('\r\n', 1)[0] ?? '';
    answers.push({ status, headers: head, body: rest.subarray(end + 4, end + 4 + length).toString() });
    rest = rest.subarray(end + 4 + length);
  }
}
