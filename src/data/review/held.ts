/** Messages that wait for an operator's verdict. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, insertInto, join, nullable, raw, read, type Sql, sql, write } from '../engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

const HELD = both(
  both(
    columns('held', 'h', [
      'id',
      'room_pk',
      'broadcast_no',
      'user_id',
      'body',
      'message',
      'source',
      'label',
      'hits',
      'created_at',
      'expires_at',
      'state',
      'decided_by',
    ]),
    nullable(computed<{ room_id: string }>({ room_id: raw('r.room_id') })),
  ),
  nullable(computed<{ name: string }>({ name: raw('u.name') })),
);
export type HeldRow = (typeof HELD)['row'];

const FROM = raw('LEFT JOIN rooms r ON r.id = h.room_pk LEFT JOIN users u ON u.id = h.user_id');

export interface NewHeld {
  tenant: string;
  room_pk: number;
  broadcast_no: number;
  user_id: number;
  body: string;
  message: string;
  source: string;
  label: string;
  hits: string;
  created_at: number;
  expires_at: number;
}

/** Gives its id. */
export async function addHeld(tx: Executor, held: NewHeld): Promise<number> {
  return (await tx.execute(write('held.add', 'never', insertInto('held', { ...held })))).insertId;
}

export interface HeldFilter {
  tenant: string;
  state: string;
  roomPk?: number | undefined;
  userId?: number | undefined;
}

/** Those that wait: the oldest first, as they are worked through. Others: the newest first. */
export function listHeld(
  db: Reader,
  { tenant, state, roomPk, userId }: HeldFilter,
  page: { after: number | undefined; limit: number; now: number },
): Promise<HeldRow[]> {
  const waits = state === 'open';
  const conditions: Sql[] = [sql`h.tenant = ${tenant}`];
  // Expired from the moment on, whenever the scheduled work writes it down.
  if (waits) conditions.push(sql`h.state = 'open' AND h.expires_at > ${page.now}`);
  else if (state === 'expired') conditions.push(sql`h.state IN ('open', 'expired') AND h.expires_at <= ${page.now}`);
  else conditions.push(sql`h.state = ${state}`);
  if (roomPk !== undefined) conditions.push(sql`h.room_pk = ${roomPk}`);
  if (userId !== undefined) conditions.push(sql`h.user_id = ${userId}`);
  const { after } = page;
  if (after !== undefined) conditions.push(waits ? sql`h.id > ${after}` : sql`h.id < ${after}`);
  const index = userId !== undefined ? 'held_of_user' : roomPk !== undefined ? 'held_of_room' : 'held_in_state';
  const hint = state === 'expired' && index === 'held_in_state' ? raw('') : byIndex(index);
  const statement = sql`SELECT ${HELD} FROM held h ${hint} ${FROM} WHERE ${join(conditions, ' AND ')}
    ORDER BY h.id ${raw(waits ? 'ASC' : 'DESC')} LIMIT ${page.limit}`;
  return db.query(read('held.list', HELD, statement));
}

export async function findHeld(db: Reader, tenant: string, id: number): Promise<HeldRow | undefined> {
  const statement = sql`SELECT ${HELD} FROM held h ${FROM} WHERE h.id = ${id} AND h.tenant = ${tenant}`;
  return (await db.query(read('held.find', HELD, statement)))[0];
}

/** False where somebody was faster, or it has expired. */
export async function decideHeld(
  tx: Executor,
  id: number,
  verdict: { state: 'passed' | 'refused'; by: string; reason: string; now: number },
): Promise<boolean> {
  const { state, by, reason, now } = verdict;
  const statement = sql`UPDATE held SET state = ${state}, decided_by = ${by}, decided_at = ${now}, reason = ${reason}
    WHERE id = ${id} AND state = 'open' AND expires_at > ${now}`;
  return (await tx.execute(write('held.decide', 'safe', statement))).affected > 0;
}

export async function expireHeld(db: Executor, now: number): Promise<number> {
  const statement = sql`UPDATE held SET state = 'expired' WHERE state = 'open' AND expires_at <= ${now}`;
  return (await db.execute(write('held.expire', 'safe', statement))).affected;
}

export async function deleteOldHeld(db: Executor, old: { tenant: string; before: number }): Promise<number> {
  const statement = sql`DELETE FROM held WHERE tenant = ${old.tenant} AND created_at < ${old.before}`;
  return (await db.execute(write('held.delete_old', 'safe', statement))).affected;
}
