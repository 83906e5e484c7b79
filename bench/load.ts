/**
 * A small HTTP/1.1 load: each worker has one keep-alive connection and sends its next request when the answer to the last
 * one is here. Raw sockets, so that the client uses little of the two cores that it shares with the server.
 */
import { connect, type Socket } from 'node:net';

/** Path and query of the n-th request; `last` is the previous answer to this worker. */
export type Next = (n: number, worker: number, last: string) => string;

export interface Case {
  name: string;
  next: Next;
  /** Further header lines, each with its \\r\\n. */
  headers?: string;
  /** Creates its additional data besides the people and the first rooms; called once, before the measurement. */
  prepare?: () => Promise<void>;
}

export interface Figures {
  requests: number;
  /** Answers whose errorCode was not among those expected, or that were no HTTP 200. */
  wrong: number;
  perSecond: number;
  p50: number;
  p99: number;
}

export interface Load {
  port: number;
  concurrency: number;
  /** How long, in milliseconds; or how many requests in all. */
  ms?: number;
  count?: number;
  /** Another machine, by name. */
  host?: string;
  /** Path and query of the n-th request; `last` is the previous answer of this worker, '' at first. */
  next: (n: number, worker: number, last: string) => string;
  /** How long each worker rests after an answer (ms); none by default, which loads the machine to its limit. */
  pauseMs?: number;
  /** A text every good answer contains. */
  expect?: string;
  /** Further header lines of every request, each with its \r\n. */
  headers?: string;
}

function percentile(sorted: Float64Array, part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

class Worker {
  private socket: Socket;
  private received = '';
  private resolve: ((answer: string) => void) | undefined;

  private readonly port: number;
  private readonly host: string;
  private readonly headers: string;

  constructor({ port, host, headers }: { port: number; host: string; headers: string }) {
    this.port = port;
    this.host = host;
    this.headers = headers;
    this.socket = this.open();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: this.host, noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      const head = this.received.indexOf('\r\n\r\n');
      if (head < 0) return;
      const length = Number(/content-length: (\d+)/i.exec(this.received.slice(0, head))?.[1] ?? 0);
      if (this.received.length < head + 4 + length) return;
      const answer = this.received;
      this.received = '';
      // The service limits the requests on one connection and announces it with the last answer; requests sent on it
      // nevertheless is refused with a 503 (RFC 9112, 9.6: a client must not send more).
      if (/^connection: close/im.test(answer.slice(0, head))) {
        socket.removeAllListeners().destroy();
        this.socket = this.open();
      }
      this.resolve?.(answer);
    });
    socket.on('error', () => this.resolve?.('broken connection'));
    socket.on('close', () => this.resolve?.('closed connection'));
    return socket;
  }

  ask(path: string): Promise<string> {
    return new Promise((resolve) => {
      this.resolve = resolve;
      this.socket.write(`GET ${path} HTTP/1.1\r\nhost: bench\r\n${this.headers}\r\n`);
    });
  }

  close(): void {
    this.socket.destroy();
  }
}

/** Runs a load to its end. Times are in milliseconds. */
export async function run(load: Load): Promise<Figures> {
  const {
    expect = '"errorCode":0',
    host = '127.0.0.1',
    headers = '',
    count = Number.POSITIVE_INFINITY,
    ms = Number.POSITIVE_INFINITY,
  } = load;
  const times: number[] = [];
  let sent = 0;
  let wrong = 0;
  const started = performance.now();
  const workers = Array.from({ length: load.concurrency }, async (_, index) => {
    const worker = new Worker({ port: load.port, host, headers });
    let last = '';
    while (sent < count && performance.now() - started < ms) {
      const path = load.next(sent++, index, last);
      const begin = performance.now();
      const answer = await worker.ask(path);
      times.push(performance.now() - begin);
      last = answer;
      if (!answer.includes(expect)) wrong += 1;
      if (load.pauseMs) await new Promise((resolve) => setTimeout(resolve, load.pauseMs));
    }
    worker.close();
  });
  await Promise.all(workers);
  const seconds = (performance.now() - started) / 1000;
  const sorted = Float64Array.from(times).sort();
  return {
    requests: times.length,
    wrong,
    perSecond: times.length / seconds,
    p50: percentile(sorted, 0.5),
    p99: percentile(sorted, 0.99),
  };
}
