/** Attack 10: 200 wrong signatures, 200 sign-ups, 60 sessions from one replayed request; more calls achieve no more. */
import md5 from 'md5';
import { columns, read, sql } from '../../src/data/engine/sql';
import { freshName, newPerson, type Person, sign, signInAgain } from '../../testkit/people';
import {
  DrivenClock,
  jsonAsk,
  onBothDatabases,
  type Service,
  type ServiceOptions,
  startService,
} from '../../testkit/service';
import { envelopeOf, overHttp } from '../../testkit/ways';

/** One proxy is in front of the service, so that a test can act as many clients. */
const LIMITS = {
  TRUSTED_PROXIES: '1',
  SIGN_UPS_PER_MINUTE: '120',
  SIGN_UPS_PER_DAY: '300',
  SIGN_IN_FAILURES_PER_MINUTE: '60',
  SESSIONS_PER_USER: '20',
};
const ATTACKER = '203.0.113.66';
const HOME = '198.51.100.7';
const MINUTE = 60_000;
const SESSION = columns('sessions', '', ['id']);
const COUNTED = columns('throttles', '', ['id', 'since', 'hits']);

async function call(service: Service, endpoint: string, params: object, from: string) {
  const ask = jsonAsk(endpoint, { ...params });
  return envelopeOf(await overHttp(service, { ...ask, headers: { ...ask.headers, 'x-forwarded-for': from } }));
}

/** `count` calls, twenty at a time; gives how often each code came. */
async function storm(count: number, one: (index: number) => Promise<{ errorCode: number }>) {
  const codes: Record<number, number> = {};
  let next = 0;
  const worker = async () => {
    while (next < count) {
      next += 1;
      const { errorCode } = await one(next);
      codes[errorCode] = (codes[errorCode] ?? 0) + 1;
    }
  };
  await Promise.all(Array.from({ length: 20 }, worker));
  return codes;
}

const wrong = (username: string) => ({ username, signature: sign({ username, secret: 'guess' }) });
const right = ({ username, salt }: Person) => ({ username, signature: sign({ username, secret: salt }) });
const signUp = () => {
  const username = freshName();
  return { username, salt: md5(`${username}-password`) };
};

