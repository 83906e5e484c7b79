/**
 * Who is online. Every user has one time, alive_until, and is online while it lies ahead:
 *   - going live or entering sets it far ahead (some apps never beat), until the first beat;
 *   - from the first beat on, every beat sets it to now + OWNER_TIMEOUT_SECONDS: silence ends it by itself;
 *   - IM or TRTC saying "gone" brings it near (a grace for reconnects), unless something newer says otherwise;
 *   - any other sign of life moves it ahead again; signing out ends it.
 * Lists compare it with now, so what they show does not depend on any job having run.
 */
import type { Config } from '../../config/config';
import type { BeatTimes } from '../../data/presence/beats';
import type { OnlineCutoffs } from '../../data/presence/predicates';
import { recordSignOfLife, type SignOfLife, type UserOfTenant } from '../../data/presence/signs-of-life';
import type { EntryTimes } from '../../data/rooms/entering';
import type { CallerContext, RecentCallerContext, Services, UnprovedCallerContext } from '../context';

type Rules = Config['presence'];

/** A beat may be skipped where the row is alive for all but a sixth of the time-out: as good, and no write. */
const SKIPPED_PART = 6;
/** Owners' calls about their room come in bunches; a newer sign of life than this is good enough (ms). */
const TOUCH_MS = 15_000;

export function beatTimes(rules: Rules, now: number): BeatTimes {
  const timeout = rules.ownerTimeoutSeconds * 1000;
  // A skipped beat is not known to be newer than a late disconnect; the next beat must come within that one's grace.
  const skipped = Math.min(timeout / SKIPPED_PART, (rules.disconnectGraceSeconds * 1000) / 2);
  return { now, aliveUntil: now + timeout, freshUntil: now + timeout - skipped };
}

export function onlineCutoffs(rules: Rules, now: number): OnlineCutoffs {
  // alive_until is made with the owners' time-out; members may have their own.
  return { now, memberCutoff: now - (rules.memberTimeoutSeconds - rules.ownerTimeoutSeconds) * 1000 };
}

export function signOfLife(rules: Rules, user: UserOfTenant, at: number): SignOfLife {
  return {
    ...user,
    at,
    untilNextBeat: at + rules.ownerTimeoutSeconds * 1000,
    untilIdle: at + rules.roomIdleSeconds * 1000,
  };
}

/** Until when somebody who goes live or enters counts as online without a beat. */
export function attendanceUntil(rules: Rules, now: number): number {
  return now + rules.roomIdleSeconds * 1000;
}

/** The times of entering a room now. */
export function entryTimes({ config, clock }: Pick<Services, 'config' | 'clock'>): EntryTimes {
  const now = clock();
  const { presence } = config;
  return { now, onlineUntil: attendanceUntil(presence, now), cutoffs: onlineCutoffs(presence, now) };
}

/** The caller goes live. */
export function attendanceTimes(ctx: CallerContext): { now: number; until: number } {
  return { now: ctx.now, until: attendanceUntil(ctx.services.config.presence, ctx.now) };
}

export interface OwnerSeen {
  owner_id: number;
  owner_alive_until: number | null;
  owner_seen_at: number | null;
}

/** Only these three fields of a row: shared answers keep them for a while. */
export function ownerSeen({ owner_id, owner_alive_until, owner_seen_at }: OwnerSeen): OwnerSeen {
  return { owner_id, owner_alive_until, owner_seen_at };
}

/** The caller does something about a room of their own. */
export function ownerSign(ctx: UnprovedCallerContext): SignOfLife {
  const user = { tenant: ctx.caller.tenant.id, userId: ctx.caller.id };
  return signOfLife(ctx.services.config.presence, user, ctx.now);
}

/** Reading about one's own room is a sign of life too; written only where the last one is not as good. */
export async function touchOwnerWhoReads(ctx: RecentCallerContext, room: OwnerSeen): Promise<void> {
  if (room.owner_id !== ctx.caller.id) return;
  const { freshUntil } = beatTimes(ctx.services.config.presence, ctx.now);
  const seen = (room.owner_seen_at ?? 0) > ctx.now - TOUCH_MS && (room.owner_alive_until ?? 0) >= freshUntil;
  if (!seen) await recordSignOfLife(ctx.db, ownerSign(ctx));
}
