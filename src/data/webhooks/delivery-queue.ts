/**
 * Deliveries that are still to be made, as whoever sends them takes them. Of one room and webhook, the oldest comes first.
 *
 * A pending delivery is free where nobody has tried it (attempts = 0), or its next_at has come. Whoever takes it counts an
 * attempt and moves next_at to where his lease ends. Of a room only the first one decides what goes: behind one that is
 * not free nothing is sent, and whoever has sent the first one looks for what is behind it.
 *
 * No statement reads more for there being more to send: each looks at a window of what is due, or at the first few of
 * rooms that it names.
 */

import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, choice, columns, computed, filledUp, list, raw, read, type Sql, sql, write } from '../engine/sql';
import { FOREVER } from '../schema';
import { DELIVERY, DELIVERY_STATE, type Delivery, WITH_EVENT } from './deliveries';

type Reader = Pick<Executor, 'query' | 'kind'>;

/** The first pending delivery of the same room and webhook. Ordered by all of the index, or MySQL reads the whole room. */
function firstOfRoom(column: 'id' | 'next_at'): Sql {
  return sql`(SELECT f.${raw(column)} FROM deliveries f ${byIndex('deliveries_of_room')}
    WHERE f.webhook_id = d.webhook_id AND f.room_pk = d.room_pk AND f.state = 0
    ORDER BY f.webhook_id, f.room_pk, f.state, f.id LIMIT 1)`;
}

/** What is due, with what is at the front of its room (which says nothing where room_pk is 0). */
export type Due = Delivery & { first_id: number; first_at: number };

/** The first `limit` of what is due, whatever is in front of it. */
export function dueDeliveries(db: Reader, due: { webhookId: number; now: number; limit: number }): Promise<Due[]> {
  const first = { first_id: firstOfRoom('id'), first_at: firstOfRoom('next_at') };
  const found = both(DELIVERY, computed<{ first_id: number; first_at: number }>(first));
  const statement = sql`SELECT ${found} FROM deliveries d ${byIndex('deliveries_due')} ${WITH_EVENT}
    WHERE d.state = 0 AND d.webhook_id = ${due.webhookId} AND d.next_at <= ${due.now}
    ORDER BY d.next_at, d.id LIMIT ${due.limit}`;
  return db.query(read('deliveries.due', found, statement));
}

/** The number of no room, with either sign (rules/webhooks/events.ts). */
const NO_ROOM = -FOREVER;

/** The first `limit` pending ones of each of these rooms, due or not; by room, in order. */
export async function nextOfRooms(
  db: Reader,
  of: { webhookId: number; rooms: readonly number[]; limit: number },
): Promise<ReadonlyMap<number, readonly Delivery[]>> {
  // SQLite wants the parentheses of a derived table.
  const ofRoom = (room: number) => sql`SELECT * FROM (SELECT ${DELIVERY} FROM deliveries d
    ${byIndex('deliveries_of_room')} ${WITH_EVENT} WHERE d.webhook_id = ${of.webhookId} AND d.room_pk = ${room}
    AND d.state = 0 ORDER BY d.id LIMIT ${of.limit}) front`;
  const statement = filledUp(of.rooms.map(ofRoom), ofRoom(NO_ROOM), ' UNION ALL ');
  const next = new Map<number, Delivery[]>();
  for (const row of await db.query(read('deliveries.next_of_rooms', DELIVERY, statement))) {
    const known = next.get(row.room_pk);
    if (known) known.push(row);
    else next.set(row.room_pk, [row]);
  }
  // Nothing says that a UNION keeps the order of its parts.
  for (const rows of next.values()) rows.sort((a, b) => a.id - b.id);
  return next;
}

export interface RoomOfWebhook {
  webhookId: number;
  room: number;
  limit: number;
}

/** As nextOfRooms, for one room; those of a batch share the first one's limit. */
export const nextOfRoom = batched<RoomOfWebhook, readonly Delivery[]>({
  name: 'deliveries_next',
  keyOf: ({ webhookId, room }) => `${webhookId} ${room}`,
  partition: ({ webhookId }) => webhookId,
  run: async (db, asked) => {
    const [{ webhookId, limit }] = asked;
    const found = await nextOfRooms(db, { webhookId, rooms: asked.map(({ room }) => room), limit });
    return asked.map(({ room }) => found.get(room) ?? []);
  },
});

