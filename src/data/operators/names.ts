/** Names of users and titles of rooms, for lists of ids. */
import type { Executor } from '../engine/database';
import { columns, ints, type RowOf, read, sql, text, texts } from '../engine/sql';

type Reader = Pick<Executor, 'query'>;

const USER = columns('users', 'u', ['id', 'name', 'username']);
const ROOM = columns('rooms', 'r', ['room_id', 'title']);

const USERS = read('operators_names.users', USER, sql`SELECT ${USER} FROM users u WHERE u.id IN (${ints('wanted')})`);
const ROOMS = read(
  'operators_names.rooms',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r WHERE r.tenant = ${text('tenant')} AND r.room_id IN (${texts('wanted')})`,
);

export type NamedUser = RowOf<typeof USER>;

/** The names of each user, by number. Deleted users are omitted. */
export async function namesOfUsers(db: Reader, ids: readonly number[]): Promise<ReadonlyMap<number, NamedUser>> {
  const wanted = [...new Set(ids.filter((id) => id > 0))];
  if (wanted.length === 0) return new Map();
  const rows = await db.query(USERS, { wanted });
  return new Map(rows.map((row) => [row.id, row]));
}

/** The last title of each room, by its id of the apps. */
export async function titlesOfRooms(
  db: Reader,
  tenant: string,
  roomIds: readonly string[],
): Promise<ReadonlyMap<string, string>> {
  const wanted = [...new Set(roomIds.filter((id) => id !== ''))];
  if (wanted.length === 0) return new Map();
  const rows = await db.query(ROOMS, { tenant, wanted });
  return new Map(rows.map(({ room_id, title }) => [room_id, title]));
}
