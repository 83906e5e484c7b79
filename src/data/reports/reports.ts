/** What viewers complain of: one report per person and broadcast. */

import { DatabaseError } from '../../base/errors';
import { isSession, type LiveSession, provedSession, type SessionKey } from '../accounts/sessions';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex, EXCLUSIVE_LOCK, SHARED_LOCK } from '../engine/dialect';
import { both, columns, computed, join, nullable, raw, read, type Sql, sql, write } from '../engine/sql';
import { isLive } from '../rooms/room-states';

type Reader = Pick<Executor, 'query' | 'kind'>;

const REPORT = both(
  columns('reports', 'e', [
    'id',
    'room_pk',
    'broadcast_no',
    'by_user',
    'target_user',
    'reason',
    'description',
    'created_at',
    'done',
    'verdict',
    'resolved_by',
  ]),
  nullable(computed<{ room_id: string }>({ room_id: raw('r.room_id') })),
);
export type ReportRow = (typeof REPORT)['row'];

const FROM = raw('FROM reports e LEFT JOIN rooms r ON r.id = e.room_pk');

export interface NewReport {
  tenant: string;
  roomPk: number;
  broadcastNo: number;
  by: LiveSession;
  targetUser: number;
  reason: string;
  description: string;
  now: number;
  /** Not where this person has made so many since. Of reports at once, each sees those before it. */
  unless?: { since: number; max: number };
}

/** What there is to know before a report is made. */
export interface ReportLookup {
  /** undefined: it has ended. */
  session: LiveSession | undefined;
  /** The open room; undefined where there is none. */
  room: { id: number; broadcastNo: number } | undefined;
  /** Whether the one who is complained of has an account. */
  targetExists: boolean;
  /** How many reports this person has made since. */
  recent: number;
  isReported: boolean;
}

/** One statement for all of it. */
export async function lookUpReport(
  db: Executor,
  by: { session: SessionKey; since: number },
  of: { tenant: string; roomId: string; targetUser: number },
): Promise<ReportLookup> {
  const { session, since } = by;
  const around = computed<{ sessions: number; targets: number; recent: number; reported: number }>({
    sessions: sql`(SELECT COUNT(*) FROM sessions s WHERE ${isSession(session)})`,
    targets: sql`(SELECT COUNT(*) FROM users u WHERE u.id = ${of.targetUser} AND u.tenant = ${of.tenant})`,
    recent: sql`(SELECT COUNT(*) FROM reports e WHERE e.by_user = ${session.userId} AND e.created_at > ${since})`,
    reported: sql`(SELECT COUNT(*) FROM reports e WHERE e.room_pk = r.id AND e.broadcast_no = r.broadcast_no
      AND e.by_user = ${session.userId})`,
  });
  const columnsOf = both(around, nullable(columns('rooms', 'r', ['id', 'broadcast_no'])));
  const statement = sql`SELECT ${columnsOf} FROM (SELECT 1 AS one) one
    LEFT JOIN rooms r ON r.tenant = ${of.tenant} AND r.room_id = ${of.roomId} AND ${isLive('r')}`;
  const [row] = await db.query(read('reports.look_up', columnsOf, statement));
  if (!row) throw new Error('one row is always there');
  const { id, broadcast_no: broadcastNo } = row;
  return {
    session: provedSession(session, row.sessions),
    room: id === null || broadcastNo === null ? undefined : { id, broadcastNo },
    targetExists: row.targets > 0,
    recent: row.recent,
    isReported: row.reported > 0,
  };
}

/** Adds it unless this person has reported this broadcast, or too much; undefined where they have. Gives its id. */
export async function addReport(tx: Executor, report: NewReport): Promise<number | undefined> {
  const { tenant, roomPk, broadcastNo, by, targetUser, reason, description, now, unless } = report;
  const isNew = sql`NOT EXISTS (SELECT 1 FROM reports e
    WHERE e.room_pk = ${roomPk} AND e.broadcast_no = ${broadcastNo} AND e.by_user = ${by.userId})`;
  // With the row of `p` locked, the count finds all that is committed.
  const from = unless
    ? sql`FROM presence p WHERE p.user_id = ${by.userId} AND ${isNew}
        AND (SELECT COUNT(*) FROM reports e WHERE e.by_user = p.user_id AND e.created_at > ${unless.since}
          ${SHARED_LOCK}) < ${unless.max} ${EXCLUSIVE_LOCK}`
    : sql`FROM (SELECT 1 AS one) one WHERE ${isNew}`;
  const statement = sql`INSERT INTO reports
      (tenant, room_pk, broadcast_no, by_user, target_user, reason, description, created_at)
    SELECT ${tenant}, ${roomPk}, ${broadcastNo}, ${by.userId}, ${targetUser}, ${reason}, ${description}, ${now} ${from}`;
  const added = await tx.execute(write('reports.add', 'safe', statement)).catch((error: unknown) => {
    // At the same moment, on a second phone.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return { affected: 0, insertId: 0 };
    throw error;
  });
  return added.affected > 0 ? added.insertId : undefined;
}

