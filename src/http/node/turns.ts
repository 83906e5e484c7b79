/**
 * The requests of each connection. They are worked on a few at a time, and the connection is not read while more of them
 * wait. A client that pipelines requests and never reads the answers costs a few answers, not all that it can ask for.
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

function lineOf(socket: Duplex): Line {
  const known = lines.get(socket);
  if (known) return known;
  const line: Line = { answers: [], waiting: [] };
  lines.set(socket, line);
  return line;
}

/** The answers of a connection that are under way, oldest first. */
export function answersOf(socket: Duplex): readonly ServerResponse[] {
  return lineOf(socket).answers;
}

/**
 * Everything is sent, or the client is gone. A finished answer is released: thousands of open connections would otherwise
 * each keep their last request and its answer in memory, and every garbage collection would have to carry them along. One
 * function for all answers: a closure for each would cost more than the rest of this.
 */
function isOver(this: ServerResponse): void {
  const { socket } = this.req;
  const { answers, waiting } = lineOf(socket);
  answers.splice(answers.indexOf(this), 1);
  waiting.shift()?.();
  if (waiting.length === 0 && socket.isPaused()) socket.resume();
}

export function inTurns(work: Work): Work {
  return (message, reply) => {
    const { socket } = message;
    // The rest of the packet that closed it.
    if (socket.destroyed) return;
    const { answers, waiting } = lineOf(socket);
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
