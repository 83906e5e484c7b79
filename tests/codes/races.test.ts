/** Concurrent calls to two instances that share one database: single effects happen once. */
import { columns, read, sql } from '../../src/data/engine/sql';
import { type CodeService, loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPeople, newPerson, personOf, type SignIn, succeeded } from '../../testkit/people';
import { onBothDatabases, type Params } from '../../testkit/service';
import type { Envelope } from '../../testkit/ways';

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)));

/** How often each code was answered. */
function tally(answers: readonly Envelope[]): Record<number, number> {
  const counts: Record<number, number> = {};
  for (const { errorCode } of answers) counts[errorCode] = (counts[errorCode] ?? 0) + 1;
  return counts;
}

onBothDatabases((kind) => {
  let one: CodeService;
  let other: CodeService;
  const limits = { CODE_INTERVAL_SECONDS: '55', CODE_SENDS_PER_DAY: '60' };
  beforeAll(async () => {
    one = await startCodeService(kind);
    other = await startCodeService(kind, { sameDatabaseAs: one });
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });
  const either = (index: number) => (index % 2 === 0 ? one : other);

  it('one code in a hundred concurrent sign-ins admits one', async () => {
    const phone = '+8613912340001';
    const sessionId = await sessionFor(one, { phone });
    const code = one.codeFor(phone);
    const answers = await times(100, (index) => loginWith(either(index), { phone, sessionId, code }));
    expect(tally(answers)).toEqual({ 0: 1, 202: 99 });
  });

  it('a hundred guesses concurrently are five tries', async () => {
    const phone = '+8613912340002';
    const sessionId = await sessionFor(one, { phone });
    const code = one.codeFor(phone);
    const guesses = Array.from({ length: 100 }, (_, index) => String(index).padStart(6, '0')).filter(
      (guess) => guess !== code,
    );
    const answers = await times(guesses.length, (index) =>
      loginWith(either(index), { phone, sessionId, code: guesses[index] }),
    );
    // Five are compared; the last may be several, because all of them are counted before.
    expect(tally(answers)[202]).toBeGreaterThanOrEqual(guesses.length - 5);
    expect((tally(answers)[200] ?? 0) + (tally(answers)[202] ?? 0)).toBe(guesses.length);
    const TRIES = columns('sign_in_codes', '', ['tries']);
    const most = sql`SELECT ${TRIES} FROM sign_in_codes WHERE session = ${sessionId}`;
    expect(await one.services.database.forRequest().query(read('test.tries', TRIES, most))).toEqual([{ tries: 5 }]);
    expect((await loginWith(one, { phone, sessionId, code })).errorCode).toBe(202);
  });

  it('a hundred concurrent messages to one phone are one', async () => {
    const first = await startCodeService(kind, { sameDatabaseAs: one, env: { CODE_INTERVAL_SECONDS: '55' } });
    const second = await startCodeService(kind, { sameDatabaseAs: one, env: { CODE_INTERVAL_SECONDS: '55' } });
    const phone = '+8613912340003';
    const answers = await times(100, (index) => sendCode(index % 2 === 0 ? first : second, { phone }));
    expect(tally(answers)).toEqual({ 0: 1, 209: 99 });
    expect([...first.written, ...second.written].filter((line) => line.includes(phone))).toHaveLength(1);
    await first.close();
    await second.close();
  });

  it('a hundred phones concurrently do not get more than the tenant may have', async () => {
    const first = await startCodeService(kind, { env: limits });
    const second = await startCodeService(kind, { env: limits, sameDatabaseAs: first });
    const phones = Array.from({ length: 100 }, (_, index) => `+8613912341${String(index).padStart(3, '0')}`);
    const answers = await times(100, (index) => sendCode(index % 2 === 0 ? first : second, { phone: phones[index] }));
    expect(tally(answers)).toEqual({ 0: 60, 209: 40 });
    expect(first.written.length + second.written.length).toBe(60);
    await second.close();
    await first.close();
  });

  it('a first sign-in and a concurrent binding of the same phone give it to one account', async () => {
    for (let round = 0; round < 10; round += 1) {
      const phone = `+86139123420${String(round).padStart(2, '0')}`;
      const person = await newPerson(one);
      const sessionId = await sessionFor(one, { phone });
      const code = one.codeFor(phone);
      const [login, bound] = await Promise.all([
        loginWith(one, { phone, sessionId, code }),
        personOf(other, person, person.signIn).call('auth_users/user_update', { phone, sessionId, code }),
      ]);
      expect([login.errorCode, bound.errorCode].sort()).toEqual([0, 202]);
      expect(await ownersOf(phone)).toHaveLength(1);
    }
  });

  it('two accounts that bind one phone with two codes: the second learns that it is taken', async () => {
    const phone = '+8613912343001';
    const people = await newPeople(one, 2);
    const codes: Params[] = [];
    for (const _ of people) {
      const sessionId = await sessionFor(one, { phone });
      codes.push({ phone, sessionId, code: one.codeFor(phone) });
    }
    // The newest code is the valid one, so both are tried with it.
    const answers = await Promise.all(people.map((person) => person.call('auth_users/user_update', codes.at(-1))));
    expect(answers.map(({ errorCode }) => errorCode).sort()).toEqual([0, 202]);
    const loser = people[answers[0]?.errorCode === 0 ? 1 : 0];
    const sessionId = await sessionFor(one, { phone });
    const again = await loser?.call('auth_users/user_update', { phone, sessionId, code: one.codeFor(phone) });
    expect(again).toMatchObject({ errorCode: 98, errorMessage: expect.stringContaining('another account') });
    // It was not used up: anyone who owns the phone may still sign in with it.
    expect((await loginWith(one, { phone, sessionId, code: one.codeFor(phone) })).errorCode).toBe(0);
  });

  it('ten first sign-ins of one phone, one after the other and each at its own instance, are one account', async () => {
    const phone = '+8613912344001';
    const ids = new Set<string>();
    for (let round = 0; round < 10; round += 1) {
      const service = either(round);
      const sessionId = await sessionFor(service, { phone });
      const answer = await loginWith(service, { phone, sessionId, code: service.codeFor(phone) });
      ids.add(succeeded<SignIn>(answer).userId);
    }
    expect(ids.size).toBe(1);
  });

  async function ownersOf(phone: string) {
    const OWNER = columns('addresses', '', ['user_id']);
    const statement = sql`SELECT ${OWNER} FROM addresses WHERE address = ${phone}`;
    return one.services.database.forRequest().query(read('test.owners', OWNER, statement));
  }
});

