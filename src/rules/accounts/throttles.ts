/**
 * Counts of failed sign-ins, sign-ups and the like. Each process counts in its memory; counts that become suspicious there are
 * added up in the database too, where all processes see them.
 */
import { createHmac } from 'node:crypto';
import type { Config } from '../../config/config';
import { addHits, type Hits } from '../../data/accounts/throttles';
import type { Executor } from '../../data/engine/database';
import { CALLS_AT_ONCE, Places, Turns, WindowCounts } from './places';

const MINUTE_MS = 60_000;
export const DAY_MS = 86_400_000;
const HELD_MS = 600_000;

/** Made once for a service, by compose.ts. */
export interface Throttles {
  /** Failed sign-ins: by name, by client address and by the pair of them. */
  failures: WindowCounts;
  signUps: WindowCounts;
  signUpsOfDay: WindowCounts;
  /** Sign-ins that succeeded, by user. */
  signIns: WindowCounts;
  /** Searches for other users, by user. */
  searches: WindowCounts;
  /** Broadcasts started, by user. */
  openings: WindowCounts;
  openingsOfDay: WindowCounts;
  /** Actions of hosts and admins in their rooms, by user. */
  hostActs: WindowCounts;
  hostActsOfDay: WindowCounts;
  /** Calls with a valid key, by operator. */
  keyCalls: WindowCounts;
  /** Events of entering rooms, by user. */
  memberEventsOfDay: WindowCounts;
  /** Messages that wait for a verdict, by user. */
  held: WindowCounts;
  /** Pairs of name and client address that signed in here. Failures of other clients do not slow them down. */
  trusted: Set<string>;
  /** Calls in flight that may come to count. */
  places: Places;
  /** Calls in flight with a valid token, by user. */
  callers: Turns<number>;
  /** What makes an account or signs in to it: a session that begins while others end would be one too many. */
  accounts: Turns<string>;
}

export function createThrottles(): Throttles {
  return {
    failures: new WindowCounts(MINUTE_MS),
    signUps: new WindowCounts(MINUTE_MS),
    signUpsOfDay: new WindowCounts(DAY_MS),
    signIns: new WindowCounts(DAY_MS),
    searches: new WindowCounts(MINUTE_MS),
    openings: new WindowCounts(MINUTE_MS),
    openingsOfDay: new WindowCounts(DAY_MS),
    hostActs: new WindowCounts(MINUTE_MS),
    hostActsOfDay: new WindowCounts(DAY_MS),
    keyCalls: new WindowCounts(MINUTE_MS),
    memberEventsOfDay: new WindowCounts(DAY_MS),
    held: new WindowCounts(HELD_MS),
    trusted: new Set(),
    places: new Places(),
    callers: new Turns(CALLS_AT_ONCE),
    accounts: new Turns(1),
  };
}

export interface Counted {
  counts: WindowCounts;
  key: string;
  /** The count of this process from which on the database counts too. */
  suspicious: number;
}

/** The part of a request's context that counting needs. */
interface CountingContext {
  services: { config: Pick<Config, 'codeKey'> };
  db: Executor;
  now: number;
}

/** Adds 1 to each. */
export async function countTogether(ctx: CountingContext, counted: readonly Counted[]): Promise<void> {
  const { services, now } = ctx;
  const shared: (Hits & Counted)[] = [];
  for (const one of counted) {
    const { counts, key, suspicious } = one;
    const count = counts.add(key, now);
    if (count < suspicious) continue;
    const since = counts.begin(now);
    const hash = createHmac('sha256', services.config.codeKey);
    const id = hash.update(JSON.stringify(['throttle', counts.windowMs, key])).digest('base64url');
    // The first one brings the counts that this process kept in memory until now.
    shared.push({ ...one, id, since, hits: count === suspicious ? count : 1 });
  }
  const hits = shared.map(({ id, since, hits: add }) => ({ id, since, hits: add }));
  const known = await addHits(ctx.db, hits);
  for (const { counts, key, id } of shared) counts.learn(key, now, known.get(id) ?? 0);
}

/**
 * Counts one for the account, and gives false if there were `most` today. Exact for any number of processes from `suspicious`
 * on; below that the database is not asked.
 */
export async function takeOfDay(
  ctx: CountingContext,
  { most, ...counted }: Counted & { most: number },
): Promise<boolean> {
  const { counts, key } = counted;
  if (counts.get(key, ctx.now) >= most) return false;
  await countTogether(ctx, [counted]);
  return counts.get(key, ctx.now) <= most;
}
