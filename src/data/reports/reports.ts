/** What viewers complain of: one report per person and broadcast. */

import { DatabaseError } from '../../base/errors';
import { IS_SESSION, type LiveSession, provedSession, type SessionKey, sessionValues } from '../accounts/sessions';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex, EXCLUSIVE_LOCK, SHARED_LOCK } from '../engine/dialect';
import { both, columns, computed, int, nullable, raw, read, type Sql, sql, text, write } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';
import { isLive } from '../rooms/room-states';

type Reader = Pick<Executor, 'query'>;

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
  /** Limit of reports by one person since a time. Concurrent reports see each other. */
  unless?: { since: number; max: number };
}

/** The state that a report needs. */
export interface ReportLookup {
  /** undefined: it has ended. */
  session: LiveSession | undefined;
  /** The open room; undefined if there is none. */
  room: { id: number; broadcastNo: number } | undefined;
  /** Whether the reported user has an account. */
  targetExists: boolean;
  /** How many reports this person has made since. */
  recent: number;
  isReported: boolean;
}

const AROUND = computed<
  { sessions: number; targets: number; recent: number; reported: number },
  { sessionId: string; userId: number; targetUser: number; tenant: string; since: number }
>({
  sessions: sql`(SELECT COUNT(*) FROM sessions s WHERE ${IS_SESSION})`,
  targets: sql`(SELECT COUNT(*) FROM users u WHERE u.id = ${int('targetUser')} AND u.tenant = ${text('tenant')})`,
  recent: sql`(SELECT COUNT(*) FROM reports e WHERE e.by_user = ${int('userId')} AND e.created_at > ${int('since')})`,
  reported: sql`(SELECT COUNT(*) FROM reports e WHERE e.room_pk = r.id AND e.broadcast_no = r.broadcast_no
      AND e.by_user = ${int('userId')})`,
});
const LOOKUP = both(AROUND, nullable(columns('rooms', 'r', ['id', 'broadcast_no'])));
const LOOK_UP = read(
  'reports.look_up',
  LOOKUP,
  sql`SELECT ${LOOKUP} FROM (SELECT 1 AS one) one
    LEFT JOIN rooms r ON r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')} AND ${isLive('r')}`,
);

