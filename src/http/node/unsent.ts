/**
 * Bytes of responses that clients have not read yet. If their total exceeds the bound, the connection whose response
 * has waited longest ends.
 */
import type { ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Total over all connections (bytes). */
export const MAX_UNSENT = 64 * 1024 * 1024;

export interface Unsent {
  /** Counts an answer until it has been handed to the kernel or its connection is gone. */
  add(reply: ServerResponse, bytes: number): void;
  readonly bytes: number;
}

export function createUnsent(most = MAX_UNSENT): Unsent {
  /** Keyed by connection, longest waiting first. */
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
