/**
 * Limits of connections. Requests of one connection are worked on a few at a time, and it is not read while
 * more of them wait: a client that pipelines requests and never reads the answers costs a few answers, not all that it can
 * ask for. The bytes that all connections keep in memory, requests that have not arrived completely and responses that are
 * not read, have a bound too: if their total exceeds it, the connection that has waited longest ends.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests of one connection in flight: from the request's turn until its answer has been handed to the kernel. */
export const MAX_IN_FLIGHT = 8;
/** One packet may bring more than that. A connection with more requests waiting is closed: no client sends so many. */
export const MAX_WAITING = 100;

type Work = (message: IncomingMessage, reply: ServerResponse) => void;

interface Line {
  /** The answers to all its requests, those that wait included; oldest first. */
  answers: ServerResponse[];
  waiting: (() => void)[];
}

const lines = new WeakMap<Duplex, Line>();

/** The unfinished answers of a connection, oldest first. */
export function answersOf(socket: Duplex): readonly ServerResponse[] {
  return lines.get(socket)?.answers ?? [];
}

/**
 * Everything is sent, or the client is gone. A finished answer is released: thousands of open connections would otherwise
 * each keep their last request and its answer in memory, and every garbage collection would have to carry them along. One
 * function for all answers: a closure for each would cost more than the rest of this.
 */
function isOver(this: ServerResponse): void {
  const { socket } = this.req;
  const line = lines.get(socket);
  if (!line) return;
  const { answers, waiting } = line;
  answers.splice(answers.indexOf(this), 1);
  waiting.shift()?.();
  if (waiting.length === 0 && socket.isPaused()) socket.resume();
}

export function inTurns(work: Work): Work {
  return (message, reply) => {
    const { socket } = message;
    // The rest of the packet that closed it.
    if (socket.destroyed) return;
    const line = lines.get(socket) ?? { answers: [], waiting: [] };
    const { answers, waiting } = line;
    lines.set(socket, line);
    reply.once('close', isOver);
    if (answers.push(reply) <= MAX_IN_FLIGHT) return work(message, reply);
    if (waiting.push(() => work(message, reply)) > MAX_WAITING) {
      waiting.length = 0;
      socket.destroy();
      return;
    }
    socket.pause();
  };
}

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

  function endOldest(): void {
    for (const [oldest] of connections) {
      if (total <= most) return;
      forget(oldest);
      oldest.destroy();
    }
  }

  return {
    add(socket, bytes) {
      if (bytes === 0 || socket.destroyed) return;
      const before = connections.get(socket);
      if (before === undefined && !watched.has(socket)) {
        watched.add(socket);
        socket.once('close', () => forget(socket));
      }
      connections.set(socket, (before ?? 0) + bytes);
      total += bytes;
      if (total > most) endOldest();
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
