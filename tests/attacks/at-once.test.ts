/** A limit takes its place before the first await: 300 concurrent calls achieve no more than 300 in a row. */
import md5 from 'md5';
import { freshName, newPerson, type Person, sign } from '../../testkit/people';
import { DrivenClock, jsonAsk, onBothDatabases, type Service, startService } from '../../testkit/service';
import { envelopeOf, overEvent } from '../../testkit/ways';

const LIMITS = {
  TRUSTED_PROXIES: '1',
  SIGN_UPS_PER_MINUTE: '120',
  SIGN_UPS_PER_DAY: '0',
  SIGN_IN_FAILURES_PER_MINUTE: '60',
};
const ATTACKER = '203.0.113.66';
const HOME = '198.51.100.7';
const MINUTE = 60_000;
/** More than what two clients, or two processes, are let through. */
const CALLS = 300;

const wrong = (username: string) => ({ username, signature: sign({ username, secret: 'guess' }) });
const right = ({ username, salt }: Person) => ({ username, signature: sign({ username, secret: salt }) });
const signUp = () => {
  const username = freshName();
  return { username, salt: md5(`${username}-password`) };
};

onBothDatabases((kind) => {
  let clock: DrivenClock;
  let service: Service;
  let second: Service;
  beforeAll(async () => {
    clock = new DrivenClock();
    clock.freeze(Date.UTC(2026, 10, 23, 12));
    service = await startService(kind, { clock, env: LIMITS });
    second = await startService(kind, { clock, env: LIMITS, sameDatabaseAs: service });
  });
  beforeEach(() => clock.advance(MINUTE));
  afterAll(async () => {
    await second.close();
    await service.close();
  });

  async function call(endpoint: string, params: object, from: string, to = service) {
    const app: Service['app'] = {
      handle: (one) => to.app.handle({ ...one, origin: { kind: 'event', address: from } }),
    };
    return envelopeOf(await overEvent({ ...to, app }, 'function-url-observed', jsonAsk(endpoint, { ...params })));
  }

  /** How often each code came, with all calls begun in one turn. */
  async function atOnce(calls: number, one: (index: number) => Promise<{ errorCode: number }>) {
    const codes: Record<number, number> = {};
    for (const { errorCode } of await Promise.all(Array.from({ length: calls }, (_, index) => one(index)))) {
      codes[errorCode] = (codes[errorCode] ?? 0) + 1;
    }
    return codes;
  }

  test('guesses at one name: six are checked, and the right one after them is refused', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const codes = await atOnce(CALLS, (index) =>
      call('oauth/signature', index === CALLS / 2 ? right(alice) : wrong(alice.username), ATTACKER),
    );
    expect(codes).toEqual({ 98: 6, 209: CALLS - 6 });
    expect((await call('oauth/signature', right(alice), HOME)).errorCode).toBe(0);
  });

  test('guesses at many names from one address: sixty are checked', async () => {
    const codes = await atOnce(CALLS, () => call('oauth/signature', wrong(freshName()), ATTACKER));
    expect(codes).toEqual({ 98: 60, 209: CALLS - 60 });
  });

  test('guesses from an address of the owner: two more at most', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    expect((await call('oauth/signature', right(alice), HOME)).errorCode).toBe(0);
    const codes = await atOnce(CALLS, () => call('oauth/signature', wrong(alice.username), HOME));
    expect(codes[98]).toBeLessThanOrEqual(6 + 2);
  });

  test('right signatures are answered in turn: places are given back', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const codes = await atOnce(60, () => call('oauth/signature', right(alice), HOME));
    // Who waits for seconds is refused.
    expect(Object.keys(codes).filter((code) => code !== '0' && code !== '209')).toEqual([]);
    expect((await call('oauth/signature', right(alice), HOME)).errorCode).toBe(0);
  });

  test('registering a taken name is a guess as well; the same again is none', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const codes = await atOnce(CALLS, (index) =>
      call('oauth/register', { username: alice.username, salt: md5(`guess ${index}`) }, ATTACKER),
    );
    expect(codes).toEqual({ 98: 6, 209: CALLS - 6 });
    const own = { username: alice.username, salt: alice.salt };
    expect(await atOnce(60, () => call('oauth/register', own, HOME))).toEqual({ 0: 60 });
  });

  test('sign-ups of one address make 120 accounts', async () => {
    expect(await atOnce(CALLS, () => call('oauth/register', signUp(), ATTACKER))).toEqual({ 0: 120, 209: CALLS - 120 });
  });

  test('through two processes: at most twice as many', async () => {
    const to = (index: number) => (index % 2 === 0 ? service : second);
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const guesses = await atOnce(CALLS, (index) => call('oauth/signature', wrong(alice.username), ATTACKER, to(index)));
    expect(guesses[98]).toBeLessThanOrEqual(12);
    // What both have done is known to both.
    const later = await atOnce(20, (index) => call('oauth/signature', wrong(alice.username), ATTACKER, to(index)));
    expect(later).toEqual({ 209: 20 });
    clock.advance(MINUTE);
    const made = await atOnce(CALLS, (index) => call('oauth/register', signUp(), ATTACKER, to(index)));
    expect(made[0]).toBeLessThanOrEqual(240);
  });

  test('sixty networks of one IPv6 customer (/48) are two clients', async () => {
    const from = (index: number) => `2001:db8:77:${(index % 60).toString(16)}::1`;
    const made = await atOnce(CALLS, (index) => call('oauth/register', signUp(), from(index)));
    expect(made).toEqual({ 0: 240, 209: CALLS - 240 });
    clock.advance(MINUTE);
    const codes = await atOnce(CALLS, (index) => call('oauth/signature', wrong(freshName()), from(index)));
    expect(codes).toEqual({ 98: 120, 209: CALLS - 120 });
  });
});
