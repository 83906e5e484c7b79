/**
 * The one way into a live room. One statement checks everything that must hold (the session, the room, sanctions, the network
 * address) and puts in every user for whom it does. It does not say why it left a user out: the rules look at the room then.
 */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Database, Executor } from '../engine/database';
import { choice, list, raw, type Sql, sql } from '../engine/sql';
import { beginIfOnline, beginOfOnline, beginPresences, findPresences } from '../presence/attendance';
import type { OnlineCutoffs } from '../presence/predicates';
import { oneAddressIsBanned, sanctionsAre } from '../sanctions/sanctions';
import { insertMembers } from './members';
import { refreshCountsOfNamed, refreshingCountsOf } from './room-counts';
import { isLive } from './room-states';

export interface Entrant {
  session: SessionKey;
  roomId: string;
  role: string;
  /** Network address; '' = unknown. */
  address: string;
  /**
   * What a look at the room found and decided: the user gets in if neither the broadcast nor the user's sanctions have
   * changed since. Without a look only viewers get in who never had a sanction.
   */
  seen?: { broadcastNo: number; sanctionNo: number };
}

export interface EntryTimes {
  now: number;
  /** Until when the users count as online without a heartbeat. */
  onlineUntil: number;
  cutoffs: OnlineCutoffs;
}

/** Different users of one tenant; all of them have looked at their room, or none has. */
interface Entrants {
  tenant: string;
  of: readonly Entrant[];
}

/** A value for the user in the column `user`. */
function perUser(user: string, { of }: Entrants, value: (entrant: Entrant) => string | number): Sql {
  const [first, ...others] = of;
  if (first && others.length === 0) return sql`${value(first)}`;
  return choice(
    raw(user),
    of.map((entrant) => [entrant.session.userId, value(entrant)]),
  );
}

const roomOf = (user: string, entrants: Entrants) => perUser(user, entrants, ({ roomId }) => roomId);

const haveLooked = ({ of }: Entrants) => of.every(({ seen }) => seen !== undefined);

/** The number that the user's sanctions must have. */
function sanctionNoOf(user: string, entrants: Entrants): Sql | number {
  return haveLooked(entrants) ? perUser(user, entrants, ({ seen }) => seen?.sanctionNo ?? 0) : 0;
}

/** What must hold of the room `r` and the user of session `s`, besides the session and the sanctions. */
function mayEnter(entrants: Entrants, now: number): Sql {
  if (haveLooked(entrants)) {
    return sql`r.broadcast_no = ${perUser('s.user_id', entrants, ({ seen }) => seen?.broadcastNo ?? 0)}`;
  }
  const addresses = entrants.of.map(({ address }) => address);
  return sql`r.host_pending = 0 AND r.owner_id <> s.user_id
    AND NOT ${oneAddressIsBanned(addresses, sql`${entrants.tenant}`, now)}`;
}

/** 0 if the statement left out all of them. Servers do not tell how many are in. */
function putIn(db: Executor, entrants: Entrants, now: number): Promise<number> {
  const { tenant, of } = entrants;
  const role = perUser('s.user_id', entrants, (entrant) => entrant.role);
  const from = sql`FROM sessions s JOIN rooms r ON r.tenant = ${tenant} AND r.room_id = ${roomOf('s.user_id', entrants)}
    WHERE s.id IN (${list(of.map(({ session }) => session.id))})
      AND s.user_id IN (${list(of.map(({ session }) => session.userId))})
      AND ${isLive('r')} AND ${mayEnter(entrants, now)}
      AND ${sanctionsAre(raw('s.user_id'), sanctionNoOf('s.user_id', entrants))}`;
  const member = { room: raw('r.id'), broadcastNo: raw('r.broadcast_no'), user: raw('s.user_id'), role };
  return insertMembers(db, { name: 'members.enter', member, from, now });
}

/** That this very call put the user of `presence p` in: event_at is of this call, and sanctions only ever count up. */
function isIn(entrants: Entrants, now: number): Sql {
  return sql`EXISTS (SELECT 1 FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    JOIN users v ON v.id = m.user_id
    WHERE r.tenant = ${entrants.tenant} AND r.room_id = ${roomOf('p.user_id', entrants)} AND ${isLive('r')}
      AND m.user_id = p.user_id AND m.present = 1 AND m.event_at = ${now}
      AND v.sanction_no = ${sanctionNoOf('p.user_id', entrants)})`;
}

