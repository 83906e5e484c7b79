/** The row that an ended broadcast leaves: one, for every way of ending, with the right numbers. */
import { columns, sql } from '../../src/data/engine/sql';
import { refreshCountsOf, storeCount } from '../../src/data/rooms/room-counts';
import { type Broadcast, deleteBroadcasts, listBroadcasts } from '../../src/data/statistics/broadcasts';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { onlineCutoffs } from '../../src/rules/presence/presence';
import { takeSamples } from '../../src/rules/statistics/sampler';
import { goLive, newPeople, newPerson } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { look } from '../../testkit/statements';

onBothDatabases((kind) => {
  const service = useService(kind);

  function of(query: {
    ownerId?: number;
    roomId?: string;
    limit?: number;
    after?: { endedAt: number; id: number };
  }): Promise<Broadcast[]> {
    return listBroadcasts(service().services.database.forRequest(), { tenant: '', limit: 50, ...query });
  }

  test('its owner ends it: texts, times, total viewers and the peak', async () => {
    const [anchor, ...viewers] = await newPeople(service(), 4);
    if (!anchor) throw new Error('the sign-up failed');
    const roomId = await goLive(anchor, { title: 'An evening', category: 'liveRoom' });
    for (const viewer of viewers) await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    for (const viewer of viewers) await viewer.must('rooms/leave_room', { roomId });
    await anchor.must('rooms/destroy_room', { roomId });
    const [row, ...others] = await of({ roomId });
    expect(others).toEqual([]);
    const texts = { title: 'An evening', category: 'liveRoom', ended_by: 'owner', reason: '' };
    expect(row).toMatchObject({ ...texts, broadcast_no: 1, owner_id: Number(anchor.userId), peak: 4, joined: 4 });
    expect(row?.started_at).toBeLessThanOrEqual(row?.ended_at ?? 0);
  });

  test('the next broadcast of the room is another row, with its own peak', async () => {
    const [anchor, viewer] = await newPeople(service(), 2);
    if (!anchor || !viewer) throw new Error('the sign-up failed');
    const roomId = await goLive(anchor);
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    await anchor.must('rooms/destroy_room', { roomId });
    const rows = await of({ roomId });
    expect(rows.map((row) => [row.broadcast_no, row.peak, row.joined])).toEqual([
      [2, 1, 1],
      [1, 2, 2],
    ]);
  });

  test('the account goes, or its owner does not come back', async () => {
    const [leaver, silent] = await newPeople(service(), 2);
    if (!leaver || !silent) throw new Error('the sign-up failed');
    await goLive(leaver);
    await leaver.must('auth_users/user_delete');
    await goLive(silent);
    await silent.must('auth_users/user_keepalive');
    service().clock.advance(800_000);
    await runMaintenance(service().services, { budgetMs: 10_000 });
    expect(await of({ ownerId: Number(leaver.userId) })).toMatchObject([{ ended_by: 'account' }]);
    expect(await of({ ownerId: Number(silent.userId) })).toMatchObject([{ ended_by: 'absence' }]);
  });

  test('ended by several concurrently it is one row', async () => {
    const anchor = await newPerson(service());
    const roomId = await goLive(anchor);
    await Promise.all(Array.from({ length: 8 }, () => anchor.call('rooms/destroy_room', { roomId })));
    expect(await of({ roomId })).toHaveLength(1);
  });

  test('a sample sees a peak that is gone before the end', async () => {
    const [anchor, ...viewers] = await newPeople(service(), 3);
    if (!anchor) throw new Error('the sign-up failed');
    const roomId = await goLive(anchor);
    for (const viewer of viewers) await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    service().clock.advance(60_000);
    for (const person of [anchor, ...viewers]) await person.must('auth_users/user_keepalive');
    await takeSamples(service().services);
    for (const viewer of viewers) await viewer.must('auth_users/user_delete');
    await anchor.must('rooms/destroy_room', { roomId });
    expect(await of({ roomId })).toMatchObject([{ peak: 3, joined: 1 }]);
  });

  test('no later count of any process lowers a peak', async () => {
    const [anchor, ...viewers] = await newPeople(service(), 4);
    if (!anchor) throw new Error('the sign-up failed');
    const roomId = await goLive(anchor);
    for (const viewer of viewers) await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    service().clock.advance(60_000);
    for (const person of [anchor, ...viewers]) await person.must('auth_users/user_keepalive');
    await takeSamples(service().services);
    for (const viewer of viewers) await viewer.must('rooms/leave_room', { roomId });
    service().clock.advance(60_000);
    await anchor.must('auth_users/user_keepalive');
    await takeSamples(service().services);
    const db = service().services.database.forRequest();
    const room = columns('rooms', 'r', ['id', 'broadcast_no', 'peak']);
    const read = async () => (await look(db, room, sql`SELECT ${room} FROM rooms r WHERE r.room_id = ${roomId}`))[0];
    const { id = 0, broadcast_no = 0, peak } = (await read()) ?? {};
    expect(peak).toBe(4);
    const cutoffs = (later: number) => onlineCutoffs(service().services.config.presence, service().clock.now() + later);
    await storeCount(db, { id, broadcast_no, nn_users: 1, total_joined: 4 }, cutoffs(1_000));
    expect((await read())?.peak).toBe(4);
    await refreshCountsOf(db, id, cutoffs(60_000));
    expect((await read())?.peak).toBe(4);
    await storeCount(db, { id, broadcast_no, nn_users: 6, total_joined: 6 }, cutoffs(120_000));
    expect((await read())?.peak).toBe(6);
    await storeCount(db, { id, broadcast_no, nn_users: 1, total_joined: 6 }, cutoffs(121_000));
    service().clock.advance(122_000);
    for (const person of [anchor, viewers[0]]) await person?.must('auth_users/user_keepalive');
    // The first viewer is online, the second was away: other statements count them.
    for (const viewer of viewers.slice(0, 2)) {
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
      expect((await read())?.peak).toBe(6);
    }
    await anchor.must('rooms/destroy_room', { roomId });
    expect(await of({ roomId })).toMatchObject([{ peak: 6, joined: 4 }]);
  });

  test('pages follow each other without gap or repetition; old ones go', async () => {
    const anchor = await newPerson(service());
    for (let round = 0; round < 7; round += 1) {
      const roomId = await goLive(anchor);
      await anchor.must('rooms/destroy_room', { roomId });
    }
    const ownerId = Number(anchor.userId);
    const all = await of({ ownerId });
    const paged: Broadcast[] = [];
    for (let after: { endedAt: number; id: number } | undefined; ; ) {
      const page = await of({ ownerId, limit: 2, ...(after && { after }) });
      paged.push(...page);
      const last = page.at(-1);
      if (!last) break;
      after = { endedAt: last.ended_at, id: last.id };
    }
    expect(paged).toEqual(all);
    expect(all).toHaveLength(7);
    const before = service().clock.now() + 1_000;
    const db = service().services.database.forRequest();
    // Their members first.
    const most = { tenant: '', before, max: 100 };
    await deleteBroadcasts(db, most);
    expect(await of({ ownerId })).toHaveLength(7);
    service().clock.advance(301_000);
    await runMaintenance(service().services, { budgetMs: 10_000 });
    expect(await deleteBroadcasts(db, { ...most, max: 5 })).toBe(5);
  });
});
