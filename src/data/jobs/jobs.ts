/** Leases and positions of the scheduled jobs. */
import { DatabaseError } from '../../base/errors';
import type { Executor } from '../engine/database';
import { columns, insertInto, read, sql, write } from '../engine/sql';

const JOB = columns('jobs', 'j', ['position']);

export interface JobLease {
  /** Position of the last run; '' if it was finished or never begun. */
  position: string;
  until: number;
}

/** Leases a job until `until`; undefined if another process has it, or finished it after `unlessDoneSince`. */
export async function acquireLease(
  db: Executor,
  name: string,
  lease: { now: number; until: number; unlessDoneSince: number },
): Promise<JobLease | undefined> {
  const [row] = await db.query(read('jobs.find', JOB, sql`SELECT ${JOB} FROM jobs j WHERE j.name = ${name}`));
  if (row) {
    const due = sql`leased_until <= ${lease.now} AND (finished_at <= ${lease.unlessDoneSince} OR position <> '')`;
    const take = sql`UPDATE jobs SET leased_until = ${lease.until} WHERE name = ${name} AND ${due}`;
    // Sent twice, the second one finds the job taken, and it is left alone until the lease is over.
    const { affected } = await db.execute(write('jobs.take', 'safe', take));
    return affected > 0 ? { position: row.position, until: lease.until } : undefined;
  }
  try {
    const first = { name, leased_until: lease.until, finished_at: 0, position: '' };
    await db.execute(write('jobs.create', 'safe', insertInto('jobs', first)));
    return { position: '', until: lease.until };
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}

/** Releases the job with the position of the next run. Does nothing if the lease is over. */
export async function releaseLease(
  db: Executor,
  name: string,
  lease: { until: number; now: number; position: string },
): Promise<void> {
  const statement = sql`UPDATE jobs SET leased_until = 0, finished_at = ${lease.now}, position = ${lease.position}
    WHERE name = ${name} AND leased_until = ${lease.until}`;
  await db.execute(write('jobs.give_back', 'safe', statement));
}
