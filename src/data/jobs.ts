/** Which scheduled job is being done by whom, and where it goes on. */
import { DatabaseError } from '../base/errors';
import type { Executor } from './engine/database';

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
  const take = () =>
    db.run(
      db.build
        .updateTable('jobs')
        .set({ leased_until: turn.until })
        .where('name', '=', name)
        .where('leased_until', '<=', turn.now)
        .where((eb) => eb.or([eb('finished_at', '<=', turn.unlessDoneSince), eb('position', '<>', '')])),
    );
  const [row] = await db.rows(db.build.selectFrom('jobs').selectAll().where('name', '=', name));
  if (row) return (await take()).affected > 0 ? { position: row.position, until: turn.until } : undefined;
  try {
    const first = { name, leased_until: turn.until, finished_at: 0, position: '' };
    await db.run(db.build.insertInto('jobs').values(first));
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
  await db.run(
    db.build
      .updateTable('jobs')
      .set({ leased_until: 0, finished_at: turn.now, position: turn.position })
      .where('name', '=', name)
      .where('leased_until', '=', turn.until),
  );
}
