/** What viewers complain of: one report per person and broadcast. */
import type { Executor } from './engine/database';
import { byIndex } from './engine/dialect';
import { both, columns, computed, join, nullable, raw, read, type Sql, sql, write } from './engine/sql';

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
  byUser: number;
  targetUser: number;
  reason: string;
  description: string;
  now: number;
}

/** Adds it unless this person has reported this broadcast; undefined where they have. Gives its id. */
export async function addReport(tx: Executor, report: NewReport): Promise<number | undefined> {
  const { tenant, roomPk, broadcastNo, byUser, targetUser, reason, description, now } = report;
  const statement = sql`INSERT INTO reports
      (tenant, room_pk, broadcast_no, by_user, target_user, reason, description, created_at)
    SELECT ${tenant}, ${roomPk}, ${broadcastNo}, ${byUser}, ${targetUser}, ${reason}, ${description}, ${now}
    FROM (SELECT 1 AS one) one WHERE NOT EXISTS
      (SELECT 1 FROM reports e WHERE e.room_pk = ${roomPk} AND e.broadcast_no = ${broadcastNo} AND e.by_user = ${byUser})`;
  const { affected, insertId } = await tx.execute(write('reports.add', 'never', statement));
  return affected > 0 ? insertId : undefined;
}

const COUNT = computed<{ count: number }>({ count: raw('COUNT(*)') });

/** How many this person has made since `since`. */
export async function reportsBy(db: Pick<Executor, 'query'>, userId: number, since: number): Promise<number> {
  const statement = sql`SELECT ${COUNT} FROM reports e WHERE e.by_user = ${userId} AND e.created_at > ${since}`;
  return (await db.query(read('reports.count', COUNT, statement)))[0]?.count ?? 0;
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

/** Newest first. */
export function listReports(
  db: Reader,
  filter: ReportFilter,
  page: { before: number | undefined; limit: number },
): Promise<ReportRow[]> {
  const conditions: Sql[] = [sql`e.tenant = ${filter.tenant}`];
  if (filter.done !== undefined) conditions.push(sql`e.done = ${filter.done ? 1 : 0}`);
  if (filter.roomPk !== undefined) conditions.push(sql`e.room_pk = ${filter.roomPk}`);
  if (filter.targetUser !== undefined) conditions.push(sql`e.target_user = ${filter.targetUser}`);
  if (page.before !== undefined) conditions.push(sql`e.id < ${page.before}`);
  const index = indexOf(filter);
  const hint = byIndex(db, index);
  const statement = sql`SELECT ${REPORT} FROM reports e ${hint} LEFT JOIN rooms r ON r.id = e.room_pk
    WHERE ${join(conditions, ' AND ')} ORDER BY e.id DESC LIMIT ${page.limit}`;
  return db.query(read('reports.list', REPORT, statement));
}

/** Made by this person, newest first, 100 at most. */
export function reportsOfAuthor(db: Pick<Executor, 'query'>, userId: number): Promise<ReportRow[]> {
  const statement = sql`SELECT ${REPORT} ${FROM} WHERE e.by_user = ${userId} ORDER BY e.created_at DESC LIMIT 100`;
  return db.query(read('reports.of_author', REPORT, statement));
}
