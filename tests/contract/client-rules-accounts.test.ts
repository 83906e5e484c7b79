/** The needs of the shipped apps in accounts and sign-in: one test per need, named after its guarantee. */
import { createHash } from 'node:crypto';
import md5 from 'md5';
import {
  freshName,
  goLive,
  newPerson,
  type Person,
  type SignIn,
  sign,
  signInAgain,
  succeeded,
} from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases, useService } from '../../testkit/service';
import { verifyUserSig } from '../../testkit/usersig';

const RANDOM_ID = String(2 ** 31 - 1);

onBothDatabases((kind) => {
  const service = useService(kind);
  let alice: Person;
  let bob: Person;

  beforeAll(async () => {
    alice = await newPerson(service());
    bob = await newPerson(service());
  });

  test('the caller is userId, else apaasUserId; they are never compared, and apaasAppId may be any text', async () => {
    const { userId, token } = alice;
    for (const params of [
      { userId, token },
      { apaasUserId: userId, token },
      { userId: '', apaasUserId: userId, token },
      { userId: Number(userId), token },
      { userId, apaasUserId: token, token },
      { userId, apaasUserId: bob.userId, token },
      { userId, apaasUserId: '', apaasAppId: '', token },
      { userId, token, apaasAppId: 'anything at all 任意' },
      { userId, token, apaasAppId: '1400188366' },
    ]) {
      expect(await service().call('auth_users/user_query', params)).toMatchObject({ errorCode: 0, data: { userId } });
    }
  });

  test('203 and 204 are for the caller’s bad token only, never for absent targets or parameters or for oauth', async () => {
    const codes: number[] = [];
    const note = async (answer: Promise<{ errorCode: number }>) => codes.push((await answer).errorCode);
    await note(alice.call('auth_users/user_query', { searchUserId: RANDOM_ID }));
    await note(alice.call('auth_users/user_query', { searchUserId: '99999999' }));
    await note(alice.call('auth_users/user_query', { searchPhone: '+8618500002222' }));
    await note(alice.call('auth_users/user_update'));
    for (const endpoint of ['room_detail', 'list_users', 'leave_room', 'destroy_room', 'update_room', 'enter_room']) {
      await note(alice.call(`rooms/${endpoint}`, { roomId: 'never-was', role: 'audience', category: '' }));
      await note(alice.call(`rooms/${endpoint}`, { roomId: '' }));
      await note(alice.call(`rooms/${endpoint}`, { roomId: {} }));
    }
    for (const token of ['bad', alice.token, '', {}, 5]) {
      await note(
        service().call('oauth/register', { username: alice.username, salt: 'a'.repeat(32), token, userId: '9' }),
      );
      await note(service().call('oauth/signature', { username: alice.username, signature: 'x', token, userId: '9' }));
      await note(service().call('oauth/signature', { username: 'nobody', signature: 'x', token }));
      await note(service().call('auth_users/user_logout', { userId: alice.userId, token: `${token}x` }));
    }
    expect(codes).not.toContain(203);
    expect(codes).not.toContain(204);
  });

  test('oauth ignores userId, token, apaasUserId and appId that an app still has from before', async () => {
    const username = freshName();
    const salt = md5(`${username}-password`);
    const stale = { userId: '77', token: 'stale', apaasUserId: 'stale', appId: '1', sdkAppId: 'x', type: {} };
    expect(await service().call('oauth/register', { username, salt, ...stale })).toMatchObject({ errorCode: 0 });
    const signature = sign({ username, secret: salt });
    expect(await service().call('oauth/signature', { username, signature, ...stale })).toMatchObject({ errorCode: 0 });
  });

  test('every sign-in answers userSig and sdkUserSig, sdkAppId as a number and everything else as a text', async () => {
    const again = await signInAgain(service(), alice);
    const byToken = await alice.must<SignIn>('auth_users/user_login_token');
    for (const data of [again.signIn, byToken]) {
      const { sdkAppId, ...texts } = data;
      expect(sdkAppId).toBe(APP_ID);
      expect(Object.keys(texts).sort()).toEqual(
        'apaasAppId apaasUserId avatar email expire name phone sdkUserSig token userId userSig'.split(' '),
      );
      for (const value of Object.values(texts)) expect(typeof value).toBe('string');
      expect(data.userSig).toBe(data.sdkUserSig);
      const verdict = verifyUserSig(data.userSig, { sdkAppId: APP_ID, secret: APP_SECRET, identifier: alice.userId });
      expect(verdict).toMatchObject({ ok: true, expire: 172_800 });
      expect(data.expire).toMatch(/^\d{4}-\d\d-\d\d \d\d:\d\d:\d\d$/);
      const days = (Date.parse(`${data.expire.replace(' ', 'T')}Z`) - Date.now()) / 86_400_000;
      expect(days).toBeCloseTo(30, 2);
    }
  });

  test('userId is a plain decimal in the range of a Java int and stays the same', async () => {
    const ids = [alice, bob, await newPerson(service())].map(({ userId }) => userId);
    for (const id of ids) expect(id).toMatch(/^[1-9]\d{0,9}$/);
    expect(Math.max(...ids.map(Number))).toBeLessThan(2 ** 31);
    expect(new Set(ids).size).toBe(3);
    const again = await signInAgain(service(), alice, { tag: '' });
    expect([again.userId, again.signIn.apaasUserId]).toEqual([alice.userId, alice.userId]);
    await alice.must('auth_users/user_update', { name: 'Renamed' });
    expect((await signInAgain(service(), alice)).userId).toBe(alice.userId);
  });

  test('the old token stays valid after a token sign-in and after other sign-ins', async () => {
    const first = await signInAgain(service(), bob);
    const renewed: string[] = [];
    for (let count = 0; count < 3; count += 1) {
      renewed.push((await first.must<SignIn>('auth_users/user_login_token')).token);
      await signInAgain(service(), bob);
    }
    expect(new Set([first.token, ...renewed]).size).toBe(4);
    for (const token of [first.token, ...renewed]) await first.must('auth_users/user_keepalive', { token });
    // One app asks for all three concurrently when it starts, with the old token.
    const atOnce = ['auth_users/user_login_token', 'auth_users/user_keepalive', 'rooms/query_room'];
    for (const { errorCode } of await Promise.all(atOnce.map((endpoint) => first.call(endpoint))))
      expect(errorCode).toBe(0);
  });

  test('signing out answers 0 with any token, any user and nothing at all; deleting answers 0 when the user is gone', async () => {
    for (const params of [
      {},
      { token: 'x' },
      { userId: '1' },
      { userId: 'x', token: [] },
      { token: bob.token, userId: '0' },
    ]) {
      expect((await service().call('auth_users/user_logout', params)).errorCode).toBe(0);
    }
    const gone = await newPerson(service());
    await gone.must('auth_users/user_delete');
    expect((await gone.call('auth_users/user_delete')).errorCode).toBe(0);
    expect((await gone.call('auth_users/user_logout')).errorCode).toBe(0);
    expect((await service().call('auth_users/user_delete', { userId: '99999999', token: 'x' })).errorCode).toBe(0);
  });

  test('the signature is md5 of username-tag-ts-nonce-salt with missing parts empty, for any UTF-8 username', async () => {
    // The README's own example.
    const readme = { username: 'user', password: 'xxx' };
    const salt = md5(`${readme.username}-${readme.password}`);
    succeeded(await service().call('oauth/register', { username: readme.username, salt }));
    succeeded(await service().call('oauth/signature', { username: 'user', signature: md5(`user----${salt}`) }));
    for (const username of [
      '爱丽丝',
      'Zoë@例え.jp',
      '😀',
      '+86 138-0000-0000',
      "o'brien",
      'a-b-c',
      ' padded ',
      'x'.repeat(255),
      '0',
      'null',
    ]) {
      const secret = md5(`${username}-password`);
      succeeded(await service().call('oauth/register', { username, salt: secret }));
      for (const [tag, ts, nonce] of [
        ['', '', ''],
        ['player', '', ''],
        ['', String(Date.now()), 'o29dmek'],
        ['标签', String(Math.floor(Date.now() / 1000)), '随机'],
      ] as const) {
        const text = `${username}-${tag}-${ts}-${nonce}-${secret}`;
        const params = { username, tag, ts, nonce };
        succeeded(await service().call('oauth/signature', { ...params, signature: md5(text) }));
        succeeded(await service().call('oauth/signature', { ...params, hash: 'md5', signature: md5(text) }));
        const sha256 = createHash('sha256').update(text).digest('hex');
        succeeded(await service().call('oauth/signature', { ...params, hash: 'sha256', signature: sha256 }));
        expect((await service().call('oauth/signature', { ...params, signature: sha256 })).errorCode).toBe(98);
      }
    }
  });

  test('a ts of up to a day away is valid, also as a number; the signature covers every part', async () => {
    const { username, salt: secret } = alice;
    const hours = (count: number) => Date.now() + count * 3_600_000;
    const signIn = (ts: string | number, more = {}) => {
      const signature = sign({ username, secret, ts: String(ts) });
      return service().call('oauth/signature', { username, ts, signature, ...more });
    };
    for (const ts of [hours(-23), hours(23), Math.floor(hours(0) / 1000)]) {
      expect((await signIn(ts)).errorCode).toBe(0);
      expect((await signIn(String(ts))).errorCode).toBe(0);
    }
    for (const ts of [hours(-25), hours(25), 1, 1_634_543_466_000]) expect((await signIn(ts)).errorCode).toBe(210);
    for (const more of [{ ts: String(hours(1)) }, { nonce: 'x' }, { tag: 'x' }, { username: bob.username }]) {
      expect((await signIn(hours(0), more)).errorCode).toBe(98);
    }
  });

  test('a wrong signature and an unknown name get the same answer', async () => {
    const wrong = await service().call('oauth/signature', { username: alice.username, signature: '0'.repeat(32) });
    const unknown = await service().call('oauth/signature', { username: 'nobody here', signature: '0'.repeat(32) });
    const empty = await service().call('oauth/signature', {
      username: 'nobody here',
      signature: md5('nobody here----'),
    });
    for (const { errorCode, errorMessage } of [unknown, empty]) {
      expect({ errorCode, errorMessage }).toEqual({ errorCode: 98, errorMessage: wrong.errorMessage });
    }
  });

  test('user_query without a search answers the caller with texts, and never phone or email', async () => {
    await alice.must('auth_users/user_update', { name: 'Alice', avatar: 'https://example.com/a.png' });
    const self = await alice.must<object>('auth_users/user_query');
    expect(self).toEqual({
      userId: alice.userId,
      apaasUserId: alice.userId,
      name: 'Alice',
      avatar: 'https://example.com/a.png',
      tag: '',
      tag2: '',
    });
    expect(await bob.must('auth_users/user_query', { searchUserId: alice.userId })).toEqual(self);
    expect(await bob.must('auth_users/user_query', { searchUserId: Number(alice.userId), searchPhone: '' })).toEqual(
      self,
    );
  });

  test('user_update takes only a name, only a tag, only an avatar, the same name again and emoji', async () => {
    for (const change of [
      { name: 'Only a name' },
      { name: 'Only a name' },
      { tag: 'im' },
      { tag2: 'mlvb' },
      { avatar: 'https://example.com/b.png' },
      { name: '👨‍👩‍👧‍👦 家' },
      { name: '😀'.repeat(125) },
    ]) {
      await alice.must('auth_users/user_update', change);
      expect(await alice.must('auth_users/user_query')).toMatchObject(change);
    }
    for (const nothing of [{}, { name: '' }, { name: '', tag: '', tag2: '', avatar: '' }, { name: null }]) {
      expect((await alice.call('auth_users/user_update', nothing)).errorCode).toBe(205);
    }
    expect(await alice.must('auth_users/user_query')).toMatchObject({
      name: '😀'.repeat(125),
      tag: 'im',
      tag2: 'mlvb',
    });
  });

  test('signing in may set name and avatar, and signing in without them keeps both', async () => {
    const person = await newPerson(service());
    expect(person.signIn.name).toBe('');
    expect(person.signIn.avatar).toMatch(/^https:\/\//);
    const profile = { nickname: 'Guest 客', avatar: 'http://tencent.com/xxx.png' };
    const again = await signInAgain(service(), person, profile);
    expect(again.signIn).toMatchObject({ name: 'Guest 客', avatar: profile.avatar });
    expect((await signInAgain(service(), person)).signIn).toMatchObject({ name: 'Guest 客', avatar: profile.avatar });
  });

  test('registering again with the same salt succeeds, with another salt fails and changes nothing', async () => {
    const { username, salt } = alice;
    expect(await service().call('oauth/register', { username, salt })).toMatchObject({
      errorCode: 0,
      errorMessage: 'register ok',
    });
    expect((await service().call('oauth/register', { username, salt: md5('other') })).errorCode).toBe(98);
    expect((await signInAgain(service(), alice)).userId).toBe(alice.userId);
  });

  test('after a token sign-in the app may go live with either token', async () => {
    const { token } = await bob.must<SignIn>('auth_users/user_login_token');
    await goLive(bob, { token });
    await bob.must('rooms/destroy_room', { roomId: bob.userId });
  });
});
