/** Crowds: one room that all users enter and leave, and a small pool under 64 requests, disconnected and failed over. */
import { type Connection, createConnection } from 'mysql2/promise';
import { RequestBudget } from '../../src/base/request-budget';
import { columns, sql } from '../../src/data/engine/sql';
import { readRoom } from '../../src/data/rooms/room-lists';
import { onlineCutoffs } from '../../src/rules/presence/presence';
import { until } from '../../testkit/lived';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { goLive, newPeople, type Person, type Room } from '../../testkit/people';
import { onBothDatabases, type Service, startService, whenReady } from '../../testkit/service';
import { look } from '../../testkit/statements';

const AT_ONCE = 64;
/** A count of a large room is reused for 5 s at most. */
const SETTLED_MS = 5_001;

async function manyPeople(service: Service, count: number): Promise<Person[]> {
  const people: Person[] = [];
  while (people.length < count) people.push(...(await newPeople(service, Math.min(30, count - people.length))));
  return people;
}

/** Runs the tasks, AT_ONCE at a time; returns their results in order. */
async function atOnce<T>(tasks: readonly (() => Promise<T>)[]): Promise<T[]> {
  const results: T[] = [];
  let next = 0;
  const worker = async () => {
    for (let i = next++; i < tasks.length; i = next++) {
      const task = tasks[i];
      if (task) results[i] = await task();
    }
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** 120 viewers: more than the service counts for every answer. */
async function largeRoom(service: Service) {
  const [anchor, ...viewers] = await manyPeople(service, 121);
  if (!anchor) throw new Error('the sign-up failed');
  const roomId = await goLive(anchor);
  await atOnce(viewers.map((viewer) => () => viewer.must('rooms/enter_room', { roomId, role: 'audience' })));
  return { anchor, viewers, roomId };
}

onBothDatabases((kind) => {
  test('a room that 140 viewers enter and leave is counted exactly, and never below zero', async () => {
    const service = await startService(kind);
    const [anchor, ...viewers] = await manyPeople(service, 141);
    if (!anchor) throw new Error('the sign-up failed');
    const roomId = await goLive(anchor);
    const detail = () => anchor.must<Room>('rooms/room_detail', { roomId });
    const seen: Room[] = [];
    const churn = (viewer: Person, n: number) => async () => {
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
      if (n % 10 === 0) seen.push(await detail());
      await viewer.must('rooms/leave_room', { roomId });
      if (n % 2 === 0) await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    };
    await atOnce(viewers.map(churn));
    expect(seen).toHaveLength(14);
    for (const { nnUsers, totalJoined } of seen) {
      expect(nnUsers).toBeGreaterThanOrEqual(0);
      expect(nnUsers).toBeLessThanOrEqual(totalJoined);
      expect(totalJoined).toBeLessThanOrEqual(141);
    }
    service.clock.advance(SETTLED_MS);
    expect(await detail()).toMatchObject({ nnUsers: 71, totalJoined: 141 });
    const [listed] = await anchor.must<Room[]>('rooms/query_room', { roomIds: [roomId] });
    expect(listed).toMatchObject({ nnUsers: 71, totalJoined: 141 });
    await service.close();
  });

  test('a request that finds stale counts of a large room stores new ones for the next request', async () => {
    const service = await startService(kind);
    const { anchor, viewers, roomId } = await largeRoom(service);
    const db = service.services.database.forRequest();
    const stored = async () => {
      const counts = columns('rooms', '', ['nn_users', 'total_joined', 'counted_at']);
      const [row] = await look(db, counts, sql`SELECT ${counts} FROM rooms WHERE room_id = ${roomId}`);
      return row;
    };
    service.clock.freeze(service.clock.now() + SETTLED_MS);
    expect((await stored())?.counted_at).toBeLessThan(service.clock.now());
    await anchor.must('rooms/room_detail', { roomId });
    const row = { nn_users: 121, total_joined: 121, counted_at: service.clock.now() };
    expect(await stored()).toEqual(row);
    // 121 joined: valid for 24 ms.
    await viewers[0]?.must('rooms/leave_room', { roomId });
    service.clock.advance(20);
    expect(await anchor.must('rooms/room_detail', { roomId })).toMatchObject({ nnUsers: 121 });
    service.clock.advance(10);
    const [listed] = await anchor.must<Room[]>('rooms/query_room', { roomIds: [roomId] });
    expect(listed).toMatchObject({ nnUsers: 120, totalJoined: 121 });
    expect(await stored()).toEqual({ ...row, nn_users: 120, counted_at: service.clock.now() });
    await service.close();
  });

  test('an entry that finds stale counts of a large room stores new ones, and the ones before go into the peak', async () => {
    const service = await startService(kind);
    const { viewers, roomId } = await largeRoom(service);
    const [comer, ...others] = viewers;
    const counts = columns('rooms', '', ['nn_users', 'total_joined', 'peak', 'counted_at']);
    const enter = async () => {
      service.clock.freeze(service.clock.now() + SETTLED_MS);
      await comer?.must('rooms/enter_room', { roomId, role: 'audience' });
      const db = service.services.database.forRequest();
      return (await look(db, counts, sql`SELECT ${counts} FROM rooms WHERE room_id = ${roomId}`))[0];
    };
    expect(await enter()).toMatchObject({ nn_users: 121, total_joined: 121, counted_at: service.clock.now() });
    await atOnce(others.slice(0, 10).map((viewer) => () => viewer.must('rooms/leave_room', { roomId })));
    const row = { nn_users: 111, total_joined: 121, peak: 121 };
    expect(await enter()).toEqual({ ...row, counted_at: service.clock.now() });
    await service.close();
  });
});

onBothDatabases((kind) => {
  test('concurrent requests that find stale counts of a large room count once', async () => {
    const service = await startService(kind);
    const { anchor, viewers, roomId } = await largeRoom(service);
    service.clock.advance(SETTLED_MS);
    // Lists of different kinds are not shared with each other, and a single room with none of them.
    const shapes = Array.from({ length: 30 }, (_, n) => ({ limit: n + 1, ...(n % 2 && { orderBy: 'totalJoined' }) }));
    const [details, ...lists] = await Promise.all([
      anchor.must<Room>('rooms/room_detail', { roomId }),
      ...shapes.map((shape, n) => viewers[n]?.must<Room[]>('rooms/query_room', shape)),
    ]);
    for (const room of [details, ...lists.map((list) => list?.[0])]) {
      expect(room).toMatchObject({ nnUsers: 121, totalJoined: 121 });
    }
    const { caches, database, config, clock } = service.services;
    const cutoffs = onlineCutoffs(config.presence, clock());
    const budget = new RequestBudget();
    const db = database.forRequest(budget);
    const room = await readRoom(database.forRequest(), { tenant: '', roomId, cutoffs });
    if (!room) throw new Error('there is no such room');
    const rooms = Array.from({ length: 30 }, () => ({ ...room, nn_users: 0, total_joined: 0, stale: 1 }));
    await Promise.all(rooms.map((one) => caches.roomCounts.refresh(db, [one], cutoffs)));
    for (const one of rooms) expect(one).toMatchObject({ nn_users: 121, total_joined: 121 });
    // One count, and its storing.
    expect(budget.queries).toBe(2);
    await service.close();
  });
});

describeWithMysql('a pool of four under 64 concurrent requests', () => {
  const POOL = 4;
  let server: MysqlServer;
  let service: Service;
  let admin: Connection;
  let people: Person[];
  let database: string;

  beforeAll(async () => {
    server = await startMysqlServer({ durable: true });
    database = server.createDatabaseName();
    service = await startService('mysql', { env: { ...server.env(database), MYSQL_POOL_SIZE: String(POOL) } });
    await whenReady(service);
    people = await manyPeople(service, AT_ONCE);
    const { host, port, user, password } = server;
    admin = await createConnection({ host, port, user, password });
  });

  afterAll(async () => {
    await service.close();
    await server.stop();
  });

  const person = (n: number): Person => {
    const one = people[n % people.length];
    if (!one) throw new Error('the sign-up failed');
    return one;
  };

  const CALLS = [
    'auth_users/user_keepalive',
    'auth_users/user_query',
    'rooms/room_detail',
    'rooms/enter_room',
    'rooms/leave_room',
    'rooms/update_room',
  ];

  function wave(count: number): Promise<number[]> {
    const { userId } = person(0);
    const tasks = Array.from({ length: count }, (_, n) => async () => {
      const endpoint = CALLS[n % CALLS.length] ?? '';
      const owner = endpoint.endsWith('update_room');
      const one = owner ? person(0) : person(1 + (n % (people.length - 1)));
      const params = owner ? { roomId: userId, title: `t${n}` } : { roomId: userId, role: 'audience' };
      return (await one.call(endpoint, params)).errorCode;
    });
    return atOnce(tasks);
  }

  async function connections(): Promise<number[]> {
    const [rows] = await admin.query('SELECT id FROM information_schema.processlist WHERE db = ? ORDER BY id', [
      database,
    ]);
    return (rows as { id: number }[]).map(({ id }) => Number(id));
  }

  async function status(name: string): Promise<number> {
    const [rows] = await admin.query('SHOW GLOBAL STATUS LIKE ?', [name]);
    return Number((rows as { Value: string }[])[0]?.Value);
  }

  test('makes four connections, keeps them, and prepares each statement once on each', async () => {
    await goLive(person(0));
    expect(new Set(await wave(400))).toEqual(new Set([0]));
    const before = {
      ids: await connections(),
      made: await status('Connections'),
      prepared: await status('Com_stmt_prepare'),
    };
    expect(before.ids.length).toBeLessThanOrEqual(POOL);
    const running = wave(600);
    expect((await connections()).length).toBeLessThanOrEqual(POOL);
    expect(new Set(await running)).toEqual(new Set([0]));
    expect(await connections()).toEqual(before.ids);
    expect(await status('Connections')).toBe(before.made);
    // A statement that one of the four had not run yet may still come up.
    expect((await status('Com_stmt_prepare')) - before.prepared).toBeLessThan(40);
  });

  test('clients do not notice connections that break in the middle of it', async () => {
    const running = wave(600);
    let cut = 0;
    for (let round = 0; round < 3; round += 1) {
      await new Promise((resolve) => setTimeout(resolve, 40));
      for (const id of await connections()) {
        await admin.query(`KILL CONNECTION ${id}`).catch(() => undefined);
        cut += 1;
      }
    }
    expect(new Set(await running)).toEqual(new Set([0]));
    expect(cut).toBeGreaterThan(2);
  });

  test('a fail-over in the middle of it loses nothing that was acknowledged, and is over with the server', async () => {
    const anchor = person(0);
    const roomId = anchor.userId;
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    const entered: string[] = [];
    const answers = Promise.all(
      people.slice(1).map(async (viewer, n) => {
        // One after the other, so that the fail-over hits some of them before, some in and some after the work.
        await new Promise((resolve) => setTimeout(resolve, n * 4));
        const { errorCode } = await viewer.call('rooms/enter_room', { roomId, role: 'audience' });
        if (errorCode === 0) entered.push(viewer.userId);
        return errorCode;
      }),
    );
    await until('some are in', () => entered.length >= 5);
    admin.destroy();
    await server.kill();
    await server.restart();
    for (const code of await answers) expect([0, 103]).toContain(code);
    const there = await anchor.must<{ userId: string }[]>('rooms/list_users', { roomId, limit: 100 });
    expect(entered.length).toBeGreaterThan(0);
    expect(there.map(({ userId }) => userId)).toEqual(expect.arrayContaining(entered));
    expect(new Set(await wave(64))).toEqual(new Set([0]));
  });
});
