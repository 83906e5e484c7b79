/** Rooms: finding, making and changing one. Its states are in room-states.ts, lists and counts in room-lists.ts. */

import { IS_SESSION, type LiveSession, provedSession, type SessionKey, sessionValues } from '../accounts/sessions';
import type { Executor } from '../engine/database';
import { updateOfTwo, updateTwo } from '../engine/several-tables';
import {
  both,
  columns,
  computed,
  insertInto,
  int,
  intOrNull,
  joined,
  nullable,
  type RowOf,
  raw,
  read,
  sql,
  text,
  textOrNull,
  write,
} from '../engine/sql';
import { SEEN_WITH_ROOM, type SignOfLife } from '../presence/signs-of-life';
import { addressGroups, ENTRY_SANCTIONS, sanctionsAre } from '../sanctions/conditions';
import { ROOM_STATUS } from './room-states';

export interface RoomKey {
  tenant: string;
  roomId: string;
}

/** The columns that the audience sees of a room; its counts are read separately (room-lists.ts), because they may be stale. */
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

const IS_ROOM = sql`r.tenant = ${text('tenant')} AND r.room_id = ${text('roomId')}`;
const FIND = read('rooms.find', ROOM, sql`SELECT ${ROOM} FROM rooms r WHERE ${IS_ROOM}`);

export async function findRoom(db: Pick<Executor, 'query'>, { tenant, roomId }: RoomKey): Promise<Room | undefined> {
  return (await db.query(FIND, { tenant, roomId }))[0];
}

const MAYBE_ROOM = nullable(ROOM);
const FIND_IN_SESSION = read(
  'rooms.find_in_session',
  MAYBE_ROOM,
  sql`SELECT ${MAYBE_ROOM} FROM sessions s LEFT JOIN rooms r ON ${IS_ROOM} WHERE ${IS_SESSION}`,
);

/** The same, and the session of the caller; undefined: it has ended. */
export async function findRoomInSession(
  db: Executor,
  key: RoomKey,
  session: SessionKey,
): Promise<{ session: LiveSession; room: Room | undefined } | undefined> {
  const rows = await db.query(FIND_IN_SESSION, { ...key, ...sessionValues(session) });
  const live = provedSession(session, rows.length);
  const [row] = rows;
  return live && { session: live, room: row && joined(ROOM, row) };
}

/** The state of a room id before entering. */
export interface RoomIdLookup {
  /** The form of the id in public_ids. */
  idKey: string;
  /** The caller's session; undefined if it has ended. */
  session: LiveSession | undefined;
  /** Owner of the id; undefined if it was never given out. */
  idOwner: number | undefined;
  room: Room | undefined;
  /** The slot of each room that the caller has open or is opening; 0 if it has none (rooms older than slots). */
  ownSlots: readonly number[];
  /** What operators have decided about the asking user (sanctions.ts). */
  sanctions: EntrySanctions;
}

export interface EntrySanctions {
  /** The version of sanctions of this state; the entering statement checks that it is still current. */
  no: number;
  /** The account, or the address that it is used from. */
  banned: boolean;
  /** Kicked out of this room. */
  keptOut: boolean;
  muted: boolean;
}

const AROUND = computed<
  { id_owner: number | null; sessions: number; own_slots: string | null },
  { sessionId: string; userId: number }
>({
  id_owner: raw('i.owner_id'),
  sessions: sql`(SELECT COUNT(*) FROM sessions s WHERE ${IS_SESSION})`,
  own_slots: sql`(SELECT GROUP_CONCAT(COALESCE(o.open_slot, 0)) FROM rooms o
      WHERE o.owner_id = ${int('userId')} AND o.status IN (${ROOM_STATUS.live}, ${ROOM_STATUS.opening}))`,
});
const LOOKUP = both(both(AROUND, ENTRY_SANCTIONS), MAYBE_ROOM);
const LOOK_UP = read(
  'rooms.look_up_id',
  LOOKUP,
  sql`SELECT ${LOOKUP} FROM (SELECT 1 AS one) one
    LEFT JOIN users me ON me.id = ${int('userId')}
    LEFT JOIN public_ids i ON i.tenant = ${text('tenant')} AND i.public_id = ${text('idKey')}
    LEFT JOIN rooms r ON ${IS_ROOM}`,
);

