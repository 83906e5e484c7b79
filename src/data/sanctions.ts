/**
 * Bans, mutes and kicks. What sign-in and enter_room have to know of them stands on the user's own row (banned_until,
 * sanction_no), which those statements read anyway; every change of a user's sanctions locks that row first.
 */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { both, columns, computed, insertInto, join, nullable, raw, read, type Sql, sql, write } from './engine/sql';

type Reader = Pick<Executor, 'query' | 'kind'>;

const SANCTION = both(
  columns('sanctions', 's', [
    'id',
    'tenant',
    'kind',
    'user_id',
    'address',
    'room_pk',
    'live_no',
    'until_at',
    'reason',
    'by_name',
    'created_at',
    'lifted_at',
    'lifted_by',
  ]),
  nullable(computed<{ room_id: string }>({ room_id: raw('r.room_id') })),
);
export type SanctionRow = (typeof SANCTION)['row'];

const FROM = raw('FROM sanctions s LEFT JOIN rooms r ON r.id = s.room_pk');

/** What holds until the end of a broadcast ends with it: endSanctionsOfBroadcast(). */
const inForce = (now: number) => sql`s.lifted_at = 0 AND s.until_at > ${now}`;

export function isInForce(row: Pick<SanctionRow, 'lifted_at' | 'until_at'>, now: number): boolean {
  return row.lifted_at === 0 && row.until_at > now;
}

/**
 * Locks the user's row and notes that there is news of their sanctions: whoever is signing in or entering either comes
 * before and is found, or sees it. False: there is no such user.
 */
export async function lockUser(tx: Executor, user: { tenant: string; id: number }): Promise<boolean> {
  const statement = sql`UPDATE users SET sanction_no = sanction_no + 1 WHERE id = ${user.id} AND tenant = ${user.tenant}`;
  return (await tx.execute(write('sanctions.lock_user', 'never', statement))).affected > 0;
}

export interface NewSanction {
  tenant: string;
  kind: 'ban' | 'mute' | 'kick';
  userId: number;
  address?: string;
  room?: { id: number; liveNo: number };
  until: number;
  reason: string;
  by: string;
  now: number;
}

/** Gives its id. The user's row must be locked. */
export async function addSanction(tx: Executor, sanction: NewSanction): Promise<number> {
  const { tenant, kind, userId, address = '', room, until, reason, by, now } = sanction;
  const row = {
    tenant,
    kind,
    user_id: userId,
    address,
    room_pk: room?.id ?? 0,
    live_no: room?.liveNo ?? 0,
    until_at: until,
    reason,
    by_name: by,
    created_at: now,
    lifted_at: 0,
    lifted_by: '',
  };
  const { insertId } = await tx.execute(
    write('sanctions.add', 'never', insertInto('sanctions', { ...row, name_key: '' })),
  );
  if (userId > 0) {
    const statement = sql`UPDATE sanctions SET name_key = COALESCE((SELECT u.username_key FROM users u WHERE u.id = ${userId}), '')
      WHERE id = ${insertId}`;
    await tx.execute(write('sanctions.name', 'safe', statement));
  }
  return insertId;
}

const longestBan = (userId: number, now: number) => sql`COALESCE((SELECT MAX(b.until_at) FROM sanctions b
  WHERE b.user_id = ${userId} AND b.kind = 'ban' AND b.lifted_at = 0 AND b.until_at > ${now}), 0)`;

/** Brings the user's own row up to date after a ban was made or lifted. */
export async function storeBan(tx: Executor, userId: number, now: number): Promise<void> {
  const statement = sql`UPDATE users SET banned_until = ${longestBan(userId, now)} WHERE id = ${userId}`;
  await tx.execute(write('sanctions.store_ban', 'safe', statement));
}

/**
 * A name is registered again after its account was deleted: what was decided about the old account holds for the new one.
 */
export async function inheritSanctions(
  tx: Executor,
  user: { tenant: string; id: number; nameKey: string; now: number },
): Promise<void> {
  const { tenant, id, nameKey, now } = user;
  const statement = sql`UPDATE sanctions SET user_id = ${id} WHERE tenant = ${tenant} AND name_key = ${nameKey}`;
  const { affected } = await tx.execute(write('sanctions.inherit', 'safe', statement));
  if (affected === 0) return;
  await lockUser(tx, { tenant, id });
  await storeBan(tx, id, now);
}

export async function findSanction(db: Reader, tenant: string, id: number): Promise<SanctionRow | undefined> {
  const statement = sql`SELECT ${SANCTION} ${FROM} WHERE s.id = ${id} AND s.tenant = ${tenant}`;
  return (await db.query(read('sanctions.find', SANCTION, statement)))[0];
}

