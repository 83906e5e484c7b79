/** The audit, page by page or as a file. */
import type { AdminInputOf } from '../../contract/admin';
import type { AuditData } from '../../contract/admin/items';
import { type AuditFilter, type AuditRow, listAudit } from '../../data/operators/audit';
import type { ReadContext } from './change-context';
import { allPages, exportList } from './exports';
import { pageResult, readPage } from './pages';
import { utc } from './present';

function present(row: AuditRow): AuditData {
  return {
    auditId: String(row.id),
    atUtc: utc(row.at),
    operator: row.operator,
    action: row.action,
    roomId: row.room_id,
    userId: row.user_id,
    reason: row.reason,
    before: row.before_text,
    after: row.after_text,
    requestId: row.request_id,
    address: row.address,
  };
}

async function* presented(ctx: ReadContext, filter: AuditFilter) {
  const pages = allPages<AuditRow>((last, limit) =>
    // A handle for each part: an export may take longer than a request's time for the database.
    listAudit(ctx.services.database.forRequest(), filter, { after: last && { at: last.at, id: last.id }, limit }),
  );
  for await (const rows of pages) yield rows.map(present);
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
  const { roomId, userId, operator, action, fromUtc, toUtc, format } = input;
  const filter = { tenant: ctx.tenant.id, roomId, userId, operator, action, from: fromUtc, to: toUtc };
  if (format !== undefined) return exportList({ format, name: 'audit', columns: NAMES, pages: presented(ctx, filter) });
  const page = readPage<[number, number]>(ctx, { of: ['audit', filter], ...input });
  const after = page.after && { at: page.after[0], id: page.after[1] };
  const rows = await listAudit(ctx.db, filter, { after, limit: page.limit + 1 });
  return pageResult(page, rows, { present, place: (row) => [row.at, row.id] });
}
