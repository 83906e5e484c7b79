/** The audit, page by page or as a file. */
import type { AdminInputOf } from '../../contract/admin';
import type { AuditData } from '../../contract/admin/items';
import { type AuditFilter, type AuditRow, countAudit, listAudit } from '../../data/operators/audit';
import type { ReadContext, Reader } from './change-context';
import { allPages, exportList } from './exports';
import { type Names, namesFor } from './list-names';
import { pageResult, readPage, totalOf } from './pages';
import { utc } from './present';

function present(row: AuditRow, names: Names): AuditData {
  return {
    auditId: String(row.id),
    atUtc: utc(row.at),
    operator: row.operator,
    action: row.action,
    roomId: row.room_id,
    roomTitle: names.room(row.room_id),
    userId: row.user_id,
    userName: names.userOf(row.user_id),
    reason: row.reason,
    before: row.before_text,
    after: row.after_text,
    requestId: row.request_id,
    address: row.address,
  };
}

function namesOf(ctx: ReadContext, db: Reader, rows: readonly AuditRow[]): Promise<Names> {
  const of = { userIds: rows.map((row) => row.user_id), rooms: rows.map((row) => row.room_id) };
  return namesFor({ ...ctx, db }, of);
}

async function* presented(ctx: ReadContext, filter: AuditFilter) {
  const pages = allPages<AuditRow>((last, limit) =>
    // A handle for each part: an export may take longer than a request's time for the database.
    listAudit(ctx.services.database.forRequest(), filter, { after: last && { at: last.at, id: last.id }, limit }),
  );
  for await (const rows of pages) {
    const names = await namesOf(ctx, ctx.services.database.forRequest(), rows);
    yield rows.map((row) => present(row, names));
  }
}

const NAMES = [
  'auditId',
  'atUtc',
  'operator',
  'action',
  'roomId',
  'userId',
  'reason',
  'before',
  'after',
  'requestId',
  'address',
] as const satisfies readonly (keyof AuditData)[];

export async function adminAudit(input: AdminInputOf<'audit'>, ctx: ReadContext) {
  const { roomId, userId, operator, action, fromUtc, toUtc, format, count } = input;
  const filter = { tenant: ctx.tenant.id, roomId, userId, operator, action, from: fromUtc, to: toUtc };
  if (format !== undefined) return exportList({ format, name: 'audit', columns: NAMES, pages: presented(ctx, filter) });
  const page = readPage<[number, number]>(ctx, { of: ['audit', filter], ...input });
  const after = page.after && { at: page.after[0], id: page.after[1] };
  const rows = await listAudit(ctx.db, filter, { after, limit: page.limit + 1 });
  const names = await namesOf(ctx, ctx.db, rows);
  return {
    ...pageResult(page, rows, { present: (row) => present(row, names), place: (row) => [row.at, row.id] }),
    ...(await totalOf(count, (most) => countAudit(ctx.db, filter, most))),
  };
}
