/**
 * Some clients put names with spaces, accents or emoji into the URL as they are. Node.js takes such a request line for
 * malformed and gives the connection up; here it is escaped and answered as if it had come that way. The connection ends
 * with that answer: one that lived on would grow with every such request, until it ended the process.
 */
import type { Server } from 'node:http';
import { Duplex } from 'node:stream';

/** The same packet, escaped and the last of its connection; undefined where that is not what is wrong with it. */
export function escapeRequestLine(packet: Buffer): Buffer | undefined {
  const end = packet.indexOf('\r\n');
  const [, method, target, version] =
    /^([A-Z]{3,7}) (\/.*) (HTTP\/1\.[01])$/.exec(packet.toString('latin1', 0, end)) ?? [];
  if (method === undefined || target === undefined) return undefined;
  const escaped = target.replace(
    /[^\x21-\x7e]/g,
    (byte) => `%${byte.charCodeAt(0).toString(16).padStart(2, '0').toUpperCase()}`,
  );
  if (escaped === target) return undefined;
  return Buffer.concat([Buffer.from(`${method} ${escaped} ${version}\r\nConnection: close`), packet.subarray(end)]);
}

/** What is left of a connection whose parser has given up: its packets still come, as errors, and answers still go out. */
class Continuation extends Duplex {
  private readonly socket: Duplex;

  constructor(socket: Duplex) {
    super();
    this.socket = socket;
    socket.on('close', () => this.destroy());
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

/** Takes a connection that the parser refused; false where it cannot be helped and wants an answer to that effect. */
export type Rescue = (packet: Buffer | undefined, socket: Duplex) => boolean;

export function createRescue(server: Server): Rescue {
  const rescued = new WeakMap<Duplex, Continuation>();
  return (packet, socket) => {
    const known = rescued.get(socket);
    if (known) {
      if (packet) known.push(packet);
      return true;
    }
    const escaped = packet && escapeRequestLine(packet);
    if (!escaped || socket instanceof Continuation) return false;
    const continuation = new Continuation(socket);
    rescued.set(socket, continuation);
    server.emit('connection', continuation);
    continuation.push(escaped);
    return true;
  };
}