/** Whether it may be taken now. Statements ask the same. */
export function isFree({ attempts, next_at }: Pick<Delivery, 'attempts' | 'next_at'>, now: number): boolean {
  return attempts === 0 || next_at <= now;
}

const TAKEN = columns('deliveries', 'd', ['id']);

/**
 * Takes those that are free until `until`, which must differ from what others choose; gives of which ones another process
 * was not faster. Where two chose the same moment, both send, which a receiver has to stand anyway.
 */
export async function takeDeliveries(
  db: Executor,
  ids: readonly number[],
  { now, until }: { now: number; until: number },
): Promise<ReadonlySet<number>> {
  const statement = sql`UPDATE deliveries SET next_at = ${until}, attempts = attempts + 1
    WHERE id IN (${list(ids)}) AND state = 0 AND (attempts = 0 OR next_at <= ${now})`;
  const { affected } = await db.execute(write('deliveries.take', 'never', statement));
  if (affected === ids.length) return new Set(ids);
  if (affected === 0) return new Set();
  const which = sql`SELECT ${TAKEN} FROM deliveries d WHERE d.id IN (${list(ids)}) AND d.next_at = ${until}`;
  return new Set((await db.query(read('deliveries.taken', TAKEN, which))).map(({ id }) => id));
}

/** Deliveries that this process may send until `until` (ms). */
export interface Lease {
  until: number;
  ids: ReadonlySet<number>;
}

export interface WantedLease {
  /** At least one. */
  ids: readonly number[];
  now: number;
  until: number;
}

/** As takeDeliveries, for one bundle; those of a batch share the first one's times. */
export const takeBundle = batched<WantedLease, Lease>({
  name: 'deliveries_taken',
  keyOf: ({ ids }) => ids[0],
  run: async (db, bundles) => {
    const [{ now, until }] = bundles;
    const wanted = bundles.flatMap((bundle) => bundle.ids);
    const ids = await takeDeliveries(db, wanted, { now, until });
    return bundles.map(() => ({ until, ids }));
  },
});

/** What was taken until `until` and not sent, as though it had not been taken; due at `at`. */
export async function releaseDeliveries(
  db: Executor,
  ids: readonly number[],
  { until, at }: { until: number; at: number },
): Promise<void> {
  const statement = sql`UPDATE deliveries SET next_at = ${at}, attempts = attempts - 1
    WHERE id IN (${list(ids)}) AND state = 0 AND next_at = ${until}`;
  await db.execute(write('deliveries.release', 'never', statement));
}

/** What is due and has to wait for something in front of it is not looked at again before `at`. */
export async function deferDeliveries(
  db: Executor,
  waiting: readonly { id: number; at: number }[],
  now: number,
): Promise<void> {
  const times = waiting.map(({ id, at }) => [id, at] as const);
  const statement = sql`UPDATE deliveries SET next_at = ${choice(raw('id'), times)}
    WHERE id IN (${list(waiting.map(({ id }) => id))}) AND state = 0 AND next_at <= ${now}`;
  await db.execute(write('deliveries.defer', 'safe', statement));
}

export interface DeliveryEnd {
  id: number;
  state: 'delivered' | 'failed';
  status: number;
}

export async function endDeliveries(db: Executor, ends: readonly DeliveryEnd[]): Promise<void> {
  const states = ends.map(({ id, state }) => [id, DELIVERY_STATE[state]] as const);
  const statuses = ends.map(({ id, status }) => [id, status] as const);
  const statement = sql`UPDATE deliveries SET state = ${choice(raw('id'), states)},
    last_status = ${choice(raw('id'), statuses)} WHERE id IN (${list(ends.map(({ id }) => id))})`;
  await db.execute(write('deliveries.end', 'safe', statement));
}

/** As endDeliveries, for one bundle of at least one delivery. */
export const endBundle = batched<readonly DeliveryEnd[], void>({
  name: 'deliveries_ended',
  keyOf: ([first]) => first?.id,
  run: async (db, bundles) => {
    await endDeliveries(db, bundles.flat());
    return bundles.map(() => undefined);
  },
});

/** It is tried again at `at`. */
export async function putOff(db: Executor, id: number, next: { at: number; status: number }): Promise<void> {
  const statement = sql`UPDATE deliveries SET next_at = ${next.at}, last_status = ${next.status}
    WHERE id = ${id} AND state = 0`;
  await db.execute(write('deliveries.put_off', 'safe', statement));
}
