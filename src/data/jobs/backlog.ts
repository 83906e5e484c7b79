/** The amount and age of due work, for /metrics. */
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { computed, int, raw, read, sql } from '../engine/sql';

export interface Backlog {
  due: number;
  /** Since when the oldest has been due (ms since 1970); null if nothing is due. */
  oldest: number | null;
}

const BACKLOG = computed<Backlog>({ due: raw('COUNT(*)'), oldest: raw('MIN(next_at)') });
const OUTBOX = read('outbox.backlog', BACKLOG, sql`SELECT ${BACKLOG} FROM outbox WHERE next_at <= ${int('now')}`);

export async function outboxBacklog(db: Executor, now: number): Promise<Backlog> {
  const [row] = await db.query(OUTBOX, { now });
  return row ?? { due: 0, oldest: null };
}

interface WebhookBacklog {
  /** Items without a try. */
  waiting: number;
  /** Failed and waiting for a retry, or being tried. */
  retrying: number;
  oldest_waiting: number | null;
  oldest_retrying: number | null;
}

const WAITING = computed<WebhookBacklog>({
  waiting: raw('COUNT(CASE WHEN d.attempts = 0 THEN 1 END)'),
  retrying: raw('COUNT(CASE WHEN d.attempts > 0 THEN 1 END)'),
  oldest_waiting: raw('MIN(CASE WHEN d.attempts = 0 THEN d.created_at END)'),
  oldest_retrying: raw('MIN(CASE WHEN d.attempts > 0 THEN d.created_at END)'),
});
const DELIVERIES = read(
  'deliveries.backlog',
  WAITING,
  sql`SELECT ${WAITING} FROM deliveries d ${byIndex('deliveries_due')}
    JOIN webhooks w ON w.id = d.webhook_id AND w.enabled = 1 WHERE d.state = 0`,
);

/** Pending deliveries of enabled webhooks. Reads all of their rows. */
export async function webhookBacklog(db: Executor): Promise<WebhookBacklog> {
  const [row] = await db.query(DELIVERIES);
  return row ?? { waiting: 0, retrying: 0, oldest_waiting: null, oldest_retrying: null };
}

const KINDS = computed<{ kind: string; n: number }>({ kind: raw('kind'), n: raw('COUNT(*)') });

const UNFINISHED = read(
  'outbox.unfinished_by_kind',
  KINDS,
  sql`SELECT ${KINDS} FROM outbox WHERE attempts > 0 GROUP BY kind`,
);

/** Calls of IM and TRTC that failed at least once and are still to be made, of all tenants. */
export async function countUnfinished(db: Pick<Executor, 'query'>): Promise<{ im: number; trtc: number }> {
  const rows = await db.query(UNFINISHED);
  const of = (vendor: string) =>
    rows.filter(({ kind }) => kind.startsWith(`${vendor}_`)).reduce((sum, { n }) => sum + n, 0);
  // dismiss_room is work for both; it counts for IM, which comes first.
  const rooms = rows.find(({ kind }) => kind === 'dismiss_room')?.n ?? 0;
  return { im: of('im') + rooms, trtc: of('trtc') };
}
