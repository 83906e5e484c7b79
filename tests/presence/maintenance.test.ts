/** The scheduled work: the rows it ends and removes, the times, and that two runs or an interrupted one do no harm. */

import { RequestBudget } from '../../src/base/request-budget';
import { columns, FOUND, sql } from '../../src/data/engine/sql';
import { ROOM_STATUS } from '../../src/data/rooms/room-states';
import { findRoom } from '../../src/data/rooms/rooms';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { endBroadcast } from '../../src/rules/rooms/end';
import { OPENING_LEASE_MS } from '../../src/rules/rooms/open';
import { until } from '../../testkit/lived';
import { newPerson, type Person } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { heartbeat, newLive, useStage } from '../../testkit/stage';
import { columnsSet, look, meddle, rowsInto } from '../../testkit/statements';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let watcher: Person;
  beforeAll(async () => {
    watcher = await newPerson(stage());
  });
  const db = () => stage().services.database.forRequest();
  const exists = async (roomId: string) => (await watcher.call('rooms/room_detail', { roomId })).errorCode === 0;
  const groupExists = (roomId: string) => stage().im.groups(APP_ID).has(roomId);
  const lastReport = () =>
    JSON.parse(stage().lines.findLast((line) => line.includes('"event":"maintenance"')) ?? '{}') as object;

  test('an owner gone for ROOM_CLOSE_SECONDS has the room ended, with its IM group and its TRTC room', async () => {
    const { anchor, roomId } = await newLive(stage());
    stage()
      .trtc.rooms(APP_ID)
      .set(Number(roomId), new Set([anchor.userId]));
    await heartbeat(anchor);
    stage().wait(90 + 598);
    await stage().maintain();
    expect(await exists(roomId)).toBe(true);
    stage().wait(3);
    await stage().maintain();
    expect(await exists(roomId)).toBe(false);
    expect(groupExists(roomId)).toBe(false);
    expect(stage().trtc.rooms(APP_ID).has(Number(roomId))).toBe(false);
    expect(await stage().outbox()).toEqual([]);
    expect(lastReport()).toMatchObject({ roomsEnded: 1, outboxDone: 1, leasesCleared: 0, sessionsDeleted: 0 });
  });

  test('an owner who comes back in time keeps the room', async () => {
    const { anchor, roomId } = await newLive(stage());
    await heartbeat(anchor);
    stage().wait(680);
    await heartbeat(anchor);
    stage().wait(60);
    await stage().maintain();
    expect(await stage().listed(watcher)).toContain(roomId);
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('a room whose owner never sends a heartbeat ends after ROOM_IDLE_SECONDS without any activity', async () => {
    const { roomId } = await newLive(stage());
    stage().wait(43_199);
    await stage().maintain();
    expect(await exists(roomId)).toBe(true);
    stage().wait(2);
    await stage().maintain();
    expect(await exists(roomId)).toBe(false);
    expect(groupExists(roomId)).toBe(false);
  });

  test('a room whose owner has no account anymore is ended', async () => {
    const { anchor, roomId } = await newLive(stage());
    const id = Number(anchor.userId);
    await meddle(db(), sql`DELETE FROM presence WHERE user_id = ${id}`);
    await meddle(db(), sql`DELETE FROM users WHERE id = ${id}`);
    await stage().maintain();
    expect(await exists(roomId)).toBe(false);
    expect(groupExists(roomId)).toBe(false);
  });

  test('an owner whose heartbeat comes between the check and the end is not disconnected', async () => {
    const { anchor, roomId } = await newLive(stage());
    await heartbeat(anchor);
    stage().wait(1000);
    const { services, clock } = stage();
    const now = clock.now();
    const cutoffs = { now, goneSince: now - 600_000, unseenSince: now - 43_200_000 };
    const room = await findRoom(db(), { tenant: '', roomId });
    if (!room) throw new Error('no room');
    await heartbeat(anchor);
    const ctx = { services, budget: new RequestBudget(), db: db(), now, clientAddress: null, reachedAt: () => '' };
    const end = () =>
      ctx.db.transaction((tx) =>
        endBroadcast(tx, ctx, { ...room, by: room.owner_id, onlyIf: cutoffs, endedBy: 'absence' }),
      );
    expect((await end()).ended).toBe(false);
    expect(await exists(roomId)).toBe(true);
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('runs side by side end each room once', async () => {
    const lives = await Promise.all(Array.from({ length: 12 }, () => newLive(stage())));
    for (const { anchor } of lives) await heartbeat(anchor);
    stage().wait(700);
    const calls = stage().im.calls.length;
    await Promise.all([stage().maintain(), stage().maintain(), stage().maintain()]);
    await stage().maintain();
    for (const { roomId } of lives) expect(await exists(roomId)).toBe(false);
    const destroyed = stage()
      .im.calls.slice(calls)
      .filter(({ command }) => command === 'destroy_group')
      .map(({ body }) => body['GroupId']);
    expect(destroyed.sort()).toEqual(lives.map(({ roomId }) => roomId).sort());
    // A call that a busy machine took too long for is made again later.
    await until('nothing is left over', async () => {
      stage().wait(60);
      await stage().maintain();
      return (await stage().outbox()).length === 0;
    });
  });

  test('members who are long gone are taken out, and those who may come back are not', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const other = await newPerson(stage());
    const present = (person: Person, value: number) => ({ user_id: Number(person.userId), present: value });
    await other.must('rooms/enter_room', { roomId, role: 'audience' });
    await heartbeat(viewer);
    stage().wait(500);
    await heartbeat(other);
    stage().wait(195);
    await heartbeat(anchor);
    await stage().maintain();
    const member = columns('members', 'm', ['user_id', 'present']);
    const ofRoom = sql`SELECT ${member} FROM members m JOIN rooms r ON r.id = m.room_pk WHERE r.room_id = ${roomId}`;
    const rows = await look(db(), member, ofRoom);
    expect(rows).toHaveLength(3);
    expect(rows).toEqual(expect.arrayContaining([present(anchor, 1), present(viewer, 0), present(other, 1)]));
    await heartbeat(other);
    expect(await stage().detail(watcher, roomId)).toMatchObject({ nnUsers: 2, totalJoined: 3 });
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    expect(await stage().detail(watcher, roomId)).toMatchObject({ nnUsers: 3, totalJoined: 3 });
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('a large room is counted again unless that was done within a minute; a small one is counted when it is shown', async () => {
    const counts = columns('rooms', '', ['nn_users', 'total_joined']);
    const after = async (joined: number, seconds: number) => {
      // The work about members rests for two minutes.
      stage().wait(120);
      const { anchor, roomId } = await newLive(stage());
      const counted = { nn_users: 7, total_joined: joined, counted_at: stage().clock.now() - seconds * 1000 };
      await meddle(db(), sql`UPDATE rooms SET ${columnsSet(counted)} WHERE room_id = ${roomId}`);
      const { roomsCounted } = await stage().maintain();
      const [row] = await look(db(), counts, sql`SELECT ${counts} FROM rooms WHERE room_id = ${roomId}`);
      await anchor.must('rooms/destroy_room', { roomId });
      return { roomsCounted, ...row };
    };
    expect(await after(100, 61)).toEqual({ roomsCounted: 1, nn_users: 2, total_joined: 2 });
    expect(await after(100, 30)).toEqual({ roomsCounted: 0, nn_users: 7, total_joined: 100 });
    expect(await after(99, 61)).toEqual({ roomsCounted: 0, nn_users: 7, total_joined: 99 });
  });

  test('the members of an ended live are deleted, in batches, and those of the next one stay', async () => {
    const { anchor, roomId } = await newLive(stage());
    const room = await findRoom(db(), { tenant: '', roomId });
    if (!room) throw new Error('no room');
    const many = Array.from({ length: 2500 }, (_, index) => ({
      room_pk: room.id,
      broadcast_no: room.broadcast_no,
      user_id: 1_000_000 + index,
      role: '',
      present: 1,
      joined_at: 0,
      alive_until: 0,
      event_at: 0,
    }));
    for (let at = 0; at < many.length; at += 500) {
      await meddle(db(), rowsInto('members', ...many.slice(at, at + 500)));
    }
    await anchor.must('rooms/destroy_room', { roomId });
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
    const member = columns('members', '', ['broadcast_no', 'user_id']);
    const members = () => look(db(), member, sql`SELECT ${member} FROM members WHERE room_pk = ${room.id}`);
    // It is too early: viewers of the last minutes may be uncounted.
    stage().wait(290);
    await stage().maintain();
    expect((await members()).length).toBeGreaterThan(many.length);
    stage().wait(11);
    await stage().maintain();
    const left = await members();
    expect(lastReport()).toMatchObject({ broadcastsCleaned: expect.any(Number) });
    expect(left).toEqual([{ broadcast_no: room.broadcast_no + 1, user_id: Number(anchor.userId) }]);
    expect(groupExists(roomId)).toBe(true);
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('an opening whose opener died is cleared a minute after its lease, with the group it may have made', async () => {
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('rooms/destroy_room', { roomId });
    await stage().maintain();
    // The state after a process that dies between IM's answer and its last statement.
    const leaseUntil = stage().clock.now() + OPENING_LEASE_MS;
    const stuck = { status: ROOM_STATUS.opening, lease_until: leaseUntil, lease_holder: 'key-of-the-dead' };
    await meddle(db(), sql`UPDATE rooms SET ${columnsSet(stuck)} WHERE room_id = ${roomId}`);
    const group = {
      groupId: roomId,
      owner: anchor.userId,
      type: 'AVChatRoom',
      name: 'x',
      createdAt: leaseUntil - 5_000,
    };
    stage().im.groups(APP_ID).set(roomId, group);
    stage().wait(60);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(true);
    stage().wait(10);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(false);
    expect(await findRoom(db(), { tenant: '', roomId })).toMatchObject({ lease_until: 0, lease_holder: '', status: 0 });
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('expired sessions are deleted', async () => {
    const someone = await newPerson(stage());
    const ofSomeone = sql`SELECT ${FOUND} FROM sessions WHERE user_id = ${Number(someone.userId)}`;
    const count = async () => (await look(db(), FOUND, ofSomeone)).length;
    expect(await count()).toBe(1);
    stage().wait(30 * 86_400 + 1);
    await stage().maintain();
    expect(await count()).toBe(0);
    watcher = await newPerson(stage());
  });

  test('a run that is out of time is continued by the next one', async () => {
    const host = await newPerson(stage());
    const ownerId = Number(host.userId);
    await host.must('rooms/enter_room', { roomId: host.userId, role: 'anchor' });
    const { anchor, roomId } = await newLive(stage());
    const model = await findRoom(db(), { tenant: '', roomId: host.userId });
    if (!model) throw new Error('no room');
    const { id, ...copied } = model;
    const row = { ...copied, open_slot: null };
    expect(id).toBeGreaterThan(0);
    const older = Array.from({ length: 500 }, (_, index) => ({
      ...row,
      owner_id: ownerId,
      room_id: `crowd-${index}`,
      created_at: model.created_at - 1000,
    }));
    for (let at = 0; at < older.length; at += 100) {
      await meddle(db(), rowsInto('rooms', ...older.slice(at, at + 100)));
    }
    await heartbeat(anchor);
    stage().wait(700);
    const first = await runMaintenance(stage().services, { budgetMs: 0 });
    expect(first).toMatchObject({ roomsUnfinished: true });
    expect(await exists(roomId)).toBe(true);
    await runMaintenance(stage().services, { budgetMs: 0 });
    expect(await exists(roomId)).toBe(false);
    await stage().maintain();
    expect(groupExists(roomId)).toBe(false);
  });
});
