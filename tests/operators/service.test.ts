/** Calls of a team's own service: people and rooms that it acts for, and what its key may not do. */
import { ADMIN_KEY, newOperator, operatorOf, type TestOperator } from '../../testkit/operator';
import { goLive, newPerson, personOf, type Room, type SignIn, sign } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { type Stage, startStage } from '../../testkit/stage';
import { overHttp } from '../../testkit/ways';

const SHOP = { apaasAppId: 'shop', sdkAppId: 1_400_000_002, secret: 'a'.repeat(64) };

onBothDatabases((kind) => {
  let stage: Stage;
  let service: TestOperator;
  const admin = () => operatorOf(stage);
  beforeAll(async () => {
    stage = await startStage(kind, { env: { ADMIN_KEY, TENANTS: JSON.stringify([SHOP]), TRTC_ENDPOINT: 'off' } });
    service = await newOperator(stage, { name: 'gifts', scope: 'service' });
  });
  afterAll(() => stage.close());

  const issue = async (params: Record<string, unknown>) => {
    const signIn = await service.must<SignIn>('issue_token', params);
    return personOf(stage, { username: '', salt: '' }, signIn);
  };

  test('the scope reads and serves, and moderates and manages nothing', async () => {
    await service.must('rooms');
    const refused = ['end_room', 'ban_user', 'sign_out_user', 'audit', 'add_operator', 'export_user', 'delete_user'];
    for (const call of refused) expect([call, (await service.call(call)).status]).toEqual([call, 403]);
    const moderator = await newOperator(stage, { name: 'moderator', scope: 'moderate' });
    for (const call of ['issue_token', 'update_user', 'open_room', 'update_room', 'close_room', 'import_users']) {
      expect([call, (await moderator.call(call)).status]).toEqual([call, 403]);
    }
    const shop = await newOperator(stage, { name: 'shop gifts', scope: 'service', tenant: 'shop' });
    expect(await shop.must('issue_token', { username: 'y' })).toMatchObject({ apaasAppId: 'shop' });
    expect(await shop.must('issue_token', { username: 'x', tenant: 'shop' })).toMatchObject({ apaasAppId: 'shop' });
  });

  test('issue_token signs in by name or id, and creates the account unless create is false', async () => {
    const guest = await issue({ username: 'guest', nickname: 'Guest', avatar: 'https://example.com/g.png' });
    expect(guest.signIn).toMatchObject({ name: 'Guest', avatar: 'https://example.com/g.png' });
    await guest.must('auth_users/user_keepalive');
    expect((await issue({ username: 'GUEST' })).userId).toBe(guest.userId);
    expect((await issue({ userId: guest.userId })).userId).toBe(guest.userId);
    expect((await service.call('issue_token', { username: 'nobody-yet', create: false })).status).toBe(404);
    expect((await service.call('issue_token', { userId: '99999999' })).status).toBe(404);
    for (const wrong of [{}, { userId: '1', username: 'x' }, { username: 'x', more: 1 }]) {
      expect((await service.call('issue_token', wrong)).status).toBe(400);
    }
    const all = await Promise.all(Array.from({ length: 10 }, () => issue({ username: `many-${kind}` })));
    expect(new Set(all.map(({ userId }) => userId)).size).toBe(1);
  });

  test('by name it ends open registrations; by id the password stays', async () => {
    const person = await newPerson(stage);
    const signIn = () =>
      stage.call('oauth/signature', {
        username: person.username,
        signature: sign({ username: person.username, secret: person.salt }),
      });
    await issue({ userId: person.userId });
    expect((await signIn()).errorCode).toBe(0);
    await issue({ username: person.username });
    expect((await signIn()).errorCode).toBe(98);
    expect((await person.call('auth_users/user_query')).errorCode).toBe(204);
  });

  test('a banned user gets no token', async () => {
    const { userId } = await issue({ username: 'banned' });
    await admin().must('ban_user', { userId, reason: 'spam', seconds: 0 });
    const answer = await service.call('issue_token', { username: 'banned' });
    expect([answer.status, answer.errorMessage]).toEqual([400, expect.stringContaining('banned permanently: spam')]);
    expect((await service.call('open_room', { ownerId: userId })).status).toBe(400);
  });

  test('update_user changes the given fields, updates IM, and stores custom fields', async () => {
    const [me, other] = [await issue({ username: 'me' }), await newPerson(stage)];
    const before = await other.must<Record<string, unknown>>('auth_users/user_query', { searchUserId: me.userId });
    expect(before).not.toHaveProperty('custom');
    const custom = { level: 7, badge: '👑', list: [1, { a: null }] };
    const user = await service.must('update_user', { userId: me.userId, name: 'New', custom });
    expect(user).toMatchObject({ userId: me.userId, username: 'me', name: 'New', custom });
    expect(stage.im.accounts(APP_ID).get(me.userId)).toMatchObject({ nick: 'New' });
    expect(await me.must('auth_users/user_query')).toMatchObject({ name: 'New', custom });
    expect(await other.must('auth_users/user_query', { searchUserId: me.userId })).toMatchObject({ custom });
    expect(await other.must('auth_users/getUserInfoBatch', { userId: me.userId })).toMatchObject([{ custom }]);
    // Values from apps are ignored by default.
    await me.must('auth_users/user_update', { name: 'Mine', custom: '{"level":99}' });
    expect(await me.must('auth_users/user_query')).toMatchObject({ name: 'Mine', custom });
    for (const wrong of ['x', '[1]', [1], 7, { long: 'x'.repeat(1_100) }, { long: '鲍'.repeat(400) }]) {
      expect((await service.call('update_user', { userId: me.userId, custom: wrong })).status).toBe(400);
    }
    await service.must('update_user', { userId: me.userId, custom: {} });
    expect(await me.must('auth_users/user_query')).not.toHaveProperty('custom');
    expect((await service.call('update_user', { userId: '99999999', name: 'x' })).status).toBe(404);
    expect((await service.call('update_user', { userId: me.userId })).status).toBe(400);
  });

  test('open_room goes live for its owner; the room has its IM group, its fields and its place in the list', async () => {
    const [owner, viewer] = [await issue({ username: `owner-${kind}` }), await newPerson(stage)];
    const room = { ownerId: owner.userId, category: 'gifts', title: 'Opened', subject: 'Songs', custom: { goal: 500 } };
    expect(await service.must('open_room', room)).toEqual({ roomId: owner.userId, pending: [] });
    const shown = { title: 'Opened', subject: 'Songs', custom: { goal: 500 }, ownBy: owner.userId, status: 1 };
    expect(await stage.detail(viewer, owner.userId)).toMatchObject(shown);
    expect(stage.im.groups(APP_ID).get(owner.userId)).toMatchObject({ owner: owner.userId });
    await viewer.must('rooms/enter_room', { roomId: owner.userId, role: 'audience' });
    // Again: the given fields change, nothing else does.
    await service.must('open_room', { ownerId: owner.userId, title: 'Again' });
    expect(await stage.detail(viewer, owner.userId)).toMatchObject({ ...shown, title: 'Again', nnUsers: 2 });
    // No session is left, and the owner's own app continues.
    await owner.must('rooms/update_room', { roomId: owner.userId, title: 'Mine' });
    const { sessions } = await admin().must<{ sessions: unknown[] }>('user', { userId: owner.userId });
    expect(sessions).toHaveLength(1);
    expect(await service.must('close_room', { roomId: owner.userId, reason: 'over' })).toEqual({ pending: [] });
    expect(await service.must('close_room', { roomId: owner.userId })).toEqual({ pending: [] });
    const { items } = await admin().must<{ items: object[] }>('broadcasts', { roomId: owner.userId });
    expect(items).toMatchObject([{ endedBy: 'service', reason: 'over' }]);
    expect(await viewer.call('rooms/room_detail', { roomId: owner.userId })).toMatchObject({ errorCode: 2004 });
    // The next broadcast begins without the custom fields of this one.
    await goLive(owner, { category: 'gifts' });
    expect(await stage.detail(viewer, owner.userId)).not.toHaveProperty('custom');
    expect((await service.call('open_room', { ownerId: '99999999' })).status).toBe(404);
    expect((await service.call('open_room', { ownerId: viewer.userId, roomId: owner.userId })).status).not.toBe(500);
    expect((await service.call('close_room', { roomId: 'nowhere' })).status).toBe(404);
  });

  test('a room that is kept open stays listed and live without its owner, until it is closed', async () => {
    const [owner, viewer] = [await issue({ username: `kept-${kind}` }), await newPerson(stage)];
    const other = await issue({ username: `not-kept-${kind}` });
    await service.must('open_room', { ownerId: owner.userId, category: 'kept', keepOpen: true });
    await service.must('open_room', { ownerId: other.userId, category: 'kept' });
    stage.wait(86_400);
    await stage.maintain();
    const list = await viewer.must<Room[]>('rooms/query_room', { category: 'kept' });
    expect(list.map(({ roomId, status }) => [roomId, status])).toEqual([[owner.userId, 1]]);
    await service.must('update_room', { roomId: owner.userId, keepOpen: false });
    await stage.maintain();
    expect(await viewer.must('rooms/query_room', { category: 'kept' })).toEqual([]);
    // The next broadcast of the room is kept only if it is said again.
    await service.must('open_room', { ownerId: owner.userId, category: 'kept', keepOpen: true });
    await service.must('close_room', { roomId: owner.userId });
    const { items } = await admin().must<{ items: object[] }>('broadcasts', { roomId: owner.userId, limit: 1 });
    expect(items).toMatchObject([{ endedBy: 'service', reason: '' }]);
    await service.must('open_room', { ownerId: owner.userId, category: 'kept' });
    stage.wait(86_400);
    expect(await viewer.must('rooms/query_room', { category: 'kept' })).toEqual([]);
    await stage.maintain();
  });

  test('star orders the list', async () => {
    const viewer = await newPerson(stage);
    const owners = await Promise.all([1, 2, 3].map((n) => issue({ username: `star-${kind}-${n}` })));
    for (const [n, { userId }] of owners.entries()) {
      await service.must('open_room', { ownerId: userId, category: 'stars' });
      await service.must('update_room', { roomId: userId, star: [20, 900, 100][n] });
    }
    for (const filter of [{ category: 'stars' }, { roomIds: owners.map(({ userId }) => userId) }]) {
      const list = await viewer.must<Room[]>('rooms/query_room', { ...filter, orderBy: 'star' });
      expect(list.map(({ star }) => star)).toEqual([900, 100, 20]);
    }
    expect(await viewer.must('rooms/query_room', { orderBy: 'star', limit: 1 })).toMatchObject([{ star: 900 }]);
    const roomId = owners[0]?.userId ?? '';
    for (const wrong of [{ star: -1 }, { star: 1.5 }, { star: 'many' }, { nnUsers: 5 }, {}]) {
      expect((await service.call('update_room', { roomId, ...wrong })).status).toBe(400);
    }
    expect((await service.call('update_room', { roomId: 'nowhere', star: 1 })).status).toBe(404);
  });

  const importLines = async (body: string, headers = {}, query: [string, string][] = []) => {
    const answer = await overHttp(stage, {
      method: 'POST',
      path: '/base/v1/admin/import_users',
      headers: { authorization: `Bearer ${service.key}`, 'content-type': 'application/x-ndjson', ...headers },
      query,
      body,
    });
    return { status: answer.status, ...JSON.parse(answer.text) };
  };

  test('import_users adds people once, overwrites nothing and says which lines it refuses', async () => {
    const lines = [
      { username: `i-${kind}-1`, name: 'One', avatar: 'https://example.com/1.png', custom: { old: 1 } },
      {
        username: `i-${kind}-2`,
        phone: kind === 'mysql' ? '+8613800000111' : '+8613800000112',
        email: `${kind}@example.com`,
      },
      { username: `i-${kind}-3`, phone: kind === 'mysql' ? '+8613800000111' : '+8613800000112' },
      { username: '' },
      { username: 'x', what: 1 },
      { username: 'x', avatar: 'javascript:alert(1)' },
      { username: 'x', userId: '7' },
      { username: 'x', phone: 'call me' },
      { username: 'x', custom: [1] },
    ];
    const body = [
      ...lines.slice(0, 2).map((line) => JSON.stringify(line)),
      '{broken',
      '',
      ...lines.slice(2).map((line) => JSON.stringify(line)),
    ];
    // Lines are written side by side: of two with one phone, either could be first.
    await importLines(JSON.stringify(lines[1]));
    const first = await importLines(`${body.join('\r\n')}\n`);
    const why = Object.fromEntries(first.data.refused.map((one: { line: number; why: string }) => [one.line, one.why]));
    expect(why).toEqual({
      3: 'not valid JSON',
      5: 'phone belongs to another user',
      6: 'username is required',
      7: 'has a field that is not known',
      8: expect.stringContaining('avatar'),
      9: expect.stringContaining('userId'),
      10: expect.stringContaining('phone'),
      11: expect.stringContaining('custom'),
    });
    const one = await issue({ username: `i-${kind}-1` });
    expect(one.signIn.name).toBe('One');
    await one.must('auth_users/user_update', { name: 'Changed' });
    expect(await importLines(body.slice(0, 2).join('\n'))).toMatchObject({ data: { added: 0, known: 2, refused: [] } });
    expect(await one.must('auth_users/user_query')).toMatchObject({ name: 'Changed', custom: { old: 1 } });
    const twice = await Promise.all([1, 2].map(() => importLines(JSON.stringify({ username: `both-${kind}` }))));
    expect(twice.map(({ data }) => data.added).sort()).toEqual([0, 1]);
  });

  test('import_users refuses other bodies, too many lines and too many bytes, and takes a tenant', async () => {
    const line = JSON.stringify({ username: `shopper-${kind}` });
    expect((await importLines(line, { 'content-type': 'application/json' })).status).toBe(400);
    expect((await importLines(`${line}\n`.repeat(10_001))).status).toBe(400);
    expect((await importLines('x'.repeat(8_400_000))).status).toBe(400);
    expect((await importLines(line, {}, [['tenant', 'shop']])).data).toEqual({ added: 1, known: 0, refused: [] });
    expect((await importLines(line, {}, [['limit', '1']])).status).toBe(400);
    expect((await importLines('')).data).toEqual({ added: 0, known: 0, refused: [] });
    const large = JSON.stringify({ username: 'x'.repeat(300) });
    expect((await importLines(Array.from({ length: 9_000 }, () => large).join('\n'))).data.refused).toHaveLength(1_000);
  });
});
