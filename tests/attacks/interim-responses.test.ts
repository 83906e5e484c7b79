/** A webhook receiver that answers 1xx without end: the attempt ends after a few of them. */
import { createServer, type Server } from 'node:net';
import { connectionsOf, send } from '../../src/rules/webhooks/send';

let receiver: Server;
let sent = 0;

/** `final`: the number of interim responses after which the receiver answers 200. */
function listen(final = Number.POSITIVE_INFINITY): Promise<number> {
  receiver = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const timer = setInterval(() => {
      if (socket.destroyed) return clearInterval(timer);
      if (sent === final) {
        clearInterval(timer);
        return socket.write('HTTP/1.1 200 OK\r\nContent-Length: 0\r\n\r\n');
      }
      sent += 1;
      return socket.write('HTTP/1.1 102 Processing\r\n\r\n');
    }, 1);
    socket.on('close', () => clearInterval(timer));
    socket.resume();
  });
  return new Promise((resolve) => {
    receiver.listen(0, '127.0.0.1', () => {
      const address = receiver.address();
      resolve(typeof address === 'object' && address ? address.port : 0);
    });
  });
}

beforeEach(() => {
  sent = 0;
});
afterEach(() => new Promise((resolve) => receiver.close(resolve)));

async function sendTo(port: number) {
  const url = `http://127.0.0.1:${port}/`;
  const connections = connectionsOf(url);
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
  try {
    return await send({ connections, url, secret, eventId: 'evt_1', body: '{}', now: 0, allowPrivate: true });
  } finally {
    connections.destroy();
  }
}

test('ten interim responses are read, then the connection ends', async () => {
  expect(await sendTo(await listen())).toMatchObject({ status: 0, fault: 'too many interim responses' });
  expect(sent).toBeLessThan(200);
});

test('a receiver that works for a while, and says so, has answered', async () => {
  expect(await sendTo(await listen(10))).toMatchObject({ status: 200, fault: '' });
});
