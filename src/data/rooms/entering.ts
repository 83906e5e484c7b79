/**
 * The only way into a live room. One statement checks all conditions (the session, the room, sanctions, the network
 * address) and puts in every user who meets them. It does not say why it left a user out: the rules read the room then.
 */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { updateTwo } from '../engine/several-tables';
import { each, int, raw, type Sql, sql, text } from '../engine/sql';
import { beginPresences, enteringAlone, enteringOnline, presencesOf } from '../presence/attendance';
import type { OnlineCutoffs } from '../presence/predicates';
import { addressGroups, oneGroupIsBanned, sanctionsAre } from '../sanctions/conditions';
import type { MemberOfBroadcast } from './member-events';
import { insertingMembers } from './members';
import { REFRESH_NAMED, REFRESHING_COUNTS } from './room-counts';
import { isLive } from './room-states';

export interface Entrant {
  session: SessionKey;
  roomId: string;
  role: string;
  /** Network address; '' = unknown. */
  address: string;
  /**
   * The broadcast and the sanctions that a read of the room found: the user gets in if neither has changed since. Without a
   * look only viewers get in who never had a sanction.
   */
  seen?: { broadcastNo: number; sanctionNo: number };
}

export interface EntryTimes {
  now: number;
  /** End of the time in which the users count as online without a heartbeat. */
  onlineUntil: number;
  cutoffs: OnlineCutoffs;
}

/** A user who is in now, for events. */
export interface Joined extends MemberOfBroadcast {
  tenant: string;
  roomId: string;
  /** The id in the API. */
  userId: string;
  role: string;
}

export interface Entry extends Entrant {
  tenant: string;
  times: EntryTimes;
  /** Set if the entry is to be announced. `all` runs in the transaction that puts the users in, for all who are in. */
  announce?: { who: Joined; all: (tx: Executor, joined: readonly Joined[], now: number) => Promise<void> };
}

/** Different users of one tenant. All of them have read their room, or none has; all are announced, or none is. */
type Entries = readonly [Entry, ...Entry[]];

/** The value of the user whose number is in the column `user`; users come with the call as the list `entrants`. */
function perUser<P>(user: string, value: Sql<P>) {
  return sql`CASE ${raw(user)} ${each('entrants', sql`WHEN ${int('userId')} THEN ${value}`, ' ')} END`;
}

const OF_SESSION = 's.user_id';
const ROOM_OF_SESSION = sql`r.tenant = ${text('tenant')} AND r.room_id = ${perUser(OF_SESSION, text('roomId'))}`;

/** Puts in those for which `mayEnter`, about session `s` and room `r`, is true too. */
function entering<P>(mayEnter: Sql<P>) {
  const from = sql`FROM sessions s JOIN rooms r ON ${ROOM_OF_SESSION}
    WHERE s.id IN (${each('entrants', text('sessionId'), ', ')})
      AND s.user_id IN (${each('entrants', int('userId'), ', ')}) AND ${isLive('r')} AND ${mayEnter}
      AND ${sanctionsAre(raw(OF_SESSION), perUser(OF_SESSION, int('sanctionNo')))}`;
  const role = perUser(OF_SESSION, text('role'));
  const member = { room: raw('r.id'), broadcastNo: raw('r.broadcast_no'), user: raw(OF_SESSION), role };
  return insertingMembers('members.enter', member, from);
}

const ENTER_SEEN = entering(sql`r.broadcast_no = ${perUser(OF_SESSION, int('broadcastNo'))}`);
const ENTER_UNSEEN = entering(
  sql`r.host_pending = 0 AND r.owner_id <> s.user_id AND NOT ${oneGroupIsBanned(text('tenant'), int('now'))}`,
);

const OF_PRESENCE = 'p.user_id';
/** This very call put the user of `presence p` in: event_at is of this call, and sanctions only ever count up. */
const IS_IN = sql`EXISTS (SELECT 1 FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    JOIN users v ON v.id = m.user_id
    WHERE r.tenant = ${text('tenant')} AND r.room_id = ${perUser(OF_PRESENCE, text('roomId'))} AND ${isLive('r')}
      AND m.user_id = p.user_id AND m.present = 1 AND m.event_at = ${int('now')}
      AND v.sanction_no = ${perUser(OF_PRESENCE, int('sanctionNo'))})`;
const ENTER_ONLINE = enteringOnline(IS_IN);
const WHO_ENTERED = presencesOf(IS_IN);
const ENTER_ALONE = enteringAlone(REFRESHING_COUNTS);

