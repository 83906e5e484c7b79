/**
 * Who is online. Every user has one time, alive_until, and is online while it is in the future:
 *   - going live or entering sets it far ahead (some apps send no heartbeat), until the first heartbeat;
 *   - from then on, every heartbeat sets it to now + OWNER_TIMEOUT_SECONDS, so that silence ends it;
 *   - IM or TRTC saying "gone" brings it near (a grace for reconnects), unless something newer says otherwise;
 *   - any other activity moves it ahead again; signing out ends it.
 * Lists compare it with now, so the lists do not depend on any job.
 */
import type { Config } from '../../config/config';
import type { Attendance } from '../../data/presence/attendance';
import type { BeatTimes } from '../../data/presence/heartbeats';
import type { AbsenceCutoffs, OnlineCutoffs } from '../../data/presence/predicates';
import { recordSignOfLife, type SignOfLife, type UserOfTenant } from '../../data/presence/signs-of-life';
import type { EntryTimes } from '../../data/rooms/entering';
import type { CallerContext, RecentCallerContext, Services, UnprovedCallerContext } from '../context';

type Rules = Config['presence'];

/** A heartbeat is not written if the row is alive for all but a sixth of the time-out. */
const SKIPPED_PART = 6;
/** Hosts' calls about their room come in bursts; activity newer than this is not written again (ms). */
const TOUCH_MS = 15_000;

export function beatTimes(rules: Rules, now: number): BeatTimes {
  const timeout = rules.ownerTimeoutSeconds * 1000;
  // An unwritten heartbeat is not newer than a late disconnect; the next heartbeat must come within its grace period.
  const skipped = Math.min(timeout / SKIPPED_PART, (rules.disconnectGraceSeconds * 1000) / 2);
  return { now, aliveUntil: now + timeout, freshUntil: now + timeout - skipped };
}

export function onlineCutoffs(rules: Rules, now: number): OnlineCutoffs {
  // alive_until is made with the owners' time-out; members may have their own.
  return { now, memberCutoff: now - (rules.memberTimeoutSeconds - rules.ownerTimeoutSeconds) * 1000 };
}

/** The times from which a host counts as gone, so that the room ends. */
export function absenceCutoffs({ config, clock }: Pick<Services, 'config' | 'clock'>): AbsenceCutoffs {
  const { roomCloseSeconds, roomIdleSeconds } = config.presence;
  const now = clock();
  return { now, goneSince: now - roomCloseSeconds * 1000, unseenSince: now - roomIdleSeconds * 1000 };
}

export function signOfLife(rules: Rules, user: UserOfTenant, at: number): SignOfLife {
  return {
    ...user,
    at,
    untilNextBeat: at + rules.ownerTimeoutSeconds * 1000,
    untilIdle: at + rules.roomIdleSeconds * 1000,
  };
}

/** End of the time in which a user who goes live or enters counts as online without a heartbeat. */
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
export function attendanceTimes(ctx: CallerContext): Attendance {
  return { seenAt: ctx.now, onlineUntil: attendanceUntil(ctx.services.config.presence, ctx.now) };
}

export interface OwnerSeen {
  owner_id: number;
  owner_alive_until: number | null;
  owner_seen_at: number | null;
}

/** Records activity: the caller acts on their own room. */
export function ownerSign(ctx: UnprovedCallerContext): SignOfLife {
  const user = { tenant: ctx.caller.tenant.id, userId: ctx.caller.id };
  return signOfLife(ctx.services.config.presence, user, ctx.now);
}

/** Records activity when hosts read their own room; written only if the stored time is old. */
export async function touchOwnerWhoReads(ctx: RecentCallerContext, room: OwnerSeen): Promise<void> {
  if (room.owner_id !== ctx.caller.id) return;
  const { freshUntil } = beatTimes(ctx.services.config.presence, ctx.now);
  const seen = (room.owner_seen_at ?? 0) > ctx.now - TOUCH_MS && (room.owner_alive_until ?? 0) >= freshUntil;
  if (!seen) await recordSignOfLife(ctx.db, ownerSign(ctx), ctx.now);
}
