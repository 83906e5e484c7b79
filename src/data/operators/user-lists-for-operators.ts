/** Users as operators see them. */

import { accountName } from '../accounts/user-names';
import { countUpTo } from '../engine/counted';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, int, ints, nullable, raw, read, type Sql, sql, text, texts } from '../engine/sql';
import { type Shape, variants } from '../engine/variants';
import { IS_IN_ROOM, type OnlineCutoffs, presenceOf } from '../presence/predicates';
import { isLive } from '../rooms/room-states';

type Reader = Pick<Executor, 'query'>;

const USER = both(
  columns('users', 'u', ['id', 'name', 'username', 'created_at', 'banned_until']),
  nullable(
    computed<{ seen_at: number; alive_until: number }>({
      seen_at: raw('p.seen_at'),
      alive_until: raw('p.alive_until'),
    }),
  ),
);
export type OperatorsUser = (typeof USER)['row'];

const FROM = raw('FROM users u LEFT JOIN presence p ON p.user_id = u.id');

interface Page {
  tenant: string;
  before: number | undefined;
  limit: number;
}

const listing = variants(({ and }: Shape<Page>) =>
  read(
    'operators_users.list',
    USER,
    sql`SELECT ${USER} FROM users u ${byIndex('users_in_order')} LEFT JOIN presence p ON p.user_id = u.id
    WHERE u.tenant = ${text('tenant')} ${and('before', sql`u.id < ${int('before')}`)}
    ORDER BY u.id DESC LIMIT ${int('limit')}`,
  ),
);

/** Newest first. */
export function listUsers(db: Reader, page: Page): Promise<OperatorsUser[]> {
  return db.query(listing(page), page);
}

const COUNT = countUpTo(
  'operators_users.count',
  sql`FROM users u ${byIndex('users_in_order')} WHERE u.tenant = ${text('tenant')}`,
);

/** At most `most` + 1. */
export async function countUsers(db: Reader, tenant: string, most: number): Promise<number> {
  return (await db.query(COUNT, { tenant, atMost: most + 1 }))[0]?.n ?? 0;
}

const FIND = read(
  'operators_users.find',
  USER,
  sql`SELECT ${USER} ${FROM} WHERE u.id = ${int('id')} AND u.tenant = ${text('tenant')}`,
);

export async function findOperatorsUser(db: Reader, tenant: string, id: number): Promise<OperatorsUser | undefined> {
  return (await db.query(FIND, { tenant, id }))[0];
}

const ID = columns('users', 'u', ['id']);
const exactly = <P>(condition: Sql<P>) =>
  sql`SELECT ${ID} FROM users u WHERE u.tenant = ${text('tenant')} AND ${condition} LIMIT 50`;
const BY_USERNAME = read('operators_users.by_username', ID, exactly(sql`u.username_key IN (${texts('keys')})`));
const BY_PHONE = read('operators_users.by_phone', ID, exactly(sql`u.phone = ${text('text')}`));
const BY_EMAIL = read('operators_users.by_email', ID, exactly(sql`u.email = ${text('text')}`));
const EXACTLY = read(
  'operators_users.exactly',
  USER,
  sql`SELECT ${USER} ${FROM} WHERE u.id IN (${ints('ids')}) ORDER BY u.id DESC`,
);

/** Users with exactly this user name (in any equal spelling), phone number or mail address. */
export async function searchUsersExactly(db: Reader, tenant: string, searched: string): Promise<OperatorsUser[]> {
  const values = { tenant, text: searched, keys: accountName(tenant, searched).keys };
  const found = [
    ...(await db.query(BY_USERNAME, values)),
    ...(await db.query(BY_PHONE, values)),
    ...(await db.query(BY_EMAIL, values)),
  ];
  const ids = [...new Set(found.map((row) => row.id))];
  return ids.length === 0 ? [] : db.query(EXACTLY, { ids });
}

interface NamePage {
  tenant: string;
  text: string;
  end: string;
  name: string | undefined;
  id: number | undefined;
  limit: number;
}

const NAME_BEHIND = sql`u.name >= ${text('name')} AND (u.name > ${text('name')} OR u.id > ${int('id')})`;
const searching = variants(({ and }: Shape<NamePage>) =>
  read(
    'operators_users.by_name',
    USER,
    sql`SELECT ${USER} FROM users u ${byIndex('users_by_name')} LEFT JOIN presence p ON p.user_id = u.id
    WHERE u.tenant = ${text('tenant')} AND u.name >= ${text('text')} AND u.name < ${text('end')}
      ${and('name', NAME_BEHIND)} ORDER BY u.name, u.id LIMIT ${int('limit')}`,
  ),
);

/** Users whose display name begins with `text`, in order of their names. */
export function searchUsersByName(
  db: Reader,
  search: { tenant: string; text: string; after: readonly [string, number] | undefined; limit: number },
): Promise<OperatorsUser[]> {
  const { after, ...rest } = search;
  // Code points sort in the same order in both databases (utf8mb4_bin, BINARY): names with this prefix are before its last character + 1.
  const values = { ...rest, end: `${search.text}\u{10ffff}`, name: after?.[0], id: after?.[1] };
  return db.query(searching(values), values);
}

const SESSION = columns('sessions', 's', ['created_at', 'expires_at', 'address']);
const SESSIONS = read(
  'operators_users.sessions',
  SESSION,
  sql`SELECT ${SESSION} FROM sessions s WHERE s.user_id = ${int('userId')} ORDER BY s.created_at DESC LIMIT 100`,
);

/** Newest first, 100 at most. */
export function sessionsOf(db: Reader, userId: number) {
  return db.query(SESSIONS, { userId });
}

const PLACE = both(columns('rooms', 'r', ['room_id', 'title']), columns('members', 'm', ['role', 'joined_at']));
const ROOMS = read(
  'operators_users.rooms',
  PLACE,
  sql`SELECT ${PLACE} FROM members m ${byIndex('members_by_user')} ${presenceOf('m.user_id', 'p')}
    JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no AND ${isLive('r')}
    WHERE m.user_id = ${int('userId')} AND ${IS_IN_ROOM} LIMIT 20`,
);

/** The live rooms that the user is in, 20 at most. */
export function roomsOfUser(db: Reader, userId: number, cutoffs: OnlineCutoffs) {
  return db.query(ROOMS, { userId, ...cutoffs });
}
