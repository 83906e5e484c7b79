/**
 * The plans of all statements that the service sends, on tables large enough for a bad plan to be chosen if there is one:
 * on what users ask for, and on callbacks, no full scan, no temporary table and no sorting of more than a page.
 */
import { type Connection, createConnection } from 'mysql2/promise';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPeople, type Person, sign, signInAgain } from '../../testkit/people';
import { layout, seed } from '../../testkit/seed';
import { whenReady } from '../../testkit/service';
import { START, type Stage, startStage } from '../../testkit/stage';
import { imCallback, memberStateChange, roomEvent, stateChange, trtcCallback } from '../../testkit/vendor';
import { JWT_ENV, ownToken } from '../contract/support/identity-ways';
import { afterOf, askIm, beforeGroup } from '../review/support';
import { explain, type Logged, problemsOf, takeStatements } from './support/explain';

const SCALE = { users: 20_000, rooms: 10_000, live: 2_000, members: 90_000 };
const { owner, onAir, room, tenant } = layout(SCALE);
const CROWD = 4_000;

/** Run once a minute, once a broadcast, or for statistics, and bounded by something other than an index. */
const KNOWN: readonly { name: string; problem: RegExp }[] = [
  // All webhooks of all tenants, once in three seconds and process: a handful of rows.
  { name: 'webhooks.enabled', problem: /full scan$/ },
  // A deletion: one sign-up and the sign-ins of the last minutes, from two tables.
  { name: 'activity.keep_of_user', problem: /<union1,2>: a (temporary table|full scan)$/ },
  // The counts of one room: a derived table of one row.
  { name: 'presence.enter_alone', problem: /^<derived2>: a full scan$/ },
  // The index contains the changed state: MySQL collects the rows first.
  { name: 'held.expire', problem: /^held: a temporary table$/ },
];

