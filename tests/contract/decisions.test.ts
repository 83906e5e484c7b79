/** The README and the apps disagree in sixteen places: one test for each decision, in their order. */
import { goLive, newPeople, newPerson, type Person, type Room, type SignIn, sign } from '../../testkit/people';
import { APP_ID, onBothDatabases, startService, useService } from '../../testkit/service';

const TENANTS = JSON.stringify([
  { apaasAppId: 'acme', sdkAppId: 1_400_000_077, secret: 'a-secret-of-the-tenant-acme-0001' },
]);

onBothDatabases((kind) => {
  const service = useService(kind, { env: { TENANTS } });
  let alice: Person;
  let bob: Person;

  beforeEach(async () => {
    [alice, bob] = (await newPeople(service(), 2)) as [Person, Person];
  });

  const code = async (person: Person, endpoint: string, params: object) =>
    (await person.call(endpoint, { ...params })).errorCode;

  test('sign-in answers userSig and sdkUserSig, and they are equal', () => {
    expect(alice.signIn.userSig).toBe(alice.signIn.sdkUserSig);
    expect(alice.signIn.userSig.length).toBeGreaterThan(100);
  });

  test('ids of the default tenant are plain decimals; only another tenant has its prefix', async () => {
    expect(alice.userId).toMatch(/^[1-9]\d*$/);
    const other = await newPerson(service(), { extra: { apaasAppId: 'acme' } });
    expect(other.userId).toMatch(/^acme-[1-9]\d*$/);
    expect((await other.must<{ roomId: string }>('rooms/generate_roomid')).roomId).toMatch(/^acme-[1-9]\d{8,9}$/);
    expect((await alice.must<{ roomId: string }>('rooms/generate_roomid')).roomId).toMatch(/^[1-9]\d{8,9}$/);
  });

  test('appId may be "0", a number or absent; a different non-zero value is a parameter error', async () => {
    for (const appId of ['0', APP_ID, undefined]) expect(await code(alice, 'rooms/query_room', { appId })).toBe(0);
    for (const appId of [APP_ID + 1, '1400188366', 1_400_000_077]) {
      expect(await code(alice, 'rooms/query_room', { appId })).toBe(2002);
      expect(await code(alice, 'rooms/enter_room', { roomId: alice.userId, role: 'anchor', appId })).toBe(2000);
      expect(await code(alice, 'rooms/update_room', { roomId: alice.userId, appId })).toBe(2000);
    }
    const other = await newPerson(service(), { extra: { apaasAppId: 'acme' } });
    expect(await code(other, 'rooms/query_room', { appId: 1_400_000_077 })).toBe(0);
    expect(await code(other, 'rooms/query_room', { appId: APP_ID })).toBe(2002);
  });

  test('apaasUserId is enough to name the caller', async () => {
    const params = { apaasUserId: alice.userId, token: alice.token };
    expect(await service().call('auth_users/user_keepalive', params)).toMatchObject({ errorCode: 0 });
  });

  test('enter_room without a roomId makes one and its room; without a role the maker is the anchor', async () => {
    const made = await alice.must<{ roomId: string; role: string }>('rooms/enter_room');
    expect(made).toEqual({ roomId: expect.stringMatching(/^[1-9]\d{8,9}$/), role: 'anchor' });
    expect(Number(made.roomId)).toBeLessThan(2 ** 31);
    expect(await bob.must('rooms/enter_room', { roomId: made.roomId })).toEqual({
      roomId: made.roomId,
      role: 'audience',
    });
    expect(await bob.must('rooms/room_detail', { roomId: made.roomId })).toMatchObject({
      ownBy: alice.userId,
      nnUsers: 2,
    });
  });

  test('leave_room and destroy_room answer no data', async () => {
    const roomId = await goLive(alice);
    expect(await bob.call('rooms/leave_room', { roomId })).not.toHaveProperty('data');
    expect(await alice.call('rooms/destroy_room', { roomId })).not.toHaveProperty('data');
  });

  test('211 and 2006 are sent only under the strict entry policy', async () => {
    const roomId = await goLive(alice);
    const other = await goLive(bob);
    expect(await code(alice, 'rooms/enter_room', { roomId: other, role: 'audience' })).toBe(0);
    expect(await code(alice, 'rooms/enter_room', { roomId, role: 'anchor' })).toBe(0);
    const strict = await startService(kind, { sameDatabaseAs: service(), env: { ROOM_STRICT_ENTRY: 'true' } });
    try {
      const [carol, dave] = (await newPeople(strict, 2)) as [Person, Person];
      await goLive(carol);
      expect(await code(carol, 'rooms/enter_room', { roomId: carol.userId, role: 'anchor' })).toBe(2006);
      expect(await code(carol, 'rooms/enter_room', { roomId: dave.userId, role: 'anchor' })).toBe(211);
      await carol.must('rooms/leave_room', { roomId: carol.userId });
      await carol.must('rooms/enter_room', { roomId: carol.userId, role: 'anchor' });
      await carol.must('rooms/destroy_room', { roomId: carol.userId });
      await goLive(dave);
      await carol.must('rooms/enter_room', { roomId: dave.userId, role: 'audience' });
    } finally {
      await strict.close();
    }
  });

  test('lists are ordered as asked and say how many are in each room', async () => {
    await goLive(alice, { category: `d8-${alice.userId}` });
    const rooms = await bob.must<Room[]>('rooms/query_room', {
      category: `d8-${alice.userId}`,
      orderBy: 'totalJoined',
    });
    expect(rooms).toEqual([expect.objectContaining({ nnUsers: 1, totalJoined: 1 })]);
  });

  test('deleting needs a token that has not been signed out', async () => {
    await alice.must('auth_users/user_logout');
    expect(await code(alice, 'auth_users/user_delete', {})).toBe(204);
  });

  test('user_query has tag and tag2, keepalive has data, room_detail has removed', async () => {
    expect(await alice.must('auth_users/user_query')).toMatchObject({ tag: '', tag2: '' });
    expect(Object.keys(await alice.must<object>('auth_users/user_keepalive')).length).toBeGreaterThan(0);
    expect(await alice.must('rooms/room_detail', { roomId: await goLive(alice) })).toMatchObject({ removed: 0 });
  });

  test('a token sign-in leaves the old token good, and signing out ends both', async () => {
    const { token } = await alice.must<SignIn>('auth_users/user_login_token');
    for (const one of [token, alice.token])
      expect(await code(alice, 'auth_users/user_keepalive', { token: one })).toBe(0);
    await alice.must('auth_users/user_logout');
    for (const one of [token, alice.token])
      expect(await code(alice, 'auth_users/user_keepalive', { token: one })).toBe(204);
  });

  test('a silent owner hides a room only by the rules of presence', async () => {
    const category = `d12-${alice.userId}`;
    const count = async () => (await bob.must<Room[]>('rooms/query_room', { category })).length;
    await goLive(alice, { category });
    service().clock.advance(3_600_000);
    expect(await count()).toBe(1);
    await alice.must('auth_users/user_keepalive');
    service().clock.advance(91_000);
    expect(await count()).toBe(0);
  });

  test('signing in without having registered is refused', async () => {
    const signature = sign({ username: 'never-registered', secret: '' });
    expect(await service().call('oauth/signature', { username: 'never-registered', signature })).toMatchObject({
      errorCode: 98,
    });
  });

  test('rooms are made for anchors, for no role, and for any user under an id that never was; ended ones by their owner', async () => {
    const roomId = `d14-${alice.userId}`;
    expect(await code(alice, 'rooms/enter_room', { roomId, role: 'audience' })).toBe(0);
    expect(await bob.must('rooms/enter_room', { roomId })).toEqual({ roomId, role: 'audience' });
    await alice.must('rooms/destroy_room', { roomId });
    for (const role of ['audience', 'guest', undefined]) {
      expect(await code(bob, 'rooms/enter_room', { roomId, role })).toBe(2004);
    }
    expect(await code(alice, 'rooms/enter_room', { roomId, role: 'audience' })).toBe(2004);
    // Now with no role, so as its host; before that an anchor would have become it.
    expect(await code(alice, 'rooms/enter_room', { roomId })).toBe(0);
    await alice.must('rooms/destroy_room', { roomId });
    expect(await code(bob, 'rooms/enter_room', { roomId, role: 'anchor' })).toBe(2004);
    expect(await code(bob, 'rooms/enter_room', { roomId: alice.userId, role: 'anchor' })).toBe(98);
    expect(await code(bob, 'rooms/enter_room', { roomId: alice.userId, role: 'guest' })).toBe(2004);
    const { roomId: generated } = await alice.must<{ roomId: string }>('rooms/generate_roomid');
    expect(await code(bob, 'rooms/enter_room', { roomId: generated, role: 'anchor' })).not.toBe(0);
    expect(await code(alice, 'rooms/enter_room', { roomId: generated, role: 'anchor' })).toBe(0);
  });

  test('only an avatar is an update; no field at all is UseInfoEmpty(205)', async () => {
    expect(await code(alice, 'auth_users/user_update', { avatar: 'https://example.com/a.png' })).toBe(0);
    expect(await code(alice, 'auth_users/user_update', { avatar: '' })).toBe(205);
  });

  test('GET and POST get the same answers, with HTTP 200', async () => {
    const query: [string, string][] = [
      ['userId', alice.userId],
      ['token', alice.token],
    ];
    const path = '/base/v1/auth_users/user_query';
    const [get, post] = await Promise.all(
      ['GET', 'POST'].map((method) => service().ask('http', { method, path, query })),
    );
    expect(get?.errorCode).toBe(0);
    expect(post?.data).toEqual(get?.data);
  });
});
