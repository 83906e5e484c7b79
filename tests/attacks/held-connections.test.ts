/** Attack 11: connections that never send the last byte of their request, or the first. */
import { connect, type Socket } from 'node:net';
import { createHttpServer } from '../../src/http/node/server';
import { until } from '../../testkit/lived';
import { newPerson } from '../../testkit/people';
import { rawHttp } from '../../testkit/raw-http';
import { useService } from '../../testkit/service';

/** The limits of the service, with times short enough for a test. */
const ARRIVAL_MS = 1_500;
const service = useService('sqlite', { http: { arrivalMs: ARRIVAL_MS, maxConnections: 300 } });
const PATH = '/base/v1/rooms/query_room';

function hold(bytes: string): Promise<{ socket: Socket; heldMs: Promise<number> }> {
  const started = performance.now();
  return new Promise((resolve, reject) => {
    const socket = connect(service().port, '127.0.0.1');
    const heldMs = new Promise<number>((closed) => socket.on('close', () => closed(performance.now() - started)));
    socket.on('error', () => socket.destroy());
    socket.on('data', () => undefined);
    socket.once('connect', () => socket.write(bytes, () => resolve({ socket, heldMs })));
    socket.once('error', reject);
  });
}

const HOLDING: readonly [string, string][] = [
  ['nothing', ''],
  ['the end of the headers', `POST ${PATH} HTTP/1.1\r\nHost: a\r\nx: ${'x'.repeat(10_000)}\r\n`],
  ['the last byte of 64 KiB', `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 65536\r\n\r\n${'x'.repeat(65_535)}`],
  [
    'the last byte of a megabyte',
    `POST ${PATH} HTTP/1.1\r\nHost: a\r\nContent-Length: 1048576\r\n\r\n${'x'.repeat(1_048_575)}`,
  ],
  [
    'the last chunk',
    `POST ${PATH} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n\r\nffff\r\n${'x'.repeat(65_535)}\r\n`,
  ],
  ['the last byte of a URL', `GET ${PATH}?name=${'x'.repeat(4_000)}`],
  ['the last byte of a raw URL', `GET ${PATH}?name=爱 `],
];

test.each(HOLDING)('a client that withholds %s is disconnected in time', async (_name, bytes) => {
  const { heldMs } = await hold(bytes === '' ? '' : bytes);
  // Looked after once in a while, so a little later than the limit; never as late as an idle connection may stay.
  expect(await heldMs).toBeLessThan(ARRIVAL_MS + 4_000);
});

test('250 of them cost little memory, and no other user notices', async () => {
  const alice = await newPerson(service());
  global.gc?.();
  const before = process.memoryUsage();
  const [, megabyte] = HOLDING[3] as [string, string];
  const held = await Promise.all(Array.from({ length: 250 }, () => hold(megabyte)));
  await alice.must('auth_users/user_keepalive');
  const after = process.memoryUsage();
  // Senders and receiver are one process here: the count is of both ends.
  expect(after.rss - before.rss + (after.external - before.external)).toBeLessThan(160_000_000);
  await Promise.all(held.map(({ heldMs }) => heldMs));
});

test('beyond the limit of connections the new ones are closed and idle ones make room', async () => {
  const idle = await Promise.all(
    Array.from({ length: 299 }, () => hold(`GET /helloworld HTTP/1.1\r\nHost: a\r\n\r\n`)),
  );
  await until('all of them are answered', () => idle.every(({ socket }) => socket.bytesRead > 0 || socket.destroyed));
  // One of these finds the house full; that sends those home who only sit there.
  await Promise.all(
    Array.from({ length: 5 }, () => rawHttp(service().port, ['GET /helloworld HTTP/1.1\r\n'], { timeoutMs: 300 })),
  );
  await until('idle ones are sent home', () => idle.some(({ socket }) => socket.destroyed));
  const answer = await rawHttp(service().port, ['GET /helloworld HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n']);
  expect(answer).toContain('HelloWorld');
  for (const { socket } of idle) socket.destroy();
});

test('the limits that the service really has', () => {
  const server = createHttpServer(service().app);
  expect(server.requestTimeout).toBe(15_000);
  expect(server.headersTimeout).toBe(15_000);
  expect(server.maxConnections).toBe(8_000);
  expect(server.maxRequestsPerSocket).toBe(10_000);
});
