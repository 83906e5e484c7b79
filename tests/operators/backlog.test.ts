/** Many deliveries that wait: what taking some costs, that each room's come in order, and that no room keeps others waiting. */
import { createServer, type Server, type ServerResponse } from 'node:http';
import type { Executor } from '../../src/data/engine/database';
import { columns, computed, raw, sql } from '../../src/data/engine/sql';
import { dueDeliveries, nextOfRooms, takeDeliveries } from '../../src/data/webhooks/delivery-queue';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { until } from '../../testkit/lived';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';
import { look, meddle, rowsInto } from '../../testkit/statements';
import { countStatements } from './support/recorded';

const ROOMS = 40;
const OF_ROOM = 250;
/** Rows that one statement may read: its result, their events, and the first of each room. */
const MOST_READ = 1_000;
const ROWS_AT_ONCE = 1_000;

const STORED = columns('deliveries', 'd', ['id', 'state', 'attempts']);

interface Got {
  room: number;
  sequence: number;
}

onBothDatabases((kind) => {
  const env = { ADMIN_KEY, SIGN_UPS_PER_MINUTE: '0', WEBHOOK_ALLOW_PRIVATE: 'true' };
  const stage = useStage(kind, { env });
  const got: Got[] = [];
  let receiver: Server;
  let webhookId = 0;
  let answer: (reply: ServerResponse, got: Got) => void;

  beforeAll(async () => {
    receiver = createServer((request, reply) => {
      let body = '';
      request.on('data', (part: Buffer) => {
        body += part.toString();
      });
      request.on('end', () => {
        const one: Got = JSON.parse(body);
        got.push(one);
        answer(reply, one);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
  });
  afterAll(async () => {
    receiver.closeAllConnections();
    await new Promise((resolve) => receiver.close(resolve));
  });
  beforeEach(async () => {
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    const added = await operatorOf(stage()).must<{ webhookId: string }>('add_webhook', { url });
    webhookId = Number(added.webhookId);
    answer = (reply) => reply.writeHead(204).end();
    got.length = 0;
  });
  afterEach(async () => {
    await operatorOf(stage()).must('remove_webhook', { webhookId: String(webhookId) });
  });

  const db = () => stage().services.database.forRequest();
  const deliver = () => createDeliverer(stage().services).deliverDue(() => true);

  /** `of` events of each of these rooms, one room after the other, numbered from `after` on. */
  async function fill(rooms: readonly number[], of: number, after = 0): Promise<void> {
    const now = stage().clock.now();
    const last = computed<{ id: number }>({ id: raw('COALESCE(MAX(id), 0)') });
    const [newest] = await look(db(), last, sql`SELECT ${last} FROM webhook_events`);
    const events = rooms.flatMap((room) =>
      Array.from({ length: of }, (_, n) => ({ room, body: JSON.stringify({ room, sequence: after + n + 1 }) })),
    );
    for (let from = 0; from < events.length; from += ROWS_AT_ONCE) {
      const some = events.slice(from, from + ROWS_AT_ONCE).map((event, n) => {
        return { ...event, id: (newest?.id ?? 0) + from + n + 1 };
      });
      const written = some.map(({ id, body }) => {
        return { id, event_id: `evt_${String(id).padStart(22, '0')}`, tenant: '', type: 'x', body, created_at: now };
      });
      await meddle(db(), rowsInto('webhook_events', ...written));
      const deliveries = some.map(({ id, room }) => {
        return { webhook_id: webhookId, event_pk: id, room_pk: room, next_at: now, created_at: now };
      });
      await meddle(db(), rowsInto('deliveries', ...deliveries));
    }
  }

  const stored = () =>
    look(db(), STORED, sql`SELECT ${STORED} FROM deliveries d WHERE d.webhook_id = ${webhookId} ORDER BY d.id`);
  const sequences = (room: number) => got.filter((one) => one.room === room).map(({ sequence }) => sequence);
  const numbers = (from: number, length: number) => Array.from({ length }, (_, n) => from + n);

  /** Rows, and entries of indexes, that the server reads for it. MySQL only. */
  async function rowsReadBy(work: (tx: Executor) => Promise<unknown>): Promise<number> {
    const status = computed<{ Variable_name: string; Value: string }>({ Variable_name: raw(''), Value: raw('') });
    return db().transaction(async (tx) => {
      const read = async () => {
        const rows = await look(tx, status, raw("SHOW SESSION STATUS LIKE 'Handler_read%'"));
        return rows.reduce((sum, { Value }) => sum + Number(Value), 0);
      };
      const [before, again] = [await read(), await read()];
      await work(tx);
      // Reading the counters counts too.
      return (await read()) - again - (again - before);
    });
  }

  test('taking work reads as little with 10,000 waiting as with a few', async () => {
    await fill(numbers(1, ROOMS), OF_ROOM);
    const now = stage().clock.now();
    const due = await dueDeliveries(db(), { webhookId, now, limit: 64 });
    expect(due).toHaveLength(64);
    // The fronts of all rooms but the last few are with a user.
    const fronts = await nextOfRooms(db(), { webhookId, rooms: numbers(1, ROOMS - 4), limit: 1 });
    const ids = [...fronts.values()].flat().map(({ id }) => id);
    expect((await takeDeliveries(db(), ids, { now, until: now + 30_000 })).size).toBe(ROOMS - 4);
    if (kind !== 'mysql') return;
    const rooms = numbers(1, 16);
    const costs = [
      await rowsReadBy((tx) => dueDeliveries(tx, { webhookId, now, limit: 64 })),
      await rowsReadBy((tx) => nextOfRooms(tx, { webhookId, rooms, limit: 16 })),
    ];
    expect(costs.filter((cost) => cost === 0 || cost > MOST_READ)).toEqual([]);
  });

  test('events that wait do not hide later ones', async () => {
    const [first, second] = [1, 2];
    answer = (reply, { room }) => reply.writeHead(room === first ? 500 : 204).end();
    await fill([first], 200);
    await fill([second], 1);
    await deliver();
    expect([sequences(first), sequences(second)]).toEqual([[1], [1]]);
    answer = (reply) => reply.writeHead(204).end();
    stage().wait(6);
    await deliver();
    expect(sequences(first)).toEqual([1, ...numbers(1, 200)]);
  });

  test('the events of a room go in order, with fewer statements than there are events', async () => {
    const statements = countStatements(stage());
    await fill([7], 320);
    const before = statements();
    expect(await deliver()).toBe(320);
    // About 100. A busy machine sends in smaller batches.
    expect(statements() - before).toBeLessThan(320);
    expect(sequences(7)).toEqual(numbers(1, 320));
  });

  test('rooms with a long queue keep no other from its turn', async () => {
    const long = numbers(100, 20);
    const short = numbers(200, 5);
    await fill(long, 20);
    await fill(short, 1);
    await fill(long, 80, 20);
    expect(await deliver()).toBe(2_005);
    const turns = short.map((room) => got.findIndex((one) => one.room === room));
    expect(turns.filter((turn) => turn < 0 || turn > 1_250)).toEqual([]);
    for (const room of long) expect(sequences(room)).toEqual(numbers(1, 100));
  });

  test('a refused event delays the later ones of its room, which were not tried', async () => {
    answer = (reply, { sequence }) => reply.writeHead(sequence === 3 ? 500 : 204).end();
    await fill([9], 6);
    await deliver();
    expect(sequences(9)).toEqual([1, 2, 3]);
    expect((await stored()).map(({ state, attempts }) => [state, attempts])).toEqual([
      [1, 1],
      [1, 1],
      [0, 1],
      [0, 0],
      [0, 0],
      [0, 0],
    ]);
    answer = (reply) => reply.writeHead(204).end();
    stage().wait(6);
    await deliver();
    expect(sequences(9)).toEqual([1, 2, 3, 3, 4, 5, 6]);
  });

  test('several processes send each event of each room once, in order', async () => {
    const rooms = numbers(300, 12);
    await fill(rooms, 50);
    const counts = await Promise.all(Array.from({ length: 3 }, deliver));
    await deliver();
    expect(got).toHaveLength(600);
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeLessThanOrEqual(600);
    for (const room of rooms) expect(sequences(room)).toEqual(numbers(1, 50));
  });

  test('a process that was frozen does not continue with events that another has taken over', async () => {
    let thaw: (() => void) | undefined;
    answer = (reply, { sequence }) => {
      const end = () => reply.writeHead(204).end();
      if (sequence === 2 && !thaw) thaw = end;
      else end();
    };
    await fill([11], 5);
    const frozen = deliver();
    await until('it waits for an answer', () => thaw !== undefined);
    await until('the accepted delivery is stored', async () => (await stored())[0]?.state === 1);
    stage().wait(60);
    await deliver();
    expect(sequences(11)).toEqual([1, 2, 2, 3, 4, 5]);
    thaw?.();
    await frozen;
    expect(sequences(11)).toEqual([1, 2, 2, 3, 4, 5]);
  });
});