/** The values of all statements about these users. */
function valuesOf(entries: Entries) {
  const [{ tenant, times }] = entries;
  const { now, onlineUntil, cutoffs } = times;
  const entrants = [];
  const addresses = [];
  const userIds = [];
  const roomIds = new Set<string>();
  for (const { session, roomId, role, seen, address } of entries) {
    const { broadcastNo = 0, sanctionNo = 0 } = seen ?? {};
    entrants.push({ sessionId: session.id, userId: session.userId, roomId, role, broadcastNo, sanctionNo });
    addresses.push(address);
    userIds.push(session.userId);
    roomIds.add(roomId);
  }
  return {
    ...{ tenant, now, entrants, onlineUntil, seenAt: now, memberCutoff: cutoffs.memberCutoff },
    onlineAfter: Math.max(now, cutoffs.memberCutoff),
    ...{ groups: addressGroups(addresses), userIds, roomIds: [...roomIds] },
  };
}

type Values = ReturnType<typeof valuesOf>;

/** Who is in, of the users of a batch, and whether one of them was offline before. */
interface Inside {
  users: ReadonlySet<number>;
  cameBack: boolean;
}

/** Stores presence and counts of the one user who has been put in. */
async function storeOne(db: Executor, values: Values, entrant: Values['entrants'][number]): Promise<Inside> {
  const users = new Set(values.userIds);
  if (await updateTwo(db, ENTER_ALONE, { ...values, ...entrant })) return { users, cameBack: false };
  // Counting comes after: a user who is counted is online.
  if (!(await beginPresences(db, values.userIds, values))) return { users: new Set(), cameBack: false };
  await db.execute(REFRESH_NAMED, values);
  return { users, cameBack: true };
}

/** The same for many. Unless all of them are in and were online, it finds out who is, and brings back those who were not. */
async function storeMany(db: Executor, values: Values): Promise<Inside> {
  const [{ affected }] = await Promise.all([db.execute(ENTER_ONLINE, values), db.execute(REFRESH_NAMED, values)]);
  if (affected === values.entrants.length) return { users: new Set(values.userIds), cameBack: false };
  const found = await db.query(WHO_ENTERED, values);
  const back = found.filter((row) => row.alive_until < values.onlineUntil).map((row) => row.user_id);
  if (back.length > 0) await beginPresences(db, back, values);
  const users = new Set(found.map((row) => row.user_id));
  const rooms = values.entrants.filter(({ userId }) => users.has(userId)).map(({ roomId }) => roomId);
  if (rooms.length > 0) await db.execute(REFRESH_NAMED, { ...values, roomIds: [...new Set(rooms)] });
  return { users, cameBack: found.some((row) => row.alive_until <= values.now) };
}

/** Which of them are in now. Members come first: a user who is counted is in, and online. */
async function enterTogether(db: Executor, entries: Entries): Promise<readonly boolean[]> {
  const values = valuesOf(entries);
  // A batch has looked, or has not. Servers do not say how many rows they wrote.
  const { affected } = await (entries[0].seen ? db.execute(ENTER_SEEN, values) : db.execute(ENTER_UNSEEN, values));
  if (affected === 0) return entries.map(() => false);
  const [entrant, ...others] = values.entrants;
  const single = others.length === 0 ? entrant : undefined;
  const { users, cameBack } = await (single ? storeOne(db, values, single) : storeMany(db, values));
  // Users who were offline were missing in lists of other rooms, and their own rooms were hidden.
  if (cameBack) db.changed('rooms');
  const entered = [];
  const joined = [];
  for (const { session, tenant, roomId, announce } of entries) {
    const isIn = users.has(session.userId);
    entered.push(isIn);
    if (isIn && !cameBack) db.changed({ tenant, roomId });
    if (isIn && announce) joined.push(announce);
  }
  await joined[0]?.all(
    db,
    joined.map(({ who }) => who),
    values.now,
  );
  return entered;
}

/**
 * Puts one user into the room, or changes the role of a user who is in; false: left out, for any reason. Entries of a
 * batch arrived within milliseconds and share the times of the first one.
 */
export const enterLiveRoom = batched<Entry, boolean>({
  name: 'entries',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant, seen, announce }) => `${seen ? 'seen' : 'unseen'} ${announce ? 'announced' : ''} ${tenant}`,
  run: (db, entries) =>
    entries[0].announce ? db.transaction((tx) => enterTogether(tx, entries)) : enterTogether(db, entries),
});

/** The same inside a transaction. */
export async function enterLiveRoomIn(tx: Executor, entry: Entry): Promise<boolean> {
  const [entered = false] = await enterTogether(tx, [entry]);
  return entered;
}
