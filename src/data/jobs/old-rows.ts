/** Rows that nothing else deletes, by their age, and what older releases stored in another form. Each call is one batch. */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, list, read, sql, write } from '../engine/sql';
import { KEYED, type PersonHashes } from '../sanctions/person-hashes';

const DAY_MS = 86_400_000;

export interface Old {
  /** Milliseconds since 1970. */
  before: number;
  limit: number;
}

const REPORT = columns('reports', 'e', ['id', 'created_at']);
const OLDEST_REPORTS = (limit: number) =>
  sql`SELECT ${REPORT} FROM reports e WHERE e.id > 0 ORDER BY e.id LIMIT ${limit}`;

/** Each of these gives the number of deleted rows. */
export async function deleteOldReports(db: Executor, { before, limit }: Old): Promise<number> {
  // Ids grow with time, so no index by time is needed.
  const rows = await db.query(read('reports.oldest', REPORT, OLDEST_REPORTS(limit)));
  const ids = rows.filter((row) => row.created_at < before).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const statement = sql`DELETE FROM reports WHERE id IN (${list(ids)})`;
  return (await db.execute(write('reports.expire', 'safe', statement))).affected;
}

const APPEAL = columns('appeals', 'p', ['id', 'created_at']);

export async function deleteOldAppeals(db: Executor, { before, limit }: Old): Promise<number> {
  const oldest = sql`SELECT ${APPEAL} FROM appeals p WHERE p.id > 0 ORDER BY p.id LIMIT ${limit}`;
  const rows = await db.query(read('appeals.oldest', APPEAL, oldest));
  const ids = rows.filter((row) => row.created_at < before).map(({ id }) => id);
  if (ids.length === 0) return 0;
  const statement = sql`DELETE FROM appeals WHERE id IN (${list(ids)})`;
  return (await db.execute(write('appeals.expire', 'safe', statement))).affected;
}

const SANCTION = columns('sanctions', 's', ['id']);

/** Those that ended or were lifted before. A permanent one stays. */
export async function deleteOldSanctions(
  db: Executor,
  { tenant, before, limit }: Old & { tenant: string },
): Promise<number> {
  const from = sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_in_force')} WHERE s.tenant = ${tenant}`;
  const ended = sql`${from} AND s.lifted_at = 0 AND s.until_at < ${before} ORDER BY s.until_at LIMIT ${limit}`;
  const lifted = sql`${from} AND s.lifted_at > 0 AND s.lifted_at < ${before} ORDER BY s.lifted_at LIMIT ${limit}`;
  const rows = [
    ...(await db.query(read('sanctions.ended_before', SANCTION, ended))),
    ...(await db.query(read('sanctions.lifted_before', SANCTION, lifted))),
  ];
  if (rows.length === 0) return 0;
  const statement = sql`DELETE FROM sanctions WHERE id IN (${list(rows.map(({ id }) => id))})`;
  return (await db.execute(write('sanctions.expire', 'safe', statement))).affected;
}

const ID = columns('public_ids', 'i', ['tenant', 'public_id']);
/** Ids that were missed for so long stay: without a bound each run would read all ids that are in use. */
const MISSED_MS = 30 * DAY_MS;
/** A generated room id has at least nine digits, a user id at most eight. */
const IS_GENERATED = sql`LENGTH(i.public_id) >= 9 + CASE WHEN i.tenant = '' THEN 0 ELSE LENGTH(i.tenant) + 1 END`;

/** Generated roomIds that no room ever had. Ids of deleted accounts stay: no id is given twice. */
export async function deleteUnusedIds(db: Executor, { before, limit }: Old): Promise<number> {
  const unused = sql`SELECT ${ID} FROM public_ids i ${byIndex('public_ids_by_age')}
    WHERE i.created_at >= ${before - MISSED_MS} AND i.created_at < ${before} AND ${IS_GENERATED}
      AND EXISTS (SELECT 1 FROM users u WHERE u.id = i.owner_id)
      AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.tenant = i.tenant AND r.room_id = i.public_id)
    ORDER BY i.created_at LIMIT ${limit}`;
  const rows = await db.query(read('public_ids.unused', ID, unused));
  let deleted = 0;
  for (const tenant of new Set(rows.map((row) => row.tenant))) {
    const ids = rows.filter((row) => row.tenant === tenant).map(({ public_id }) => public_id);
    const statement = sql`DELETE FROM public_ids WHERE tenant = ${tenant} AND public_id IN (${list(ids)})`;
    deleted += (await db.execute(write('public_ids.expire', 'safe', statement))).affected;
  }
  return deleted;
}

/** Of keys (DATA_KEYS) that are no longer the newest. */
export async function deleteOldJobs(db: Executor, { before }: Pick<Old, 'before'>): Promise<number> {
  const statement = sql`DELETE FROM jobs WHERE name LIKE 'accounts:%' AND finished_at < ${before}
    AND leased_until < ${before}`;
  return (await db.execute(write('jobs.expire', 'safe', statement))).affected;
}

const KEYS = columns('sanctions', 's', ['id', 'name_key', 'contact_key']);
const isPlain = (key: string) => key !== '' && !key.startsWith(KEYED);

/** Stores plain hashes of 1.1.0 as keyed ones, `limit` sanctions from number `after` on. Gives the last; undefined at the end. */
export async function keySanctions(
  db: Executor,
  hashes: PersonHashes,
  { after, limit }: { after: number; limit: number },
): Promise<number | undefined> {
  const next = sql`SELECT ${KEYS} FROM sanctions s WHERE s.id > ${after} ORDER BY s.id LIMIT ${limit}`;
  const rows = await db.query(read('sanctions.walk', KEYS, next));
  for (const { id, name_key, contact_key } of rows) {
    if (!isPlain(name_key) && !isPlain(contact_key)) continue;
    const statement = sql`UPDATE sanctions SET name_key = ${hashes.keyed(name_key)},
      contact_key = ${hashes.keyed(contact_key)} WHERE id = ${id}`;
    await db.execute(write('sanctions.key', 'safe', statement));
  }
  return rows.length < limit ? undefined : rows.at(-1)?.id;
}
