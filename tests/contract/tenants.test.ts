/** Tenants never meet: another tenant's user, room or token does not exist. And the fixed secrets of tags. */

import { goLive, newPerson, type Person, type Room, type SignIn, sign, succeeded } from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases, useService } from '../../testkit/service';
import { verifyUserSig } from '../../testkit/usersig';

const ACME = { apaasAppId: 'acme', sdkAppId: 1_400_000_077, secret: 'a-secret-of-the-tenant-acme-0001' };
const OTHER = { apaasAppId: 'other_1', sdkAppId: 1_400_000_088, secret: 'a-secret-of-the-tenant-other-001' };
const VIP_SECRET = 'a-fixed-secret-for-the-tag-vip';
const ACME_VIP = 'another-fixed-secret-for-acme';
const env = {
  TENANTS: JSON.stringify([{ ...ACME, tagSecrets: { vip: ACME_VIP } }, OTHER]),
  OAUTH_TAG_SECRETS: JSON.stringify({ vip: VIP_SECRET }),
  OAUTH_REGISTER: 'true',
};

onBothDatabases((kind) => {
  const service = useService(kind, { env });
  const single = useService(kind);
  let plain: Person;
  let acme: Person;
  let other: Person;

  beforeAll(async () => {
    // The same name everywhere: three different people.
    plain = await newPerson(service(), { username: 'same name' });
    acme = await newPerson(service(), { username: 'same name', extra: { apaasAppId: 'acme' } });
    other = await newPerson(service(), { username: 'same name', extra: { apaasAppId: 'other_1' } });
    for (const person of [plain, acme, other]) await goLive(person, { category: 'shared', title: person.userId });
  });

  const code = async (person: Person, endpoint: string, params: object) =>
    (await person.call(endpoint, { ...params })).errorCode;

  test('each tenant signs for its own application, with its own key', () => {
    for (const [person, app] of [
      [plain, { sdkAppId: APP_ID, secret: APP_SECRET, apaasAppId: '' }],
      [acme, ACME],
      [other, OTHER],
    ] as const) {
      const { signIn } = person;
      expect(signIn).toMatchObject({ sdkAppId: app.sdkAppId, apaasAppId: app.apaasAppId, apaasUserId: signIn.userId });
      expect(verifyUserSig(signIn.userSig, { ...app, identifier: signIn.userId })).toMatchObject({ ok: true });
    }
    expect(new Set([plain, acme, other].map(({ userId }) => userId)).size).toBe(3);
  });

  test('another tenant has no such user, whichever way the id is written', async () => {
    for (const [person, strangers] of [
      [plain, [acme, other]],
      [acme, [plain, other]],
      [other, [plain, acme]],
    ] as const) {
      for (const stranger of strangers) {
        const number = stranger.userId.replace(/^.*-/, '');
        const own = person.userId.replace(/\d+$/, '');
        for (const searchUserId of [
          stranger.userId,
          number,
          `${own}${number}`,
          `acme-${number}`,
          `other_1-${number}`,
        ]) {
          expect(await code(person, 'auth_users/user_query', { searchUserId })).toBe(206);
        }
      }
    }
  });

  test('a token belongs to one tenant, also if the rest of the call names another', async () => {
    for (const apaasAppId of ['', 'acme', 'other_1', 'nobody']) {
      expect(await acme.call('auth_users/user_query', { apaasAppId })).toMatchObject({ data: { userId: acme.userId } });
    }
    for (const userId of [
      plain.userId,
      other.userId,
      acme.userId.replace('acme-', ''),
      acme.userId.replace('acme', 'other_1'),
    ]) {
      expect(await code(acme, 'auth_users/user_query', { userId })).toBe(204);
    }
    const number = Number(acme.userId.replace('acme-', ''));
    expect(await code(acme, 'auth_users/user_query', { userId: number })).toBe(204);
  });

  test('a list has the rooms of the caller’s tenant only', async () => {
    for (const person of [plain, acme, other]) {
      const rooms = await person.must<Room[]>('rooms/query_room', { category: 'shared' });
      expect(rooms.map(({ roomId }) => roomId)).toEqual([person.userId]);
      const all = [plain, acme, other].map(({ userId }) => userId);
      expect(await person.must<Room[]>('rooms/query_room', { roomIds: all })).toHaveLength(1);
    }
  });

  test("another tenant's room does not exist", async () => {
    for (const [person, roomId] of [
      [plain, acme.userId],
      [acme, plain.userId],
      [acme, other.userId],
      [other, acme.userId],
    ] as const) {
      for (const endpoint of ['room_detail', 'list_users', 'destroy_room', 'update_room']) {
        expect(await code(person, `rooms/${endpoint}`, { roomId, title: 'stolen' })).toBe(2004);
      }
      expect(await code(person, 'rooms/leave_room', { roomId })).toBe(0);
    }
    expect(await plain.must('rooms/room_detail', { roomId: plain.userId })).toMatchObject({
      title: plain.userId,
      nnUsers: 1,
    });
    expect(await acme.must('rooms/room_detail', { roomId: acme.userId })).toMatchObject({
      title: acme.userId,
      nnUsers: 1,
    });
  });

  test('a tenant opens rooms under its own prefix only, and two tenants may use one number', async () => {
    for (const roomId of ['room', plain.userId, other.userId, 'acme', 'ACME-1', 'acme_1']) {
      expect({ roomId, code: await code(acme, 'rooms/enter_room', { roomId, role: 'anchor' }) }).toEqual({
        roomId,
        code: 2000,
      });
    }
    expect(await code(acme, 'rooms/enter_room', { roomId: 'acme-stage', role: 'anchor' })).toBe(0);
    // The default tenant cannot squat in another's name space: it is a room of its own, which the other does not see.
    await plain.call('rooms/enter_room', { roomId: 'other_1-stage', role: 'anchor', title: 'squatter' });
    expect(await code(other, 'rooms/enter_room', { roomId: 'other_1-stage', role: 'anchor' })).toBe(0);
    expect(await other.must('rooms/room_detail', { roomId: 'other_1-stage' })).toMatchObject({ ownBy: other.userId });
  });

  test('an unknown tenant is refused if there are several, and means the only one if there is one', async () => {
    const params = { username: 'somebody', salt: 'a'.repeat(32), apaasAppId: 'nobody' };
    expect((await service().call('oauth/register', params)).errorCode).toBe(98);
    expect((await service().call('oauth/signature', { ...params, signature: 'x' })).errorCode).toBe(98);
    expect((await service().call('oauth/register', { ...params, apaasAppId: '__proto__' })).errorCode).toBe(98);
    expect((await single().call('oauth/register', params)).errorCode).toBe(0);
  });

  test('with the fixed secret of a tag no user needs to register, and the account stays the same one', async () => {
    const signIn = (username: string, secret: string, extra: object = {}) => {
      const ts = String(service().clock.now());
      const signature = sign({ username, secret, tag: 'vip', ts });
      return service().call('oauth/signature', { username, tag: 'vip', ts, signature, ...extra });
    };
    const first = succeeded<SignIn>(await signIn('vip-1', VIP_SECRET));
    expect(succeeded<SignIn>(await signIn('vip-1', VIP_SECRET)).userId).toBe(first.userId);
    expect((await signIn('vip-1', ACME_VIP)).errorCode).toBe(98);
    expect((await signIn('vip-1', VIP_SECRET, { apaasAppId: 'acme' })).errorCode).toBe(98);
    const inAcme = succeeded<SignIn>(await signIn('vip-1', ACME_VIP, { apaasAppId: 'acme' }));
    expect(inAcme.userId).toMatch(/^acme-/);
    // Anyone who registered a salt cannot use it under a tag that has a secret; without the tag the account has none.
    expect((await signIn(plain.username, plain.salt)).errorCode).toBe(98);
    const byName = { username: 'vip-1', signature: sign({ username: 'vip-1', secret: VIP_SECRET }) };
    expect((await service().call('oauth/signature', byName)).errorCode).toBe(98);
    expect(
      (
        await service().call('oauth/signature', {
          username: 'vip-1',
          signature: sign({ username: 'vip-1', secret: '' }),
        })
      ).errorCode,
    ).toBe(98);
    expect((await service().call('oauth/register', { username: 'vip-1', salt: 'a'.repeat(32) })).errorCode).toBe(98);
    // A name that a user registered is the backend's from its first sign-in on, under the same number.
    const registered = await newPerson(service());
    const byTag = succeeded<SignIn>(await signIn(registered.username, VIP_SECRET));
    expect(byTag.userId).toBe(registered.userId);
  });

  test('a tag without a fixed secret takes the salt of the account, prototype names included', async () => {
    for (const tag of ['player', 'constructor', '__proto__', 'toString']) {
      const signature = sign({ username: plain.username, secret: plain.salt, tag });
      expect(await service().call('oauth/signature', { username: plain.username, tag, signature })).toMatchObject({
        errorCode: 0,
      });
    }
  });

  test('deleting a user of one tenant does not touch the same name in another', async () => {
    const here = await newPerson(service(), { username: 'twin' });
    const there = await newPerson(service(), { username: 'twin', extra: { apaasAppId: 'acme' } });
    await here.must('auth_users/user_delete');
    await there.must('auth_users/user_query');
  });
});
