/** Who is in a room, in the order of entering: of one room, or of many in two statements. */
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { byIndex } from '../engine/dialect';
import { both, columns, computed, each, int, nullable, type RowOf, raw, read, sql, text, texts } from '../engine/sql';
import { IS_IN_ROOM, type OnlineCutoffs, OWNER_PRESENCE, presenceOf } from '../presence/predicates';
import { inBroadcastOf, OF_OPEN_ROOM } from './members';
import { isLive } from './room-states';

/** The open room's owner, seen from its list of members. */
const OWNER = both(columns('rooms', 'r', ['owner_id']), OWNER_PRESENCE);
const PICKED = columns('members', 'm', ['user_id', 'joined_at', 'role']);
const MEMBER = both(
  nullable(columns('members', 'picked', ['user_id', 'joined_at', 'role'])),
  nullable(columns('users', 'u', ['name', 'avatar', 'custom'])),
);
const OWNER_AND_MEMBER = both(OWNER, MEMBER);

export interface ListedMember {
  user_id: number;
  name: string;
  avatar: string;
  role: string;
  custom: string;
}

export interface MemberPage {
  owner: RowOf<typeof OWNER>;
  members: ListedMember[];
}

/** The rows of one room: its members are none if the outer join found none. A name is missing while the account is being deleted. */
function pageOf(
  { owner_id, owner_alive_until, owner_seen_at }: RowOf<typeof OWNER>,
  rows: readonly RowOf<typeof MEMBER>[],
): MemberPage {
  const members: (ListedMember & { joined_at: number })[] = [];
  for (const { user_id, joined_at, role, name, avatar, custom } of rows) {
    if (user_id === null || joined_at === null) continue;
    const texts = { role: role ?? '', name: name ?? '', avatar: avatar ?? '', custom: custom ?? '' };
    members.push({ user_id, joined_at, ...texts });
  }
  // An outer query keeps the inner one's choice, but need not keep its order.
  members.sort((a, b) => a.joined_at - b.joined_at || a.user_id - b.user_id);
  return { owner: { owner_id, owner_alive_until, owner_seen_at }, members };
}

/**
 * The open room and who is in it now, in the order of entering. The inner query names its room by constants, so that it walks
 * the members in order and ends at the limit: joined to the room, it would sort all members of a full room first.
 */
const LIST = read(
  'members.list',
  OWNER_AND_MEMBER,
  sql`SELECT ${OWNER_AND_MEMBER}
    FROM rooms r ${presenceOf('r.owner_id', 'o')} LEFT JOIN (
      SELECT ${PICKED} FROM members m ${byIndex('members_in_order')}
      ${presenceOf('m.user_id', 'p')} WHERE ${inBroadcastOf(OF_OPEN_ROOM)} AND ${IS_IN_ROOM}
      ORDER BY m.joined_at, m.user_id LIMIT ${int('limit')}
    ) picked ON 1 = 1
    LEFT JOIN users u ON u.id = picked.user_id
    WHERE r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')} AND ${isLive('r')}`,
);

const OPEN_ROOM = both(columns('rooms', 'r', ['id', 'room_id', 'broadcast_no']), OWNER);
const FIND_ROOMS = read(
  'members.rooms',
  OPEN_ROOM,
  sql`SELECT ${OPEN_ROOM} FROM rooms r ${presenceOf('r.owner_id', 'o')}
    WHERE r.tenant = ${text('tenant')} AND r.room_id IN (${texts('roomIds')}) AND ${isLive('r')}`,
);

const OF_ROOM = both(
  computed<{ room_pk: number }>({ room_pk: raw('m.room_pk') }),
  both(PICKED, nullable(columns('users', 'u', ['name', 'avatar', 'custom']))),
);
/** Above this, filling a statement up to its next length would cost the server more than another statement. */
const PAGES_AT_ONCE = 16;
// A page names its room by constants too; SQLite wants the parentheses of a derived table.
const PAGE = sql`SELECT * FROM (SELECT ${OF_ROOM} FROM members m ${byIndex('members_in_order')}
    ${presenceOf('m.user_id', 'p')} LEFT JOIN users u ON u.id = m.user_id
    WHERE m.room_pk = ${int('id')} AND m.broadcast_no = ${int('broadcastNo')} AND ${IS_IN_ROOM}
    ORDER BY m.joined_at, m.user_id LIMIT ${int('limit')}) page`;
const NO_PAGE = { id: 0, broadcastNo: 0, limit: 1, now: 0, memberCutoff: 0 };
const PAGES = read('members.pages', OF_ROOM, each('pages', PAGE, ' UNION ALL ', NO_PAGE));

export interface PageWanted {
  roomId: string;
  limit: number;
}

/** One page; undefined: no such open room. */
async function listMembers(
  db: Executor,
  page: PageWanted & OnlineCutoffs & { tenant: string },
): Promise<MemberPage | undefined> {
  const rows = await db.query(LIST, page);
  const [first] = rows;
  return first && pageOf(first, rows);
}

/** The pages of several rooms of a tenant, in their order; undefined for one that is not open. Each room once. */
async function listMembersOf(
  db: Executor,
  tenant: string,
  wanted: readonly PageWanted[],
  cutoffs: OnlineCutoffs,
): Promise<readonly (MemberPage | undefined)[]> {
  const roomIds = wanted.map(({ roomId }) => roomId);
  const rooms = new Map((await db.query(FIND_ROOMS, { tenant, roomIds })).map((room) => [room.room_id, room]));
  const pages = wanted.flatMap(({ roomId, limit }) => {
    const room = rooms.get(roomId);
    return room ? [{ id: room.id, broadcastNo: room.broadcast_no, limit, ...cutoffs }] : [];
  });
  const parts = Array.from({ length: Math.ceil(pages.length / PAGES_AT_ONCE) }, (_, n) =>
    pages.slice(n * PAGES_AT_ONCE, (n + 1) * PAGES_AT_ONCE),
  );
  const rows = (await Promise.all(parts.map((part) => db.query(PAGES, { pages: part })))).flat();
  const members = new Map<number, typeof rows>();
  for (const row of rows) {
    const known = members.get(row.room_pk);
    if (known) known.push(row);
    else members.set(row.room_pk, [row]);
  }
  return wanted.map(({ roomId }) => {
    const room = rooms.get(roomId);
    return room && pageOf(room, members.get(room.id) ?? []);
  });
}

export interface TenantPage extends PageWanted {
  tenant: string;
  cutoffs: OnlineCutoffs;
}

/** The page of one open room; undefined: there is none. Requests of a batch share the times of the first. */
export const readMemberPage = batched<TenantPage, MemberPage | undefined>({
  name: 'member_lists',
  keyOf: ({ tenant, roomId }) => `${tenant} ${roomId}`,
  partition: ({ tenant }) => tenant,
  run: async (db, pages) => {
    const [{ tenant, roomId, limit, cutoffs }] = pages;
    if (pages.length === 1) return [await listMembers(db, { tenant, roomId, limit, ...cutoffs })];
    return listMembersOf(db, tenant, pages, cutoffs);
  },
});
