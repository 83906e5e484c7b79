/** Entering and leaving in one statement for many: each is answered for itself, and nothing is let in that must not be. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPeople, type Person, type Room, signInAgain } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind, {
    env: { ADMIN_KEY, TIM_ENDPOINT: 'off', TRTC_ENDPOINT: 'off', SIGN_UPS_PER_MINUTE: '0' },
  });
  const enter = (roomId: string, role = 'audience') => ({ roomId, role });
  const codes = (answers: readonly { errorCode: number }[]) => answers.map(({ errorCode }) => errorCode);
  const people = async <const N extends number>(count: N) => newPeople(stage(), count);
  const as = (list: readonly Person[], index: number) => list[index] as Person;

  test('viewers who enter in one batch each get their own answer', async () => {
    const all = await people(24);
    const [anchor, other, gone, banned, kicked, offline, late] = all as [
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
      Person,
    ];
    const roomId = await goLive(anchor);
    const elsewhere = await goLive(other);
    const ended = await goLive(late);
    await late.must('rooms/destroy_room', { roomId: ended });
    await gone.must('auth_users/user_logout');
    const admin = operatorOf(stage());
    await kicked.must('rooms/enter_room', enter(roomId));
    await admin.must('kick_user', { roomId, userId: kicked.userId, reason: 'x' });
    await admin.must('ban_user', { userId: banned.userId, reason: 'x', seconds: 0 });
    stage().wait(100_000);
    for (const person of all.filter((one) => ![gone, banned, offline].includes(one))) {
      await person.must('auth_users/user_keepalive');
    }
    const others = all.slice(7);
    const answers = await Promise.all([
      anchor.call('rooms/enter_room', enter(roomId, 'anchor')),
      gone.call('rooms/enter_room', enter(roomId)),
      banned.call('rooms/enter_room', enter(roomId)),
      kicked.call('rooms/enter_room', enter(roomId)),
      kicked.call('rooms/enter_room', enter(elsewhere)),
      offline.call('rooms/enter_room', enter(roomId)),
      late.call('rooms/enter_room', enter(ended)),
      late.call('rooms/enter_room', enter(gone.userId)),
      ...others.map((person, n) => person.call('rooms/enter_room', enter(n % 2 ? roomId : elsewhere, 'anchor'))),
      ...others.map((person, n) => person.call('rooms/enter_room', enter(n % 2 ? roomId : elsewhere, 'guest'))),
    ]);
    const [, signedOut, ...rest] = codes(answers);
    expect(signedOut).toBe(204);
    expect(rest.slice(1, 6)).toEqual([98, 0, 0, 2004, 2004]);
    expect(rest[0]).not.toBe(0);
    expect(rest.slice(6)).toEqual(others.flatMap(() => [0, 0]));
    const inside = (parity: number) => others.filter((_, n) => n % 2 === parity).map(({ userId }) => userId);
    expect(await stage().members(anchor, roomId)).toEqual([anchor.userId, offline.userId, ...inside(1)].sort());
    expect(await stage().members(anchor, elsewhere)).toEqual([kicked.userId, other.userId, ...inside(0)].sort());
    // Stored too, for lists ordered by it: the anchor, the removed user and the new viewers.
    const room = await stage().detail(anchor, roomId);
    expect(room).toMatchObject({ nnUsers: 2 + inside(1).length, totalJoined: 3 + inside(1).length });
    const busiest = await anchor.must<Room[]>('rooms/query_room', { orderBy: 'totalJoined', limit: 2 });
    expect(busiest.map((one) => one.totalJoined)).toEqual([3 + inside(1).length, 2 + inside(0).length]);
  });

  test('users who leave in one batch each get their own answer, also those who are not in the room', async () => {
    const all = await people(8);
    const [anchor, gone, stranger] = all as [Person, Person, Person];
    const roomId = await goLive(anchor);
    for (const person of all.slice(3)) await person.must('rooms/enter_room', enter(roomId));
    await gone.must('rooms/enter_room', enter(roomId));
    await gone.must('auth_users/user_logout');
    const leave = (person: Person, id = roomId) => person.call('rooms/leave_room', { roomId: id });
    const answers = await Promise.all([leave(gone), leave(stranger), ...all.slice(4).map((person) => leave(person))]);
    expect(codes(answers)).toEqual([204, 0, 0, 0, 0, 0]);
    expect(await stage().members(anchor, roomId)).toEqual([anchor.userId, as(all, 3).userId].sort());
    expect(codes([await leave(as(all, 4)), await leave(as(all, 3), 'no-such-room')])).toEqual([0, 0]);
    expect(await stage().members(anchor, roomId)).toContain(as(all, 3).userId);
  });

  test('outside of a batch, a viewer costs two statements to enter and one to leave', async () => {
    const [anchor, viewer] = (await people(2)) as [Person, Person];
    const roomId = await goLive(anchor);
    // The receivers of its events are read once in a few seconds.
    await viewer.must('rooms/leave_room', { roomId });
    await viewer.must('rooms/enter_room', enter(roomId));
    stage().lines.length = 0;
    await viewer.must('rooms/leave_room', { roomId });
    await viewer.must('rooms/enter_room', enter(roomId));
    const lines = stage().lines.map((line) => JSON.parse(line) as { endpoint?: string; queries?: number });
    const queries = (endpoint: string) => lines.find((line) => line.endpoint === endpoint)?.queries;
    expect(queries('rooms/leave_room')).toBe(1);
    expect(queries('rooms/enter_room')).toBe(kind === 'mysql' ? 2 : 3);
    expect(await stage().detail(anchor, roomId)).toMatchObject({ nnUsers: 2, totalJoined: 2 });
  });

  test('outside of a batch, an owner goes live with three or four statements, and ending stores the broadcast', async () => {
    const [anchor] = (await people(1)) as [Person];
    const live = { ...enter(anchor.userId, 'anchor'), category: 'at-once', title: 'the title' };
    await anchor.must('rooms/enter_room', live);
    await anchor.must('rooms/destroy_room', { roomId: anchor.userId });
    stage().lines.length = 0;
    await anchor.must('rooms/enter_room', live);
    await anchor.must('rooms/destroy_room', { roomId: anchor.userId });
    const lines = stage().lines.map((line) => JSON.parse(line) as { endpoint?: string; queries?: number });
    const queries = (endpoint: string) => lines.find((line) => line.endpoint === endpoint)?.queries;
    expect(queries('rooms/enter_room')).toBe(kind === 'mysql' ? 3 : 4);
    // MySQL ends the sanctions of the broadcast in the statement that ends it; its transaction has one for its commit.
    expect(queries('rooms/destroy_room')).toBe(7);
    const ended = { roomId: anchor.userId, ownBy: anchor.userId, title: 'the title', category: 'at-once' };
    const { items } = await operatorOf(stage()).must<{ items: unknown[] }>('broadcasts', { roomId: anchor.userId });
    expect(items).toEqual(
      [1, 2].map(() => expect.objectContaining({ ...ended, endedBy: 'owner', peak: 1, joined: 1 })),
    );
    await anchor.must('rooms/destroy_room', { roomId: anchor.userId });
  });

  test('outside of a batch, few statements for every other call', async () => {
    const [anchor, viewer] = (await people(2)) as [Person, Person];
    const roomId = await goLive(anchor);
    const report = (targetRoomId: string) => viewer.must('reports/report_room', { targetRoomId, reason: 'spam' });
    await report(roomId);
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    stage().lines.length = 0;
    await report(roomId);
    await viewer.must('rooms/generate_roomid');
    await viewer.must('auth_users/user_update', { name: 'a name' });
    await anchor.must('rooms/update_room', { roomId, title: 'a title' });
    const [fresh] = (await people(1)) as [Person];
    await fresh.must('auth_users/user_delete');
    const lines = stage().lines.map((line) => JSON.parse(line) as { endpoint?: string; queries?: number });
    const counted = Object.fromEntries(lines.map(({ endpoint = '', queries }) => [endpoint, queries]));
    expect(counted).toMatchObject({
      'reports/report_room': 2,
      'rooms/generate_roomid': 1,
      'auth_users/user_update': 1,
      'rooms/update_room': kind === 'mysql' ? 1 : 2,
      'oauth/register': kind === 'mysql' ? 7 : 6,
      'oauth/signature': 2,
      'auth_users/user_delete': kind === 'mysql' ? 10 : 12,
    });
  });

  test('no user ends another’s room, an ended session ends nothing, and sanctions until the end are over', async () => {
    const [anchor, other, kicked] = (await people(3)) as [Person, Person, Person];
    const roomId = await goLive(anchor);
    expect(await other.call('rooms/destroy_room', { roomId })).toMatchObject({ errorCode: 98 });
    expect(await other.call('rooms/destroy_room', { roomId: 'no-such-room' })).toMatchObject({ errorCode: 2004 });
    const again = await signInAgain(stage(), anchor);
    await anchor.must('auth_users/user_logout');
    expect(await anchor.call('rooms/destroy_room', { roomId })).toMatchObject({ errorCode: 204 });
    const admin = operatorOf(stage());
    await admin.must('kick_user', { roomId, userId: kicked.userId, reason: 'x' });
    await again.must('rooms/enter_room', enter(roomId, 'anchor'));
    expect(await kicked.call('rooms/enter_room', enter(roomId))).toMatchObject({ errorCode: 98 });
    await again.must('rooms/destroy_room', { roomId });
    stage().wait(1);
    await again.must('rooms/enter_room', enter(roomId, 'anchor'));
    await kicked.must('rooms/enter_room', enter(roomId));
    const { items } = await admin.must<{ items: unknown[] }>('sanctions', { active: true, roomId });
    expect(items).toEqual([]);
  });

  test('a user who was offline comes back with few statements more, and is counted', async () => {
    const [anchor, viewer] = (await people(2)) as [Person, Person];
    const roomId = await goLive(anchor);
    await viewer.must('rooms/leave_room', { roomId });
    stage().wait(100_000);
    await anchor.must('auth_users/user_keepalive');
    await viewer.must('rooms/leave_room', { roomId });
    stage().lines.length = 0;
    await viewer.must('rooms/enter_room', enter(roomId));
    const lines = stage().lines.map((line) => JSON.parse(line) as { endpoint?: string; queries?: number });
    const { queries = 0 } = lines.find((line) => line.endpoint === 'rooms/enter_room') ?? {};
    expect(queries).toBeGreaterThan(1);
    // One of them reads the receivers of its events.
    expect(queries).toBeLessThanOrEqual(kind === 'mysql' ? 6 : 7);
    expect(await stage().detail(anchor, roomId)).toMatchObject({ nnUsers: 2, totalJoined: 2 });
  });
});
