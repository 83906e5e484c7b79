/** Answers under way, by the connection they go out on. */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Those of one connection, oldest first. */
export type AnswersOf = (socket: Duplex) => readonly ServerResponse[];

const watched = new WeakMap<Server, AnswersOf>();
const NONE: readonly ServerResponse[] = [];

/**
 * Nothing of an answer is held on to when it is over: thousands of connections that are kept open would each keep their
 * last request and its answer in memory, and every garbage collection would have to carry them along.
 */
function watch(server: Server): AnswersOf {
  const underWay = new WeakMap<Duplex, ServerResponse[]>();
  // One function for all answers: a closure for each would cost more than the rest of this.
  function isOver(this: ServerResponse): void {
    const answers = underWay.get(this.req.socket);
    const index = answers?.indexOf(this) ?? -1;
    if (index >= 0) answers?.splice(index, 1);
  }
  server.on('connection', (socket) => underWay.set(socket, []));
  server.prependListener('request', (message, answer) => {
    underWay.get(message.socket)?.push(answer);
    // There is nothing more to send, or nobody to send it to.
    answer.on('close', isOver);
  });
  return (socket) => underWay.get(socket) ?? NONE;
}

/** Of a server that has not taken a connection yet; asked again, it gives the same. */
export function answersUnderWay(server: Server): AnswersOf {
  const known = watched.get(server) ?? watch(server);
  watched.set(server, known);
  return known;
}
