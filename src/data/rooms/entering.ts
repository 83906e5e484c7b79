/**
 * Entering open rooms without a look before: one statement has in it everything that must hold (the session, the room, its
 * owner, what operators decided, the address) and puts everybody in for whom it does. Of whoever is left out it does not
 * say why; for them, and for whoever may be an owner, the long way (joining.ts) looks first.
 */

import type { SessionKey } from '../accounts/sessions';
import { batched } from '../engine/batched';
import type { Executor } from '../engine/database';
import { onConflict, proposed } from '../engine/dialect';
import { choice, columns, list, raw, read, type Sql, sql, write } from '../engine/sql';
import { begunPresence } from '../presence/signs-of-life';
import { oneAddressIsBanned, sanctionsAre } from '../sanctions/sanctions';
import { FOREVER } from '../schema';
import type { JoiningTimes } from './joining';
import { refreshCountsOfNamed, refreshPresenceAndCounts } from './room-lists';

export interface Entrant {
  session: SessionKey;
  roomId: string;
  role: string;
  /** Network address; '' = unknown. */
  address: string;
}

/** Different users of one tenant. */
export interface Entrants {
  tenant: string;
  of: readonly Entrant[];
}

const roomOf = (user: string, { of }: Entrants) =>
  choice(
    raw(user),
    of.map(({ session, roomId }) => [session.userId, roomId]),
  );

