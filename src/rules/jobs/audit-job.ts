/** Scheduled: deletes what of the audit is older than AUDIT_KEEP_DAYS. */
import { deleteOldAudit } from '../../data/audit';
import { freshDatabase, type Turn, type TurnResult } from './turn';

const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;

export async function deleteAudit(turn: Turn): Promise<TurnResult> {
  const { clock, config } = turn.services;
  const days = config.auditKeepDays;
  let auditDeleted = 0;
  if (days === 0) return { counts: { auditDeleted }, position: '' };
  const before = clock() - days * DAY_MS;
  for (const { id: tenant } of config.tenants) {
    while (turn.hasTime()) {
      const deleted = await deleteOldAudit(freshDatabase(turn), { tenant, before, limit: AT_ONCE });
      auditDeleted += deleted;
      if (deleted === 0) break;
    }
  }
  return { counts: { auditDeleted }, position: '' };
}
