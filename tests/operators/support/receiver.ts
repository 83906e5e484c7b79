/** A receiver of webhooks on loopback, and what a receiver checks of an event. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import { Webhook } from 'standardwebhooks';
import * as v from 'valibot';
import { EVENT_TYPES, envelopeOf } from '../../../src/contract/events';

export interface Got {
  headers: Record<string, string>;
  body: string;
  event: { id: string; type: string; tenant: string; data: Record<string, unknown> };
}

export interface Receiver {
  url: string;
  got: Got[];
  /** Connections that were opened to it so far. */
  connections: number;
  /** The status of its answer; 204 by default. */
  answer: (reply: ServerResponse, request: IncomingMessage) => void;
  close(): Promise<void>;
}

export async function startReceiver(): Promise<Receiver> {
  const got: Got[] = [];
  const receiver: Receiver = {
    url: '',
    got,
    connections: 0,
    answer: (reply) => reply.writeHead(204).end(),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
  const server: Server = createServer((request, reply) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const body = Buffer.concat(parts).toString();
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      got.push({ headers, body, event: JSON.parse(body) });
      receiver.answer(reply, request);
    });
  });
  server.on('connection', () => {
    receiver.connections += 1;
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  receiver.url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/hook`;
  return receiver;
}

/** What of an event is not as the contract declares it. */
export function unlikeContract({ event }: Got): string[] {
  const type = EVENT_TYPES.find((one) => one === event.type);
  if (!type) return [`there is no ${event.type}`];
  const { issues = [] } = v.safeParse(envelopeOf(type), event);
  return issues.map((issue) => `${type} ${v.getDotPath(issue)}: ${issue.message}`);
}

/** Whether the signature is that of the body, at the time of sending: the library compares with the real clock. */
export function verifies({ headers, body }: Pick<Got, 'headers' | 'body'>, secret: string): boolean {
  const now = Number(headers['webhook-timestamp']) * 1000;
  jest.useFakeTimers({ now, doNotFake: ['nextTick', 'setImmediate', 'setTimeout', 'queueMicrotask'] });
  try {
    new Webhook(secret).verify(body, headers);
    return true;
  } catch {
    return false;
  } finally {
    jest.useRealTimers();
  }
}
