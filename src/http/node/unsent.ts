/**
 * Bytes of answers that their clients have not read yet. If all of them together pass a bound, the connection whose answer
 * has waited longest ends.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** All connections together (bytes). */
export const MAX_UNSENT = 64 * 1024 * 1024;

export interface Unsent {
  /** Counts an answer until it has been handed to the kernel or its connection is gone. */
  add(reply: ServerResponse, bytes: number): void;
  readonly bytes: number;
}

export function createUnsent(most = MAX_UNSENT): Unsent {
  /** By connection; the one that has waited longest first. */
  const connections = new Map<Duplex, number>();
  const watched = new WeakSet<Duplex>();
  let total = 0;

  function forget(socket: Duplex): void {
    total -= connections.get(socket) ?? 0;
    connections.delete(socket);
  }

  function sent(socket: Duplex, bytes: number): void {
    const before = connections.get(socket);
    if (before === undefined) return;
    connections.set(socket, before - bytes);
    total -= bytes;
    if (before === bytes) connections.delete(socket);
  }

  return {
    add(reply, bytes) {
      const { socket } = reply.req;
      if (bytes === 0 || socket.destroyed) return;
      if (!watched.has(socket)) socket.once('close', () => forget(socket));
      watched.add(socket);
      connections.set(socket, (connections.get(socket) ?? 0) + bytes);
      total += bytes;
      reply.once('close', () => sent(socket, bytes));
      for (const [oldest] of connections) {
        if (total <= most) break;
        forget(oldest);
        oldest.destroy();
      }
    },
    get bytes() {
      return total;
    },
  };
}
