/**
 * The ids of users and rooms as the apps know them: one name space for both, so that nobody can take another's, and a row
 * for every id ever given.
 */
import { randomInt } from 'node:crypto';
import { DatabaseError } from '../base/errors';
import type { Executor } from './engine/database';
import { computed, insertInto, raw, read, sql, write } from './engine/sql';
import type { LiveSession } from './sessions';

/** Of generated roomIds: above every userId, within what an Android client reads as a Java int. */
const ROOM_ID_RANGE = { from: 100_000_000, to: 2_147_483_647 } as const;

/** The number of a user or room in public: plain for the default tenant, with the tenant in front elsewhere. */
export function publicId(tenant: string, id: number | string): string {
  return tenant === '' ? String(id) : `${tenant}-${id}`;
}

/** The number inside a public user id of this tenant; undefined where it cannot be one. */
export function userNumber(tenant: string, publicUserId: string): number | undefined {
  const text =
    tenant === '' || !publicUserId.startsWith(`${tenant}-`) ? publicUserId : publicUserId.slice(tenant.length + 1);
  const own = tenant === '' || text !== publicUserId;
  return own && /^[1-9]\d{0,7}$/.test(text) ? Number(text) : undefined;
}

/** True where the id was free and now belongs to `ownerId`; after a lost answer it may be theirs although this says false. */
export async function claimPublicId(
  tx: Executor,
  id: { tenant: string; publicId: string; ownerId: number; now: number },
): Promise<boolean> {
  try {
    const row = { tenant: id.tenant, public_id: id.publicId, owner_id: id.ownerId, created_at: id.now };
    await tx.execute(write('public_ids.claim', 'safe', insertInto('public_ids', row)));
    return true;
  } catch (error) {
    if (error instanceof DatabaseError && error.kind === 'duplicate') return false;
    throw error;
  }
}

/** A new roomId that nobody can guess and nobody else will ever get. */
export async function generateRoomId(
  db: Executor,
  by: LiveSession,
  { tenant, now }: { tenant: string; now: number },
): Promise<string> {
  for (;;) {
    const number = randomInt(ROOM_ID_RANGE.from, ROOM_ID_RANGE.to + 1);
    const id = publicId(tenant, number);
    if (await claimPublicId(db, { tenant, publicId: id, ownerId: by.userId, now })) return id;
  }
}

const UNUSED = computed<{ unused: number }>({ unused: raw('COUNT(*)') });

/** How many ids were given to a user after `since`, and no room has them; counted up to `max`. */
export async function countUnusedIds(
  db: Executor,
  by: LiveSession,
  { tenant, since, max }: { tenant: string; since: number; max: number },
): Promise<number> {
  const own = publicId(tenant, by.userId);
  const some = sql`SELECT 1 AS one FROM public_ids i WHERE i.owner_id = ${by.userId} AND i.created_at > ${since}
    AND i.public_id <> ${own}
    AND NOT EXISTS (SELECT 1 FROM rooms r WHERE r.tenant = i.tenant AND r.room_id = i.public_id) LIMIT ${max}`;
  const [row] = await db.query(read('public_ids.count_unused', UNUSED, sql`SELECT ${UNUSED} FROM (${some}) some`));
  return row?.unused ?? 0;
}

/** Gives an id back that was claimed for a room which then could not be opened. */
export async function releasePublicId(tx: Executor, tenant: string, id: string): Promise<void> {
  const statement = sql`DELETE FROM public_ids WHERE tenant = ${tenant} AND public_id = ${id}`;
  await tx.execute(write('public_ids.release', 'safe', statement));
}
