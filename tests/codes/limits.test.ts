/** How often codes go out and are tried, counted for addresses, client addresses, blocks of numbers and tenants. */

import { type CodeService, loginWith, sendCode, sessionFor, startCodeService, UNLIMITED } from '../../testkit/codes';
import type { DatabaseKind } from '../../testkit/database-copies';
import { startFakeCodesVendor, vendorEnv } from '../../testkit/fake-codes-vendor';
import { onBothDatabases, type Params } from '../../testkit/service';
import { envelopeOf, overEvent } from '../../testkit/ways';

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;

async function withService(
  kind: DatabaseKind,
  env: Readonly<Record<string, string>>,
  work: (service: CodeService) => Promise<void>,
): Promise<void> {
  const service = await startCodeService(kind, { env });
  // No other than the test moves its clock, however busy the machine is.
  service.clock.freeze(Date.now());
  try {
    await work(service);
  } finally {
    await service.close();
  }
}

/** A code asked for as from a client address of the internet. */
async function sendFrom(service: CodeService, address: string, params: Params): Promise<number> {
  const ask = {
    method: 'POST',
    path: '/base/v1/auth_users/user_verify_by_picture',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(params),
  };
  const { app } = service;
  const event = {
    ...app,
    handle: (request: Parameters<typeof app.handle>[0]) =>
      app.handle({ ...request, origin: { kind: 'event', address } }),
  };
  const answer = await overEvent({ ...service, app: event }, 'function-url-observed', ask);
  return envelopeOf(answer).errorCode;
}

