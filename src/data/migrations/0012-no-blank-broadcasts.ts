/** Deletes the rows that 1.1.0 prepared in `broadcasts` for rooms that were live: a broadcast gets its row when it ends. */
import { type Migration, sql } from 'kysely';

/** The tenant under which 1.1.0 kept them. */
const BLANK = '(blank)';
/** Rows deleted by one statement, so that its locks are short. */
const ROWS = 2_000;

export function noBlankBroadcasts(): Migration {
  return {
    async up(db) {
      for (;;) {
        const found = sql<{ id: number }>`SELECT id FROM broadcasts WHERE tenant = ${BLANK} ORDER BY id LIMIT ${ROWS}`;
        const ids = (await found.execute(db)).rows.map(({ id }) => id);
        if (ids.length === 0) return;
        await sql`DELETE FROM broadcasts WHERE id IN (${sql.join(ids)})`.execute(db);
      }
    },
  };
}
