/**
 * Clients that pipeline requests and never read the answers: each connection gets a few answers, then it is not read any
 * more, and after a while it ends. Other clients are answered in the meantime.
 */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import type { App } from '../../src/http/app';
import { MAX_IN_FLIGHT, MAX_WAITING } from '../../src/http/node/bounds';
import { createHttpServer, type ServerLimits } from '../../src/http/node/server';
import { until } from '../../testkit/lived';
import { answersIn, rawHttp } from '../../testkit/raw-http';

const ANSWER = 'x'.repeat(300_000);
const UNREAD_MS = 1_500;

interface Listening {
  port: number;
  /** Requests that have reached the application, and how many of them are being worked on. */
  handled: () => number;
  close: () => Promise<void>;
}

/** A server whose application answers /long with 300 KB and everything else with one word. */
async function listen(limits: ServerLimits = {}, workMs = 0): Promise<Listening> {
  let handled = 0;
  const app: App = {
    async handle({ path }) {
      handled += 1;
      if (workMs > 0) await sleep(workMs);
      return { status: 200, headers: {}, body: path === '/long' ? ANSWER : 'ok' };
    },
  };
  const server = createHttpServer(app, { unreadMs: UNREAD_MS, ...limits });
  const port = await new Promise<number>((resolve) => {
    server.listen(0, '127.0.0.1', () => {
      const address = server.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
  const close = () => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections());
  return { port, handled: () => handled, close };
}

/** Sends the requests and reads nothing. */
function pipeline(port: number, path: string, requests: number): Socket {
  const socket = connect({ port, host: '127.0.0.1' });
  socket.on('error', () => socket.destroy());
  socket.pause();
  socket.write(`GET ${path} HTTP/1.1\r\nHost: a\r\n\r\n`.repeat(requests));
  return socket;
}

test('requests whose answers are not read: a few are worked on, the others wait unread', async () => {
  const { port, handled, close } = await listen({ unreadMs: 60_000 });
  // The number that may wait, so that the connection stays open for any split into packets.
  const socket = pipeline(port, '/long', MAX_WAITING - 10);
  await until('answers fill the connection', () => handled() >= MAX_IN_FLIGHT);
  await sleep(300);
  // The kernel takes some megabytes of answers; everything beyond them waits at the client.
  const before = handled();
  expect(before).toBeLessThan(MAX_WAITING - 10);
  await sleep(300);
  expect(handled()).toBe(before);
  socket.destroy();
  await close();
});

test('a connection with more requests in one packet than can wait is closed, and costs nothing more', async () => {
  const { port, handled, close } = await listen();
  const socket = pipeline(port, '/long', 1_400);
  await new Promise((closed) => socket.resume().once('close', closed));
  expect(handled()).toBeLessThanOrEqual(MAX_IN_FLIGHT + MAX_WAITING);
  await close();
});

test('a connection whose answer is not read ends in time; a reading one stays', async () => {
  const { port, close } = await listen();
  const started = performance.now();
  const held = pipeline(port, '/long', 100);
  const closed = new Promise<number>((resolve) => {
    held.once('close', () => resolve(performance.now() - started));
  });
  const reader = connect({ port, host: '127.0.0.1' });
  reader.write('GET /long HTTP/1.1\r\nHost: a\r\n\r\n');
  let read = 0;
  reader.on('data', (bytes) => {
    read += bytes.length;
  });
  await sleep(UNREAD_MS * 3);
  held.resume();
  expect(await closed).toBeLessThan(UNREAD_MS * 6);
  expect(read).toBeGreaterThan(ANSWER.length);
  expect(reader.destroyed).toBe(false);
  reader.destroy();
  await close();
});

test('all pipelined requests of a client that reads are answered, in their order', async () => {
  const { port, close } = await listen({}, 5);
  const paths = Array.from(
    { length: 40 },
    (_, index) => `GET /${index % 3 === 0 ? 'long' : 'short'} HTTP/1.1\r\nHost: a\r\n`,
  );
  const text = `${paths.slice(0, -1).join('\r\n')}\r\n${paths.at(-1)}Connection: close\r\n\r\n`;
  const answers = answersIn(await rawHttp(port, [text]));
  expect(answers.map(({ body }) => body.length)).toEqual(
    paths.map((line) => (line.includes('long') ? ANSWER.length : 2)),
  );
  await close();
});

test('unread answers of all connections are bounded in total: the connection that waits longest ends', async () => {
  const { port, close } = await listen({ maxUnsent: 5_000_000, unreadMs: 60_000 });
  const ended: number[] = [];
  const sockets = Array.from({ length: 12 }, (_, index) => {
    const socket = pipeline(port, '/long', 60);
    socket.once('close', () => ended.push(index));
    return socket;
  });
  await sleep(500);
  for (const socket of sockets) socket.resume();
  await until('some connections have ended', () => ended.length > 0);
  expect(await rawHttp(port, ['GET / HTTP/1.1\r\nHost: a\r\nConnection: close\r\n\r\n'])).toContain('ok');
  for (const socket of sockets) socket.destroy();
  await close();
});

test('the limits that the service has', async () => {
  const server = createHttpServer({ handle: () => Promise.reject(new Error('never')) });
  expect(server.timeout).toBe(15_000);
  expect([MAX_IN_FLIGHT, MAX_WAITING]).toEqual([8, 100]);
});
