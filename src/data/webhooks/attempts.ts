/** The attempts of deliveries, kept with them to explain why a receiver did not accept an event. */
import type { Executor } from '../engine/database';
import { columns, insertAllInto, int, ints, read, sql, write } from '../engine/sql';

export interface NewAttempt {
  deliveryId: number;
  /** Counts from 1. */
  number: number;
  /** Milliseconds since 1970. */
  at: number;
  ms: number;
  /** HTTP status; 0 = no response. */
  status: number;
  fault: string;
  requestHeaders: string;
  responseHeaders: string;
  responseBody: string;
}

const ATTEMPT = columns('webhook_attempts', 'a', [
  'id',
  'number',
  'at',
  'ms',
  'status',
  'fault',
  'request_headers',
  'response_headers',
  'response_body',
]);
export type AttemptRow = (typeof ATTEMPT)['row'];

/** What receivers send may be anything: signs that a column does not take are left out. */
const stored = (text: string, most: number) => text.replaceAll('\0', '').toWellFormed().slice(0, most);

const ADD = write(
  'webhook_attempts.add',
  'never',
  insertAllInto('attempts', 'webhook_attempts', [
    ...(['delivery_id', 'number', 'at', 'ms', 'status', 'fault'] as const),
    ...(['request_headers', 'response_headers', 'response_body'] as const),
  ]),
);

export async function addAttempts(db: Executor, attempts: readonly NewAttempt[]): Promise<void> {
  if (attempts.length === 0) return;
  const rows = attempts.map(({ deliveryId, fault, requestHeaders, responseHeaders, responseBody, ...rest }) => ({
    ...rest,
    delivery_id: deliveryId,
    fault: stored(fault, 200),
    request_headers: stored(requestHeaders, 1_000),
    response_headers: stored(responseHeaders, 2_000),
    response_body: stored(responseBody, 2_000),
  }));
  await db.execute(ADD, { attempts: rows });
}

const LIST = read(
  'webhook_attempts.list',
  ATTEMPT,
  sql`SELECT ${ATTEMPT} FROM webhook_attempts a WHERE a.delivery_id = ${int('deliveryId')} ORDER BY a.id DESC LIMIT 20`,
);

/** Newest first, 20 at most. */
export function attemptsOf(db: Pick<Executor, 'query'>, deliveryId: number): Promise<AttemptRow[]> {
  return db.query(LIST, { deliveryId });
}

const OLD = columns('webhook_attempts', 'a', ['id']);
const FIND_OLD = read(
  'webhook_attempts.old',
  OLD,
  sql`SELECT ${OLD} FROM webhook_attempts a WHERE a.at < ${int('before')} ORDER BY a.at LIMIT ${int('limit')}`,
);
const DELETE = write('webhook_attempts.delete', 'safe', sql`DELETE FROM webhook_attempts WHERE id IN (${ints('ids')})`);

/** Deletes up to `limit` attempts of before `before`, also of deliveries and webhooks that are gone; gives the number. */
export async function deleteOldAttempts(db: Executor, before: number, limit: number): Promise<number> {
  const ids = (await db.query(FIND_OLD, { before, limit })).map(({ id }) => id);
  return ids.length === 0 ? 0 : (await db.execute(DELETE, { ids })).affected;
}
