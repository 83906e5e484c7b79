/** A receiver of webhooks on the loopback, and the call that subscribes it. */
import { createServer, type Server } from 'node:http';
import { operate } from './people';

export interface Arrival {
  at: number;
  roomId: string;
  sequence: number;
}

export interface Receiver {
  url: string;
  arrivals: Map<string, Arrival>;
  /** Events that came twice. */
  again: number;
  close(): Promise<void>;
}

export const portOf = (server: { address(): unknown }): number => (server.address() as { port: number }).port;

export async function startReceiver(): Promise<Receiver> {
  const arrivals = new Map<string, Arrival>();
  const server: Server = createServer((request, reply) => {
    let body = '';
    request.setEncoding('utf8');
    request.on('data', (part: string) => {
      body += part;
    });
    request.on('end', () => {
      reply.writeHead(204).end();
      const { id, data } = JSON.parse(body) as { id: string; data: { roomId?: string; sequence?: number } };
      if (arrivals.has(id)) receiver.again += 1;
      else arrivals.set(id, { at: Date.now(), roomId: data.roomId ?? '', sequence: data.sequence ?? 0 });
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const receiver: Receiver = {
    url: `http://127.0.0.1:${portOf(server)}/hook`,
    arrivals,
    again: 0,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
  return receiver;
}

/** A webhook for broadcasts that begin and end; gives its id. */
export async function addWebhook(port: number, url: string): Promise<string> {
  const webhook = { url, events: ['room.opened', 'room.ended'] };
  const data = await operate<{ webhookId: string }>(port, 'add_webhook', webhook);
  return data.webhookId;
}
