/** Responses in flight, by connection. */
import type { Server, ServerResponse } from 'node:http';
import type { Duplex } from 'node:stream';

/** Those of one connection, oldest first. */
export type AnswersOf = (socket: Duplex) => readonly ServerResponse[];

const watched = new WeakMap<Server, AnswersOf>();
const NONE: readonly ServerResponse[] = [];

/**
 * A finished response is released: thousands of open connections would otherwise each keep their
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
    // Everything is sent, or the client is gone.
    answer.on('close', isOver);
  });
  return (socket) => underWay.get(socket) ?? NONE;
}

/** Call it before the server accepts connections; a second call returns the same object. */
export function answersUnderWay(server: Server): AnswersOf {
  const known = watched.get(server) ?? watch(server);
  watched.set(server, known);
  return known;
}
