/** Leases and positions of the scheduled jobs. */
import { DatabaseError } from '../../base/errors';
import type { Executor } from '../engine/database';
import { columns, int, read, sql, text, write } from '../engine/sql';

const JOB = columns('jobs', 'j', ['position']);

export interface JobLease {
  /** Position of the last run; '' if it was finished or never begun. */
  position: string;
  until: number;
}

const FIND = read('jobs.find', JOB, sql`SELECT ${JOB} FROM jobs j WHERE j.name = ${text('name')}`);
// If it is sent twice, the second one finds the job taken, and the job waits until the lease is over.
const TAKE = write(
  'jobs.take',
  'safe',
  sql`UPDATE jobs SET leased_until = ${int('until')} WHERE name = ${text('name')} AND leased_until <= ${int('now')}
      AND (finished_at <= ${int('unlessDoneSince')} OR position <> '')`,
);
const CREATE = write(
  'jobs.create',
  'safe',
  sql`INSERT INTO jobs (name, leased_until, finished_at, position) VALUES (${text('name')}, ${int('until')}, 0, '')`,
);

/** Leases a job until `until`; undefined if another process has it, or finished it after `unlessDoneSince`. */
export async function acquireLease(
  db: Executor,
  name: string,
  lease: { now: number; until: number; unlessDoneSince: number },
): Promise<JobLease | undefined> {
  const { until } = lease;
  const [row] = await db.query(FIND, { name });
  if (row) {
    const { affected } = await db.execute(TAKE, { name, ...lease });
    return affected > 0 ? { position: row.position, until } : undefined;
  }
  try {
    await db.execute(CREATE, { name, until });
    return { position: '', until };
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}

const RELEASE = write(
  'jobs.give_back',
  'safe',
  sql`UPDATE jobs SET leased_until = 0, finished_at = ${int('now')}, position = ${text('position')}
    WHERE name = ${text('name')} AND leased_until = ${int('until')}`,
);

/** Releases the job with the position of the next run. Does nothing if the lease is over. */
export async function releaseLease(
  db: Executor,
  name: string,
  lease: { until: number; now: number; position: string },
): Promise<void> {
  await db.execute(RELEASE, { name, ...lease });
}
