/** Rooms: claiming, opening, changing and ending one. Lists and counts are in room-lists.ts. */
import { sql } from 'kysely';
import type { Executor } from './engine/database';
import { sharedLock } from './engine/dialect';
import { query } from './engine/kysely-query';
import type { RoomsTable } from './schema';
import { type LiveSession, provedSession, type SessionKey } from './sessions';

export type Room = Omit<RoomsTable, 'id'> & { id: number };
export interface RoomKey {
  tenant: string;
  roomId: string;
}

export const ROOM_COLUMNS = sql.raw(
  `r.id, r.tenant, r.room_id, r.owner_id, r.updated_by, r.live_no, r.status, r.category, r.title, r.cover, r.subject,
   r.description, r.star, r.created_at, r.updated_at, r.ended_at, r.opening_at, r.opening_key, r.im_group, r.nn_users,
   r.total_joined, r.counted_at`,
);

export async function findRoom(db: Executor, key: RoomKey): Promise<Room | undefined> {
  const rows = await db.rows(
    query<Room>(
      db,
      sql`SELECT ${ROOM_COLUMNS} FROM rooms r WHERE r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`,
    ),
  );
  return rows[0];
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

/** One statement for all of it: an id may be taken before there is a room, and the caller may have signed out. */
export async function findPlace(db: Executor, key: RoomKey, session: SessionKey): Promise<RoomPlace> {
  type Row = { id_owner: number | null; claimed_at: number | null; sessions: number } & (Room | { id: null });
  const [row] = await db.rows(
    query<Row>(
      db,
      sql`SELECT i.owner_id AS id_owner, i.created_at AS claimed_at, ${ROOM_COLUMNS},
        (SELECT COUNT(*) FROM sessions s WHERE s.id = ${session.id} AND s.user_id = ${session.userId}) AS sessions
        FROM (SELECT 1 AS one) one
        LEFT JOIN public_ids i ON i.tenant = ${key.tenant} AND i.public_id = ${key.roomId}
        LEFT JOIN rooms r ON r.tenant = ${key.tenant} AND r.room_id = ${key.roomId}`,
    ),
  );
  const room = row && row.id !== null ? row : undefined;
  const proved = provedSession(session, row?.sessions ?? 0);
  return { owner: row?.id_owner ?? undefined, claimedAt: row?.claimed_at ?? 0, room, session: proved };
}

/** Makes the closed room that is then opened. Throws DatabaseError('duplicate') where it exists. */
export async function createClosedRoom(
  db: Executor,
  room: RoomKey & { by: LiveSession; now: number; openingKey: string },
): Promise<number> {
  const result = await db.run(
    db.build.insertInto('rooms').values({
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
    }),
  );
  return result.insertId;
}

/** Who is opening a room since when: a new key for every attempt. */
export interface OpeningMark {
  by: LiveSession;
  now: number;
  key: string;
}

/** Notes that the owner is opening the closed room; readers wait for it, the clean-up finds it when it got stuck. */
export async function markOpening(db: Executor, id: number, mark: OpeningMark): Promise<void> {
  const set = { opening_at: mark.now, opening_key: mark.key };
  await db.run(
    db.build
      .updateTable('rooms')
      .set(set)
      .where('id', '=', id)
      .where('owner_id', '=', mark.by.userId)
      .where('status', '=', 0),
  );
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

/**
 * A new life of a closed room: time, texts and counts begin anew. This one statement is what makes everything of the
 * opening visible. False where the room is open already or was opened in between.
 */
export async function openRoom(tx: Executor, opening: Opening): Promise<boolean> {
  // Locked, so that it cannot be deleted between here and the commit.
  const ownerIfThere = sql<number>`(SELECT user_id FROM presence WHERE user_id = ${opening.by.userId}
    ${sql.raw(sharedLock(tx))})`;
  const result = await tx.run(
    tx.build
      .updateTable('rooms')
      .set((eb) => ({
        live_no: eb('live_no', '+', 1),
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
      }))
      .where('id', '=', opening.id)
      .where('owner_id', '=', ownerIfThere)
      .where('live_no', '=', opening.liveNo)
      .where('opening_key', '=', opening.openingKey)
      .where('status', '=', 0),
  );
  return result.affected > 0;
}

/**
 * Takes back the claim `key` of a room that could not be opened: one never opened is removed, an ended one stays ended.
 * 'lost' where the claim is somebody else's by now.
 */
export async function abandonOpening(tx: Executor, id: number, key: string): Promise<'removed' | 'kept' | 'lost'> {
  const gone = await tx.run(
    tx.build
      .deleteFrom('rooms')
      .where('id', '=', id)
      .where('status', '=', 0)
      .where('opening_key', '=', key)
      .where('live_no', '=', 0),
  );
  if (gone.affected > 0) return 'removed';
  const kept = await tx.run(
    tx.build
      .updateTable('rooms')
      .set({ opening_at: 0, opening_key: '' })
      .where('id', '=', id)
      .where('status', '=', 0)
      .where('opening_key', '=', key),
  );
  return kept.affected > 0 ? 'kept' : 'lost';
}

export async function markImGroup(db: Executor, id: number): Promise<void> {
  await db.run(db.build.updateTable('rooms').set({ im_group: 1 }).where('id', '=', id));
}

/** An owner is absent for good who was there until goneSince at most, or who never beats and was last seen by unseenSince. */
export interface AbsenceLines {
  goneSince: number;
  unseenSince: number;
}

export type RoomTexts = Partial<Pick<Room, 'category' | 'title' | 'cover' | 'subject' | 'description'>>;

/** Changes the given texts of an open room of this owner; false where there is none. */
export async function updateRoomTexts(
  db: Executor,
  key: RoomKey & { by: LiveSession; now: number },
  texts: RoomTexts,
): Promise<boolean> {
  const result = await db.run(
    db.build
      .updateTable('rooms')
      .set({ ...texts, updated_at: key.now, updated_by: key.by.userId })
      .where('tenant', '=', key.tenant)
      .where('room_id', '=', key.roomId)
      .where('owner_id', '=', key.by.userId)
      .where('status', '=', 1),
  );
  return result.affected > 0;
}

/** Ends one life of a room; false where it has ended already, or where its owner is not as absent as `onlyIf` wants. */
export async function endRoom(
  tx: Executor,
  life: { id: number; liveNo: number; now: number; by: number; onlyIf?: AbsenceLines | undefined },
): Promise<boolean> {
  let update = tx.build
    .updateTable('rooms')
    .set({ status: 0, ended_at: life.now, updated_at: life.now, updated_by: life.by, opening_at: 0, opening_key: '' })
    .where('id', '=', life.id)
    .where('live_no', '=', life.liveNo)
    .where('status', '=', 1);
  const { onlyIf } = life;
  if (onlyIf) {
    // In the statement itself: the owner may have come back since somebody looked.
    update = update.where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('presence as p')
            .select('p.user_id')
            .whereRef('p.user_id', '=', 'rooms.owner_id')
            .where('p.alive_until', '>', onlyIf.goneSince)
            .where((p) =>
              p.or([p('p.armed', '=', 1), p('p.seen_at', '>', onlyIf.unseenSince), p('p.alive_until', '>', life.now)]),
            ),
        ),
      ),
    );
  }
  return (await tx.run(update)).affected > 0;
}

export async function openRoomsOf(db: Executor, ownerId: number): Promise<Room[]> {
  return db.rows(
    query<Room>(db, sql`SELECT ${ROOM_COLUMNS} FROM rooms r WHERE r.owner_id = ${ownerId} AND r.status = 1`),
  );
}
