/**
 * A transaction whose COMMIT got no response may have been carried out. Each transaction therefore inserts a row under a
 * random id. A repetition inserts the same id first: it waits while the server still decides, and if the row is there, the
 * result is that of the run which was committed. This process still has it, with the ids and keys that the run made.
 */
import { randomBytes } from 'node:crypto';
import { DatabaseError } from '../../base/errors';
import type { Executor } from './database';
import { byDialect, columns, int, raw, read, sql, text, texts, write } from './sql';

/**
 * Rows are of no use once the request is over; a process of the cloud may sleep in the middle of one. The time is the database's: the
 * clocks of processes differ (s).
 */
const KEPT_SECONDS = 600;
const NOW = byDialect({ mysql: raw('UNIX_TIMESTAMP()'), sqlite: raw('unixepoch()') });

const COMMIT = columns('commits', 'c', ['run']);
const FIND = read('commits.find', COMMIT, sql`SELECT ${COMMIT} FROM commits c WHERE c.id = ${text('id')}`);
const ADD = write(
  'commits.add',
  'never',
  sql`INSERT INTO commits (id, run, at_second) VALUES (${text('id')}, ${int('run')}, ${NOW})`,
);

/** All runs of one transaction. */
export class Commits<R> {
  private id = '';
  /** Results of the runs that sent a COMMIT, by the number in their row. */
  private readonly sent: R[] = [];

  /** The first statement of a run. Gives the result of an earlier run that was committed. */
  async earlier(tx: Executor): Promise<R | undefined> {
    // No COMMIT was sent, so nothing can be committed. A dead connection may keep the lock of the former id for hours.
    if (this.sent.length === 0) this.id = randomBytes(16).toString('base64url');
    try {
      await tx.execute(ADD, { id: this.id, run: this.sent.length });
      return undefined;
    } catch (error) {
      if (!(error instanceof DatabaseError) || error.kind !== 'duplicate') throw error;
      const [row] = await tx.query(FIND, { id: this.id });
      const result = row && this.sent[row.run];
      if (result === undefined) throw new Error(`commit ${this.id} is of no run`);
      return result;
    }
  }

  /** The run is about to send its COMMIT. */
  sending(result: R): void {
    this.sent.push(result);
  }
}

const OLD = columns('commits', 'c', ['id']);

const FIND_OLD = read(
  'commits.old',
  OLD,
  sql`SELECT ${OLD} FROM commits c WHERE c.at_second < ${NOW} - ${KEPT_SECONDS} ORDER BY c.at_second LIMIT ${int('limit')}`,
);
const DELETE_OLD = write('commits.delete_old', 'safe', sql`DELETE FROM commits WHERE id IN (${texts('ids')})`);

/** Gives the number of deleted rows, `limit` at most. */
export async function deleteOldCommits(db: Executor, limit: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { limit })).map(({ id }) => id);
  return ids.length === 0 ? 0 : (await db.execute(DELETE_OLD, { ids })).affected;
}