export async function findReport(
  db: Pick<Executor, 'query'>,
  tenant: string,
  id: number,
): Promise<ReportRow | undefined> {
  const statement = sql`SELECT ${REPORT} ${FROM} WHERE e.id = ${id} AND e.tenant = ${tenant}`;
  return (await db.query(read('reports.find', REPORT, statement)))[0];
}

/** False where it was resolved before. */
export async function resolveReport(
  tx: Executor,
  id: number,
  resolution: { verdict: string; by: string; now: number },
): Promise<boolean> {
  const statement = sql`UPDATE reports SET done = 1, verdict = ${resolution.verdict}, resolved_by = ${resolution.by},
    resolved_at = ${resolution.now} WHERE id = ${id} AND done = 0`;
  return (await tx.execute(write('reports.resolve', 'safe', statement))).affected > 0;
}

export interface ReportFilter {
  tenant: string;
  /** undefined: both. */
  done?: boolean | undefined;
  roomPk?: number | undefined;
  /** The one who is complained of. */
  targetUser?: number | undefined;
}

function indexOf({ done, roomPk, targetUser }: ReportFilter): string {
  if (targetUser !== undefined) return 'reports_by_target';
  if (roomPk !== undefined) return 'reports_of_room';
  return done === undefined ? 'reports_of_tenant' : 'reports_in_order';
}

function conditionsOf(filter: ReportFilter): Sql[] {
  const conditions: Sql[] = [sql`e.tenant = ${filter.tenant}`];
  if (filter.done !== undefined) conditions.push(sql`e.done = ${filter.done ? 1 : 0}`);
  if (filter.roomPk !== undefined) conditions.push(sql`e.room_pk = ${filter.roomPk}`);
  if (filter.targetUser !== undefined) conditions.push(sql`e.target_user = ${filter.targetUser}`);
  return conditions;
}

export function countReports(db: Reader, filter: ReportFilter, most: number): Promise<number> {
  const from = sql`FROM reports e ${byIndex(indexOf(filter))} WHERE ${join(conditionsOf(filter), ' AND ')}`;
  return countUpTo(db, 'reports.count', { from, most });
}

const MADE = columns('reports', 'e', ['created_at']);

/** When the last `limit` reports were made. */
export async function newestReports(db: Reader, tenant: string, limit: number): Promise<number[]> {
  const statement = sql`SELECT ${MADE} FROM reports e ${byIndex('reports_of_tenant')}
    WHERE e.tenant = ${tenant} ORDER BY e.id DESC LIMIT ${limit}`;
  return (await db.query(read('reports.newest', MADE, statement))).map((row) => row.created_at);
}

/** Newest first. */
export function listReports(
  db: Reader,
  filter: ReportFilter,
  page: { before: number | undefined; limit: number },
): Promise<ReportRow[]> {
  const conditions = conditionsOf(filter);
  if (page.before !== undefined) conditions.push(sql`e.id < ${page.before}`);
  const index = indexOf(filter);
  const hint = byIndex(index);
  const statement = sql`SELECT ${REPORT} FROM reports e ${hint} LEFT JOIN rooms r ON r.id = e.room_pk
    WHERE ${join(conditions, ' AND ')} ORDER BY e.id DESC LIMIT ${page.limit}`;
  return db.query(read('reports.list', REPORT, statement));
}

/** Made by this person, newest first, 100 at most. */
export function reportsOfAuthor(db: Pick<Executor, 'query'>, userId: number): Promise<ReportRow[]> {
  const statement = sql`SELECT ${REPORT} ${FROM} WHERE e.by_user = ${userId} ORDER BY e.created_at DESC LIMIT 100`;
  return db.query(read('reports.of_author', REPORT, statement));
}
