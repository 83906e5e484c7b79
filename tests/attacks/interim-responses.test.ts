/** A webhook receiver that answers 1xx without end: the attempt ends after a few of them. */
import { createServer, type Server } from 'node:net';
import { connectionsOf, send } from '../../src/rules/webhooks/send';

let receiver: Server;
let sent = 0;

function listen(): Promise<number> {
  receiver = createServer((socket) => {
    socket.on('error', () => socket.destroy());
    const timer = setInterval(() => {
      if (socket.destroyed) return clearInterval(timer);
      sent += 1;
      socket.write('HTTP/1.1 102 Processing\r\n\r\n');
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

afterAll(() => new Promise((resolve) => receiver.close(resolve)));

test('ten interim responses are read, then the connection ends', async () => {
  const url = `http://127.0.0.1:${await listen()}/`;
  const connections = connectionsOf(url);
  const secret = `whsec_${Buffer.alloc(24).toString('base64')}`;
  const made = await send({ connections, url, secret, eventId: 'evt_1', body: '{}', now: 0, allowPrivate: true });
  expect(made).toMatchObject({ status: 0, fault: 'too many interim responses' });
  expect(sent).toBeLessThan(200);
  connections.destroy();
});
