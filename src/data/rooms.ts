/** Rooms: claiming, opening, changing and ending one. Lists and counts are in room-lists.ts. */
import type { Executor } from './engine/database';
import { sharedLock } from './engine/dialect';
import {
  assign,
  both,
  columns,
  computed,
  insertInto,
  NOTHING,
  nullable,
  type RowOf,
  raw,
  read,
  type Sql,
  sql,
  write,
} from './engine/sql';
import { type AbsenceCutoffs, isAbsent } from './presence/predicates';
import { type LiveSession, provedSession, type SessionKey } from './sessions';

export const ROOM = columns('rooms', 'r', [
  'id',
  'tenant',
  'room_id',
  'owner_id',
  'updated_by',
  'live_no',
  'status',
  'category',
  'title',
  'cover',
  'subject',
  'description',
  'star',
  'created_at',
  'updated_at',
  'opening_at',
  'opening_key',
  'im_group',
  'nn_users',
  'total_joined',
  'counted_at',
]);

export type Room = RowOf<typeof ROOM>;

export interface RoomKey {
  tenant: string;
  roomId: string;
}

export async function findRoom(db: Executor, key: RoomKey): Promise<Room | undefined> {
  const statement = sql`SELECT ${ROOM} FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
  return (await db.query(read('rooms.find', ROOM, statement)))[0];
}

/** A room id: whose it is, since when, and its room. */
export interface RoomPlace {
  /** undefined: the id was never given to anybody. */
  owner: number | undefined;
  claimedAt: number;
  room: Room | undefined;
  /** The asking user's session; undefined where it has ended. */
  session: LiveSession | undefined;
}

const MAYBE_ROOM = nullable(ROOM);

/** One statement for all of it: an id may be taken before there is a room, and the caller may have signed out. */
export async function findPlace(db: Executor, key: RoomKey, session: SessionKey): Promise<RoomPlace> {
  const place = both(
    computed<{ id_owner: number | null; claimed_at: number | null; sessions: number }>({
      id_owner: raw('i.owner_id'),
      claimed_at: raw('i.created_at'),
      sessions: sql`(SELECT COUNT(*) FROM sessions s WHERE s.id = ${session.id} AND s.user_id = ${session.userId})`,
    }),
    MAYBE_ROOM,
  );
  const statement = sql`SELECT ${place} FROM (SELECT 1 AS one) one
    LEFT JOIN public_ids i ON i.tenant = ${key.tenant} AND i.public_id = ${key.roomId}
    LEFT JOIN rooms r ON r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`;
  const [row] = await db.query(read('rooms.find_place', place, statement));
  // The left join makes all of them null together.
  const room = row && row.id !== null ? (row as Room) : undefined;
  const proved = provedSession(session, row?.sessions ?? 0);
  return { owner: row?.id_owner ?? undefined, claimedAt: row?.claimed_at ?? 0, room, session: proved };
}

/** Makes the closed room that is then opened. Throws DatabaseError('duplicate') where it exists. */
export async function createClosedRoom(
  db: Executor,
  room: RoomKey & { by: LiveSession; now: number; openingKey: string },
): Promise<number> {
  const row = {
    tenant: room.tenant,
    room_id: room.roomId,
    owner_id: room.by.userId,
    updated_by: room.by.userId,
    live_no: 0,
    status: 0,
    category: '',
    title: '',
    cover: '',
    subject: '',
    description: '',
    star: 0,
    created_at: room.now,
    updated_at: room.now,
    ended_at: 0,
    opening_at: room.now,
    opening_key: room.openingKey,
    im_group: 0,
    nn_users: 0,
    total_joined: 0,
    counted_at: 0,
  };
  // Where an answer got lost, the second try says 'duplicate': it exists.
  return (await db.execute(write('rooms.create_closed', 'safe', insertInto('rooms', row)))).insertId;
}

/** Who is opening a room since when: a new key for every attempt. */
export interface OpeningMark {
  by: LiveSession;
  now: number;
  key: string;
}

/** Notes that the owner is opening the closed room; readers wait for it, the clean-up finds it when it got stuck. */
export async function markOpening(db: Executor, id: number, mark: OpeningMark): Promise<void> {
  const statement = sql`UPDATE rooms SET opening_at = ${mark.now}, opening_key = ${mark.key}
    WHERE id = ${id} AND owner_id = ${mark.by.userId} AND status = 0`;
  await db.execute(write('rooms.mark_opening', 'safe', statement));
}

export interface Opening {
  id: number;
  /** The life that ended last. */
  liveNo: number;
  by: LiveSession;
  /** The mark must still be ours: in between nobody else gave the room up, and nothing of it was cleaned away. */
  openingKey: string;
  category: string;
  title: string;
  imGroup: boolean;
  now: number;
}

/** That the room's owner still has an account, and keeps it until this statement is committed (deleteUser). */
function ownerExists(db: Executor): Sql {
  return sql`EXISTS (SELECT 1 FROM presence p WHERE p.user_id = rooms.owner_id ${sharedLock(db)})`;
}

/**
 * A new life of a closed room: time, texts and counts begin anew. This one statement is what makes everything of the
 * opening visible. False where the room is open already or was opened in between, or where the owner was deleted. After
 * a lost answer it may be open although this says false; whoever looks again finds it.
 */
export async function openRoom(tx: Executor, opening: Opening): Promise<boolean> {
  const set = assign('rooms', {
    live_no: raw('live_no + 1'),
    status: 1,
    category: opening.category,
    title: opening.title,
    cover: '',
    subject: '',
    description: '',
    star: 0,
    created_at: opening.now,
    updated_at: opening.now,
    updated_by: opening.by.userId,
    ended_at: 0,
    opening_at: 0,
    opening_key: '',
    im_group: opening.imGroup ? 1 : 0,
    nn_users: 1,
    total_joined: 1,
    counted_at: opening.now,
  });
  const statement = sql`UPDATE rooms SET ${set}
    WHERE id = ${opening.id} AND owner_id = ${opening.by.userId} AND live_no = ${opening.liveNo}
      AND opening_key = ${opening.openingKey} AND status = 0 AND ${ownerExists(tx)}`;
  return (await tx.execute(write('rooms.open', 'safe', statement))).affected > 0;
}

/**
 * Takes back the claim `key` of a room that could not be opened: one never opened is removed, an ended one stays ended.
 * 'lost' where the claim is somebody else's by now.
 */
export async function abandonOpening(tx: Executor, id: number, key: string): Promise<'removed' | 'kept' | 'lost'> {
  const claim = sql`id = ${id} AND status = 0 AND opening_key = ${key}`;
  const remove = sql`DELETE FROM rooms WHERE ${claim} AND live_no = 0`;
  const gone = await tx.execute(write('rooms.remove_never_opened', 'safe', remove));
  if (gone.affected > 0) return 'removed';
  const keep = sql`UPDATE rooms SET opening_at = 0, opening_key = '' WHERE ${claim}`;
  const kept = await tx.execute(write('rooms.give_up_opening', 'safe', keep));
  return kept.affected > 0 ? 'kept' : 'lost';
}

export async function markImGroup(db: Executor, id: number): Promise<void> {
  await db.execute(write('rooms.mark_im_group', 'safe', sql`UPDATE rooms SET im_group = 1 WHERE id = ${id}`));
}

export type RoomTexts = Partial<Pick<Room, 'category' | 'title' | 'cover' | 'subject' | 'description'>>;

/** Changes the given texts of an open room of this owner; false where there is none. */
export async function updateRoomTexts(
  db: Executor,
  key: RoomKey & { by: LiveSession; now: number },
  texts: RoomTexts,
): Promise<boolean> {
  const { category = null, title = null, cover = null, subject = null, description = null } = texts;
  // One text whatever is given: null leaves a column as it is.
  const set = assign('rooms', {
    category: sql`COALESCE(${category}, category)`,
    title: sql`COALESCE(${title}, title)`,
    cover: sql`COALESCE(${cover}, cover)`,
    subject: sql`COALESCE(${subject}, subject)`,
    description: sql`COALESCE(${description}, description)`,
    updated_at: key.now,
    updated_by: key.by.userId,
  });
  const statement = sql`UPDATE rooms SET ${set} WHERE tenant = ${key.tenant} AND room_id = ${key.roomId}
    AND owner_id = ${key.by.userId} AND status = 1`;
  return (await db.execute(write('rooms.update_texts', 'safe', statement))).affected > 0;
}

/** The owner is not as absent as that. In the statement itself: the owner may have come back since somebody looked. */
function ownerIsBack(absence: AbsenceCutoffs): Sql {
  return sql`EXISTS (SELECT 1 FROM presence p WHERE p.user_id = rooms.owner_id AND NOT ${isAbsent(absence)})`;
}

/** Ends one life of a room; false where it has ended already, or where its owner is not as absent as `onlyIf` wants. */
export async function endRoom(
  tx: Executor,
  life: { id: number; liveNo: number; now: number; by: number; onlyIf?: AbsenceCutoffs | undefined },
): Promise<boolean> {
  const { id, liveNo, now, by, onlyIf } = life;
  const set = assign('rooms', {
    status: 0,
    ended_at: now,
    updated_at: now,
    updated_by: by,
    opening_at: 0,
    opening_key: '',
  });
  const absent = onlyIf ? sql`AND NOT ${ownerIsBack(onlyIf)}` : NOTHING;
  const statement = sql`UPDATE rooms SET ${set} WHERE id = ${id} AND live_no = ${liveNo} AND status = 1 ${absent}`;
  // Sent twice, the second one finds the room ended; in its transaction that cannot happen.
  return (await tx.execute(write('rooms.end', 'safe', statement))).affected > 0;
}

export async function openRoomsOf(db: Executor, ownerId: number): Promise<Room[]> {
  const statement = sql`SELECT ${ROOM} FROM rooms r WHERE r.owner_id = ${ownerId} AND r.status = 1`;
  return db.query(read('rooms.open_rooms_of', ROOM, statement));
}