onBothDatabases((kind) => {
  const phone = '+8613800000001';
  const numbered = (index: number) => `+86138${String(index).padStart(4, '0')}${String(index).padStart(4, '0')}`;
  const code = async (answer: Promise<{ errorCode: number }>) => (await answer).errorCode;

  it('sixty networks of one IPv6 customer (/48) get the codes of two clients', () =>
    withService(kind, { ...UNLIMITED, CODE_SENDS_PER_IP_HOUR: '20' }, async (service) => {
      const answers = await Promise.all(
        Array.from({ length: 60 }, (_, index) =>
          sendFrom(service, `2001:db8:77:${index.toString(16)}::1`, { phone: numbered(index) }),
        ),
      );
      expect(answers.filter((errorCode) => errorCode === 0)).toHaveLength(40);
      expect(answers.filter((errorCode) => errorCode === 209)).toHaveLength(20);
    }));

  it('one code in 55 seconds to one address', () =>
    withService(kind, { CODE_INTERVAL_SECONDS: '55' }, async (service) => {
      expect(await code(sendCode(service, { phone }))).toBe(0);
      service.clock.advance(54_000);
      expect(await code(sendCode(service, { phone: '13800000001' }))).toBe(209);
      service.clock.advance(1_500);
      expect(await code(sendCode(service, { phone }))).toBe(0);
    }));

  it('five an hour and ten a day to one address', () =>
    withService(kind, { CODE_SENDS_PER_ADDRESS_HOUR: '5', CODE_SENDS_PER_ADDRESS_DAY: '10' }, async (service) => {
      const codes: number[] = [];
      const sends = async (count: number) => {
        for (let send = 0; send < count; send += 1) codes.push(await code(sendCode(service, { phone })));
      };
      await sends(6);
      service.clock.advance(HOUR + MINUTE);
      await sends(6);
      service.clock.advance(HOUR + MINUTE);
      await sends(1);
      service.clock.advance(22 * HOUR);
      await sends(1);
      expect(codes).toEqual([0, 0, 0, 0, 0, 209, 0, 0, 0, 0, 0, 209, 209, 0]);
    }));

  it('twelve spellings of one mailbox are one address', () =>
    withService(kind, { CODE_SENDS_PER_ADDRESS_HOUR: '5' }, async (service) => {
      const codes: number[] = [];
      for (let n = 1; n <= 12; n += 1) {
        codes.push(await code(sendCode(service, { email: `box+${n}@example.com` })));
      }
      expect(codes).toEqual([...Array(5).fill(0), ...Array(7).fill(209)]);
      expect(await code(sendCode(service, { email: 'box@example.com' }))).toBe(209);
      expect(await code(sendCode(service, { email: 'other+1@example.com' }))).toBe(0);
      // Each is an account of its own: a + may be a name's.
      expect(await code(sendCode(service, { email: '+box@example.com' }))).toBe(0);
    }));

  it('for one client address, and an IPv6 household is one', async () => {
    const vendor = await startFakeCodesVendor();
    await withService(kind, { ...vendorEnv(vendor), CAPTCHA: 'off', CODE_SENDS_PER_IP_HOUR: '30' }, async (service) => {
      const from = (address: string, index: number) => sendFrom(service, address, { phone: numbered(index) });
      // A tenth, since no user has to be human.
      expect([await from('203.0.113.1', 1), await from('203.0.113.1', 2), await from('203.0.113.1', 3)]).toEqual([
        0, 0, 0,
      ]);
      expect(await from('203.0.113.1', 4)).toBe(209);
      expect(await from('203.0.113.2', 4)).toBe(0);
      const household = ['2001:db8::1', '2001:db8::2', '2001:db8:0:0:ffff::3', '2001:db8::4'];
      const codes = [];
      for (const [index, address] of household.entries()) codes.push(await from(address, 10 + index));
      expect(codes).toEqual([0, 0, 0, 209]);
      expect(await from('2001:db8:0:1::1', 20)).toBe(0);
    });
    await vendor.stop();
  });

  it('for the tenant, a refused message does not use up what others have', () =>
    withService(kind, { CODE_SENDS_PER_DAY: '3', CODE_SENDS_PER_ADDRESS_HOUR: '1' }, async (service) => {
      expect(await code(sendCode(service, { phone }))).toBe(0);
      for (let send = 0; send < 10; send += 1) expect(await code(sendCode(service, { phone }))).toBe(209);
      expect(await code(sendCode(service, { phone: numbered(1) }))).toBe(0);
      expect(await code(sendCode(service, { phone: numbered(2) }))).toBe(0);
      expect(await code(sendCode(service, { phone: numbered(3) }))).toBe(209);
      service.clock.advance(24 * HOUR + MINUTE);
      expect(await code(sendCode(service, { phone: numbered(3) }))).toBe(0);
    }));

  it('a block of numbers whose codes no user uses gets ten codes an hour for a day, and no other block', () =>
    withService(kind, { CODE_PUMPED_PERCENT: '20' }, async (service) => {
      const ofBlock = (block: string, index: number) => `+86138${block}${String(index).padStart(4, '0')}`;
      const codes: number[] = [];
      for (let index = 0; index < 65; index += 1)
        codes.push(await code(sendCode(service, { phone: ofBlock('1111', index) })));
      expect(codes.filter((one) => one === 0)).toHaveLength(60);
      expect(codes.slice(60)).toEqual([209, 209, 209, 209, 209]);
      expect(service.lines.join('')).toContain('code_block_stopped');
      expect(await code(sendCode(service, { phone: ofBlock('2222', 1) }))).toBe(0);
      service.clock.advance(24 * HOUR + MINUTE);
      expect(await code(sendCode(service, { phone: ofBlock('1111', 0) }))).toBe(0);
    }));

  it('a block of numbers in which one of five signs in continues', () =>
    withService(kind, { CODE_PUMPED_PERCENT: '20' }, async (service) => {
      for (let index = 0; index < 120; index += 1) {
        const number = `+861383333${String(index).padStart(4, '0')}`;
        const sessionId = await sessionFor(service, { phone: number });
        if (index % 5 === 0) {
          const digits = service.codeFor(number);
          expect(await code(loginWith(service, { phone: number, sessionId, code: digits }))).toBe(0);
        }
      }
    }));

  it('wrong codes: ten an hour for an address, then one try for each code', () =>
    withService(kind, { CODE_FAILURES_PER_ADDRESS_HOUR: '10' }, async (service) => {
      const codes: number[] = [];
      for (let round = 0; round < 3; round += 1) {
        const sessionId = await sessionFor(service, { phone });
        const wrong = service.codeFor(phone) === '000000' ? '000001' : '000000';
        for (let guess = 0; guess < 4; guess += 1)
          codes.push(await code(loginWith(service, { phone, sessionId, code: wrong })));
      }
      expect(codes).toEqual([...Array(10).fill(200), 209, 209]);
      const sessionId = await sessionFor(service, { phone });
      const right = { phone, sessionId, code: service.codeFor(phone) };
      const wrong = { ...right, code: right.code === '000000' ? '000001' : '000000' };
      expect(await code(loginWith(service, wrong))).toBe(200);
      const limited = await loginWith(service, right);
      expect(limited.errorCode).toBe(209);
      expect(limited.errorMessage).not.toMatch(/code|验证码|expire/i);
      service.clock.advance(HOUR + MINUTE);
      const fresh = await sessionFor(service, { phone });
      expect(await code(loginWith(service, { phone, sessionId: fresh, code: service.codeFor(phone) }))).toBe(0);
    }));

  it('guesses with a made-up session count for the client, and never lock the address', () =>
    withService(kind, { CODE_FAILURES_PER_ADDRESS_HOUR: '3', CODE_FAILURES_PER_IP_HOUR: '30' }, async (service) => {
      const sessionId = await sessionFor(service, { phone });
      const codes: number[] = [];
      for (let guess = 0; guess < 20; guess += 1) {
        codes.push(await code(loginWith(service, { phone, sessionId: 'made-up', code: '123456' })));
      }
      expect(new Set(codes)).toEqual(new Set([200]));
      expect(await code(loginWith(service, { phone, sessionId, code: service.codeFor(phone) }))).toBe(0);
      for (let guess = 20; guess < 40; guess += 1) {
        codes.push(await code(loginWith(service, { phone, sessionId: 'made-up', code: '123456' })));
      }
      expect(codes.filter((one) => one === 200)).toHaveLength(30);
      expect(codes.at(-1)).toBe(209);
    }));

  it('right codes count for no user', () =>
    withService(kind, { CODE_FAILURES_PER_ADDRESS_HOUR: '2', CODE_FAILURES_PER_IP_HOUR: '2' }, async (service) => {
      for (let round = 0; round < 6; round += 1) {
        const sessionId = await sessionFor(service, { phone });
        expect(await code(loginWith(service, { phone, sessionId, code: service.codeFor(phone) }))).toBe(0);
      }
    }));

  it('only the countries that are set, and all of them for *', async () => {
    const one = { ...UNLIMITED, CODE_COUNTRIES: '+86,+8529' };
    await withService(kind, one, async (service) => {
      expect(await code(sendCode(service, { phone: '+85291234567' }))).toBe(0);
      expect(await code(sendCode(service, { phone: '+85251234567' }))).toBe(98);
      expect(await code(sendCode(service, { phone: '+15005550006' }))).toBe(98);
    });
    await withService(kind, { CODE_COUNTRIES: '*' }, async (service) => {
      expect(await code(sendCode(service, { phone: '+15005550006' }))).toBe(0);
    });
  });
});
