/** Rooms: finding, making and changing one. Its states are in room-states.ts, lists and counts in room-lists.ts. */

import { isSession, type LiveSession, provedSession, type SessionKey } from '../accounts/sessions';
import { updateAlong } from '../engine/along';
import type { Executor } from '../engine/database';
import {
  assign,
  both,
  columns,
  computed,
  insertInto,
  joined,
  nullable,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  write,
} from '../engine/sql';
import { type AbsenceCutoffs, isAbsent, isKeptOpen } from '../presence/predicates';
import { type SignOfLife, seenWith } from '../presence/signs-of-life';
import { entrySanctions, sanctionsAre } from '../sanctions/sanctions';
import { ROOM_STATUS } from './room-states';

export interface RoomKey {
  tenant: string;
  roomId: string;
}

/** What the audience is told of a room; its counts come beside it (room-lists.ts), since they may have to be made afresh. */
export const ROOM_TEXTS = columns('rooms', 'r', [
  'id',
  'tenant',
  'room_id',
  'owner_id',
  'updated_by',
  'broadcast_no',
  'status',
  'category',
  'title',
  'cover',
  'subject',
  'description',
  'star',
  'created_at',
  'updated_at',
  'custom',
]);

/** All that the rules need to decide about a room. */
export const ROOM = both(
  ROOM_TEXTS,
  columns('rooms', 'r', [
    'lease_holder',
    'lease_until',
    'open_slot',
    'host_pending',
    'session_id',
    'im_group',
    'nn_users',
    'total_joined',
    'counted_at',
  ]),
);

export type Room = RowOf<typeof ROOM>;

export async function findRoom(db: Executor, key: RoomKey): Promise<Room | undefined> {
  const statement = sql`SELECT ${ROOM} FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
  return (await db.query(read('rooms.find', ROOM, statement)))[0];
}

/** The same, and the session of who asks for it: undefined where it has ended. */
export async function findRoomInSession(
  db: Executor,
  key: RoomKey,
  session: SessionKey,
): Promise<{ session: LiveSession; room: Room | undefined } | undefined> {
  const found = nullable(ROOM);
  const statement = sql`SELECT ${found} FROM sessions s
    LEFT JOIN rooms r ON r.tenant = ${key.tenant} AND r.room_id = ${key.roomId} WHERE ${isSession(session)}`;
  const rows = await db.query(read('rooms.find_in_session', found, statement));
  const live = provedSession(session, rows.length);
  const [row] = rows;
  return live && { session: live, room: row && joined(ROOM, row) };
}

/** What there is to know of a room id before entering. */
export interface RoomIdLookup {
  /** The asking user's session; undefined where it has ended. */
  session: LiveSession | undefined;
  /** Whose the id is; undefined where it was never given to anybody. */
  idOwner: number | undefined;
  room: Room | undefined;
  /** Of each room that the asking user has open or is opening, its slot; 0 where it has none (of before there were any). */
  ownSlots: readonly number[];
  /** What operators have decided about the asking user (sanctions.ts). */
  sanctions: EntrySanctions;
}

export interface EntrySanctions {
  /** Of which decision this is the state; whatever lets the user in looks whether it still is. */
  no: number;
  /** The account, or the address that it is used from. */
  banned: boolean;
  /** Kicked out of this room. */
  keptOut: boolean;
  muted: boolean;
}

/** One statement for all of it: an id may be taken before there is a room, and the caller may have signed out. */
export async function lookUpRoomId(
  db: Executor,
  key: RoomKey,
  by: { session: SessionKey; address: string; now: number },
): Promise<RoomIdLookup> {
  const { session } = by;
  const around = computed<{ id_owner: number | null; sessions: number; own_slots: string | null }>({
    id_owner: raw('i.owner_id'),
    sessions: sql`(SELECT COUNT(*) FROM sessions s WHERE s.id = ${session.id} AND s.user_id = ${session.userId})`,
    own_slots: sql`(SELECT GROUP_CONCAT(COALESCE(o.open_slot, 0)) FROM rooms o
      WHERE o.owner_id = ${session.userId} AND o.status IN (${ROOM_STATUS.live}, ${ROOM_STATUS.opening}))`,
  });
  const entry = entrySanctions({ userId: session.userId, address: by.address, tenant: key.tenant, now: by.now });
  const of = both(both(around, entry), nullable(ROOM));
  const statement = sql`SELECT ${of} FROM (SELECT 1 AS one) one
    LEFT JOIN users me ON me.id = ${session.userId}
    LEFT JOIN public_ids i ON i.tenant = ${key.tenant} AND i.public_id = ${key.roomId}
    LEFT JOIN rooms r ON r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
  const [row] = await db.query(read('rooms.look_up_id', of, statement));
  if (!row) throw new Error('one row is always there');
  return {
    session: provedSession(session, row.sessions),
    idOwner: row.id_owner ?? undefined,
    room: joined(ROOM, row),
    ownSlots: row.own_slots === null ? [] : row.own_slots.split(',').map(Number),
    sanctions: {
      no: row.sanction_no ?? 0,
      banned: row.address_banned === 1 || (row.banned_until ?? 0) > by.now,
      keptOut: row.kept_out > by.now,
      muted: row.muted > by.now,
    },
  };
}

export interface NewRoom extends RoomKey {
  by: LiveSession;
  now: number;
  lease: { holder: string; until: number };
  slot: number | null;
  hostPending: boolean;
}

