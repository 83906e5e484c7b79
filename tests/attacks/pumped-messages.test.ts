/**
 * A user makes the service send messages: hundreds of requests from 100 client addresses to 1,000 phone numbers, as fast as
 * they come, under the limits as they are shipped. The number of messages that go out counts, for each is paid for.
 */

import { setImmediate } from 'node:timers/promises';
import type { DatabaseKind } from '../../testkit/database-copies';
import { type FakeCodesVendor, startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { envelopeOf, overEvent } from '../../testkit/ways';

const NUMBERS = 1_000;
/**
 * Concurrent requests. All of this runs in one process: with many more, a busy machine takes seconds for each, and a human
 * check without an answer lets the request pass.
 */
const SIDE_BY_SIDE = 5;

interface Attack {
  /** Default 300. */
  requests?: number;
  /** Client addresses, which take turns. Default 100. */
  addresses?: number;
  numberOf: (index: number) => string;
  ticketOf: (request: number) => { ticket?: string; randstr?: string };
}

/** How often each code was answered. */
async function run(service: Service, attack: Attack): Promise<Record<number, number>> {
  const { requests = 300, addresses = 100, numberOf, ticketOf } = attack;
  const counts: Record<number, number> = {};
  let next = 0;
  async function attacker(): Promise<void> {
    while (next < requests) {
      const request = next;
      next += 1;
      const address = `203.0.113.${request % addresses}`;
      const params = { phone: numberOf(request % NUMBERS), ...ticketOf(request) };
      const ask = {
        method: 'POST',
        path: '/base/v1/auth_users/user_verify_by_picture',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(params),
      };
      const app: Service['app'] = {
        handle: (one) => service.app.handle({ ...one, origin: { kind: 'event', address } }),
      };
      const { errorCode } = envelopeOf(await overEvent({ ...service, app }, 'function-url-observed', ask));
      counts[errorCode] = (counts[errorCode] ?? 0) + 1;
      // The work is done in the way of requests from sockets; the embedded database answers without waiting.
      await setImmediate();
    }
  }
  await Promise.all(Array.from({ length: SIDE_BY_SIDE }, attacker));
  return counts;
}

async function attacked(kind: DatabaseKind, env: Readonly<Record<string, string>>, attack: Attack) {
  const vendor: FakeCodesVendor = await startFakeCodesVendor();
  const service = await startService(kind, { env: { ...vendorEnv(vendor), ...env } });
  try {
    const answers = await run(service, attack);
    const checks = vendor.calls.filter(({ action }) => action.startsWith('DescribeCaptcha')).length;
    return { answers, sent: vendor.sent.length, checks };
  } finally {
    await service.close();
    await vendor.stop();
  }
}

/** All in one block of numbers, as who earns with messages to his own numbers has them. */
const oneBlock = (index: number) => `+861380000${String(index).padStart(4, '0')}`;
/** Each number in a separate block: the maximum for an attacker. */
const separate = (index: number) => `+86138${String(index).padStart(4, '0')}0001`;
const robot = () => ({ ticket: 'made-up', randstr: 'x' });
/** A user who has people solve every captcha. */
const farm = (request: number) => ({ ticket: `good-${request}`, randstr: 'x' });

const PATIENCE_MS = 240_000;

// The first request would load it, which on a busy machine takes longer than a human check may.
beforeAll(() => import('../../src/vendors/tencent/codes-client'));

it(
  'robots get nothing, and cost sixty human checks for each client address',
  async () => {
    const attack = { requests: 400, addresses: 5, numberOf: separate, ticketOf: robot };
    const { answers, sent, checks } = await attacked('sqlite', {}, attack);
    expect({ answers, sent, checks }).toEqual({ answers: { 98: 300, 209: 100 }, sent: 0, checks: 300 });
  },
  PATIENCE_MS,
);

it(
  'without the human check a hundred messages go out: a tenth of a tenant’s daily limit',
  async () => {
    const { answers, sent } = await attacked(
      'sqlite',
      { CAPTCHA: 'off' },
      { numberOf: separate, ticketOf: () => ({}) },
    );
    expect({ answers, sent }).toEqual({ answers: { 0: 100, 209: 200 }, sent: 100 });
  },
  PATIENCE_MS,
);

it(
  'people who solve every check for numbers of one block get fifty messages, then ten an hour',
  async () => {
    const { answers, sent, checks } = await attacked('sqlite', {}, { numberOf: oneBlock, ticketOf: farm });
    expect({ answers, sent }).toEqual({ answers: { 0: 60, 209: 240 }, sent: 60 });
    // No request but those in progress when it was stopped had their check paid for.
    expect(checks).toBeLessThan(60 + 2 * SIDE_BY_SIDE);
  },
  PATIENCE_MS,
);

onBothDatabases((kind) => {
  it(
    'people who solve every check for numbers of a thousand blocks get one message each: a thousand, the day of the tenant',
    async () => {
      const { answers, sent } = await attacked(kind, {}, { requests: 1_050, numberOf: separate, ticketOf: farm });
      expect({ answers, sent }).toEqual({ answers: { 0: 1_000, 209: 50 }, sent: 1_000 });
    },
    PATIENCE_MS,
  );
});
