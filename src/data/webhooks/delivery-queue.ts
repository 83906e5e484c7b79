/**
 * Pending deliveries, in the order in which senders claim them. The oldest of one room and webhook comes first.
 *
 * A pending delivery is free if it has no attempt (attempts = 0), or its next_at has come. The sender that claims it counts an
 * attempt and sets next_at to the end of its lease. Only the first one of a room decides: behind one that is
 * not free nothing is sent, and the sender of the first one reads those behind it.
 *
 * A statement does not read more if more is pending: each reads a window of due deliveries, or the first few of
 * rooms that it names.
 */

import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, each, int, ints, raw, read, type Sql, sql, write } from '../engine/sql';
import { FOREVER } from '../schema';
import { DELIVERY, DELIVERY_STATE, type Delivery, WITH_EVENT } from './deliveries';

type Reader = Pick<Executor, 'query'>;

/** The first pending delivery of the same room and webhook. Ordered by all of the index, or MySQL reads the whole room. */
function firstOfRoom(column: 'id' | 'next_at'): Sql {
  return sql`(SELECT f.${raw(column)} FROM deliveries f ${byIndex('deliveries_of_room')}
    WHERE f.webhook_id = d.webhook_id AND f.room_pk = d.room_pk AND f.state = 0
    ORDER BY f.webhook_id, f.room_pk, f.state, f.id LIMIT 1)`;
}

/** Due deliveries, with the front of their room (meaningless if room_pk is 0). */
export type Due = Delivery & { first_id: number; first_at: number };

const DUE = both(
  DELIVERY,
  computed<{ first_id: number; first_at: number }>({
    first_id: firstOfRoom('id'),
    first_at: firstOfRoom('next_at'),
  }),
);
const FIND_DUE = read(
  'deliveries.due',
  DUE,
  sql`SELECT ${DUE} FROM deliveries d ${byIndex('deliveries_due')} ${WITH_EVENT}
    WHERE d.state = 0 AND d.webhook_id = ${int('webhookId')} AND d.next_at <= ${int('now')}
    ORDER BY d.next_at, d.id LIMIT ${int('limit')}`,
);

/** The first `limit` due deliveries, regardless of those in front of them. */
export function dueDeliveries(db: Reader, due: { webhookId: number; now: number; limit: number }): Promise<Due[]> {
  return db.query(FIND_DUE, due);
}

/** The number of no room, with either sign (rules/webhooks/events.ts). */
const NO_ROOM = -FOREVER;

// SQLite wants the parentheses of a derived table.
const FRONT = sql`SELECT * FROM (SELECT ${DELIVERY} FROM deliveries d
    ${byIndex('deliveries_of_room')} ${WITH_EVENT} WHERE d.webhook_id = ${int('webhookId')} AND d.room_pk = ${int('room')}
    AND d.state = 0 ORDER BY d.id LIMIT ${int('limit')}) front`;
const NO_FRONT = { webhookId: 0, room: NO_ROOM, limit: 1 };
const NEXT = read('deliveries.next_of_rooms', DELIVERY, each('rooms', FRONT, ' UNION ALL ', NO_FRONT));

/** The first `limit` pending ones of each of these rooms, due or not; by room, in order. */
export async function nextOfRooms(
  db: Reader,
  { webhookId, rooms, limit }: { webhookId: number; rooms: readonly number[]; limit: number },
): Promise<ReadonlyMap<number, readonly Delivery[]>> {
  const next = new Map<number, Delivery[]>();
  for (const row of await db.query(NEXT, { rooms: rooms.map((room) => ({ webhookId, room, limit })) })) {
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

/** The same as nextOfRooms, for one room; requests of a batch share the limit of the first. */
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

const TAKE = write(
  'deliveries.take',
  'never',
  sql`UPDATE deliveries SET next_at = ${int('until')}, attempts = attempts + 1
    WHERE id IN (${ints('ids')}) AND state = 0 AND (attempts = 0 OR next_at <= ${int('now')})`,
);
const TAKEN = columns('deliveries', 'd', ['id']);
const FIND_TAKEN = read(
  'deliveries.taken',
  TAKEN,
  sql`SELECT ${TAKEN} FROM deliveries d WHERE d.id IN (${ints('ids')}) AND d.next_at = ${int('until')}`,
);

/**
 * Claims the free ones until `until`, which must differ from the choice of others; returns those for which another process
 * was not faster. If two chose the same moment, both send: a receiver has to accept an event twice anyway.
 */
export async function takeDeliveries(
  db: Executor,
  ids: readonly number[],
  times: { now: number; until: number },
): Promise<ReadonlySet<number>> {
  const { affected } = await db.execute(TAKE, { ids, ...times });
  if (affected === ids.length) return new Set(ids);
  if (affected === 0) return new Set();
  return new Set((await db.query(FIND_TAKEN, { ids, ...times })).map(({ id }) => id));
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

/** The same as takeDeliveries, for one bundle; requests of a batch share the times of the first. */
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

const RELEASE = write(
  'deliveries.release',
  'never',
  sql`UPDATE deliveries SET next_at = ${int('at')}, attempts = attempts - 1
    WHERE id IN (${ints('ids')}) AND state = 0 AND next_at = ${int('until')}`,
);

/** Releases unsent deliveries that were claimed until `until`; due at `at`. */
export async function releaseDeliveries(
  db: Executor,
  ids: readonly number[],
  times: { until: number; at: number },
): Promise<void> {
  await db.execute(RELEASE, { ids, ...times });
}

const IS_ONE = sql`id IN (${each('deliveries', int('id'), ', ')})`;
const DEFER = write(
  'deliveries.defer',
  'safe',
  sql`UPDATE deliveries SET next_at = CASE id ${each('deliveries', sql`WHEN ${int('id')} THEN ${int('at')}`, ' ')} END
    WHERE ${IS_ONE} AND state = 0 AND next_at <= ${int('now')}`,
);

/** Due deliveries that wait for others in front of them are not read again before `at`. */
export async function deferDeliveries(
  db: Executor,
  deliveries: readonly { id: number; at: number }[],
  now: number,
): Promise<void> {
  await db.execute(DEFER, { deliveries, now });
}

export interface DeliveryEnd {
  id: number;
  state: 'delivered' | 'failed';
  status: number;
}

const END = write(
  'deliveries.end',
  'safe',
  sql`UPDATE deliveries SET state = CASE id ${each('deliveries', sql`WHEN ${int('id')} THEN ${int('stateNo')}`, ' ')} END,
    last_status = CASE id ${each('deliveries', sql`WHEN ${int('id')} THEN ${int('status')}`, ' ')} END WHERE ${IS_ONE}`,
);

export async function endDeliveries(db: Executor, ends: readonly DeliveryEnd[]): Promise<void> {
  await db.execute(END, { deliveries: ends.map((end) => ({ ...end, stateNo: DELIVERY_STATE[end.state] })) });
}

/** The same as endDeliveries, for one bundle of at least one delivery. */
export const endBundle = batched<readonly DeliveryEnd[], void>({
  name: 'deliveries_ended',
  keyOf: ([first]) => first?.id,
  run: async (db, bundles) => {
    await endDeliveries(db, bundles.flat());
    return bundles.map(() => undefined);
  },
});

const PUT_OFF = write(
  'deliveries.put_off',
  'safe',
  sql`UPDATE deliveries SET next_at = ${int('at')}, last_status = ${int('status')} WHERE id = ${int('id')} AND state = 0`,
);

/** It is tried again at `at`. */
export async function putOff(db: Executor, id: number, next: { at: number; status: number }): Promise<void> {
  await db.execute(PUT_OFF, { id, ...next });
}