onBothDatabases((kind) => {
  let service: Service;
  let clock: DrivenClock;
  const others: Service[] = [];
  const start = async (options: ServiceOptions = {}) =>
    startService(kind, { clock, ...options, env: { ...LIMITS, ...options.env } });

  beforeAll(async () => {
    clock = new DrivenClock();
    clock.freeze(Date.UTC(2026, 10, 23, 12));
    service = await start();
  });
  beforeEach(() => clock.advance(MINUTE));
  afterAll(async () => {
    for (const one of [...others, service]) await one.close();
  });

  test('of 200 wrong signatures of one address, sixty a minute are checked', async () => {
    const names = Array.from({ length: 200 }, freshName);
    const codes = await storm(200, (index) =>
      call(service, 'oauth/signature', wrong(names[index - 1] ?? ''), ATTACKER),
    );
    // Requests in progress when the limit was reached are checked as well.
    expect(codes[98]).toBeGreaterThanOrEqual(59);
    expect(codes[98]).toBeLessThanOrEqual(80);
    expect(codes[209]).toBe(200 - (codes[98] ?? 0));
    const refused = await call(service, 'oauth/signature', wrong(freshName()), ATTACKER);
    expect(refused.errorMessage).toBe('UserQueryLimit(209): too many failed sign-ins, please wait a minute');
    // Another user, at the same time, and the same one a minute later.
    const alice = await newPerson(service);
    expect((await call(service, 'oauth/signature', right(alice), HOME)).errorCode).toBe(0);
    clock.advance(MINUTE);
    expect((await call(service, 'oauth/signature', wrong(freshName()), ATTACKER)).errorCode).toBe(98);
  });

  test('one name is guessed six times a minute, and its owner is let in all the while', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const attack = () =>
      storm(60, (index) => call(service, 'oauth/signature', wrong(alice.username), `203.0.113.${index % 5}`));
    const codes = await attack();
    // Each address has its first try besides those of the name.
    expect(codes[98]).toBeLessThanOrEqual(6 + 5 + 20);
    // The right signature from a guesser's address gets the answer of a wrong one.
    expect((await call(service, 'oauth/signature', right(alice), '203.0.113.1')).errorCode).toBe(209);
    // The owner at home, without failures, in this minute and in every other.
    for (let minute = 0; minute < 3; minute += 1) {
      expect((await call(service, 'oauth/signature', right(alice), HOME)).errorCode).toBe(0);
      clock.advance(MINUTE);
      await attack();
    }
    // A typo at home does not change that: who was there before is known.
    expect((await call(service, 'oauth/signature', wrong(alice.username), HOME)).errorCode).toBe(98);
    expect((await call(service, 'oauth/signature', right(alice), HOME)).errorCode).toBe(0);
  });

  test('one name is guessed from 200 addresses: those that have no session of it share the limit of an address', async () => {
    const other = await start({ sameDatabaseAs: service });
    others.push(other);
    const alice = await newPerson(service);
    // Another process, which has never seen the owner.
    const home = '198.51.100.77';
    expect((await call(service, 'oauth/signature', right(alice), home)).errorCode).toBe(0);
    clock.advance(MINUTE);
    const guess = (index: number) => call(other, 'oauth/signature', wrong(alice.username), `203.0.113.${index}`);
    const codes = await storm(200, guess);
    expect(codes[98]).toBeLessThanOrEqual(6 + 60 + 20);
    expect(codes[209]).toBe(200 - (codes[98] ?? 0));
    // A typo, too.
    expect((await call(other, 'oauth/signature', wrong(alice.username), home)).errorCode).toBe(98);
    expect((await call(other, 'oauth/signature', right(alice), home)).errorCode).toBe(0);
    // The owner elsewhere waits until the minute is over.
    expect((await call(other, 'oauth/signature', right(alice), '192.0.2.1')).errorCode).toBe(209);
    clock.advance(MINUTE);
    expect((await call(other, 'oauth/signature', right(alice), '192.0.2.1')).errorCode).toBe(0);
  });

  test('registering a taken name is a guess as well', async () => {
    const alice = await newPerson(service);
    clock.advance(MINUTE);
    const guess = (index: number) => ({ username: alice.username, salt: md5(`guess ${index}`) });
    const codes = await storm(100, (index) => call(service, 'oauth/register', guess(index), ATTACKER));
    expect(codes[98]).toBeLessThanOrEqual(6 + 20);
    expect(codes[209]).toBeGreaterThan(70);
    // The right one too: its answer would reveal it.
    expect(
      (await call(service, 'oauth/register', { username: alice.username, salt: alice.salt }, ATTACKER)).errorCode,
    ).toBe(209);
    expect(
      (await call(service, 'oauth/register', { username: alice.username, salt: alice.salt }, HOME)).errorCode,
    ).toBe(0);
  });

  test('200 sign-ups of one address make 120 accounts', async () => {
    const codes = await storm(200, () => call(service, 'oauth/register', signUp(), ATTACKER));
    expect(codes[0]).toBeGreaterThanOrEqual(120);
    expect(codes[0]).toBeLessThanOrEqual(140);
    expect(codes[209]).toBe(200 - (codes[0] ?? 0));
    expect((await call(service, 'oauth/register', signUp(), HOME)).errorCode).toBe(0);
    clock.advance(MINUTE);
    expect((await call(service, 'oauth/register', signUp(), ATTACKER)).errorCode).toBe(0);
  });

  test('over a day, 300 of them', async () => {
    const address = '203.0.113.99';
    let made = 0;
    for (let minute = 0; minute < 4; minute += 1) {
      made += (await storm(100, () => call(service, 'oauth/register', signUp(), address)))[0] ?? 0;
      clock.advance(MINUTE);
    }
    expect(made).toBeGreaterThanOrEqual(300);
    expect(made).toBeLessThanOrEqual(320);
    expect((await call(service, 'oauth/register', signUp(), address)).errorMessage).toContain('today');
    clock.advance(86_400_000);
    expect((await call(service, 'oauth/register', signUp(), address)).errorCode).toBe(0);
  });

  test('an IPv6 household is one client', async () => {
    const address = (index: number) => `2001:db8:5:5::${index.toString(16)}`;
    const codes = await storm(200, (index) => call(service, 'oauth/register', signUp(), address(index)));
    expect(codes[0]).toBeLessThanOrEqual(140);
  });

  test('processes share the counts of suspicious names', async () => {
    const [a, b] = [service, await start({ sameDatabaseAs: service })];
    others.push(b);
    const address = '203.0.113.77';
    const names = Array.from({ length: 200 }, freshName);
    const codes = await storm(200, (index) =>
      call(index % 2 ? a : b, 'oauth/signature', wrong(names[index - 1] ?? ''), address),
    );
    expect(codes[98]).toBeLessThanOrEqual(60 + 40);
    clock.advance(MINUTE);
    const made = await storm(200, (index) => call(index % 2 ? a : b, 'oauth/register', signUp(), address));
    expect(made[0]).toBeLessThanOrEqual(120 + 20 + 40);
  });

  test('60 sign-ins by one replayed request leave twenty sessions', async () => {
    const alice = await newPerson(service);
    // Any of the sessions that began at the same time may count as the oldest.
    clock.advance(1_000);
    const codes = await storm(60, () => call(service, 'oauth/signature', right(alice), HOME));
    expect(codes).toEqual({ 0: 60 });
    const newest = await signInAgain(service, alice);
    const db = service.services.database.forRequest();
    const own = sql`SELECT ${SESSION} FROM sessions WHERE user_id = ${Number(alice.userId)}`;
    expect(await db.query(read('test.sessions', SESSION, own))).toHaveLength(20);
    // The first one has ended, the last one has not.
    expect((await alice.call('auth_users/user_query')).errorCode).toBe(204);
    await newest.must('auth_users/user_query');
  });

  test('a session that is renewed is not the oldest', async () => {
    const alice = await newPerson(service);
    for (let index = 0; index < 25; index += 1) {
      clock.advance(1_000);
      await alice.must('auth_users/user_login_token');
      clock.advance(1_000);
      await signInAgain(service, alice);
    }
    await alice.must('auth_users/user_query');
  });

  test('0 switches each of them off', async () => {
    const off = {
      SIGN_UPS_PER_MINUTE: '0',
      SIGN_UPS_PER_DAY: '0',
      SIGN_IN_FAILURES_PER_MINUTE: '0',
      SESSIONS_PER_USER: '0',
    };
    const open = await start({ env: off });
    others.push(open);
    const name = freshName();
    expect(await storm(130, () => call(open, 'oauth/signature', wrong(name), ATTACKER))).toEqual({ 98: 130 });
    expect(await storm(130, () => call(open, 'oauth/register', signUp(), ATTACKER))).toEqual({ 0: 130 });
  });

  test('a good request pays no statement for it', async () => {
    clock.advance(MINUTE);
    const alice = await newPerson(service);
    const answer = await call(service, 'oauth/signature', right(alice), HOME);
    const line = service.lines
      .map((one) => JSON.parse(one))
      .find((one) => one.requestId === answer.requestId && one.endpoint);
    expect(line?.queries).toBe(2);
  });

  test('no name and no address is in the table', async () => {
    const db = service.services.database.forRequest();
    const rows = await db.query(read('test.throttles', COUNTED, sql`SELECT ${COUNTED} FROM throttles`));
    expect(rows.length).toBeGreaterThan(3);
    expect(JSON.stringify(rows)).not.toMatch(/203\.0|2001:db8|person-/);
  });
});
