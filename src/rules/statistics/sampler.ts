/**
 * One sample a minute and tenant, exactly one however many processes run: the row's key is tenant and minute, and everything
 * a sample says is in that one row, so that whoever dies in the middle has done nothing.
 *
 * Counters count from where the last sample stopped. A row may be committed some seconds after the time it bears, when its
 * time has been counted already; so the last seconds are counted once more by the next sample, less what was found then.
 */
import { RequestBudget } from '../../base/request-budget';
import {
  type Activity,
  type ActivityKind,
  deleteOldActivity,
  entries,
  keptActivity,
  type Span,
  signIns,
  signUps,
} from '../../data/activity';
import type { Executor } from '../../data/engine/database';
import { countOnline, raisePeaks, type SampledRoom, walkRoomsOnAir } from '../../data/room-samples';
import { addSample, type Counted, lastCounted, STEPS } from '../../data/samples';
import { TOKEN_MS } from '../accounts/tokens';
import type { Services } from '../context';
import { faultReason } from '../fault-reason';
import { onlineCutoffs } from '../presence/presence';

/** No request that commits something takes longer (base/request-budget.ts), give or take our clocks (ms). */
const TAIL_MS = 10_000;
const ROOMS_AT_ONCE = 1_000;
/** A sample belongs to nobody's request; with a million people it takes seconds (ms). */
const SAMPLE_LIMITS = { requestMs: 40_000, statementsMs: 40_000 };

/** What lies between the last sample and now. Time is counted in whole seconds. */
function spanOf(last: Counted | undefined, now: number): Span {
  const until = now - (now % 1000);
  const since = last?.counted_until ?? until - STEPS.minute;
  // The first one of all has nobody's last seconds to look at again.
  return { from: last ? since - TAIL_MS : since, tail: until - TAIL_MS, until };
}

async function rowsOf(db: Executor, tenant: string, kind: ActivityKind, span: Span): Promise<Activity> {
  switch (kind) {
    case 'sign_in':
      return signIns(db, tenant, { ...span, sessionMs: TOKEN_MS });
    case 'sign_up':
      return signUps(db, tenant, span);
    case 'entry':
      return entries(db, tenant, span);
  }
}

interface Counter {
  /** New since the last sample. */
  fresh: number;
  /** In the last seconds, for the next one. */
  tail: number;
}

async function count(
  db: Executor,
  tenant: string,
  of: { kind: ActivityKind; span: Span; counted: number },
): Promise<Counter> {
  const { kind, span, counted } = of;
  const there = await rowsOf(db, tenant, kind, span);
  const gone = await keptActivity(db, tenant, { ...span, kind });
  return { fresh: Math.max(0, there.total + gone.total - counted), tail: there.tail + gone.tail };
}

/** Rooms on the air and the people in them; stores new peaks on the way. */
async function lookAtRooms(services: Services, db: Executor, tenant: string, now: number) {
  const cutoffs = onlineCutoffs(services.config.presence, now);
  let [rooms, viewers] = [0, 0];
  for (let after: SampledRoom | undefined; ; ) {
    const page = await walkRoomsOnAir(db, tenant, { after, limit: ROOMS_AT_ONCE, cutoffs });
    rooms += page.length;
    viewers += page.reduce((sum, room) => sum + room.people, 0);
    await raisePeaks(
      db,
      page.filter((room) => room.people > room.peak),
    );
    after = page.at(-1);
    if (page.length < ROOMS_AT_ONCE) return { rooms, viewers };
  }
}

/** True where a sample was stored; false where the minute has one, or lies behind the newest one (a clock was set back). */
export async function takeSample(services: Services, tenant: string): Promise<boolean> {
  const now = services.clock();
  const db = services.database.forRequest(new RequestBudget(SAMPLE_LIMITS));
  const at = now - (now % STEPS.minute);
  const last = await lastCounted(db, tenant);
  if (last && last.at >= at) return false;
  const span = spanOf(last, now);
  const before = last ?? { tail_sign_ins: 0, tail_sign_ups: 0, tail_entries: 0 };
  const signedIn = await count(db, tenant, { kind: 'sign_in', span, counted: before.tail_sign_ins });
  const signedUp = await count(db, tenant, { kind: 'sign_up', span, counted: before.tail_sign_ups });
  const entered = await count(db, tenant, { kind: 'entry', span, counted: before.tail_entries });
  const { rooms, viewers } = await lookAtRooms(services, db, tenant, now);
  const online = await countOnline(db, services.config.tenants.length > 1 ? tenant : undefined, now);
  const gauges = { rooms, viewers, online, rooms_at: at, viewers_at: at, online_at: at };
  return addSample(db, tenant, {
    step: 'minute',
    at,
    ...gauges,
    sign_ins: signedIn.fresh,
    sign_ups: signedUp.fresh,
    entries: entered.fresh,
    counted_until: span.until,
    tail_sign_ins: signedIn.tail,
    tail_sign_ups: signedUp.tail,
    tail_entries: entered.tail,
  });
}

/** Of every tenant; gives how many were stored. One that fails does not keep the others from theirs. */
export async function takeSamples(services: Services): Promise<number> {
  let taken = 0;
  for (const { id } of services.config.tenants) {
    const stored = await takeSample(services, id).catch((error: unknown) => {
      services.log('sample_failed', { tenant: id, reason: faultReason(error) });
      return false;
    });
    taken += stored ? 1 : 0;
  }
  if (taken > 0) await deleteOldActivity(services.database.forRequest(), services.clock());
  return taken;
}