/** How many of each. */
const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 12);

onBothDatabases((kind) => {
  let one: CodeService;
  let other: CodeService;
  beforeAll(async () => {
    one = await startCodeService(kind, { env: { ADMIN_KEY } });
    other = await startCodeService(kind, { sameDatabaseAs: one, env: { ADMIN_KEY } });
  });
  afterAll(async () => {
    await other.close();
    await one.close();
  });

  const SESSION = columns('sessions', 's', ['id']);
  const sessionsOf = (userId: string) =>
    one.services.database
      .forRequest()
      .query(
        read('test.sessions', SESSION, sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${Number(userId)}`),
      );

  async function codeFor(phone: string) {
    const sessionId = await sessionFor(one, { phone });
    return { phone, sessionId, code: one.codeFor(phone) };
  }

  it('a ban against a sign-in by code: no user is left inside, whichever comes first', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const phone = `+8613912349${String(round).padStart(3, '0')}`;
      const { userId } = succeeded<SignIn>(await loginWith(one, await codeFor(phone)));
      const code = await codeFor(phone);
      const pause = (most: number) => new Promise((resolve) => setTimeout(resolve, Math.random() * most));
      const ban = async () => {
        await pause(10);
        return operatorOf(one).must('ban_user', { userId, reason: 'race', seconds: 0 });
      };
      const signIn = async () => {
        await pause(6);
        return loginWith(other, code);
      };
      const [, answer] = await Promise.all([ban(), signIn()]);
      expect([0, 98]).toContain(answer.errorCode);
      expect(await sessionsOf(userId)).toEqual([]);
      expect(await loginWith(other, await codeFor(phone))).toMatchObject({ errorCode: 98 });
    }
  });

  it('a deletion against a sign-in by code: the phone is of one account that is there, or of none', async () => {
    for (let round = 0; round < ROUNDS; round += 1) {
      const phone = `+8613912348${String(round).padStart(3, '0')}`;
      const before = succeeded<SignIn>(await loginWith(one, await codeFor(phone)));
      const code = await codeFor(phone);
      const [deleted, answer] = await Promise.all([
        one.call('auth_users/user_delete', { userId: before.userId, token: before.token }),
        loginWith(other, code),
      ]);
      expect(deleted.errorCode).toBe(0);
      const { userId, token } = succeeded<SignIn>(answer);
      const isThere = (await one.call('auth_users/user_query', { userId, token })).errorCode === 0;
      expect(isThere).toBe(userId !== before.userId);
      const after = succeeded<SignIn>(await loginWith(other, await codeFor(phone)));
      expect(after.userId === userId).toBe(isThere);
    }
  });
});
