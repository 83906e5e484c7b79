/** Rows that nothing else deletes, by their age, and what older releases stored in another form. Each call is one batch. */

import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { columns, int, ints, type Read, read, sql, text, texts, type Write, write } from '../engine/sql';
import { KEYED, type PersonHashes } from '../sanctions/person-hashes';

const DAY_MS = 86_400_000;

export interface Old {
  /** Milliseconds since 1970. */
  before: number;
  limit: number;
}

/** Deletes what `oldest` finds; ids grow with time, so no index by time is needed. */
function deletingOldest(
  oldest: Read<{ id: number; created_at: number }, { limit: number }>,
  expire: Write<{ ids: readonly number[] }>,
) {
  return async (db: Executor, { before, limit }: Old): Promise<number> => {
    const rows = await db.query(oldest, { limit });
    const ids = rows.filter((row) => row.created_at < before).map(({ id }) => id);
    return ids.length === 0 ? 0 : (await db.execute(expire, { ids })).affected;
  };
}

const REPORT = columns('reports', 'e', ['id', 'created_at']);

/** Each of these gives the number of deleted rows. */
export const deleteOldReports = deletingOldest(
  read(
    'reports.oldest',
    REPORT,
    sql`SELECT ${REPORT} FROM reports e WHERE e.id > 0 ORDER BY e.id LIMIT ${int('limit')}`,
  ),
  write('reports.expire', 'safe', sql`DELETE FROM reports WHERE id IN (${ints('ids')})`),
);

const APPEAL = columns('appeals', 'p', ['id', 'created_at']);

export const deleteOldAppeals = deletingOldest(
  read(
    'appeals.oldest',
    APPEAL,
    sql`SELECT ${APPEAL} FROM appeals p WHERE p.id > 0 ORDER BY p.id LIMIT ${int('limit')}`,
  ),
  write('appeals.expire', 'safe', sql`DELETE FROM appeals WHERE id IN (${ints('ids')})`),
);

const SANCTION = columns('sanctions', 's', ['id']);
const OF_TENANT = sql`SELECT ${SANCTION} FROM sanctions s ${byIndex('sanctions_in_force')}
    WHERE s.tenant = ${text('tenant')}`;
const ENDED = read(
  'sanctions.ended_before',
  SANCTION,
  sql`${OF_TENANT} AND s.lifted_at = 0 AND s.until_at < ${int('before')} ORDER BY s.until_at LIMIT ${int('limit')}`,
);
const LIFTED = read(
  'sanctions.lifted_before',
  SANCTION,
  sql`${OF_TENANT} AND s.lifted_at > 0 AND s.lifted_at < ${int('before')} ORDER BY s.lifted_at LIMIT ${int('limit')}`,
);
const EXPIRE_SANCTIONS = write('sanctions.expire', 'safe', sql`DELETE FROM sanctions WHERE id IN (${ints('ids')})`);

/** Those that ended or were lifted before. A permanent one stays. */
export async function deleteOldSanctions(db: Executor, old: Old & { tenant: string }): Promise<number> {
  const rows = [...(await db.query(ENDED, old)), ...(await db.query(LIFTED, old))];
  if (rows.length === 0) return 0;
  return (await db.execute(EXPIRE_SANCTIONS, { ids: rows.map(({ id }) => id) })).affected;
}

const ID = columns('public_ids', 'i', ['tenant', 'public_id']);
/** Ids that were missed for so long stay: without a bound each run would read all ids that are in use. */
const MISSED_MS = 30 * DAY_MS;
/** A generated room id has at least nine digits, a user id at most eight, or it is the user's name. */
const IS_GENERATED = sql`LENGTH(i.public_id) >= 9 + CASE WHEN i.tenant = '' THEN 0 ELSE LENGTH(i.tenant) + 1 END`;

const UNUSED = read(
  'public_ids.unused',
  ID,
  sql`SELECT ${ID} FROM public_ids i ${byIndex('public_ids_by_age')}
    WHERE i.created_at >= ${int('missed')} AND i.created_at < ${int('before')} AND ${IS_GENERATED}
      AND EXISTS (SELECT 1 FROM users u WHERE u.id = i.owner_id AND LOWER(u.username) <> i.public_id)
      AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.tenant = i.tenant AND r.room_id = i.public_id)
    ORDER BY i.created_at LIMIT ${int('limit')}`,
);
const EXPIRE_IDS = write(
  'public_ids.expire',
  'safe',
  sql`DELETE FROM public_ids WHERE tenant = ${text('tenant')} AND public_id IN (${texts('ids')})`,
);

/** Generated roomIds that no room ever had. Ids of deleted accounts stay: no id is given twice. */
export async function deleteUnusedIds(db: Executor, { before, limit }: Old): Promise<number> {
  const rows = await db.query(UNUSED, { missed: before - MISSED_MS, before, limit });
  let deleted = 0;
  for (const tenant of new Set(rows.map((row) => row.tenant))) {
    const ids = rows.filter((row) => row.tenant === tenant).map(({ public_id }) => public_id);
    deleted += (await db.execute(EXPIRE_IDS, { tenant, ids })).affected;
  }
  return deleted;
}

const EXPIRE_JOBS = write(
  'jobs.expire',
  'safe',
  sql`DELETE FROM jobs WHERE name LIKE 'accounts:%' AND finished_at < ${int('before')}
    AND leased_until < ${int('before')}`,
);

/** Deletes the jobs of keys (DATA_KEYS) that are no longer the newest. */
export async function deleteOldJobs(db: Executor, { before }: Pick<Old, 'before'>): Promise<number> {
  return (await db.execute(EXPIRE_JOBS, { before })).affected;
}

const KEYS = columns('sanctions', 's', ['id', 'name_key', 'contact_key']);
const isPlain = (key: string) => key !== '' && !key.startsWith(KEYED);

const WALK = read(
  'sanctions.walk',
  KEYS,
  sql`SELECT ${KEYS} FROM sanctions s WHERE s.id > ${int('after')} ORDER BY s.id LIMIT ${int('limit')}`,
);
const KEY = write(
  'sanctions.key',
  'safe',
  sql`UPDATE sanctions SET name_key = ${text('nameKey')}, contact_key = ${text('contactKey')} WHERE id = ${int('id')}`,
);

/** Stores plain hashes of 1.1.0 as keyed ones, `limit` sanctions from number `after` on. Gives the last; undefined at the end. */
export async function keySanctions(
  db: Executor,
  hashes: PersonHashes,
  { after, limit }: { after: number; limit: number },
): Promise<number | undefined> {
  const rows = await db.query(WALK, { after, limit });
  for (const { id, name_key, contact_key } of rows) {
    if (!isPlain(name_key) && !isPlain(contact_key)) continue;
    await db.execute(KEY, { id, nameKey: hashes.keyed(name_key), contactKey: hashes.keyed(contact_key) });
  }
  return rows.length < limit ? undefined : rows.at(-1)?.id;
}
