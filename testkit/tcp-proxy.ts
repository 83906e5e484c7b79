/**
 * A TCP proxy on the loopback that a test puts between two programs, so that the network between them can fail: cut, held,
 * or with answers that get lost. It stands in for a broken network; it cannot reorder or lose single packets.
 */
import { createServer, type Socket, connect as tcpConnect } from 'node:net';

/**
 *   pass: everything goes through.
 *   cut: open connections are reset and new ones too.
 *   hold: nothing goes through in either direction; it arrives late, when the proxy passes again.
 *   lose-answers: requests arrive; the first byte of an answer resets the connection instead.
 */
export type ProxyMode = 'pass' | 'cut' | 'hold' | 'lose-answers';

export interface TcpProxy {
  readonly port: number;
  /** Where new connections go from now on. */
  aim(port: number): void;
  set(mode: ProxyMode): void;
  /** Of the next requests that match, `times` are forwarded and their answers are lost. */
  loseAnswersTo(request: RegExp, times: number): void;
  /** How many answers have been lost so far. */
  lost(): number;
  stop(): Promise<void>;
}

interface Pair {
  readonly near: Socket;
  readonly far: Socket;
  /** True: the next byte of an answer is lost, and the connection with it. */
  doomed: boolean;
}

class LoopbackProxy {
  #mode: ProxyMode = 'pass';
  #target: number;
  #wanted = { request: /^/, times: 0 };
  readonly #pairs = new Set<Pair>();
  lostAnswers = 0;

  constructor(target: number) {
    this.#target = target;
  }

  aim(port: number): void {
    this.#target = port;
  }

  accept(near: Socket): void {
    near.on('error', () => {});
    if (this.#mode === 'cut') {
      near.resetAndDestroy();
      return;
    }
    const far = tcpConnect(this.#target, '127.0.0.1');
    const pair: Pair = { near, far, doomed: false };
    this.#pairs.add(pair);
    near.setNoDelay(true);
    far.setNoDelay(true);
    far.on('error', () => near.resetAndDestroy());
    near.on('data', (part) => this.#forward(pair, part));
    far.on('data', (part) => this.#answer(pair, part));
    near.on('end', () => far.end());
    far.on('end', () => near.end());
    near.on('close', () => this.#close(pair));
    far.on('close', () => this.#close(pair));
    if (this.#mode === 'hold') this.#pause(pair);
  }

  #forward(pair: Pair, part: Buffer): void {
    const { request, times } = this.#wanted;
    if (times > 0 && request.test(part.toString('latin1'))) {
      this.#wanted = { request, times: times - 1 };
      pair.doomed = true;
    }
    if (!pair.far.write(part)) {
      pair.near.pause();
      pair.far.once('drain', () => this.#mode === 'hold' || pair.near.resume());
    }
  }

  #answer(pair: Pair, part: Buffer): void {
    if (pair.doomed || this.#mode === 'lose-answers') {
      this.lostAnswers += 1;
      this.#reset(pair);
    } else if (!pair.near.write(part)) {
      pair.far.pause();
      pair.near.once('drain', () => this.#mode === 'hold' || pair.far.resume());
    }
  }

  #close(pair: Pair): void {
    this.#pairs.delete(pair);
    // What was written before is still delivered.
    pair.near.destroySoon();
    pair.far.destroySoon();
  }

  #reset(pair: Pair): void {
    pair.near.resetAndDestroy();
    pair.far.resetAndDestroy();
  }

  #pause({ near, far }: Pair): void {
    near.pause();
    far.pause();
  }

  set(mode: ProxyMode): void {
    this.#mode = mode;
    for (const pair of this.#pairs) {
      if (mode === 'cut') this.#reset(pair);
      else if (mode === 'hold') this.#pause(pair);
      else {
        pair.near.resume();
        pair.far.resume();
      }
    }
  }

  loseAnswersTo(request: RegExp, times: number): void {
    this.#wanted = { request, times };
  }
}

/** Starts the proxy on a free port in front of `target`. */
export async function startTcpProxy(target: number): Promise<TcpProxy> {
  const proxy = new LoopbackProxy(target);
  const server = createServer({ allowHalfOpen: true }, (socket) => proxy.accept(socket));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(0, '127.0.0.1', resolve);
  });
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('the proxy has no port');
  return {
    port: address.port,
    aim: (port) => proxy.aim(port),
    set: (mode) => proxy.set(mode),
    loseAnswersTo: (request, times) => proxy.loseAnswersTo(request, times),
    lost: () => proxy.lostAnswers,
    stop: () =>
      new Promise((resolve) => {
        proxy.set('cut');
        server.close(() => resolve());
      }),
  };
}