/** Stores presence and counts. True if all of the users are in and were online, so that nothing is left to find out. */
async function storeOnline(
  db: Executor,
  entrants: Entrants,
  { now, onlineUntil, cutoffs }: EntryTimes,
): Promise<boolean> {
  const { tenant, of } = entrants;
  const attendance = { now, until: onlineUntil };
  const onlineAfter = Math.max(now, cutoffs.memberCutoff);
  const [first, ...others] = of;
  if (first && others.length === 0) {
    const along = refreshingCountsOf({ tenant, roomId: first.roomId }, cutoffs);
    return beginIfOnline(db, { userId: first.session.userId, onlineAfter }, { attendance, along });
  }
  const userIds = of.map(({ session }) => session.userId);
  const roomIds = of.map(({ roomId }) => roomId);
  const [online] = await Promise.all([
    beginOfOnline(db, { userIds, onlineAfter, only: isIn(entrants, now) }, attendance),
    refreshCountsOfNamed(db, { tenant, roomIds }, cutoffs),
  ]);
  return online === of.length;
}

/** Finds out who is in, and brings back those who were offline. */
async function bringBack(db: Executor, entrants: Entrants, times: EntryTimes): Promise<boolean[]> {
  const { now, cutoffs, onlineUntil } = times;
  const userIds = entrants.of.map(({ session }) => session.userId);
  const found = await findPresences(db, userIds, isIn(entrants, now));
  const back = found.filter((row) => row.alive_until < onlineUntil).map((row) => row.user_id);
  if (back.length > 0) await beginPresences(db, back, { now, until: onlineUntil });
  // Users who were offline were missing in lists of other rooms, and their own rooms were hidden.
  if (found.some((row) => row.alive_until <= now)) db.changed('rooms');
  const inside = new Set(found.map((row) => row.user_id));
  const roomIds = entrants.of.filter(({ session }) => inside.has(session.userId)).map(({ roomId }) => roomId);
  if (roomIds.length > 0) await refreshCountsOfNamed(db, { tenant: entrants.tenant, roomIds }, cutoffs);
  return userIds.map((userId) => inside.has(userId));
}

/** Which of them are in now. Members come first: a user who is counted is in, and online. */
async function enterTogether(db: Executor, entrants: Entrants, times: EntryTimes): Promise<readonly boolean[]> {
  const { tenant, of } = entrants;
  if ((await putIn(db, entrants, times.now)) === 0) return of.map(() => false);
  const allOnline = await storeOnline(db, entrants, times);
  const entered = allOnline ? of.map(() => true) : await bringBack(db, entrants, times);
  for (const [index, { roomId }] of of.entries()) if (entered[index]) db.changed({ tenant, roomId });
  return entered;
}

export interface Entry extends Entrant {
  tenant: string;
  times: EntryTimes;
  /** Runs in the transaction that puts the user in: what webhooks hear of it. */
  tell?: (tx: Executor, now: number) => Promise<void>;
}

async function enterAndTell(db: Executor, entries: readonly [Entry, ...Entry[]]): Promise<readonly boolean[]> {
  const [{ tenant, times }] = entries;
  const entered = await enterTogether(db, { tenant, of: entries }, times);
  for (const [index, { tell }] of entries.entries()) if (entered[index]) await tell?.(db, times.now);
  return entered;
}

/** One user; true: is in. Entries of a batch arrived within milliseconds and share the times of the first one. */
const enterBatched = batched<Entry, boolean>({
  name: 'entries',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant, seen }) => `${seen ? 'seen' : 'unseen'} ${tenant}`,
  run: (db, entries) => {
    const tells = entries.some(({ tell }) => tell !== undefined);
    return tells ? db.transaction((tx) => enterAndTell(tx, entries)) : enterAndTell(db, entries);
  },
});

/** Puts the user into the room, or changes the role of a user who is in; false: left out, for whatever reason. */
export function enterLiveRoom(db: Database, entry: Entry): Promise<boolean> {
  return enterBatched(db, entry);
}

/** The same inside a transaction. */
export async function enterLiveRoomIn(tx: Executor, entry: Entry): Promise<boolean> {
  const [entered = false] = await enterAndTell(tx, [entry]);
  return entered;
}
