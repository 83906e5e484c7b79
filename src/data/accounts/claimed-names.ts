/**
 * User names that are ids. A name that comes back after a deletion is its new account's, with the room that was opened under it;
 * so is the name of a room that is not open, since another user's room must not keep a name from its owner.
 */
import type { Executor } from '../engine/database';
import { EXCLUSIVE_LOCK } from '../engine/dialect';
import { columns, computed, int, raw, read, sql, text, write } from '../engine/sql';
import { ROOM_STATUS } from '../rooms/room-states';
import { forgetRolesOf, forgetTracesOfRooms } from './forgetting';
import { claimPublicId } from './public-ids';

const CLAIM = computed<{ owner_id: number; owners: number }>({
  owner_id: raw('i.owner_id'),
  owners: raw('(SELECT COUNT(*) FROM users u WHERE u.id = i.owner_id)'),
});
const FIND = read(
  'public_ids.find_claim',
  CLAIM,
  sql`SELECT ${CLAIM} FROM public_ids i WHERE i.tenant = ${text('tenant')} AND i.public_id = ${text('key')} ${EXCLUSIVE_LOCK}`,
);
const ROOM = columns('rooms', 'r', ['id', 'status']);
const ROOMS = read(
  'rooms.of_name',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r WHERE r.owner_id = ${int('from')} AND r.tenant = ${text('tenant')}
    AND LOWER(r.room_id) = ${text('key')} ${EXCLUSIVE_LOCK}`,
);
const TAKE_ROOMS = write(
  'rooms.take_with_name',
  'safe',
  sql`UPDATE rooms SET owner_id = ${int('id')}, updated_by = ${int('id')}, host_pending = 0, open_slot = NULL, session_id = '',
      title = '', cover = '', subject = '', description = '', custom = ''
    WHERE owner_id = ${int('from')} AND tenant = ${text('tenant')} AND LOWER(room_id) = ${text('key')}`,
);
const TAKE = write(
  'public_ids.take_name',
  'safe',
  sql`UPDATE public_ids SET owner_id = ${int('id')}, created_at = ${int('now')}
    WHERE tenant = ${text('tenant')} AND public_id = ${text('key')}`,
);

/** `key`: the name in lower case. False: a room that is open has this id. */
export async function claimName(
  tx: Executor,
  name: { tenant: string; key: string; id: number; now: number },
): Promise<boolean> {
  const { tenant, key, id, now } = name;
  if (await claimPublicId(tx, { tenant, publicId: key, ownerId: id, now })) return true;
  const [claim] = await tx.query(FIND, { tenant, key });
  if (!claim) return claimPublicId(tx, { tenant, publicId: key, ownerId: id, now });
  const { owner_id: from, owners } = claim;
  const rooms = await tx.query(ROOMS, { tenant, key, from });
  if (rooms.some(({ status }) => status === ROOM_STATUS.live || status === ROOM_STATUS.opening)) return false;
  await tx.execute(TAKE_ROOMS, { tenant, key, id, from });
  await tx.execute(TAKE, { tenant, key, id, now });
  // The rooms are now those of `id`, who has no others yet.
  const person = { tenant, id };
  await forgetRolesOf(tx, person);
  if (owners === 0) await forgetTracesOfRooms(tx, person);
  tx.changed('rooms');
  return true;
}
