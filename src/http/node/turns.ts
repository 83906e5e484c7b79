/**
 * Requests of one connection are worked on a few at a time, and the connection is not read while more of them wait. A client
 * that pipelines requests and never reads the answers costs a few answers, not all that it can ask for.
 */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Requests of one connection in flight: from the request's turn until its answer has been handed to the kernel. */
export const MAX_IN_FLIGHT = 8;
/** One packet may bring more than that. A connection with more requests waiting is closed: no client sends so many. */
export const MAX_WAITING = 100;

type Work = (message: IncomingMessage, reply: ServerResponse) => void;

interface Line {
  inFlight: number;
  waiting: (() => void)[];
}

export function inTurns(work: Work): Work {
  const lines = new WeakMap<Duplex, Line>();

  function lineOf(socket: Duplex): Line {
    const known = lines.get(socket);
    if (known) return known;
    const line: Line = { inFlight: 0, waiting: [] };
    lines.set(socket, line);
    return line;
  }

  return (message, reply) => {
    const { socket } = message;
    // The rest of the packet that closed it.
    if (socket.destroyed) return;
    const line = lineOf(socket);
    const begin = () => {
      line.inFlight += 1;
      reply.once('close', () => {
        line.inFlight -= 1;
        line.waiting.shift()?.();
        if (line.waiting.length === 0 && socket.isPaused()) socket.resume();
      });
      work(message, reply);
    };
    if (line.inFlight < MAX_IN_FLIGHT) return begin();
    if (line.waiting.push(begin) > MAX_WAITING) {
      line.waiting = [];
      socket.destroy();
      return;
    }
    socket.pause();
  };
}