describeWithMysql('the plans of all statements', () => {
  let server: MysqlServer;
  let stage: Stage;
  let connection: Connection;
  /** The same database, without work for IM and TRTC. */
  let quiet: Stage;
  let people: Person[];
  /** Open rooms live; every caller seems to be in the first. */
  const roomIds = Array.from({ length: SCALE.live }, (_, live) => live)
    .filter((live) => onAir(live) && tenant(live) === '')
    .map((live) => String(owner(live)));
  const [fullRoom = '', otherRoom = ''] = roomIds;

  beforeAll(async () => {
    server = await startMysqlServer({ options: ['--log-output=TABLE', '--general-log=ON'] });
    const database = server.createDatabaseName();
    stage = await startStage('mysql', { env: { ...server.env(database), ...JWT_ENV, ADMIN_KEY } });
    await whenReady(stage);
    const off = { TIM_ENDPOINT: 'off', TRTC_ENDPOINT: 'off' };
    quiet = await startStage('mysql', { env: { ...server.env(database), ...off } });
    const { host, port, user, password } = server;
    connection = await createConnection({ host, port, user, password, database });
    await seed(connection, SCALE, START);
    await connection.query(
      `INSERT IGNORE INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
        SELECT ${room(0)}, 1, id, 'audience', 1, ${START} - id, 9000000000000000 FROM users WHERE id <= ${CROWD}`,
    );
    // An empty table is read from end to end, with any indexes.
    await connection.query(
      `INSERT IGNORE INTO reports (tenant, room_pk, broadcast_no, by_user, reason, created_at)
        SELECT '', id, 1, id, 'spam', ${START} - id FROM users WHERE id <= ${CROWD}`,
    );
    await connection.query(
      `INSERT IGNORE INTO broadcasts (tenant, room_id, broadcast_no, owner_id, started_at, ended_at, ended_by, clean_at)
        SELECT tenant, room_id, 1, owner_id, ${START} - id - 1000, ${START} - id, 'owner', 0 FROM rooms WHERE status = 0`,
    );
    await connection.query('ANALYZE TABLE members, reports, broadcasts');
    people = await newPeople(stage, 12);
  });

  afterAll(async () => {
    await connection.end();
    await quiet.close();
    await stage.close();
    await server.stop();
  });

  async function problemsIn(statements: readonly Logged[]): Promise<string[]> {
    const found: string[] = [];
    for (const { name, sql, shape } of statements) {
      const known = KNOWN.filter((one) => one.name === name);
      const problems = problemsOf(await explain(connection, sql), sql).filter(
        (problem) => !known.some((one) => one.problem.test(problem)),
      );
      found.push(...problems.map((problem) => `${name}: ${problem} in ${shape}`));
      if (name === 'nameless') found.push(`no name: ${shape}`);
    }
    return found;
  }

  /** Runs `act` and checks the plans of all its statements. */
  async function plansOf(work: () => Promise<unknown>, least = 1): Promise<void> {
    await takeStatements(connection);
    await work();
    const statements = await takeStatements(connection);
    expect(statements.length).toBeGreaterThanOrEqual(least);
    expect(await problemsIn(statements)).toEqual([]);
  }

  const person = (n: number): Person => {
    const one = people[n];
    if (!one) throw new Error(`there is no person ${n}`);
    return one;
  };

  test('the check finds a full scan, a large sort, a temporary table and a join without an index', async () => {
    const check = async (sql: string) => problemsOf(await explain(connection, sql), sql).join();
    expect(await check("SELECT id FROM users WHERE avatar = 'x'")).toMatch(/full scan/);
    expect(await check('SELECT COUNT(*) FROM users')).toMatch(/full scan of an index/);
    expect(await check(`SELECT role FROM members WHERE room_pk = ${room(0)} ORDER BY alive_until`)).toMatch(/to sort/);
    expect(await check('SELECT tag, COUNT(*) FROM users GROUP BY tag')).toMatch(/temporary/);
    expect(await check('UPDATE users SET avatar = tag WHERE avatar = tag2')).toMatch(/full scan/);
    expect(await check(`SELECT 1 FROM rooms r JOIN members m ON m.role = r.title WHERE r.id = ${room(0)}`)).not.toBe(
      '',
    );
    expect(await check(`SELECT title FROM rooms WHERE id = ${room(0)}`)).toBe('');
  });

  test('signing up, in and out, profiles and keepalives', async () => {
    const others = await newPeople(stage, 4);
    await plansOf(async () => {
      const [me] = await newPeople(stage, 1);
      if (!me) throw new Error('the sign-up failed');
      const again = await signInAgain(stage, me, { nickname: 'n', avatar: 'https://example.com/a.png' });
      await again.must('auth_users/user_login_token');
      await again.must('auth_users/user_update', { name: 'new name' });
      await again.must('auth_users/user_query');
      await again.must('auth_users/user_query', { searchUserId: person(1).userId });
      await again.call('auth_users/user_query', { searchPhone: '15' });
      await again.must('auth_users/getUserInfoBatch', { userId: people.map(({ userId }) => userId).join('|') });
      await again.call('cos/config', { category: 'avatar' });
      await again.must('auth_users/user_keepalive');
      stage.wait(20);
      await Promise.all(people.map((one) => one.must('auth_users/user_keepalive')));
      const ts = String(stage.clock.now());
      const signature = sign({ username: me.username, ts, secret: me.salt });
      const leaving = [again, await signInAgain(stage, me, { ts, signature }), ...others];
      await Promise.all(leaving.map((one) => one.must('auth_users/user_logout')));
      await me.must('auth_users/user_delete');
      const idToken = ownToken('somebody', stage.clock.now());
      expect(await stage.call('oauth/exchange', { idToken })).toMatchObject({ errorCode: 0 });
    }, 15);
  });

  test.each([
    ['newest first', {}],
    ['busiest first', { orderBy: 'totalJoined' }],
    ['newest of a category', { category: 'c1' }],
    ['busiest of a category', { category: 'c1', orderBy: 'totalJoined' }],
    ['a page far down', { offset: 1_000, limit: 100 }],
    [
      'a page far down of the busiest of a category',
      { offset: 600, limit: 100, category: 'c1', orderBy: 'totalJoined' },
    ],
    ['100 rooms by id', { roomIds: roomIds.slice(0, 100), limit: 100 }],
    ['100 rooms by id, busiest first', { roomIds: roomIds.slice(0, 100), orderBy: 'totalJoined', category: 'c1' }],
    ['rooms of a time', { startUtc: '2026-11-22 12:00:00', endUtc: '2026-11-23 00:00:00' }],
    ['rooms of a time, busiest first', { startUtc: '2026-11-22 12:00:00', orderBy: 'totalJoined' }],
  ])('query_room: %s', async (_, params) => {
    await plansOf(async () => {
      const rooms = await person(0).must<unknown[]>('rooms/query_room', params);
      expect(rooms.length).toBeGreaterThanOrEqual(10);
    });
  });

  test('a room, full and not, and who is in it', async () => {
    await plansOf(async () => {
      for (const roomId of [fullRoom, otherRoom]) {
        await person(0).must('rooms/room_detail', { roomId });
        const members = await person(0).must<unknown[]>('rooms/list_users', { roomId, limit: 100 });
        expect(members.length).toBeGreaterThan(20);
      }
      // The call is in one batch with others.
      stage.wait(2);
      await Promise.all(
        roomIds.slice(0, 6).map((roomId) => person(0).must('rooms/list_users', { roomId, limit: 100 })),
      );
    }, 4);
  });

  test('entering, changing and leaving rooms, going live and ending it', async () => {
    await plansOf(async () => {
      const [anchor, viewer] = [person(2), person(3)];
      for (const roomId of [fullRoom, otherRoom]) {
        await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
        await viewer.must('rooms/update_room', { roomId, role: 'guest' });
        await viewer.must('rooms/leave_room', { roomId });
      }
      const roomId = anchor.userId;
      await anchor.must('rooms/generate_roomid');
      for (const title of ['first', 'second']) {
        await anchor.must('rooms/enter_room', { roomId, role: 'anchor', title, category: 'c2' });
        await anchor.must('rooms/enter_room', { roomId, role: 'anchor', title: `${title} again` });
        await anchor.must('rooms/room_detail', { roomId });
        await viewer.must('reports/report_room', { targetRoomId: roomId, reason: 'other' });
        await anchor.must('rooms/update_room', { roomId, title, cover: 'https://example.com/c.png' });
        await anchor.must('rooms/destroy_room', { roomId });
      }
    }, 20);
  });

  test('messages before and after they go out', async () => {
    await operatorOf(stage).must('change_review_settings', { enabled: true });
    await operatorOf(stage).must('add_words', { words: ['heldword'], action: 'hold' });
    await plansOf(async () => {
      for (const text of ['hello', 'a heldword']) {
        const message = beforeGroup(fullRoom, person(3).userId, text);
        await askIm(stage, message);
        await imCallback(stage, afterOf(message, 5));
      }
      await stage.services.review.chatLog.flush();
    }, 5);
  });

  test('the calls of a host in the host’s room', async () => {
    await plansOf(async () => {
      const [anchor, viewer] = [person(2), person(3)];
      const roomId = anchor.userId;
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'c2' });
      const target = { roomId, targetUserId: viewer.userId, seconds: 60 };
      const changes = ['rooms/mute_user', 'rooms/unmute_user', 'rooms/kick_user', 'rooms/unblock_user'];
      for (const call of [...changes, 'rooms/add_admin', 'rooms/remove_admin']) await anchor.must(call, target);
      await anchor.must('rooms/add_admin', target);
      await anchor.must('rooms/update_chat', { roomId, slowSeconds: 5 });
      await viewer.call('reports/appeal', { sanctionId: '1', text: 'x' });
      for (const call of ['rooms/list_blocked', 'rooms/list_admins', 'rooms/chat_rules']) {
        await anchor.must(call, { roomId });
      }
    }, 15);
  });

  test('going live and ending it without receivers of events', async () => {
    const [anchor] = await newPeople(quiet, 1);
    if (!anchor) throw new Error('the sign-up failed');
    const roomId = anchor.userId;
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
    await anchor.must('rooms/destroy_room', { roomId });
    await plansOf(async () => {
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
      await anchor.must('rooms/destroy_room', { roomId });
    }, 5);
  });

  test('callbacks of IM and TRTC', async () => {
    const { userId } = person(4);
    await person(4).must('rooms/enter_room', { roomId: otherRoom, role: 'audience' });
    await plansOf(async () => {
      const at = stage.clock.now();
      await imCallback(stage, stateChange(userId, 'Disconnect', at + 1));
      await imCallback(stage, stateChange(userId, 'Login', at + 2));
      const group = { roomId: otherRoom, userIds: [userId], at: at + 3 };
      await imCallback(stage, memberStateChange({ ...group, cause: 'HeartbeatInterrupt' }));
      await imCallback(stage, memberStateChange({ ...group, cause: 'HeartbeatRecover', at: at + 4 }));
      await trtcCallback(stage, roomEvent({ type: 104, roomId: otherRoom, userId, at: at + 5 }));
      await trtcCallback(stage, roomEvent({ type: 103, roomId: otherRoom, userId, at: at + 6 }));
    }, 4);
  });

  test('the scheduled work', async () => {
    await person(5).must('rooms/enter_room', { roomId: person(5).userId, role: 'anchor' });
    stage.wait(700);
    await plansOf(() => stage.maintain(), 5);
  });
});
