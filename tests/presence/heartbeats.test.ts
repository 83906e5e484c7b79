/** Keepalives as a batch: how many statements they take, whose they are when a user has signed out, and who came back. */
import { RequestBudget } from '../../src/base/request-budget';
import { endSessionsOf } from '../../src/data/accounts/session-ends';
import type { SessionKey } from '../../src/data/accounts/sessions';
import { columns, sql } from '../../src/data/engine/sql';
import { type BeatTimes, recordBeats, recordHeartbeat } from '../../src/data/presence/heartbeats';
import { onBothDatabases } from '../../testkit/database';
import { look, meddle } from '../../testkit/statements';

const NOW = Date.UTC(2026, 10, 23);
const TIMES: BeatTimes = { now: NOW, aliveUntil: NOW + 90_000, freshUntil: NOW + 75_000 };
let users = 0;

onBothDatabases((_kind, database) => {
  const db = () => database().request();

  /** Users who are online until some seconds from now, each with a session. */
  async function online(count: number, seconds: number): Promise<SessionKey[]> {
    const keys: SessionKey[] = [];
    for (let n = 0; n < count; n += 1) {
      users += 1;
      const key = { id: `session-${users}`.padEnd(22, '.'), userId: users };
      await meddle(db(), sql`INSERT INTO presence (user_id, alive_until) VALUES (${users}, ${NOW + seconds * 1000})`);
      await meddle(db(), sql`INSERT INTO sessions (id, user_id, expires_at) VALUES (${key.id}, ${users}, ${NOW * 2})`);
      keys.push(key);
    }
    return keys;
  }

  async function heartbeat(keys: readonly SessionKey[]) {
    const budget = new RequestBudget();
    const [first, ...others] = keys.map((session) => ({ session, times: TIMES }));
    if (!first) throw new Error('no one sends a heartbeat');
    const results = await recordBeats(database().request(budget), [first, ...others]);
    return {
      statements: budget.queries,
      alive: results.map(({ alive }) => alive),
      cameBack: results.map(({ cameBack }) => cameBack),
    };
  }

  async function rowOf({ userId }: SessionKey) {
    const row = columns('presence', '', ['alive_until', 'seen_at', 'heartbeat_seen']);
    return (await look(db(), row, sql`SELECT ${row} FROM presence WHERE user_id = ${userId}`))[0];
  }

  const beaten = { alive_until: TIMES.aliveUntil, seen_at: NOW, heartbeat_seen: 1 };

  test('one statement for all who are online', async () => {
    const keys = await online(5, 20);
    expect(await heartbeat(keys)).toEqual({
      statements: 1,
      alive: Array(5).fill(true),
      cameBack: Array(5).fill(false),
    });
    for (const key of keys) expect(await rowOf(key)).toEqual(beaten);
  });

  test('a session that has ended costs one more, and its user is not online for it', async () => {
    const keys = await online(5, 20);
    const [gone] = keys;
    if (!gone) throw new Error('the sign-up failed');
    await endSessionsOf(db(), gone.userId, NOW);
    expect(await heartbeat(keys)).toMatchObject({ statements: 2, alive: [false, true, true, true, true] });
    expect(await rowOf(gone)).toMatchObject({ alive_until: NOW + 20_000, heartbeat_seen: 0 });
    expect(await rowOf(keys[4] ?? gone)).toEqual(beaten);
  });

  test('a user who was offline is online; others see it of the owner and the members of an open room', async () => {
    const keys = [...(await online(2, 20)), ...(await online(4, -1))];
    const [owner = 0, member = 0, former = 0] = keys.slice(2).map(({ userId }) => userId);
    for (const [userId, status] of [
      [owner, 1],
      [former, 0],
    ]) {
      await meddle(
        db(),
        sql`INSERT INTO rooms (tenant, room_id, owner_id, status, broadcast_no, created_at, updated_at, updated_by)
          VALUES ('', ${`of-${userId}`}, ${userId ?? 0}, ${status ?? 0}, 1, ${NOW}, ${NOW}, ${userId ?? 0})`,
      );
    }
    await meddle(
      db(),
      sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until)
        VALUES (1, 1, ${member}, 'audience', 1, ${NOW}, ${NOW + 60_000})`,
    );
    expect(await heartbeat(keys)).toEqual({
      statements: 3,
      alive: Array(6).fill(true),
      cameBack: [false, false, true, true, false, false],
    });
    for (const key of keys) expect(await rowOf(key)).toEqual(beaten);
  });

  test("another's session, and one of a user who was deleted, are no sessions", async () => {
    const [one, other, deleted] = await online(3, 20);
    if (!one || !other || !deleted) throw new Error('the sign-up failed');
    await meddle(db(), sql`DELETE FROM presence WHERE user_id = ${deleted.userId}`);
    const keys = [{ id: other.id, userId: one.userId }, deleted];
    expect((await heartbeat(keys)).alive).toEqual([false, false]);
    expect(await rowOf(one)).toMatchObject({ alive_until: NOW + 20_000 });
  });

  test('a row that is fresh is left as it is', async () => {
    const [key] = await online(1, 80);
    if (!key) throw new Error('the sign-up failed');
    await heartbeat([key]);
    await meddle(
      db(),
      sql`UPDATE presence SET alive_until = ${NOW + 80_000}, seen_at = 5 WHERE user_id = ${key.userId}`,
    );
    expect(await heartbeat([key])).toMatchObject({ statements: 1, alive: [true] });
    expect(await rowOf(key)).toEqual({ alive_until: NOW + 80_000, seen_at: 5, heartbeat_seen: 1 });
  });

  test('a batch has a separate budget, and its cost is added to every request in it', async () => {
    const keys = await online(3, 20);
    const [over, ...others] = keys.map(() => new RequestBudget());
    over?.limit(-1);
    const budgets = [over, ...others].flatMap((budget) => budget ?? []);
    const results = await Promise.all(
      keys.map((session, n) => recordHeartbeat(database().request(budgets[n]), { session, times: TIMES })),
    );
    expect(results.map(({ alive }) => alive)).toEqual([true, true, true]);
    expect(budgets.map(({ queries }) => queries)).toEqual([1, 1, 1]);
  });
});