/** Makes a room that is being opened; gives its number. Throws DatabaseError('duplicate') where it, or its slot, exists. */
export async function createRoom(db: Executor, room: NewRoom): Promise<number> {
  const row = insertInto('rooms', {
    tenant: room.tenant,
    room_id: room.roomId,
    owner_id: room.by.userId,
    updated_by: room.by.userId,
    status: ROOM_STATUS.opening,
    lease_holder: room.lease.holder,
    lease_until: room.lease.until,
    open_slot: room.slot,
    host_pending: room.hostPending ? 1 : 0,
    session_id: room.by.id,
    created_at: room.now,
    updated_at: room.now,
  });
  return (await db.execute(write('rooms.create', 'never', row))).insertId;
}

/** The owner came back to the open room in this session, and its group is there. */
export async function noteReturn(db: Executor, by: LiveSession, room: { id: number; imGroup: boolean }): Promise<void> {
  const set = assign('rooms', { session_id: by.id, ...(room.imGroup && { im_group: 1 }) });
  const statement = sql`UPDATE rooms SET ${set} WHERE id = ${room.id} AND owner_id = ${by.userId}`;
  await db.execute(write('rooms.note_return', 'safe', statement));
}

/**
 * Makes an open room, which an audience opened while its id was nobody's, that of the caller; the id too. False where
 * somebody was faster or the broadcast has ended. Throws DatabaseError('duplicate') where the slot is taken.
 */
export async function handOver(
  tx: Executor,
  room: Room,
  to: { by: LiveSession; slot: number | null; sanctionNo: number },
): Promise<boolean> {
  const { userId } = to.by;
  const set = assign('rooms', { owner_id: userId, host_pending: 0, open_slot: to.slot, updated_by: userId });
  const statement = sql`UPDATE rooms SET ${set}
    WHERE id = ${room.id} AND broadcast_no = ${room.broadcast_no} AND status = ${ROOM_STATUS.live} AND host_pending = 1
      AND ${sanctionsAre(userId, to.sanctionNo)}`;
  if ((await tx.execute(write('rooms.hand_over', 'safe', statement))).affected === 0) return false;
  await giveId(tx, room, userId);
  tx.changed('rooms');
  return true;
}

/** The id of a room follows the room. */
export async function giveId(tx: Executor, room: Pick<Room, 'tenant' | 'room_id'>, userId: number): Promise<void> {
  const statement = sql`UPDATE public_ids SET owner_id = ${userId}
    WHERE tenant = ${room.tenant} AND public_id = ${room.room_id}`;
  await tx.execute(write('public_ids.hand_over', 'safe', statement));
}

/** That the room is `ownerId`'s, about whom nothing was decided since. */
export function ownerMayOpen(ownerId: number, sanctionNo: number): Sql {
  return sql`rooms.owner_id = ${ownerId} AND ${sanctionsAre(ownerId, sanctionNo)}`;
}

/** Of an UPDATE of `rooms`. In the statement itself: the owner may have come back since somebody looked. */
export function ownerIsAbsent(absence: AbsenceCutoffs): Sql {
  return sql`NOT EXISTS (SELECT 1 FROM presence p WHERE p.user_id = rooms.owner_id AND NOT ${isAbsent(absence)})
    AND NOT ${isKeptOpen('rooms')}`;
}

export type RoomTexts = Partial<Pick<Room, 'category' | 'title' | 'cover' | 'subject' | 'description' | 'custom'>>;

/**
 * Changes the given texts of an open room of this owner. Asks for the session while doing so; undefined where nothing was
 * changed, because there is no such room or the session has ended. `seen`: it is a sign of the owner's life too.
 */
export async function updateRoomTexts(
  db: Executor,
  key: RoomKey & { by: SessionKey; now: number; seen?: SignOfLife },
  texts: RoomTexts,
): Promise<LiveSession | undefined> {
  const { category = null, title = null, cover = null, subject = null, description = null, custom = null } = texts;
  // One text whatever is given: null leaves a column as it is.
  const set = assign('rooms', {
    category: sql`COALESCE(${category}, category)`,
    title: sql`COALESCE(${title}, title)`,
    cover: sql`COALESCE(${cover}, cover)`,
    subject: sql`COALESCE(${subject}, subject)`,
    description: sql`COALESCE(${description}, description)`,
    custom: sql`COALESCE(${custom}, custom)`,
    updated_at: key.now,
    updated_by: key.by.userId,
  });
  const { by, seen } = key;
  const where = sql`tenant = ${key.tenant} AND room_id = ${key.roomId}
    AND owner_id = ${by.userId} AND status = ${ROOM_STATUS.live}
    AND EXISTS (SELECT 1 FROM sessions s WHERE ${isSession(by)})`;
  const update = { name: 'rooms.update_texts', table: raw('rooms'), set, where } as const;
  const changed = await updateAlong(db, update, seen && seenWith(seen));
  if (changed) db.changed('rooms');
  return provedSession(by, changed ? 1 : 0);
}

/** Up to `max` open rooms of an owner. */
export async function openRoomsOf(db: Executor, ownerId: number, max: number): Promise<Room[]> {
  const statement = sql`SELECT ${ROOM} FROM rooms r
    WHERE r.owner_id = ${ownerId} AND r.status = ${ROOM_STATUS.live} LIMIT ${max}`;
  return db.query(read('rooms.open_of_owner', ROOM, statement));
}
