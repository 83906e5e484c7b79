/** Which scheduled job is being done by whom, and where it goes on. */
import { DatabaseError } from '../base/errors';
import type { Executor } from './engine/database';
import { columns, insertInto, read, sql, write } from './engine/sql';

const JOB = columns('jobs', 'j', ['position']);

export interface JobTurn {
  /** What the last turn left; '' where it was finished or never begun. */
  position: string;
  until: number;
}

/** Takes a job until `until`; undefined where somebody else is at it, or finished it after `unlessDoneSince`. */
export async function takeJob(
  db: Executor,
  name: string,
  turn: { now: number; until: number; unlessDoneSince: number },
): Promise<JobTurn | undefined> {
  const [row] = await db.query(read('jobs.find', JOB, sql`SELECT ${JOB} FROM jobs j WHERE j.name = ${name}`));
  if (row) {
    const due = sql`leased_until <= ${turn.now} AND (finished_at <= ${turn.unlessDoneSince} OR position <> '')`;
    const take = sql`UPDATE jobs SET leased_until = ${turn.until} WHERE name = ${name} AND ${due}`;
    // Sent twice, the second one finds the job taken, and it is left alone until the lease is over.
    const { affected } = await db.execute(write('jobs.take', 'safe', take));
    return affected > 0 ? { position: row.position, until: turn.until } : undefined;
  }
  try {
    const first = { name, leased_until: turn.until, finished_at: 0, position: '' };
    await db.execute(write('jobs.create', 'safe', insertInto('jobs', first)));
    return { position: '', until: turn.until };
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return undefined;
    throw error;
  }
}

/** Gives the job back with the place where the next turn goes on. Nothing happens where the turn was over already. */
export async function giveBackJob(
  db: Executor,
  name: string,
  turn: { until: number; now: number; position: string },
): Promise<void> {
  const statement = sql`UPDATE jobs SET leased_until = 0, finished_at = ${turn.now}, position = ${turn.position}
    WHERE name = ${name} AND leased_until = ${turn.until}`;
  await db.execute(write('jobs.give_back', 'safe', statement));
}
