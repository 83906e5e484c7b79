/** The audit, page by page or as a file. */
import type { AdminInputOf } from '../../contract/admin';
import type { AuditData } from '../../contract/admin/items';
import { type AuditFilter, type AuditPlace, type AuditRow, listAudit } from '../../data/audit';
import { AdminExport, type ReadContext } from './context';
import { csvLine } from './csv';
import { pageResult, readPage } from './pages';
import { utc } from './present';

const EXPORTED_AT_ONCE = 500;

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

/** Everything that fits, newest first, read while it is sent: memory holds a few hundred rows. */
async function* entries(ctx: ReadContext, filter: AuditFilter): AsyncGenerator<AuditData[]> {
  let after: AuditPlace | undefined;
  for (;;) {
    // A handle for each part: an export may take longer than a request's time for the database.
    const db = ctx.services.database.forRequest();
    const rows = await listAudit(db, filter, { after, limit: EXPORTED_AT_ONCE });
    yield rows.map(present);
    const last = rows.at(-1);
    if (!last || rows.length < EXPORTED_AT_ONCE) return;
    after = { at: last.at, id: last.id };
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

async function* file(ctx: ReadContext, filter: AuditFilter, format: 'csv' | 'json'): AsyncGenerator<string> {
  if (format === 'csv') yield csvLine(NAMES);
  for await (const page of entries(ctx, filter)) {
    const lines = page.map((entry) =>
      format === 'csv' ? csvLine(NAMES.map((name) => entry[name])) : `${JSON.stringify(entry)}\n`,
    );
    yield lines.join('');
  }
}

export async function adminAudit(input: AdminInputOf<'audit'>, ctx: ReadContext) {
  const { roomId, userId, operator, action, fromUtc, toUtc, format } = input;
  const filter = { tenant: ctx.tenant.id, roomId, userId, operator, action, from: fromUtc, to: toUtc };
  if (format !== undefined) return new AdminExport({ format, name: 'audit', chunks: file(ctx, filter, format) });
  const page = readPage<[number, number]>(ctx, { of: ['audit', filter], ...input });
  const after = page.after && { at: page.after[0], id: page.after[1] };
  const rows = await listAudit(ctx.db, filter, { after, limit: page.limit + 1 });
  return pageResult(page, rows, { present, place: (row) => [row.at, row.id] });
}