/** Gives a number above 0 where somebody is in; how many they are, no server tells. */
async function insertMembers(db: Executor, entrants: Entrants, now: number): Promise<number> {
  const { tenant, of } = entrants;
  const forNow = raw(String(FOREVER));
  const addresses = of.map(({ address }) => address);
  const roles = of.map(({ session, role }) => [session.userId, role] as const);
  const set = sql`role = ${proposed(db, 'role')},
    joined_at = CASE WHEN members.present = 1 THEN members.joined_at ELSE ${proposed(db, 'joined_at')} END,
    present = 1, alive_until = ${forNow}, event_at = ${proposed(db, 'event_at')}`;
  const statement = sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, present, joined_at, alive_until, event_at)
    SELECT r.id, r.broadcast_no, s.user_id, ${choice(raw('s.user_id'), roles)}, 1, ${now}, ${forNow}, ${now}
    FROM sessions s JOIN rooms r ON r.tenant = ${tenant} AND r.room_id = ${roomOf('s.user_id', entrants)}
    WHERE s.id IN (${list(of.map(({ session }) => session.id))})
      AND s.user_id IN (${list(of.map(({ session }) => session.userId))})
      AND r.status = 1 AND r.host_pending = 0 AND r.owner_id <> s.user_id
      AND ${sanctionsAre(db, raw('s.user_id'), 0)}
      AND NOT ${oneAddressIsBanned(addresses, sql`${tenant}`, now)}
    ${onConflict(db, 'room_pk, broadcast_no, user_id', set)}`;
  return (await db.execute(write('members.enter', 'safe', statement))).affected;
}

/** That this very call put the user of `presence p` in: what held then and only ever ends holds still. */
function isIn(entrants: Entrants, now: number): Sql {
  return sql`EXISTS (SELECT 1 FROM rooms r JOIN members m ON m.room_pk = r.id AND m.broadcast_no = r.broadcast_no
    JOIN users v ON v.id = m.user_id
    WHERE r.tenant = ${entrants.tenant} AND r.room_id = ${roomOf('p.user_id', entrants)} AND r.status = 1
      AND m.user_id = p.user_id AND m.present = 1 AND m.event_at = ${now} AND v.sanction_no = 0)`;
}

const IN_ROOM = columns('presence', 'p', ['user_id', 'alive_until']);

/** undefined: not put in by this, for whatever reason. */
export type Entered = { cameBack: boolean } | undefined;

/** Those of whom not all were online, or not all got in: finds out who did, and brings them back. */
async function enterOneByOne(db: Executor, entrants: Entrants, times: JoiningTimes): Promise<Entered[]> {
  const { now, cutoffs, onlineUntil } = times;
  const users = entrants.of.map(({ session }) => session.userId);
  const whoIsIn = sql`SELECT ${IN_ROOM} FROM presence p WHERE p.user_id IN (${list(users)}) AND ${isIn(entrants, now)}`;
  const found = await db.query(read('presence.who_entered', IN_ROOM, whoIsIn));
  const came = found.filter((row) => row.alive_until < onlineUntil).map((row) => row.user_id);
  if (came.length > 0) {
    const set = begunPresence({ now, until: onlineUntil });
    const statement = sql`UPDATE presence AS p SET ${set} WHERE p.user_id IN (${list(came)})`;
    await db.execute(write('presence.enter_offline', 'safe', statement));
  }
  if (found.length > 0) {
    // Also of who is online by now: another call may have done that, for another room.
    const inside = new Set(found.map((row) => row.user_id));
    const roomIds = entrants.of.filter(({ session }) => inside.has(session.userId)).map(({ roomId }) => roomId);
    await refreshCountsOfNamed(db, { tenant: entrants.tenant, roomIds }, cutoffs);
  }
  const before = new Map(found.map((row) => [row.user_id, row.alive_until]));
  return users.map((user) => {
    const aliveUntil = before.get(user);
    return aliveUntil === undefined ? undefined : { cameBack: aliveUntil <= now };
  });
}

/** One user alone, where the server can write to two tables at once. True where that was all of it. */
function beginAlone(db: Executor, entrants: Entrants, times: JoiningTimes): Promise<boolean> {
  const [{ session, roomId } = { session: { userId: 0 }, roomId: '' }] = entrants.of;
  const user = { userId: session.userId, until: times.onlineUntil };
  return refreshPresenceAndCounts(db, { tenant: entrants.tenant, roomId }, { user, cutoffs: times.cutoffs });
}

/** Who was offline was missing in other rooms too, and the own ones were hidden. */
export async function enterRooms(db: Executor, entrants: Entrants, times: JoiningTimes): Promise<readonly Entered[]> {
  const entered = await storeEntries(db, entrants, times);
  if (entered.some((one) => one?.cameBack)) db.changed('rooms');
  for (const [index, { roomId }] of entrants.of.entries()) {
    if (entered[index]) db.changed({ tenant: entrants.tenant, roomId });
  }
  return entered;
}

/** In this order: whoever is counted is in, and online. */
async function storeEntries(db: Executor, entrants: Entrants, times: JoiningTimes): Promise<readonly Entered[]> {
  const { tenant, of } = entrants;
  const { now, onlineUntil, cutoffs } = times;
  const nobody = of.map(() => undefined);
  if ((await insertMembers(db, entrants, now)) === 0) return nobody;
  if (of.length === 1 && db.kind === 'mysql') {
    return (await beginAlone(db, entrants, times)) ? [{ cameBack: false }] : enterOneByOne(db, entrants, times);
  }
  const set = begunPresence({ now, until: onlineUntil });
  // Whoever would not be counted yet is left to the second look.
  const online = Math.max(now, cutoffs.memberCutoff);
  const users = list(of.map(({ session }) => session.userId));
  const statement = sql`UPDATE presence AS p SET ${set} WHERE p.user_id IN (${users}) AND p.alive_until > ${online}
    AND ${isIn(entrants, now)}`;
  const roomIds = of.map(({ roomId }) => roomId);
  const [{ affected }] = await Promise.all([
    db.execute(write('presence.enter', 'safe', statement)),
    refreshCountsOfNamed(db, { tenant, roomIds }, cutoffs),
  ]);
  return affected === of.length ? of.map(() => ({ cameBack: false })) : enterOneByOne(db, entrants, times);
}

export interface TimedEntrant extends Entrant {
  tenant: string;
  times: JoiningTimes;
}

/** As enterRooms, for one request. Those of a batch arrived within milliseconds and share the first one's times. */
export const enterOpenRoom = batched<TimedEntrant, Entered>({
  name: 'entries',
  keyOf: ({ session }) => session.userId,
  partition: ({ tenant }) => tenant,
  run: (db, entrants) => {
    const [{ tenant, times }] = entrants;
    return enterRooms(db, { tenant, of: entrants }, times);
  },
});