/** One statement for all of it: an id may be taken before there is a room, and the caller may have signed out. */
export async function lookUpRoomId(
  db: Executor,
  key: RoomKey & { idKey: string },
  by: { session: SessionKey; address: string; now: number },
): Promise<RoomIdLookup> {
  const { session, address, now } = by;
  const values = { ...key, ...sessionValues(session), groups: addressGroups([address]), now };
  const [row] = await db.query(LOOK_UP, values);
  if (!row) throw new Error('one row is always there');
  return {
    idKey: key.idKey,
    session: provedSession(session, row.sessions),
    idOwner: row.id_owner ?? undefined,
    room: joined(ROOM, row),
    ownSlots: row.own_slots === null ? [] : row.own_slots.split(',').map(Number),
    sanctions: {
      no: row.sanction_no ?? 0,
      banned: row.address_banned === 1 || (row.banned_until ?? 0) > now,
      keptOut: row.kept_out > now,
      muted: row.muted > now,
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

const CREATE = write(
  'rooms.create',
  'never',
  insertInto('rooms', [
    ...(['tenant', 'room_id', 'owner_id', 'updated_by', 'status', 'lease_holder', 'lease_until'] as const),
    ...(['open_slot', 'host_pending', 'session_id', 'created_at', 'updated_at'] as const),
  ]),
);

/** Makes a room that is being opened; gives its number. Throws DatabaseError('duplicate') if it, or its slot, exists. */
export async function createRoom(db: Executor, room: NewRoom): Promise<number> {
  const { insertId } = await db.execute(CREATE, {
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
  return insertId;
}

const NOTE_RETURN = write(
  'rooms.note_return',
  'safe',
  sql`UPDATE rooms SET session_id = ${text('sessionId')},
      im_group = CASE WHEN ${int('imGroup')} = 1 THEN 1 ELSE im_group END
    WHERE id = ${int('id')} AND owner_id = ${int('userId')}`,
);

/** The owner came back to the open room in this session, and its group is there. */
export async function noteReturn(db: Executor, by: LiveSession, room: { id: number; imGroup: boolean }): Promise<void> {
  await db.execute(NOTE_RETURN, { ...sessionValues(by), id: room.id, imGroup: room.imGroup ? 1 : 0 });
}

const HAND_OVER = write(
  'rooms.hand_over',
  'safe',
  sql`UPDATE rooms SET owner_id = ${int('userId')}, host_pending = 0, open_slot = ${intOrNull('slot')},
      updated_by = ${int('userId')}
    WHERE id = ${int('id')} AND broadcast_no = ${int('broadcastNo')} AND status = ${ROOM_STATUS.live}
      AND host_pending = 1 AND ${sanctionsAre(int('userId'), int('sanctionNo'))}`,
);

/**
 * Makes an open room, which an audience opened while its id belonged to no user, that of the caller; the id too. False if
 * another call was faster or the broadcast has ended. Throws DatabaseError('duplicate') if the slot is taken.
 */
export async function handOver(
  tx: Executor,
  room: Room,
  to: { by: LiveSession; slot: number | null; sanctionNo: number; idKey: string },
): Promise<boolean> {
  const { userId } = to.by;
  const { slot, sanctionNo } = to;
  const values = { userId, slot, sanctionNo, id: room.id, broadcastNo: room.broadcast_no };
  if ((await tx.execute(HAND_OVER, values)).affected === 0) return false;
  await giveId(tx, { tenant: room.tenant, idKey: to.idKey }, userId);
  tx.changed('rooms');
  return true;
}

const GIVE_ID = write(
  'public_ids.hand_over',
  'safe',
  sql`UPDATE public_ids SET owner_id = ${int('userId')}
    WHERE tenant = ${text('tenant')} AND public_id = ${text('idKey')}`,
);

/** The id of a room follows the room. */
export async function giveId(tx: Executor, id: { tenant: string; idKey: string }, userId: number): Promise<void> {
  await tx.execute(GIVE_ID, { ...id, userId });
}

export type RoomTexts = Partial<Pick<Room, 'category' | 'title' | 'cover' | 'subject' | 'description' | 'custom'>>;

/** Assignments of the texts; null leaves a column as it is, so that one statement serves all changes. */
export const NEW_TEXTS = sql`category = COALESCE(${textOrNull('category')}, category),
    title = COALESCE(${textOrNull('title')}, title), cover = COALESCE(${textOrNull('cover')}, cover),
    subject = COALESCE(${textOrNull('subject')}, subject),
    description = COALESCE(${textOrNull('description')}, description),
    custom = COALESCE(${textOrNull('custom')}, custom)`;
export const NO_TEXTS = { category: null, title: null, cover: null, subject: null, description: null, custom: null };

const TEXTS = {
  table: raw('rooms'),
  set: sql`${NEW_TEXTS}, updated_at = ${int('now')}, updated_by = ${int('userId')}`,
  where: sql`tenant = ${text('tenant')} AND room_id = ${text('roomId')}
    AND owner_id = ${int('userId')} AND status = ${ROOM_STATUS.live}
    AND EXISTS (SELECT 1 FROM sessions s WHERE ${IS_SESSION})`,
};
const UPDATE_TEXTS = updateOfTwo('rooms.update_texts', TEXTS);
const UPDATE_TEXTS_AND_SEE = updateOfTwo('rooms.update_texts', TEXTS, SEEN_WITH_ROOM);

/**
 * Changes the given texts of an open room of this owner. Asks for the session while doing so; undefined if nothing was
 * changed, because there is no such room or the session has ended. `seen`: it is a sign of the owner's life too.
 */
export async function updateRoomTexts(
  db: Executor,
  key: RoomKey & { by: SessionKey; now: number; seen?: SignOfLife },
  texts: RoomTexts,
): Promise<LiveSession | undefined> {
  const { tenant, roomId, by, now, seen } = key;
  const values = { ...NO_TEXTS, ...texts, tenant, roomId, now, ...sessionValues(by) };
  const changed = await (seen
    ? updateTwo(db, UPDATE_TEXTS_AND_SEE, { ...seen, ...values })
    : updateTwo(db, UPDATE_TEXTS, values));
  if (changed) db.changed('rooms');
  return provedSession(by, changed ? 1 : 0);
}

const OPEN_OF_OWNER = read(
  'rooms.open_of_owner',
  ROOM,
  sql`SELECT ${ROOM} FROM rooms r WHERE r.owner_id = ${int('ownerId')} AND r.status = ${ROOM_STATUS.live}
    LIMIT ${int('max')}`,
);

/** Up to `max` open rooms of an owner. */
export async function openRoomsOf(db: Executor, ownerId: number, max: number): Promise<Room[]> {
  return db.query(OPEN_OF_OWNER, { ownerId, max });
}
