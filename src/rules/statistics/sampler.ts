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
  entriesOfEnded,
  keptActivity,
  type Span,
  signIns,
  signUps,
} from '../../data/activity';
import type { Executor } from '../../data/engine/database';
import { countOnline, countRoomsOnAir, raisePeaks, type SampledRoom, sampleOpenRooms } from '../../data/room-samples';
import { addSample, type Counted, lastCounted, STEPS } from '../../data/samples';
import { TOKEN_MS } from '../accounts/tokens';
import type { Services } from '../context';
import { faultReason } from '../fault-reason';
import { onlineCutoffs } from '../presence/presence';

/** No request that commits something takes longer (base/request-budget.ts), give or take our clocks (ms). */
const TAIL_MS = 10_000;
const PEAKS_AT_ONCE = 1_000;
/** A sample belongs to nobody's request; with a million people it takes seconds (ms). */
const SAMPLE_LIMITS = { requestMs: 40_000, statementsMs: 40_000 };

/** What lies between the last sample and now. Time is counted in whole seconds. */
function spanOf(last: Counted | undefined, now: number): Span {
  const until = now - (now % 1000);
  const since = last?.counted_until ?? until - STEPS.minute;
  // The first one of all has nobody's last seconds to look at again.
  return { from: last ? since - TAIL_MS : since, tail: until - TAIL_MS, until };
}

interface Counter {
  /** New since the last sample. */
  fresh: number;
  /** In the last seconds, for the next one. */
  tail: number;
}

/** `there`: what the rows say that are still there. */
async function count(
  db: Executor,
  tenant: string,
  of: { kind: ActivityKind; there: Activity; span: Span; counted: number },
): Promise<Counter> {
  const { kind, there, span, counted } = of;
  const gone = await keptActivity(db, tenant, { ...span, kind });
  return { fresh: Math.max(0, there.total + gone.total - counted), tail: there.tail + gone.tail };
}

interface Rooms {
  /** On the air. */
  rooms: number;
  /** People in them. */
  viewers: number;
  /** Who entered any room. */
  entries: Activity;
}

/** Stores new peaks on the way. */
async function lookAtRooms(
  services: Services,
  db: Executor,
  of: { tenant: string; now: number; span: Span },
): Promise<Rooms> {
  const { tenant, now, span } = of;
  const cutoffs = onlineCutoffs(services.config.presence, now);
  const open = await sampleOpenRooms(db, tenant, { cutoffs, span });
  const sum = (value: (room: SampledRoom) => number) => open.reduce((total, room) => total + value(room), 0);
  const ended = await entriesOfEnded(db, tenant, span);
  const entries = {
    total: ended.total + sum((room) => room.entries),
    tail: ended.tail + sum((room) => room.late_entries),
  };
  const onAir = open.filter((room) => room.on_air === 1);
  const higher = onAir.filter((room) => room.people > room.peak);
  for (let from = 0; from < higher.length; from += PEAKS_AT_ONCE) {
    await raisePeaks(db, higher.slice(from, from + PEAKS_AT_ONCE));
  }
  const viewers = onAir.reduce((total, room) => total + room.people, 0);
  return { rooms: await countRoomsOnAir(db, tenant, cutoffs), viewers, entries };
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
  const counter = (kind: ActivityKind, there: Activity, counted: number) =>
    count(db, tenant, { kind, there, span, counted });
  const signedIn = await counter(
    'sign_in',
    await signIns(db, tenant, { ...span, sessionMs: TOKEN_MS }),
    before.tail_sign_ins,
  );
  const signedUp = await counter('sign_up', await signUps(db, tenant, span), before.tail_sign_ups);
  const { rooms, viewers, entries } = await lookAtRooms(services, db, { tenant, now, span });
  const entered = await counter('entry', entries, before.tail_entries);
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