/** One statement for all of it. */
export async function lookUpReport(
  db: Executor,
  { session, since }: { session: SessionKey; since: number },
  of: { tenant: string; roomId: string; targetUser: number },
): Promise<ReportLookup> {
  const [row] = await db.query(LOOK_UP, { ...of, ...sessionValues(session), since });
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

const IS_NEW = sql`NOT EXISTS (SELECT 1 FROM reports e WHERE e.room_pk = ${int('roomPk')}
    AND e.broadcast_no = ${int('broadcastNo')} AND e.by_user = ${int('userId')})`;

function adding<P>(from: Sql<P>) {
  return write(
    'reports.add',
    'safe',
    sql`INSERT INTO reports
      (tenant, room_pk, broadcast_no, by_user, target_user, reason, description, created_at)
    SELECT ${text('tenant')}, ${int('roomPk')}, ${int('broadcastNo')}, ${int('userId')}, ${int('targetUser')},
      ${text('reason')}, ${text('description')}, ${int('now')} ${from}`,
  );
}

const ADD = adding(sql`FROM (SELECT 1 AS one) one WHERE ${IS_NEW}`);
// The lock on the row of `p` makes the count read all committed reports.
const ADD_UNLESS_MANY = adding(sql`FROM presence p WHERE p.user_id = ${int('userId')} AND ${IS_NEW}
        AND (SELECT COUNT(*) FROM reports e WHERE e.by_user = p.user_id AND e.created_at > ${int('since')}
          ${SHARED_LOCK}) < ${int('max')} ${EXCLUSIVE_LOCK}`);

/** Adds it unless this person has reported this broadcast, or too much: undefined. Gives its id. */
export async function addReport(tx: Executor, report: NewReport): Promise<number | undefined> {
  const { by, unless, ...rest } = report;
  const values = { ...rest, userId: by.userId };
  const adding = unless ? tx.execute(ADD_UNLESS_MANY, { ...values, ...unless }) : tx.execute(ADD, values);
  const added = await adding.catch((error: unknown) => {
    // At the same moment, on a second phone.
    if (error instanceof DatabaseError && error.kind === 'duplicate') return { affected: 0, insertId: 0 };
    throw error;
  });
  return added.affected > 0 ? added.insertId : undefined;
}

const FIND = read(
  'reports.find',
  REPORT,
  sql`SELECT ${REPORT} ${FROM} WHERE e.id = ${int('id')} AND e.tenant = ${text('tenant')}`,
);

export async function findReport(
  db: Pick<Executor, 'query'>,
  tenant: string,
  id: number,
): Promise<ReportRow | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const RESOLVE = write(
  'reports.resolve',
  'safe',
  sql`UPDATE reports SET done = 1, verdict = ${text('verdict')}, resolved_by = ${text('by')},
    resolved_at = ${int('now')} WHERE id = ${int('id')} AND done = 0`,
);

/** False if it was resolved before. */
export async function resolveReport(
  tx: Executor,
  id: number,
  resolution: { verdict: string; by: string; now: number },
): Promise<boolean> {
  return (await tx.execute(RESOLVE, { id, ...resolution })).affected > 0;
}

export interface ReportFilter {
  tenant: string;
  /** undefined: both. */
  done?: boolean | undefined;
  roomPk?: number | undefined;
  /** The reported user. */
  targetUser?: number | undefined;
}

type Filtering = Shape<ReportFilter>;

function indexOf({ has }: Filtering): string {
  if (has('targetUser')) return 'reports_by_target';
  if (has('roomPk')) return 'reports_of_room';
  return has('done') ? 'reports_in_order' : 'reports_of_tenant';
}

/** The condition of a filter on reports e. */
function conditionOf({ and }: Filtering) {
  const done = and('done', sql`e.done = ${int('isDone')}`);
  const ofRoom = and('roomPk', sql`e.room_pk = ${int('roomPk')}`);
  return sql`e.tenant = ${text('tenant')} ${done} ${ofRoom} ${and('targetUser', sql`e.target_user = ${int('targetUser')}`)}`;
}

const isDone = ({ done }: ReportFilter) => (done ? 1 : 0);

const counting = variants((shape: Filtering) =>
  countUpTo('reports.count', sql`FROM reports e ${byIndex(indexOf(shape))} WHERE ${conditionOf(shape)}`),
);

/** At most `most` + 1. */
export async function countReports(db: Reader, filter: ReportFilter, most: number): Promise<number> {
  const [count] = await db.query(counting(filter), { ...filter, isDone: isDone(filter), atMost: most + 1 });
  return count?.n ?? 0;
}

const MADE = columns('reports', 'e', ['created_at']);
const NEWEST = read(
  'reports.newest',
  MADE,
  sql`SELECT ${MADE} FROM reports e ${byIndex('reports_of_tenant')}
    WHERE e.tenant = ${text('tenant')} ORDER BY e.id DESC LIMIT ${int('limit')}`,
);

/** When the last `limit` reports were made. */
export async function newestReports(db: Reader, tenant: string, limit: number): Promise<number[]> {
  return (await db.query(NEWEST, { tenant, limit })).map((row) => row.created_at);
}

type Page = ReportFilter & { before: number | undefined; limit: number };
const listing = variants((shape: Shape<Page>) =>
  read(
    'reports.list',
    REPORT,
    sql`SELECT ${REPORT} FROM reports e ${byIndex(indexOf(shape))} LEFT JOIN rooms r ON r.id = e.room_pk
    WHERE ${conditionOf(shape)} ${shape.and('before', sql`e.id < ${int('before')}`)} ORDER BY e.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. */
export function listReports(
  db: Reader,
  filter: ReportFilter,
  page: { before: number | undefined; limit: number },
): Promise<ReportRow[]> {
  const values = { ...filter, ...page };
  return db.query(listing(values), { ...values, isDone: isDone(filter) });
}

const OF_AUTHOR = read(
  'reports.of_author',
  REPORT,
  sql`SELECT ${REPORT} ${FROM} WHERE e.by_user = ${int('userId')} ORDER BY e.created_at DESC LIMIT 100`,
);

/** Made by this person, newest first, 100 at most. */
export function reportsOfAuthor(db: Pick<Executor, 'query'>, userId: number): Promise<ReportRow[]> {
  return db.query(OF_AUTHOR, { userId });
}
