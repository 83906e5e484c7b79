/** Binding a phone number or mail address to an account, finding people by it, and replacing a lost password. */
import md5 from 'md5';
import { sql, write } from '../../src/data/engine/sql';
import { type CodeService, loginWith, sessionFor, startCodeService, UNLIMITED } from '../../testkit/codes';
import { startMailServer } from '../../testkit/mail-server';
import { newPerson, personOf, type SignIn, sign, signInAgain, succeeded } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';

const TENANTS = JSON.stringify([
  { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'a1b2c3d4e5f60718293a4b5c6d7e8f900123456789abcdef' },
]);

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    service = await startCodeService(kind, { env: { TENANTS } });
  });
  afterAll(() => service.close());

  async function codeTo(phone: string, more: { apaasAppId?: string } = {}) {
    const sessionId = await sessionFor(service, { phone, ...more });
    return { phone, sessionId, code: service.codeFor(phone), ...more };
  }

  it('a bound phone signs in to the account, is in its sign-ins, and finds it', async () => {
    const alice = await newPerson(service);
    const bob = await newPerson(service);
    const phone = '+8613811110001';
    await alice.must('auth_users/user_update', { ...(await codeTo(phone)), name: 'Alice' });
    const byCode = succeeded<SignIn>(await loginWith(service, await codeTo(phone)));
    expect(byCode).toMatchObject({ userId: alice.userId, phone, name: 'Alice' });
    expect((await signInAgain(service, alice)).signIn.phone).toBe(phone);
    for (const searchPhone of [phone, '13811110001', '8613811110001', ' 8613811110001']) {
      expect(await bob.must('auth_users/user_query', { searchPhone })).toMatchObject({ userId: alice.userId });
    }
  });

  it('a bound mail address signs in to the account', async () => {
    const carol = await newPerson(service);
    const email = 'carol@example.com';
    const sessionId = await sessionFor(service, { email });
    await carol.must('auth_users/user_update', { email, sessionId, code: service.codeFor(email) });
    const again = await sessionFor(service, { email });
    const signIn = succeeded<SignIn>(
      await loginWith(service, { email, sessionId: again, code: service.codeFor(email) }),
    );
    expect(signIn).toMatchObject({ userId: carol.userId, email, phone: '' });
  });

  it('a new phone takes the place of the old one, which is free again', async () => {
    const dave = await newPerson(service);
    const [before, after] = ['+8613811110011', '+8613811110012'];
    await dave.must('auth_users/user_update', await codeTo(before));
    await dave.must('auth_users/user_update', await codeTo(after));
    expect(succeeded<SignIn>(await loginWith(service, await codeTo(after))).userId).toBe(dave.userId);
    expect(succeeded<SignIn>(await loginWith(service, await codeTo(before))).userId).not.toBe(dave.userId);
  });

  it('binding the same phone again is fine', async () => {
    const erin = await newPerson(service);
    await erin.must('auth_users/user_update', await codeTo('+8613811110021'));
    await erin.must('auth_users/user_update', await codeTo('+8613811110021'));
  });

  it.each([
    ['no code', { phone: '+8613811110031' }, 98],
    ['a code and no session', { phone: '+8613811110031', code: '123456' }, 98],
    ['a session that is none', { phone: '+8613811110031', sessionId: 'x', code: '123456' }, 200],
    ['both kinds', { phone: '+8613811110031', email: 'a@example.com', sessionId: 'x', code: '123456' }, 98],
    ['no phone number', { phone: 'x', sessionId: 'x', code: '123456' }, 98],
  ])('with %s nothing is bound, and no name is changed', async (_what, params, code) => {
    const frank = await newPerson(service);
    const answer = await frank.call('auth_users/user_update', { ...params, name: 'Frank' });
    expect([answer.errorCode, answer.data]).toEqual([code, undefined]);
    expect(await frank.must('auth_users/user_query')).toMatchObject({ name: '' });
  });

  it('phones of tenants are separate', async () => {
    const phone = '+8613811110041';
    const here = succeeded<SignIn>(await loginWith(service, await codeTo(phone)));
    const there = succeeded<SignIn>(await loginWith(service, await codeTo(phone, { apaasAppId: 'shop' })));
    expect([here.apaasAppId, there.apaasAppId, there.userId.startsWith('shop-')]).toEqual(['', 'shop', true]);
    // A code of the one is no code of the other.
    const code = await codeTo(phone);
    expect((await loginWith(service, { ...code, apaasAppId: 'shop' })).errorCode).toBe(200);
  });

  it('a number that an operator wrote into a user of 1.0.0 is that user, if there is one; if there are two, neither', async () => {
    const [single, first, second, unfinished] = [
      await newPerson(service),
      await newPerson(service),
      await newPerson(service),
      await newPerson(service),
    ];
    const db = service.services.database.forRequest();
    const set = (userId: string, phone: string) =>
      db.execute(write('test.phone', 'safe', sql`UPDATE users SET phone = ${phone} WHERE id = ${Number(userId)}`));
    await set(single.userId, '13811110051');
    await set(first.userId, '13811110052');
    await set(second.userId, '+8613811110052');
    expect(succeeded<SignIn>(await loginWith(service, await codeTo('+8613811110051')))).toMatchObject({
      userId: single.userId,
      phone: '+8613811110051',
    });
    const stranger = succeeded<SignIn>(await loginWith(service, await codeTo('+8613811110052')));
    expect([first.userId, second.userId, unfinished.userId]).not.toContain(stranger.userId);
    // Anyone who verified the number is found by it, not anyone who has it written down.
    const found = await unfinished.must('auth_users/user_query', { searchPhone: '+8613811110052' });
    expect(found).toMatchObject({ userId: stranger.userId });
  });

  describe('a lost password', () => {
    const newSalt = md5('a-new-password');

    it('is replaced after a sign-in by code, and every other session ends', async () => {
      const grace = await newPerson(service);
      const phone = '+8613811110061';
      await grace.must('auth_users/user_update', await codeTo(phone));
      // A number that was bound just now could be a thief's (tests/attacks/stolen-token.test.ts).
      service.clock.advance(8 * 86_400_000);
      const byCode = succeeded<SignIn>(await loginWith(service, await codeTo(phone)));
      const back = personOf(service, grace, byCode);
      // Lists trust a session that was found just now.
      await grace.must('rooms/query_room', { limit: 1 });
      await back.must('auth_users/user_update', { salt: newSalt });
      expect((await grace.call('rooms/query_room', { limit: 1 })).errorCode).toBe(204);
      await back.must('auth_users/user_keepalive');
      expect((await grace.call('auth_users/user_keepalive')).errorCode).toBe(204);
      const signIn = (salt: string) =>
        service.call('oauth/signature', {
          username: grace.username,
          signature: sign({ username: grace.username, secret: salt }),
        });
      expect((await signIn(grace.salt)).errorCode).toBe(98);
      expect(succeeded<SignIn>(await signIn(newSalt)).userId).toBe(grace.userId);
      // oauth/register answers as ever: the new salt is the name's now, the old one is not.
      const register = (salt: string) => service.call('oauth/register', { username: grace.username, salt });
      expect([(await register(newSalt)).errorCode, (await register(grace.salt)).errorCode]).toEqual([0, 98]);
    });

    it('is not replaced by a session of a name, nor later than ten minutes after the code', async () => {
      const heidi = await newPerson(service);
      const phone = '+8613811110062';
      await heidi.must('auth_users/user_update', await codeTo(phone));
      expect((await heidi.call('auth_users/user_update', { salt: newSalt })).errorCode).toBe(98);
      const back = personOf(service, heidi, succeeded<SignIn>(await loginWith(service, await codeTo(phone))));
      service.clock.advance(601_000);
      expect((await back.call('auth_users/user_update', { salt: newSalt })).errorCode).toBe(98);
      expect((await signInAgain(service, heidi)).userId).toBe(heidi.userId);
    });

    it('has no meaning for an account that has no name to sign in with', async () => {
      const signIn = succeeded<SignIn>(await loginWith(service, await codeTo('+8613811110063')));
      const person = personOf(service, { username: '', salt: '' }, signIn);
      expect((await person.call('auth_users/user_update', { salt: newSalt })).errorCode).toBe(98);
    });
  });
});

describe('the old address', () => {
  it('gets a mail that it was replaced, and a mail server that is down stops nothing', async () => {
    const mail = await startMailServer();
    const env = { ...UNLIMITED, CODE_DELIVERY: 'vendor', MAIL_URL: mail.url, MAIL_FROM: 'no-reply@mail.example.com' };
    const service = await startCodeService('sqlite', { env });
    const person = await newPerson(service);
    const bind = async (email: string) => {
      const sessionId = await sessionFor(service, { email });
      await person.must('auth_users/user_update', { email, sessionId, code: mail.codeFor(email) });
    };
    await bind('old@example.com');
    expect(mail.received).toHaveLength(1);
    await bind('new@example.com');
    expect(mail.received.map(({ to }) => to[0])).toEqual(['old@example.com', 'new@example.com', 'old@example.com']);
    const sessionId = await sessionFor(service, { email: 'third@example.com' });
    const code = mail.codeFor('third@example.com');
    await mail.stop();
    await person.must('auth_users/user_update', { email: 'third@example.com', sessionId, code });
    expect(service.lines.join('')).toContain('old_address_not_told');
    expect(service.lines.join('')).not.toMatch(/@example\.com/);
    await service.close();
  });
});
