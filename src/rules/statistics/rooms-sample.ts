/**
 * The open rooms and the people online, for a sample: counted in pieces with pauses in between, so that neither the database
 * nor this process, which may be answering requests, is delayed by a large number.
 */
import { setTimeout as pause } from 'node:timers/promises';
import type { Executor } from '../../data/engine/database';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { type Activity, endedSince, entriesOfEnded, type Span } from '../../data/statistics/activity';
import {
  type CountedRoom,
  countOnline,
  countPeople,
  newestPresence,
  type OpenRoom,
  openRooms,
  raisePeaks,
} from '../../data/statistics/room-samples';

const ROOMS_AT_ONCE = 256;
/** A member takes some 2 microseconds. A room with more is counted in one piece. */
const MEMBERS_AT_ONCE = 4_000;
const PRESENCES_AT_ONCE = 20_000;
/** A pause lasts for the time of the preceding work, at most this (ms). */
const LONGEST_PAUSE_MS = 20;

/** Runs it and then pauses equally long. */
async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  const started = performance.now();
  const done = await work();
  await pause(Math.min(LONGEST_PAUSE_MS, performance.now() - started));
  return done;
}

/** Parts of a page that take about the same time to count. */
export function pieces<R extends Pick<OpenRoom, 'total_joined'>>(rooms: readonly R[]): R[][] {
  const found: R[][] = [];
  let members = Number.POSITIVE_INFINITY;
  for (const room of rooms) {
    members += room.total_joined;
    if (members > MEMBERS_AT_ONCE) {
      found.push([]);
      members = room.total_joined;
    }
    found.at(-1)?.push(room);
  }
  return found;
}

export interface Rooms {
  /** Live rooms. */
  rooms: number;
  /** People in them. */
  viewers: number;
  /** Who entered any room. */
  entries: Activity;
}

export interface RoomsAsked {
  tenant: string;
  now: number;
  span: Span;
  cutoffs: OnlineCutoffs;
}

/** Counts one page, and stores new peaks on the way. */
async function countPage(
  db: Executor,
  page: readonly OpenRoom[],
  of: RoomsAsked,
): Promise<{ viewers: number; counted: readonly CountedRoom[] }> {
  const onAir = new Set(page.filter((room) => room.on_air === 1).map(({ id }) => id));
  const counted: CountedRoom[] = [];
  for (const piece of pieces(page)) counted.push(...(await inTurn(() => countPeople(db, piece, of))));
  const seen = counted.filter(({ id }) => onAir.has(id));
  await raisePeaks(
    db,
    seen.filter(({ people, peak }) => people > peak),
  );
  return { viewers: seen.reduce((sum, { people }) => sum + people, 0), counted };
}

const broadcastOf = ({ id, broadcast_no }: Pick<CountedRoom, 'id' | 'broadcast_no'>) => `${id} ${broadcast_no}`;

/** Stores new peaks on the way. */
export async function lookAtRooms(db: Executor, of: RoomsAsked): Promise<Rooms> {
  const { tenant, now, span, cutoffs } = of;
  const sum = { rooms: 0, viewers: 0, entries: { total: 0, tail: 0 } };
  /** The counts of broadcasts that were open in their turn. */
  const open = new Map<string, CountedRoom>();
  let after: OpenRoom | undefined;
  do {
    const page = await inTurn(() => openRooms(db, tenant, { after, limit: ROOMS_AT_ONCE, cutoffs }));
    const { viewers, counted } = await countPage(db, page, of);
    sum.rooms += page.filter((room) => room.on_air === 1).length;
    sum.viewers += viewers;
    for (const room of counted) if (room.entries > 0) open.set(broadcastOf(room), room);
    after = page.length < ROOMS_AT_ONCE ? undefined : page.at(-1);
  } while (after);
  // Those that have ended since are among the ended ones.
  for (const ended of await endedSince(db, tenant, now)) open.delete(broadcastOf(ended));
  sum.entries = await entriesOfEnded(db, tenant, span);
  for (const { entries, late_entries } of open.values()) {
    sum.entries.total += entries;
    sum.entries.tail += late_entries;
  }
  return sum;
}

/** `tenant`: undefined if there is only one. */
export async function peopleOnline(db: Executor, tenant: string | undefined, now: number): Promise<number> {
  const newest = await newestPresence(db);
  let people = 0;
  for (let after = 0; after < newest; after += PRESENCES_AT_ONCE) {
    const of = { after, until: after + PRESENCES_AT_ONCE, now };
    people += await inTurn(() => countOnline(db, tenant, of));
  }
  return people;
}
