/** Verifying a delivery with what the package has for servers. */
import { Webhook } from 'standardwebhooks';
import { verifyWebhook } from '../../client/src/webhooks';

const SECRET = `whsec_${Buffer.alloc(24, 3).toString('base64')}`;
const BODY = JSON.stringify({
  id: 'evt_1',
  type: 'room.ended',
  createdUtc: '2026-11-24 12:00:00',
  tenant: '',
  data: { roomId: '1' },
});

function signed(body = BODY, at = new Date()): Record<string, string> {
  const signature = new Webhook(SECRET).sign('msg_1', at, body);
  const timestamp = String(Math.floor(at.getTime() / 1000));
  return { 'webhook-id': 'msg_1', 'webhook-timestamp': timestamp, 'webhook-signature': signature };
}

test('gives the event of a delivery, from headers of any kind and bytes or text', () => {
  const headers = signed();
  expect(verifyWebhook(SECRET, headers, BODY)).toMatchObject({ type: 'room.ended', data: { roomId: '1' } });
  expect(verifyWebhook(SECRET, new Headers(headers), Buffer.from(BODY))).toMatchObject({ id: 'evt_1' });
});

test.each([
  ['another secret', () => verifyWebhook(`whsec_${Buffer.alloc(24, 4).toString('base64')}`, signed(), BODY)],
  ['a touched body', () => verifyWebhook(SECRET, signed(), BODY.replace('"1"', '"2"'))],
  ['an old delivery', () => verifyWebhook(SECRET, signed(BODY, new Date(Date.now() - 600_000)), BODY)],
  ['no headers', () => verifyWebhook(SECRET, {}, BODY)],
  ['a body that is no event', () => verifyWebhook(SECRET, signed('[]'), '[]')],
])('refuses %s', (_name, verify) => {
  expect(verify).toThrow();
});
