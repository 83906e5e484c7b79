/** How much work is due and how old it is, for whoever watches the service. */
import type { Executor } from './engine/database';
import { computed, read, sql } from './engine/sql';

export interface Backlog {
  due: number;
  /** Since when the oldest has been due (ms since 1970); null where nothing is. */
  oldest: number | null;
}

export async function outboxBacklog(db: Executor, now: number): Promise<Backlog> {
  const found = computed<Backlog>({ due: sql`COUNT(*)`, oldest: sql`MIN(next_at)` });
  const [row] = await db.query(read('outbox.backlog', found, sql`SELECT ${found} FROM outbox WHERE next_at <= ${now}`));
  return row ?? { due: 0, oldest: null };
}
