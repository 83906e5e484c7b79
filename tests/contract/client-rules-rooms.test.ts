/** The needs of the shipped apps in rooms: one test per need, named after its guarantee. */
import { goLive, newPeople, newPerson, type Person, type Room, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases, useService } from '../../testkit/service';

const MINUTE = 60_000;

onBothDatabases((kind) => {
  const service = useService(kind);
  let anchor: Person;
  let viewer: Person;

  beforeEach(async () => {
    [anchor, viewer] = (await newPeople(service(), 2)) as [Person, Person];
  });

  const detail = (roomId: string) => viewer.must<Room>('rooms/room_detail', { roomId });
  const code = async (person: Person, endpoint: string, params: object) =>
    (await person.call(endpoint, { ...params })).errorCode;
  const enter = (person: Person, params: object) => code(person, 'rooms/enter_room', params);
  const listed = async (params: object = {}) =>
    (await viewer.must<Room[]>('rooms/query_room', { limit: 100, ...params })).map(({ roomId }) => roomId);

  test('appId may be "0", 0, the tenant’s as text or number, empty or missing, and never filters the list', async () => {
    await goLive(anchor, { appId: '0' });
    for (const appId of ['0', 0, String(APP_ID), APP_ID, '', null, undefined, '000']) {
      expect(await enter(anchor, { roomId: anchor.userId, role: 'anchor', appId })).toBe(0);
      expect(await listed({ appId })).toContain(anchor.userId);
      expect(await code(anchor, 'rooms/update_room', { roomId: anchor.userId, title: 'x', appId })).toBe(0);
    }
  });

  test('entering is repeatable: after a crash, on a double tap, and while still in another room', async () => {
    const other = await goLive(viewer);
    for (let times = 0; times < 3; times += 1) await goLive(anchor, { title: 'the same' });
    for (const roomId of [anchor.userId, anchor.userId, other, anchor.userId]) {
      expect(await enter(viewer, { roomId, role: 'audience' })).toBe(0);
    }
    expect(await detail(anchor.userId)).toMatchObject({ nnUsers: 2, totalJoined: 2, title: 'the same' });
    // Leaving the old room may arrive after entering the new one.
    await viewer.must('rooms/leave_room', { roomId: other });
    expect(await detail(anchor.userId)).toMatchObject({ nnUsers: 2 });
    expect(await detail(other)).toMatchObject({ nnUsers: 0, totalJoined: 1 });
  });

  test('an audience never takes over, re-opens or creates a room under the id of a person', async () => {
    expect(await enter(viewer, { roomId: anchor.userId, role: 'audience' })).toBe(2004);
    expect(await enter(viewer, { roomId: viewer.userId, role: 'audience' })).toBe(2004);
    await goLive(anchor);
    await viewer.must('rooms/enter_room', { roomId: anchor.userId, role: 'audience' });
    expect(await detail(anchor.userId)).toMatchObject({ ownBy: anchor.userId });
    await anchor.must('rooms/destroy_room', { roomId: anchor.userId });
    for (const person of [viewer, anchor]) {
      expect(await enter(person, { roomId: anchor.userId, role: 'audience' })).toBe(2004);
    }
    expect(await enter(viewer, { roomId: anchor.userId, role: 'anchor' })).toBe(2004);
    expect(await listed()).not.toContain(anchor.userId);
  });

  test('going live again on the same roomId renews createUtc, title, cover, category and counts', async () => {
    await goLive(anchor, { title: 'first' });
    await anchor.must('rooms/update_room', {
      roomId: anchor.userId,
      cover: 'https://x/1.png',
      subject: 's',
      description: 'd',
    });
    await viewer.must('rooms/enter_room', { roomId: anchor.userId, role: 'audience' });
    const first = await detail(anchor.userId);
    await anchor.must('rooms/destroy_room', { roomId: anchor.userId });
    service().clock.advance(5_000);
    await goLive(anchor, { title: 'second', category: 'another' });
    const second = await detail(anchor.userId);
    expect(second).toMatchObject({ title: 'second', category: 'another', cover: '', subject: '', description: '' });
    expect(second).toMatchObject({ nnUsers: 1, totalJoined: 1, ownBy: anchor.userId, status: 1, removed: 0 });
    expect(second.createUtc > first.createUtc).toBe(true);
    expect((await listed())[0]).toBe(anchor.userId);
  });

  test('update_room changes the given fields, takes an empty cover, and keeps absent fields', async () => {
    const roomId = await goLive(anchor, { title: 'title' });
    const update = (params: object) => anchor.must('rooms/update_room', { roomId, ...params });
    await update({ cover: 'https://x/1.png', subject: 'subject', description: 'a\nb' });
    expect(await detail(roomId)).toMatchObject({
      title: 'title',
      category: 'mlvb-show-live',
      cover: 'https://x/1.png',
    });
    await update({ cover: '', title: '新标题 🎤' });
    expect(await detail(roomId)).toMatchObject({
      title: '新标题 🎤',
      cover: '',
      subject: 'subject',
      description: 'a\nb',
    });
    await update({ category: '', title: undefined });
    await update({});
    expect(await detail(roomId)).toMatchObject({
      title: '新标题 🎤',
      category: 'mlvb-show-live',
      updateBy: anchor.userId,
    });
  });

  test('leaving and destroying answer 0 when already left, never entered, gone, or done twice', async () => {
    const roomId = await goLive(anchor);
    for (const person of [viewer, viewer, anchor, anchor])
      expect(await code(person, 'rooms/leave_room', { roomId })).toBe(0);
    expect(await code(viewer, 'rooms/leave_room', { roomId: 'never-was' })).toBe(0);
    for (let times = 0; times < 3; times += 1) expect(await code(anchor, 'rooms/destroy_room', { roomId })).toBe(0);
    for (const person of [viewer, anchor]) expect(await code(person, 'rooms/leave_room', { roomId })).toBe(0);
    expect(await code(viewer, 'rooms/destroy_room', { roomId: 'never-was' })).toBe(2004);
  });

  test('query_room orders by createUtc, or by totalJoined, descending; an unknown order is the default', async () => {
    const category = `order-${anchor.userId}`;
    const anchors = await newPeople(service(), 3);
    for (const person of anchors) {
      await goLive(person, { category });
      service().clock.advance(2_000);
    }
    const [first, second, third] = anchors.map(({ userId }) => userId);
    await viewer.must('rooms/enter_room', { roomId: second, role: 'audience' });
    for (const orderBy of [undefined, '', 'createUtc', 'unknown', '; DROP TABLE rooms', 'constructor']) {
      expect(await listed({ category, orderBy })).toEqual([third, second, first]);
    }
    expect((await listed({ category, orderBy: 'totalJoined' }))[0]).toBe(second);
    expect(await listed({ category: category.toUpperCase() })).toEqual([]);
    expect(await listed({ category: category.slice(0, -1) })).toEqual([]);
    expect(await listed({ category, limit: '2', offset: '0' })).toEqual([third, second]);
    expect(await listed({ category, limit: '2', offset: '2' })).toEqual([first]);
    expect(await listed({ category, limit: 2, offset: 3 })).toEqual([]);
  });

  test('the list has ten rooms by default and says of each how many are and were in it', async () => {
    const category = `ten-${anchor.userId}`;
    for (const person of await newPeople(service(), 11)) await goLive(person, { category });
    expect(await viewer.must<Room[]>('rooms/query_room', { category })).toHaveLength(10);
    const rooms = await viewer.must<Room[]>('rooms/query_room', { category, limit: 100 });
    expect(rooms).toHaveLength(11);
    for (const room of rooms) expect(room).toMatchObject({ nnUsers: 1, totalJoined: 1, status: 1, cover: '' });
  });

  test('only int32 ids get into the category that an app reads as Java ints', async () => {
    const category = 'mlvb-show-live';
    for (const roomId of ['abc', '0', '007', '2147483648', '9999999999', '-1', '1e3', '１２']) {
      expect({ roomId, code: await enter(anchor, { roomId, role: 'anchor', category }) }).toEqual({
        roomId,
        code: 2000,
      });
    }
    expect(await enter(anchor, { roomId: 2_147_483_647 - Number(anchor.userId), role: 'anchor', category })).toBe(0);
    const roomId = `free-${anchor.userId}`;
    expect(await enter(anchor, { roomId, role: 'anchor', category: 'other' })).toBe(0);
    expect(await enter(anchor, { roomId, role: 'anchor', category })).toBe(2000);
    expect(await code(anchor, 'rooms/update_room', { roomId, category })).toBe(2000);
    expect(await detail(roomId)).toMatchObject({ category: 'other' });
    for (const id of await listed({ category })) expect(Number(id)).toBeLessThan(2 ** 31);
  });

  test('an ended room does not come back into that category under an id it refuses', async () => {
    const roomId = `ended-${anchor.userId}`;
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'other' });
    await anchor.must('rooms/destroy_room', { roomId });
    expect(await enter(anchor, { roomId, role: 'anchor', category: 'mlvb-show-live' })).toBe(2000);
  });

  test('type and other unknown names are ignored', async () => {
    const unknown = {
      type: { a: 1 },
      owner: 'x',
      ownBy: viewer.userId,
      tenant: 'x',
      broadcast_no: 9,
      status: 0,
      removed: 1,
    };
    await goLive(anchor, unknown);
    await anchor.must('rooms/update_room', { roomId: anchor.userId, title: 'x', ...unknown });
    expect(await detail(anchor.userId)).toMatchObject({ ownBy: anchor.userId, status: 1, removed: 0 });
  });

  test('a live room whose app never sends a heartbeat stays in the list', async () => {
    await goLive(anchor);
    service().clock.advance(30 * MINUTE);
    expect(await listed()).toContain(anchor.userId);
    expect(await detail(anchor.userId)).toMatchObject({ status: 1 });
  });

  test('a few missed heartbeats do not hide a room; ninety silent seconds do, and one heartbeat brings it back', async () => {
    await goLive(anchor);
    await anchor.must('auth_users/user_keepalive');
    service().clock.advance(60_000);
    expect(await listed()).toContain(anchor.userId);
    service().clock.advance(40_000);
    expect(await listed()).not.toContain(anchor.userId);
    expect(await detail(anchor.userId)).toMatchObject({ status: 0, removed: 0 });
    await anchor.must('auth_users/user_keepalive');
    expect(await listed()).toContain(anchor.userId);
  });

  test('signing out removes the user’s room from the list immediately, and going live again brings it back', async () => {
    await goLive(anchor);
    const before = await listed();
    expect(before).toContain(anchor.userId);
    await anchor.must('auth_users/user_logout');
    expect(await listed()).not.toContain(anchor.userId);
    await goLive(await signInAgain(service(), anchor));
    expect(await listed()).toContain(anchor.userId);
  });

  test('switching rooms in any order ends in the new room only', async () => {
    const [other] = await newPeople(service(), 1);
    if (!other) throw new Error('the sign-up failed');
    await Promise.all([goLive(anchor), goLive(other)]);
    await viewer.must('rooms/enter_room', { roomId: anchor.userId, role: 'audience' });
    const answers = await Promise.all([
      viewer.call('rooms/enter_room', { roomId: other.userId, role: 'audience' }),
      viewer.call('rooms/leave_room', { roomId: anchor.userId }),
    ]);
    expect(answers.map(({ errorCode }) => errorCode)).toEqual([0, 0]);
    expect(await detail(anchor.userId)).toMatchObject({ nnUsers: 1, totalJoined: 2 });
    expect(await detail(other.userId)).toMatchObject({ nnUsers: 2, totalJoined: 2 });
  });

  test('only the owner may change or end a room, also if another user claims the role', async () => {
    const roomId = await goLive(anchor, { title: 'mine' });
    for (const role of ['audience', 'anchor', 'owner', undefined]) {
      await viewer.must('rooms/enter_room', { roomId, role, title: 'stolen', category: 'stolen' });
      expect(await code(viewer, 'rooms/update_room', { roomId, title: 'stolen' })).toBe(98);
      expect(await code(viewer, 'rooms/destroy_room', { roomId })).toBe(98);
    }
    expect(await detail(roomId)).toMatchObject({ title: 'mine', category: 'mlvb-show-live', ownBy: anchor.userId });
    const stranger = await newPerson(service());
    expect(await code(stranger, 'rooms/update_room', { roomId, role: 'guest' })).toBe(98);
  });
});
