/** Messages that wait for an operator's verdict. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import {
  both,
  columns,
  computed,
  insertInto,
  int,
  NOTHING,
  nullable,
  raw,
  read,
  sql,
  text,
  write,
} from '../engine/sql';
import { type Shape, variants } from '../engine/variants';

type Reader = Pick<Executor, 'query'>;

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
    nullable(computed<{ room_id: string; title: string }>({ room_id: raw('r.room_id'), title: raw('r.title') })),
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

const ADD = write(
  'held.add',
  'never',
  insertInto('held', [
    ...(['tenant', 'room_pk', 'broadcast_no', 'user_id', 'body', 'message', 'source'] as const),
    ...(['label', 'hits', 'created_at', 'expires_at'] as const),
  ]),
);

/** Gives its id. */
export async function addHeld(tx: Executor, held: NewHeld): Promise<number> {
  return (await tx.execute(ADD, held)).insertId;
}

export interface HeldFilter {
  tenant: string;
  state: string;
  roomPk?: number | undefined;
  userId?: number | undefined;
}

type Page = HeldFilter & { after: number | undefined; limit: number; now: number };

// Expired from the moment on, whenever the scheduled work writes it down.
const IN_STATE = {
  open: sql`h.state = 'open' AND h.expires_at > ${int('now')}`,
  expired: sql`h.state IN ('open', 'expired') AND h.expires_at <= ${int('now')}`,
  other: sql`h.state = ${text('state')}`,
};

function hintOf({ has, by: { state } }: Shape<Page, 'state'>) {
  if (has('userId')) return byIndex('held_of_user');
  if (has('roomPk')) return byIndex('held_of_room');
  return state === 'expired' ? NOTHING : byIndex('held_in_state');
}

const listing = variants((shape: Shape<Page, 'state'>) => {
  const { and, by } = shape;
  const waits = by.state === 'open';
  const inState = waits ? IN_STATE.open : by.state === 'expired' ? IN_STATE.expired : IN_STATE.other;
  const behind = waits ? sql`h.id > ${int('after')}` : sql`h.id < ${int('after')}`;
  return read(
    'held.list',
    HELD,
    sql`SELECT ${HELD} FROM held h ${hintOf(shape)} ${FROM} WHERE h.tenant = ${text('tenant')} AND ${inState}
      ${and('roomPk', sql`h.room_pk = ${int('roomPk')}`)} ${and('userId', sql`h.user_id = ${int('userId')}`)}
      ${and('after', behind)} ORDER BY h.id ${raw(waits ? 'ASC' : 'DESC')} LIMIT ${int('limit')}`,
  );
}, 'state');

/** Those that wait: the oldest first, as they are worked through. Others: the newest first. */
export function listHeld(
  db: Reader,
  filter: HeldFilter,
  page: { after: number | undefined; limit: number; now: number },
): Promise<HeldRow[]> {
  const values = { ...filter, ...page };
  return db.query(listing(values), values);
}

const FIND = read(
  'held.find',
  HELD,
  sql`SELECT ${HELD} FROM held h ${FROM} WHERE h.id = ${int('id')} AND h.tenant = ${text('tenant')}`,
);

export async function findHeld(db: Reader, tenant: string, id: number): Promise<HeldRow | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const DECIDE = write(
  'held.decide',
  'safe',
  sql`UPDATE held SET state = ${text('state')}, decided_by = ${text('by')}, decided_at = ${int('now')},
      reason = ${text('reason')} WHERE id = ${int('id')} AND state = 'open' AND expires_at > ${int('now')}`,
);

/** False if another operator was faster, or it has expired. */
export async function decideHeld(
  tx: Executor,
  id: number,
  verdict: { state: 'passed' | 'refused'; by: string; reason: string; now: number },
): Promise<boolean> {
  return (await tx.execute(DECIDE, { id, ...verdict })).affected > 0;
}

const EXPIRE = write(
  'held.expire',
  'safe',
  sql`UPDATE held SET state = 'expired' WHERE state = 'open' AND expires_at <= ${int('now')}`,
);

export async function expireHeld(db: Executor, now: number): Promise<number> {
  return (await db.execute(EXPIRE, { now })).affected;
}

const DELETE_OLD = write(
  'held.delete_old',
  'safe',
  sql`DELETE FROM held WHERE tenant = ${text('tenant')} AND created_at < ${int('before')}`,
);

export async function deleteOldHeld(db: Executor, old: { tenant: string; before: number }): Promise<number> {
  return (await db.execute(DELETE_OLD, old)).affected;
}
