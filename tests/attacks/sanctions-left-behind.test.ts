/** Attack 32: anyone who was kicked or muted hands that on to an account made for the purpose, or comes from the next address. */
import { type CodeService, loginWith, sessionFor, startCodeService } from '../../testkit/codes';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson, type SignIn, sign, succeeded } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { envelopeOf, overEvent } from '../../testkit/ways';

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    service = await startCodeService(kind, { env: { ADMIN_KEY } });
  });
  afterAll(() => service.close());
  const admin = () => operatorOf(service);

  async function codeFor(phone: string) {
    const sessionId = await sessionFor(service, { phone });
    return { phone, sessionId, code: service.codeFor(phone) };
  }

  test('a phone number that is given up does not take the sanctions of a living account along', async () => {
    const host = await newPerson(service);
    const roomId = await goLive(host);
    const viewer = await newPerson(service);
    const [old, next] = ['+8613955551001', '+8613955551002'];
    await viewer.must('auth_users/user_update', await codeFor(old));
    await admin().must('kick_user', { roomId, userId: viewer.userId, reason: 'rude', seconds: 0 });
    expect(await viewer.call('rooms/enter_room', { roomId, role: 'audience' })).toMatchObject({ errorCode: 98 });
    await viewer.must('auth_users/user_update', await codeFor(next));
    const decoy = succeeded<SignIn>(await loginWith(service, await codeFor(old)));
    expect(decoy.userId).not.toBe(viewer.userId);
    expect(await viewer.call('rooms/enter_room', { roomId, role: 'audience' })).toMatchObject({ errorCode: 98 });
    const { items } = await admin().must<{ items: unknown[] }>('sanctions', { userId: viewer.userId });
    expect(items).toHaveLength(1);
  });

  test('the phone of a banned account that was deleted brings the ban back, and no other contact does', async () => {
    const [phone, another] = ['+8613955551003', '+8613955551004'];
    const { userId } = succeeded<SignIn>(await loginWith(service, await codeFor(phone)));
    await admin().must('ban_user', { userId, reason: 'spam', seconds: 0 });
    await admin().must('delete_user', { userId, reason: 'asked for it' });
    expect(await loginWith(service, await codeFor(another))).toMatchObject({ errorCode: 0 });
    await newPerson(service);
    const back = await loginWith(service, await codeFor(phone));
    expect(back).toMatchObject({ errorCode: 98, errorMessage: expect.stringContaining('banned permanently: spam') });
    // A person without a phone leaves a sanction that no phone matches.
    const nameless = await newPerson(service);
    await admin().must('ban_user', { userId: nameless.userId, reason: 'spam', seconds: 0 });
    await admin().must('delete_user', { userId: nameless.userId, reason: 'asked for it' });
    expect(await loginWith(service, await codeFor('+8613955551005'))).toMatchObject({ errorCode: 0 });
  });

  test('the phone of a banned account that was deleted cannot be bound to one with another name, the mail of a muted one mutes', async () => {
    const phone = '+8613955551006';
    const { userId } = succeeded<SignIn>(await loginWith(service, await codeFor(phone)));
    const { sanctionId } = await admin().must<{ sanctionId: string }>('ban_user', {
      userId,
      reason: 'spam',
      seconds: 0,
    });
    await admin().must('delete_user', { userId, reason: 'asked for it' });
    const other = await newPerson(service);
    const bind = async () => other.call('auth_users/user_update', await codeFor(phone));
    const refused = { errorCode: 98, errorMessage: expect.stringContaining('banned permanently: spam') };
    expect(await bind()).toMatchObject(refused);
    // Nothing has happened to the account, and a sign-in by the number finds no way around the ban.
    expect(await other.must('auth_users/user_login_token')).toMatchObject({ userId: other.userId, phone: '' });
    expect(await loginWith(service, await codeFor(phone))).toMatchObject(refused);
    await admin().must('lift_sanction', { sanctionId, reason: 'x' });
    expect(await bind()).toMatchObject({ errorCode: 0 });

    const muted = await newPerson(service);
    const mail = 'left-behind@example.org';
    const byMail = async () => {
      const sessionId = await sessionFor(service, { email: mail });
      return { email: mail, sessionId, code: service.codeFor(mail) };
    };
    await muted.must('auth_users/user_update', await byMail());
    await admin().must('mute_user', { userId: muted.userId, reason: 'rude', seconds: 0 });
    await admin().must('delete_user', { userId: muted.userId, reason: 'asked for it' });
    const next = await newPerson(service);
    await next.must('auth_users/user_update', await byMail());
    const { items } = await admin().must<{ items: object[] }>('sanctions', { userId: next.userId });
    expect(items).toMatchObject([{ kind: 'mute', reason: 'rude' }]);
  });

  /** Through a gateway that says which address the request came from. */
  async function signInFrom(address: string, account: { username: string; salt: string }) {
    const ask = {
      method: 'POST',
      path: '/base/v1/oauth/signature',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({
        username: account.username,
        signature: sign({ username: account.username, secret: account.salt }),
      }),
    };
    const app = {
      handle: (one: Parameters<typeof service.app.handle>[0]) =>
        service.app.handle({ ...one, origin: { kind: 'event' as const, address } }),
    };
    return envelopeOf(await overEvent({ ...service, app }, 'function-url-observed', ask));
  }

  test('a ban of an IPv6 address covers the whole household, whose phones take a new address every day', async () => {
    const banned = await newPerson(service);
    const other = await newPerson(service);
    expect(await signInFrom('2001:db8:7:1::a', banned)).toMatchObject({ errorCode: 0 });
    const ban = { userId: banned.userId, reason: 'spam', seconds: 600, withAddress: true };
    await admin().must('ban_user', ban);
    expect(await signInFrom('2001:db8:7:1::a', other)).toMatchObject({ errorCode: 98 });
    expect(await signInFrom('2001:db8:7:1:9c4e:1:2:3', other)).toMatchObject({
      errorCode: 98,
      errorMessage: expect.stringContaining('network address is banned'),
      // No user can appeal against it: it is no sanction of theirs.
      sanctionId: '',
    });
    expect(await signInFrom('2001:db8:7:2::a', other)).toMatchObject({ errorCode: 0 });
    const { items } = await admin().must<{ items: { address: string }[] }>('sanctions', { userId: banned.userId });
    expect(items.map(({ address }) => address)).toEqual(['2001:db8:7:1::/64']);
  });
});
