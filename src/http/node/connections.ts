/**
 * Connections whose parser has given up. Two things are seen to: no answer that is on its way is lost, and a request whose
 * URL has names with spaces, accents or emoji in it as they are, which node.js takes for malformed, is escaped (raw-urls.ts)
 * and answered. That may only ever happen to bytes that are the start of a message: a body may contain anything, and what
 * reads like a request there is none.
 */
import type { IncomingMessage, Server, ServerResponse } from 'node:http';
import { Duplex } from 'node:stream';
import { answersOf } from './bounds';
import { announcesBody } from './messages';
import { couldBeRawUrl, escapeRequestLine, MAX_REQUEST_LINE } from './raw-urls';

export type ParserError = Error & {
  code?: string;
  /** The packet with what could not be read. */
  rawPacket?: Buffer;
};

/** The parser's words for a request line that goes wrong at or behind the URL. */
const URL_ERRORS: ReadonlySet<string> = new Set(['HPE_INVALID_URL', 'HPE_INVALID_CONSTANT', 'HPE_INVALID_VERSION']);

interface Connection {
  /** The received part of a message with incomplete headers; valid only while `atStart`. */
  start: Buffer[];
  /** True if `start` certainly begins a message. */
  atStart: boolean;
  /** Messages that began in the packet that is being read. */
  begun: IncomingMessage[];
  /** A request line that the parser refused, and that may be a raw URL when the rest of it is there. */
  partial: Buffer | undefined;
  /** Set once the parser has given up. */
  given: { continuation: Continuation | undefined } | undefined;
}

/** A connection whose parser has given up: its packets arrive as errors, and responses still go out. */
class Continuation extends Duplex {
  private readonly socket: Duplex;

  constructor(socket: Duplex) {
    super();
    this.socket = socket;
    socket.on('close', () => this.destroy());
  }

  /** The address of the other end, where node.js keeps it. */
  get remoteAddress(): unknown {
    return Reflect.get(this.socket, 'remoteAddress');
  }

  override _read(): void {}

  override _write(chunk: Buffer, encoding: BufferEncoding, done: (error?: Error | null) => void): void {
    this.socket.write(chunk, encoding, done);
  }

  override _final(done: () => void): void {
    this.socket.end(() => {
      done();
      this.destroy();
    });
  }

  override _destroy(error: Error | null, done: (error?: Error | null) => void): void {
    this.socket.destroy();
    done(error);
  }
}

function newConnection(): Connection {
  return {
    start: [],
    atStart: true,
    begun: [],
    partial: undefined,
    given: undefined,
  };
}

const [CR, LF] = [13, 10];

function endsHead(packet: Buffer, end: number): boolean {
  return packet[end - 4] === CR && packet[end - 3] === LF && packet[end - 2] === CR && packet[end - 1] === LF;
}

/**
 * Whether the packet is exactly one message, so that the next packet is the start of another. Nothing else began in it, and
 * between two messages only empty lines may occur.
 */
function isWholeMessage(packet: Buffer, message: IncomingMessage): boolean {
  if (!message.complete || message.headers['transfer-encoding'] !== undefined) return false;
  if (!announcesBody(message)) return endsHead(packet, packet.length);
  const end = packet.indexOf('\r\n\r\n');
  return end >= 0 && packet.length === end + 4 + Number(message.headers['content-length']);
}

/** Runs after each readable packet. */
function afterPacket(connection: Connection, packet: Buffer): void {
  const { begun } = connection;
  const [only] = begun;
  connection.begun = [];
  if (!only) {
    if (connection.atStart && connection.start.length < MAX_REQUEST_LINE) connection.start.push(packet);
    else connection.atStart = false;
    return;
  }
  const whole = connection.start.length === 0 ? packet : Buffer.concat([...connection.start, packet]);
  connection.start = [];
  connection.atStart = begun.length === 1 && isWholeMessage(whole, only);
}

/** Runs `then` when everything that can still be answered has been. */
function whenAnswered(unanswered: readonly ServerResponse[], then: () => void): void {
  // A message that broke off will never be complete; its own answer is what `then` gives.
  const waiting = unanswered.filter((reply) => reply.req.complete);
  let left = waiting.length;
  if (left === 0) then();
  for (const reply of waiting) {
    reply.once('close', () => {
      left -= 1;
      if (left === 0) then();
    });
  }
}

export interface Connections {
  /** Takes a connection that the parser has given up; `refuse` answers it to that effect. */
  failed(error: ParserError, socket: Duplex, refuse: () => void): void;
}

export function createConnections(server: Server): Connections {
  const known = new WeakMap<Duplex, Connection>();

  server.on('connection', (socket) => {
    if (socket instanceof Continuation) return;
    const connection = newConnection();
    known.set(socket, connection);
    // Added after the parser's listener. Node then passes every packet through JavaScript, at no measurable cost.
    socket.on('data', (packet: Buffer) => {
      if (!connection.given && !connection.partial) afterPacket(connection, packet);
    });
  });
  server.prependListener('request', (message) => {
    known.get(message.socket)?.begun.push(message);
  });

  function goOn(socket: Duplex, connection: Connection, bytes: Buffer): void {
    const continuation = new Continuation(socket);
    connection.given = { continuation };
    server.emit('connection', continuation);
    continuation.push(bytes);
  }

  return {
    failed(error, socket, refuse) {
      const connection = known.get(socket);
      const { rawPacket: packet, code = '' } = error;
      if (!connection) return refuse();
      // A parser that has given up says so again for every packet.
      if (connection.given) {
        if (packet) connection.given.continuation?.push(packet);
        else refuse();
        return;
      }
      const raw = packet && URL_ERRORS.has(code) && connection.atStart && connection.begun.length === 0;
      const before = connection.partial ? [connection.partial] : connection.start;
      const bytes = raw ? Buffer.concat([...before, packet]) : undefined;
      if (bytes && couldBeRawUrl(bytes)) {
        // Every packet comes here until the line is complete.
        connection.partial = bytes;
        return;
      }
      const escaped = bytes && escapeRequestLine(bytes);
      connection.given = { continuation: undefined };
      whenAnswered(answersOf(socket), () => (escaped ? goOn(socket, connection, escaped) : refuse()));
    },
  };
}
