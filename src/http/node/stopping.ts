/**
 * Stops without breaking requests: those in flight are answered, and a connection on which the next request may
 * already be on its way is not closed under it. Each answer says that its connection ends, so that proxies and clients
 * let go by themselves; idle connections are closed after a while. (node's own close() ends idle connections immediately, and
 * a proxy that has just written into one of them gets a reset.)
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Server as NetServer, type Socket } from 'node:net';
import { answersOf } from './bounds';

export interface StopLimits {
  /** How long a connection may be silent before it is closed, in milliseconds. */
  idleMs: number;
  /** Time until everything is closed, in milliseconds. */
  mostMs: number;
}

/** The limit for a server that others replace. Below the ten seconds after which a container is killed. */
export const GENTLY: StopLimits = { idleMs: 3_000, mostMs: 9_000 };
/** The limit for a person at a keyboard: requests in flight are answered, silent connections close immediately. */
export const AT_ONCE: StopLimits = { idleMs: 0, mostMs: 5_000 };

const TICK_MS = 50;
const QUIET_TURNS = 5;
/** More than fit into the queue of the socket. */
const MOST_TURNS = 2_000;

interface Connection {
  /** performance.now() when it was last seen that bytes had come or gone; 0 = not yet. */
  silentSince: number;
  bytes: number;
}

/** Watches the connections of a server from its beginning; the function it gives stops it. */
export function watchConnections(server: Server): (limits: StopLimits) => Promise<void> {
  const connections = new Map<Socket, Connection>();
  let accepted = 0;

  const endsAfter = (answer: ServerResponse) => {
    if (!answer.headersSent) answer.setHeader('connection', 'close');
  };

  server.on('connection', (socket) => {
    accepted += 1;
    connections.set(socket, { silentSince: 0, bytes: 0 });
    socket.once('close', () => connections.delete(socket));
  });

  function closeSilent(since: number, { idleMs, mostMs }: StopLimits): void {
    const now = performance.now();
    const over = now - since >= mostMs;
    for (const [socket, connection] of connections) {
      const bytes = socket.bytesRead + socket.bytesWritten;
      if (bytes !== connection.bytes) connection.silentSince = now;
      connection.bytes = bytes;
      const silentFor = now - Math.max(since, connection.silentSince);
      if (over) socket.destroy();
      else if (answersOf(socket).length === 0 && silentFor >= idleMs) socket.end();
    }
  }

  /**
   * Closing the socket resets the connections that wait to be accepted, and each turn of the event loop accepts one: a
   * few turns without any mean that no client waits.
   */
  async function nobodyWaits(): Promise<void> {
    for (let turns = 0, quiet = 0; quiet < QUIET_TURNS && turns < MOST_TURNS; turns += 1) {
      const before = accepted;
      await new Promise((resolve) => setImmediate(resolve));
      quiet = accepted === before ? quiet + 1 : 0;
    }
  }

  return async (limits) => {
    server.prependListener('request', (_message: IncomingMessage, answer: ServerResponse) => endsAfter(answer));
    await nobodyWaits();
    for (const socket of connections.keys()) for (const answer of answersOf(socket)) endsAfter(answer);
    const since = performance.now();
    return new Promise((resolve) => {
      const timer = setInterval(() => closeSilent(since, limits), TICK_MS);
      // Stops listening only: http.Server.close() would end idle connections immediately.
      NetServer.prototype.close.call(server, () => {
        clearInterval(timer);
        resolve();
      });
      closeSilent(since, limits);
    });
  };
}