/** False where somebody else was faster. */
export async function liftSanction(tx: Executor, id: number, by: { name: string; now: number }): Promise<boolean> {
  const statement = sql`UPDATE sanctions SET lifted_at = ${by.now}, lifted_by = ${by.name}
    WHERE id = ${id} AND lifted_at = 0`;
  return (await tx.execute(write('sanctions.lift', 'safe', statement))).affected > 0;
}

export interface SanctionFilter {
  tenant: string;
  userId?: number | undefined;
  roomPk?: number | undefined;
  kind?: string | undefined;
  active: boolean;
  now: number;
}

/** Where a page ended: the end and the id of its last row. */
export type SanctionPlace = readonly [until: number, id: number];

function indexOf({ userId, roomPk, kind, active }: SanctionFilter): string {
  if (userId !== undefined) return 'sanctions_by_user';
  if (roomPk !== undefined) return 'sanctions_by_room';
  if (active) return kind === undefined ? 'sanctions_in_force' : 'sanctions_of_kind_in_force';
  return kind === undefined ? 'sanctions_in_order' : 'sanctions_of_kind';
}

function conditionsOf({ tenant, userId, roomPk, kind, active, now }: SanctionFilter): Sql[] {
  const conditions: Sql[] = [sql`s.tenant = ${tenant}`];
  if (userId !== undefined) conditions.push(sql`s.user_id = ${userId}`);
  if (roomPk !== undefined) conditions.push(sql`s.room_pk = ${roomPk}`);
  if (kind !== undefined) conditions.push(sql`s.kind = ${kind}`);
  conditions.push(active ? inForce(now) : sql`(s.lifted_at > 0 OR s.until_at <= ${now})`);
  return conditions;
}

/** Those in force: the one that lasts longest first. Those that are over: the newest first. */
export function listSanctions(
  db: Reader,
  filter: SanctionFilter,
  page: { after: SanctionPlace | undefined; limit: number },
): Promise<SanctionRow[]> {
  const conditions = conditionsOf(filter);
  if (page.after) {
    const [until, id] = page.after;
    const behind = sql`s.until_at <= ${until} AND (s.until_at < ${until} OR s.id < ${id})`;
    conditions.push(filter.active ? behind : sql`s.id < ${id}`);
  }
  const index = indexOf(filter);
  const hint = byIndex(db, index);
  const order = raw(filter.active ? 's.until_at DESC, s.id DESC' : 's.id DESC');
  const statement = sql`SELECT ${SANCTION} FROM sanctions s ${hint} LEFT JOIN rooms r ON r.id = s.room_pk
    WHERE ${join(conditions, ' AND ')} ORDER BY ${order} LIMIT ${page.limit}`;
  return db.query(read('sanctions.list', SANCTION, statement));
}

/** What held until the end of a broadcast is over with it. */
export async function endSanctionsOfBroadcast(
  tx: Executor,
  broadcast: { roomPk: number; liveNo: number; now: number },
): Promise<void> {
  const { roomPk, liveNo, now } = broadcast;
  const statement = sql`UPDATE sanctions SET until_at = ${now}
    WHERE room_pk = ${roomPk} AND live_no = ${liveNo} AND until_at > ${now}`;
  await tx.execute(write('sanctions.end_of_broadcast', 'safe', statement));
}

/** The ban of this user, or of this address, that lasts longest. */
export async function banInForce(
  db: Reader,
  of: { tenant: string; userId: number; address: string; now: number },
): Promise<SanctionRow | undefined> {
  const ofUser = sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${of.userId} AND s.user_id > 0 AND s.kind = 'ban'
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 1`;
  const [own] = await db.query(read('sanctions.ban_of_user', SANCTION, ofUser));
  if (own || of.address === '') return own;
  const ofAddress = sql`SELECT ${SANCTION} ${FROM} WHERE s.tenant = ${of.tenant} AND s.address = ${of.address}
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 1`;
  return (await db.query(read('sanctions.ban_of_address', SANCTION, ofAddress)))[0];
}

export async function userBan(db: Reader, userId: number, now: number): Promise<SanctionRow | undefined> {
  return banInForce(db, { tenant: '', userId, address: '', now });
}

/** What keeps this user out of this broadcast, or silent in it; the one that lasts longest first. */
export function sanctionsInRoom(
  db: Reader,
  of: { userId: number; roomPk: number; now: number },
): Promise<SanctionRow[]> {
  const statement = sql`SELECT ${SANCTION} ${FROM} WHERE s.user_id = ${of.userId} AND s.room_pk IN (0, ${of.roomPk})
    AND ${inForce(of.now)} ORDER BY s.until_at DESC LIMIT 100`;
  return db.query(read('sanctions.in_room', SANCTION, statement));
}
