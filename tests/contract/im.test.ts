/** IM is on: groups are created before a room is visible, faults leave no half state, and unfinished work is stored. */
import { type FakeIm, startFakeIm } from '../../testkit/fake-im';
import { gate } from '../../testkit/gate';
import { lived, until } from '../../testkit/lived';
import { goLive, newPerson, type Person, type Room, signInAgain } from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases, type Service, startService } from '../../testkit/service';

const ACME = { sdkAppId: 1_400_000_077, secret: 'a-secret-of-the-tenant-acme-0001' };

onBothDatabases((kind) => {
  let im: FakeIm;
  let service: Service;
  let anchor: Person;
  let viewer: Person;

  beforeAll(async () => {
    im = await startFakeIm({ sdkAppId: APP_ID, secret: APP_SECRET });
    im.addApp({ ...ACME, requireAccounts: true });
    const team = { apaasAppId: 'team', sdkAppId: APP_ID, secret: APP_SECRET };
    const TENANTS = JSON.stringify([{ apaasAppId: 'acme', ...ACME }, team]);
    service = await startService(kind, { env: { TIM_ENDPOINT: im.url, TENANTS } });
    viewer = await newPerson(service);
  });

  afterAll(async () => {
    await service.close();
    await im.stop();
  });

  beforeEach(async () => {
    anchor = await newPerson(service);
  });

  afterEach(() => im.clear());

  const callsOf = (command: string, groupId: string) =>
    im.calls.filter((call) => call.command === command && call.body['GroupId'] === groupId);
  const enter = (person: Person, params: object) => person.call('rooms/enter_room', { role: 'anchor', ...params });
  const listed = async () =>
    (await viewer.must<Room[]>('rooms/query_room', { limit: 100 })).map(({ roomId }) => roomId);

  test('going live makes an AVChatRoom owned by the anchor', async () => {
    const roomId = await goLive(anchor, { title: '小直播间 🎤 a long title that IM would refuse' });
    expect(im.groups(APP_ID).get(roomId)).toMatchObject({ groupId: roomId, owner: anchor.userId, type: 'AVChatRoom' });
    expect(callsOf('create_group', roomId)).toHaveLength(1);
  });

  test('work that cannot hurt a room does not delay its opening', async () => {
    // The room has the number of its owner, whose new name is on its way to IM.
    const gated = gate();
    im.fail({ command: 'account_import', until: gated.opened });
    let renamed = false;
    const renaming = signInAgain(service, anchor, { nickname: 'a new name' }).then(() => {
      renamed = true;
    });
    await until('IM has the call', () => im.calls.some(({ command }) => command === 'account_import'));
    const { ms } = await lived(goLive(anchor));
    // Sooner than a request gives up its own work, or it would have waited for that.
    expect(ms).toBeLessThan(1_500);
    gated.open();
    await renaming;
    expect(renamed).toBe(true);
  });

  test('no user sees the room before its group exists', async () => {
    const gated = gate();
    im.fail({ command: 'create_group', until: gated.opened });
    const going = enter(anchor, { roomId: anchor.userId });
    await until('IM is asked', () => callsOf('create_group', anchor.userId).length > 0);
    expect(await listed()).not.toContain(anchor.userId);
    expect((await viewer.call('rooms/room_detail', { roomId: anchor.userId })).errorCode).toBe(2004);
    // A viewer who comes in between is let in as soon as the room is there.
    const early = enter(viewer, { roomId: anchor.userId, role: 'audience' });
    gated.open();
    expect((await going).errorCode).toBe(0);
    expect(await early).toMatchObject({ errorCode: 0, data: { role: 'audience' } });
    expect(await listed()).toContain(anchor.userId);
  });

  test.each([
    ['cannot be reached', { reset: true }, 100],
    ['is a broken gateway', { httpStatus: 502 }, 100],
    ['answers garbage', { garbage: true }, 101],
    ['refuses the parameters', { errorCode: 10_004 }, 104],
    ['has no room for more groups', { errorCode: 10_036 }, 104],
    ['does not know our key', { errorCode: 70_009 }, 99],
    ['does not know our admin', { errorCode: 60_010 }, 99],
    ['does not know our application', { errorCode: 60_006 }, 99],
  ] as const)('if IM %s no half state is left, and the next try works', async (_, failure, code) => {
    im.fail({ ...failure, command: 'create_group' });
    const answer = await enter(anchor, { roomId: anchor.userId, title: 'x' });
    expect(answer.errorCode).toBe(code);
    expect(answer.errorMessage).not.toContain(APP_SECRET);
    expect(await listed()).not.toContain(anchor.userId);
    expect((await anchor.call('rooms/room_detail', { roomId: anchor.userId })).errorCode).toBe(2004);
    expect((await anchor.call('rooms/list_users', { roomId: anchor.userId })).errorCode).toBe(2004);
    expect(im.groups(APP_ID).has(anchor.userId)).toBe(false);
    // Another user's free name is free again for another person.
    const free = `free-${anchor.userId}`;
    expect((await enter(anchor, { roomId: free })).errorCode).toBe(code);
    im.clear();
    expect((await enter(viewer, { roomId: free })).errorCode).toBe(0);
    expect(im.groups(APP_ID).get(free)).toMatchObject({ owner: viewer.userId });
    await goLive(anchor);
    expect(await listed()).toContain(anchor.userId);
    await viewer.must('rooms/destroy_room', { roomId: free });
  });

  test('a fault of IM that passes is not noticed', async () => {
    im.fail({ command: 'create_group', errorCode: 10_002, times: 1 });
    expect((await enter(anchor, { roomId: anchor.userId })).errorCode).toBe(0);
  });

  test('a call with a lost answer is repeated, and an existing group is accepted', async () => {
    im.fail({ command: 'create_group', reset: true, applied: true, times: 1 });
    expect((await enter(anchor, { roomId: anchor.userId })).errorCode).toBe(0);
    expect(im.groups(APP_ID).has(anchor.userId)).toBe(true);
  });

  test.each([
    ['the anchor', (person: Person) => person.userId],
    ['another user', () => 'another'],
    ['no user', () => ''],
  ])('a group that the app has created already, owned by %s, is accepted', async (_, ownerOf) => {
    const group = { groupId: anchor.userId, owner: ownerOf(anchor), type: 'AVChatRoom', name: 'x', createdAt: 0 };
    im.groups(APP_ID).set(anchor.userId, group);
    expect((await enter(anchor, { roomId: anchor.userId })).errorCode).toBe(0);
  });

  test('no audience ever makes a group', async () => {
    const roomId = `audience-${anchor.userId}`;
    expect((await enter(anchor, { roomId, role: 'audience' })).errorCode).toBe(0);
    await goLive(anchor);
    await viewer.must('rooms/enter_room', { roomId: anchor.userId, role: 'audience' });
    expect(callsOf('create_group', roomId)).toHaveLength(0);
    expect(callsOf('create_group', anchor.userId)).toHaveLength(1);
    expect(im.calls.some(({ command }) => command === 'add_group_member')).toBe(false);
    // The owner who then comes as an anchor gets the missing group.
    expect((await enter(anchor, { roomId })).errorCode).toBe(0);
    expect(im.groups(APP_ID).get(roomId)).toMatchObject({ owner: anchor.userId });
  });

  test('an anchor unknown to IM is introduced, in the right application', async () => {
    const acme = await newPerson(service, { extra: { apaasAppId: 'acme' } });
    await acme.must('rooms/enter_room', { roomId: acme.userId, role: 'anchor' });
    expect(im.accounts(ACME.sdkAppId).has(acme.userId)).toBe(true);
    expect(im.groups(ACME.sdkAppId).get(acme.userId)).toMatchObject({ owner: acme.userId });
    expect(im.groups(APP_ID).has(acme.userId)).toBe(false);
  });

  test('ending a room dissolves its group; a missing group is accepted', async () => {
    const roomId = await goLive(anchor);
    await anchor.must('rooms/destroy_room', { roomId });
    expect(im.groups(APP_ID).has(roomId)).toBe(false);
    await goLive(anchor);
    im.groups(APP_ID).delete(roomId);
    await anchor.must('rooms/destroy_room', { roomId });
    expect(service.lines.join('')).not.toContain('outbox_failed');
  });

  test.each([
    ['cannot be reached', { reset: true }],
    ['answers garbage', { garbage: true }],
    ['refuses', { errorCode: 10_007 }],
    ['never answers', { hang: true }],
  ] as const)('ending, leaving and deleting work while IM %s, and the failure is on record', async (_, failure) => {
    const roomId = await goLive(anchor);
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    im.fail(failure);
    expect((await viewer.call('rooms/leave_room', { roomId })).errorCode).toBe(0);
    const lines = service.lines.length;
    const { result, ms } = await lived(anchor.call('rooms/destroy_room', { roomId }));
    expect({ code: result.errorCode, inTime: ms < 4_000 }).toEqual({ code: 0, inTime: true });
    expect((await viewer.call('rooms/room_detail', { roomId })).errorCode).toBe(2004);
    const record = service.lines.slice(lines).find((line) => /outbox_(failed|gave_up)/.test(line));
    expect(JSON.parse(record ?? '{}')).toMatchObject({
      event: expect.stringMatching(/^outbox_(failed|gave_up)$/),
      kind: 'im_destroy_group',
      target: roomId,
    });
  });

  test('deleting the account ends the room and its group, and keeps the IM account', async () => {
    const roomId = await goLive(anchor);
    const before = im.calls.length;
    await anchor.must('auth_users/user_delete');
    expect(im.groups(APP_ID).has(roomId)).toBe(false);
    expect(im.calls.slice(before).map(({ command }) => command)).toEqual(['destroy_group']);
  });

  test('a tenant cannot take the group of another tenant of the same application', async () => {
    const owner = await newPerson(service, { extra: { apaasAppId: 'team' } });
    await owner.must('rooms/enter_room', { roomId: owner.userId, role: 'anchor' });
    const taken = { roomId: owner.userId, category: 'any' };
    expect((await enter(anchor, taken)).errorCode).toBe(98);
    expect((await anchor.call('rooms/destroy_room', taken)).errorCode).toBe(2004);
    expect(im.groups(APP_ID).get(owner.userId)).toMatchObject({ owner: owner.userId });
    // No user of another application has access.
    await anchor.must('rooms/enter_room', { roomId: `acme-${anchor.userId}`, role: 'anchor' });
  });

  test('signing out calls IM for nothing', async () => {
    await goLive(anchor);
    const before = im.calls.length;
    await anchor.must('auth_users/user_logout');
    expect(im.calls.slice(before)).toEqual([]);
  });

  test('nickname and avatar of a sign-in reach IM, and an IM fault does not fail the sign-in', async () => {
    const profile = { nickname: 'Guest', avatar: 'https://example.com/a.png' };
    const person = await newPerson(service);
    const { username, salt } = person;
    const again = await signInAgain(service, { username, salt }, profile);
    expect(im.accounts(APP_ID).get(again.userId)).toEqual({ nick: 'Guest', faceUrl: profile.avatar });
    im.fail({ reset: true });
    expect((await signInAgain(service, { username, salt }, { nickname: 'Other' })).signIn.name).toBe('Other');
  });

  test('a room opened again while the old group is being dissolved keeps its group', async () => {
    const roomId = await goLive(anchor);
    im.fail({ command: 'destroy_group', delayMs: 300 });
    const ending = anchor.call('rooms/destroy_room', { roomId });
    await until('IM dissolves the group', () => callsOf('destroy_group', roomId).length > 0);
    const again = enter(anchor, { roomId, title: 'again' });
    expect([(await ending).errorCode, (await again).errorCode]).toEqual([0, 0]);
    expect(await viewer.must('rooms/room_detail', { roomId })).toMatchObject({ title: 'again', status: 1 });
    expect(im.groups(APP_ID).has(roomId)).toBe(true);
  });
});
