/**
 * Stands between clients and a service and answers some calls wrongly: a planted fault of a real run, which the checker has
 * to find. Everything else goes through as it is.
 */
import { createServer, request as httpRequest } from 'node:http';
import type { Reached } from '../caller';
import type { Forwarded, Plant } from '../plant';
import type { Recorder } from '../recorder';

export interface Liar extends Reached {
  stop(): Promise<void>;
}

function forwardTo(port: number, path: string, headers: Record<string, unknown>, body: Buffer): Promise<Forwarded> {
  return new Promise((resolve, reject) => {
    // Headers as they came are headers that may be sent.
    const options = { host: '127.0.0.1', port, path, method: 'POST', headers: headers as Record<string, string> };
    const outgoing = httpRequest(options, (incoming) => {
      const parts: Buffer[] = [];
      incoming.on('data', (part: Buffer) => parts.push(part));
      incoming.on('end', () => {
        const kept = ['content-type', 'cache-control', 'access-control-allow-origin'];
        const told = kept.map((name) => [name, String(incoming.headers[name] ?? '')]);
        resolve({
          status: incoming.statusCode ?? 0,
          headers: Object.fromEntries(told),
          text: Buffer.concat(parts).toString(),
        });
      });
    });
    outgoing.on('error', reject);
    outgoing.end(body);
  });
}

export async function startLiar({ port: target, isOlder }: Reached, plant: Plant, recorder: Recorder): Promise<Liar> {
  const server = createServer((request, response) => {
    const parts: Buffer[] = [];
    request.on('data', (part: Buffer) => parts.push(part));
    request.on('end', () => {
      const path = request.url ?? '/';
      const body = Buffer.concat(parts);
      const forward = () => forwardTo(target, path, request.headers, body);
      const name = path.replace('/base/v1/', '');
      const answered = plant.answer?.({ name, body: body.toString(), forward, recorder }) ?? forward();
      answered.then(
        ({ status, headers, text }) => response.writeHead(status, headers).end(text),
        () => response.destroy(),
      );
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return {
    port: address.port,
    isOlder,
    stop: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}
