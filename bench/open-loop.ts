/**
 * An open loop: requests arrive when they arrive, whether or not the ones before them were answered, as people do. What waits
 * for a free connection waits, and that counts: a time is taken from the planned arrival to the last byte of the answer.
 */
import { connect, type Socket } from 'node:net';

/** A request: path and query of a GET, or a POST of JSON; and what its answer contains if it is right. */
export interface Ask {
  readonly path: string;
  readonly body?: string;
  readonly expected: string;
}

/** One kind of request and how often it comes. */
export interface Stream {
  readonly name: string;
  readonly perSecond: number;
  /** The next one; undefined if none is to be sent now. */
  next(): Ask | undefined;
}

export interface StreamFigures {
  readonly name: string;
  readonly perSecond: number;
  readonly p50: number;
  readonly p99: number;
  readonly max: number;
  readonly wrong: number;
}

export interface LoopFigures {
  readonly streams: readonly StreamFigures[];
  readonly all: StreamFigures;
  /** The p99 of every second (ms). */
  readonly seconds: readonly number[];
  /** Delay of the load generator itself (p99, ms), which is not the service's. */
  readonly lateP99: number;
  /** Requests that were still waiting for a connection when the time was up. */
  readonly left: number;
}

interface Arrival {
  readonly at: number;
  readonly stream: number;
  readonly ask: Ask;
}

/** One keep-alive connection; one request at a time. */
export class Line {
  private socket: Socket;
  private received = '';
  private done: ((answer: string) => void) | undefined;
  private readonly port: number;

  constructor(port: number) {
    this.port = port;
    this.socket = this.open();
  }

  private open(): Socket {
    const socket = connect({ port: this.port, host: '127.0.0.1', noDelay: true });
    socket.setEncoding('latin1');
    socket.on('data', (chunk: string) => {
      this.received += chunk;
      const end = this.received.indexOf('\r\n\r\n');
      if (end < 0) return;
      const head = this.received.slice(0, end);
      const length = Number(/content-length: (\d+)/i.exec(head)?.[1] ?? 0);
      if (this.received.length < end + 4 + length) return;
      // The service limits the requests on one connection, and announces it with the last answer (RFC 9112, 9.6).
      if (/^connection: close/im.test(head)) socket.removeAllListeners().destroy();
      this.finish(this.received);
    });
    socket.on('error', () => this.finish('broken'));
    socket.on('close', () => this.finish('closed'));
    return socket;
  }

  send({ path, body }: Ask, done: (answer: string) => void): void {
    this.done = done;
    if (this.socket.destroyed) this.socket = this.open();
    const posted = body && `content-type: application/json\r\ncontent-length: ${Buffer.byteLength(body)}\r\n`;
    const method = posted ? 'POST' : 'GET';
    this.socket.write(`${method} ${path} HTTP/1.1\r\nhost: bench\r\n${posted ?? ''}\r\n${body ?? ''}`);
  }

  close(): void {
    this.done = undefined;
    this.socket.removeAllListeners().destroy();
  }

  private finish(answer: string): void {
    this.received = '';
    const { done } = this;
    this.done = undefined;
    done?.(answer);
  }
}

function percentile(values: readonly number[], part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(sorted.length * part))] ?? 0;
}

function figures(name: string, times: readonly number[], rest: { seconds: number; wrong: number }): StreamFigures {
  const max = times.reduce((most, time) => Math.max(most, time), 0);
  const { seconds, wrong } = rest;
  return {
    name,
    perSecond: times.length / seconds,
    p50: percentile(times, 0.5),
    p99: percentile(times, 0.99),
    max,
    wrong,
  };
}

class Loop {
  private readonly streams: readonly Stream[];
  private readonly idle: Line[];
  private readonly lines: readonly Line[];
  private readonly waiting: Arrival[] = [];
  private readonly due: number[];
  private readonly times: number[][];
  private readonly wrong: number[];
  private readonly bySecond: number[][] = [];
  private readonly late: number[] = [];
  private readonly started = performance.now();

  constructor(streams: readonly Stream[], ports: readonly number[], connections: number) {
    this.streams = streams;
    this.lines = Array.from({ length: connections }, (_, index) => new Line(ports[index % ports.length] ?? 0));
    this.idle = [...this.lines];
    this.due = streams.map((stream) => this.started + this.gap(stream));
    this.times = streams.map(() => []);
    this.wrong = streams.map(() => 0);
  }

  run(ms: number): Promise<LoopFigures> {
    return new Promise((resolve) => {
      const tick = setInterval(() => {
        const now = performance.now();
        if (now - this.started < ms) {
          this.arrive(now);
          return;
        }
        clearInterval(tick);
        // Requests in flight get a moment; those that still wait then are reported.
        setTimeout(() => resolve(this.end(ms)), 1_000);
      }, 1);
    });
  }

  /** Arrivals have no memory, as those of many people who do not know each other. */
  private gap({ perSecond }: Stream): number {
    return (-Math.log(1 - Math.random()) * 1000) / perSecond;
  }

  private arrive(now: number): void {
    for (const [index, stream] of this.streams.entries()) {
      let at = this.due[index] ?? now;
      for (; at <= now; at += this.gap(stream)) {
        const ask = stream.next();
        if (ask === undefined) continue;
        this.late.push(now - at);
        this.waiting.push({ at, stream: index, ask });
      }
      this.due[index] = at;
    }
    this.waiting.sort((a, b) => a.at - b.at);
    this.serve();
  }

  private serve(): void {
    let sent = 0;
    for (; sent < this.waiting.length; sent += 1) {
      const line = this.idle.shift();
      const arrival = this.waiting[sent];
      if (line === undefined || arrival === undefined) break;
      line.send(arrival.ask, (answer) => {
        this.answered(arrival, answer);
        this.idle.push(line);
        if (this.waiting.length > 0) this.serve();
      });
    }
    if (sent > 0) this.waiting.splice(0, sent);
  }

  private answered({ at, stream, ask }: Arrival, answer: string): void {
    const ms = performance.now() - at;
    this.times[stream]?.push(ms);
    const second = Math.floor((at - this.started) / 1000);
    this.bySecond[second] ??= [];
    this.bySecond[second]?.push(ms);
    if (!answer.includes(ask.expected)) this.wrong[stream] = (this.wrong[stream] ?? 0) + 1;
  }

  private end(ms: number): LoopFigures {
    for (const line of this.lines) line.close();
    const seconds = ms / 1000;
    const streams = this.streams.map(({ name }, index) =>
      figures(name, this.times[index] ?? [], { seconds, wrong: this.wrong[index] ?? 0 }),
    );
    const wrong = this.wrong.reduce((sum, count) => sum + count, 0);
    return {
      streams,
      all: figures('all', this.times.flat(), { seconds, wrong }),
      seconds: Array.from(this.bySecond, (times) => percentile(times ?? [], 0.99)),
      lateP99: percentile(this.late, 0.99),
      left: this.waiting.length,
    };
  }
}

/** Sends the streams for `ms` over `connections` connections, spread over the ports. */
export function openLoop(
  streams: readonly Stream[],
  load: { ports: readonly number[]; connections: number; ms: number },
): Promise<LoopFigures> {
  return new Loop(streams, load.ports, load.connections).run(load.ms);
}
