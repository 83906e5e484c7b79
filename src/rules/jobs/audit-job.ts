/** Scheduled: deletes what of the audit is older than AUDIT_KEEP_DAYS. */
import { deleteOldAudit } from '../../data/operators/audit';
import { freshDatabase, type JobResult, type JobRun } from './job-run';

const DAY_MS = 86_400_000;
const AT_ONCE = 1_000;

export async function deleteAudit(run: JobRun): Promise<JobResult> {
  const { clock, config } = run.services;
  const days = config.auditKeepDays;
  let auditDeleted = 0;
  if (days === 0) return { counts: { auditDeleted }, position: '' };
  const before = clock() - days * DAY_MS;
  for (const { id: tenant } of config.tenants) {
    while (run.hasTime()) {
      const deleted = await deleteOldAudit(freshDatabase(run), { tenant, before, limit: AT_ONCE });
      auditDeleted += deleted;
      if (deleted === 0) break;
    }
  }
  return { counts: { auditDeleted }, position: '' };
}
