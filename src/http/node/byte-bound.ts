/**
 * Bytes that connections keep in memory: requests that have not arrived completely, responses that are not read. If their
 * total exceeds the bound, the connection that has waited longest ends.
 */
import type { Duplex } from 'node:stream';

const MIB = 1024 * 1024;
/** Requests of all connections that have not arrived completely (bytes). */
export const MAX_ARRIVING = 64 * MIB;
/** Unread responses of all connections (bytes). */
export const MAX_UNSENT = 64 * MIB;

export interface ByteBound {
  /** Counts bytes until they are released or the connection is gone. */
  add(socket: Duplex, bytes: number): void;
  release(socket: Duplex, bytes: number): void;
}

export function createByteBound(most: number): ByteBound {
  /** Keyed by connection, longest waiting first. */
  const connections = new Map<Duplex, number>();
  const watched = new WeakSet<Duplex>();
  let total = 0;

  function forget(socket: Duplex): void {
    total -= connections.get(socket) ?? 0;
    connections.delete(socket);
  }

  return {
    add(socket, bytes) {
      if (bytes === 0 || socket.destroyed) return;
      if (!watched.has(socket)) socket.once('close', () => forget(socket));
      watched.add(socket);
      connections.set(socket, (connections.get(socket) ?? 0) + bytes);
      total += bytes;
      for (const [oldest] of connections) {
        if (total <= most) break;
        forget(oldest);
        oldest.destroy();
      }
    },
    release(socket, bytes) {
      const before = connections.get(socket);
      if (before === undefined) return;
      if (bytes < before) connections.set(socket, before - bytes);
      else connections.delete(socket);
      total -= Math.min(bytes, before);
    },
  };
}
