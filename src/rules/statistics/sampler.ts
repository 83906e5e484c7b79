/**
 * One sample a minute and tenant, exactly one however many processes run: the row's key is tenant and minute, and everything
 * a sample contains is in that one row, so a process that dies in the middle leaves nothing behind.
 *
 * Counters start at the end of the last sample. A row may be committed some seconds after the time it bears, when its
 * time has been counted already; so the last seconds are counted again by the next sample, minus the first result.
 */
import { RequestBudget } from '../../base/request-budget';
import type { Executor } from '../../data/engine/database';
import {
  type Activity,
  type ActivityKind,
  deleteOldActivity,
  keptActivity,
  type Span,
  signIns,
  signUps,
} from '../../data/statistics/activity';
import { addSample, type Counted, lastCounted, STEPS } from '../../data/statistics/samples';
import { TOKEN_MS } from '../accounts/tokens';
import type { Services } from '../context';
import { faultReason } from '../fault-reason';
import { onlineCutoffs } from '../presence/presence';
import { lookAtRooms, peopleOnline } from './rooms-sample';

/** No request that commits something takes longer (base/request-budget.ts), give or take our clocks (ms). */
const TAIL_MS = 10_000;
/** A sample belongs to no request; with a million people it takes seconds (ms). */
const SAMPLE_LIMITS = { requestMs: 40_000, statementsMs: 40_000 };

/** The time between the last sample and now, in whole seconds. */
function spanOf(last: Counted | undefined, now: number): Span {
  const until = now - (now % 1000);
  const since = last?.counted_until ?? until - STEPS.minute;
  // The first sample has no previous seconds to count again.
  return { from: last ? since - TAIL_MS : since, tail: until - TAIL_MS, until };
}

interface Counter {
  /** New since the last sample. */
  fresh: number;
  /** Counts of the last seconds, for the next sample. */
  tail: number;
}

/** `there`: the counts of the remaining rows. */
async function count(
  db: Executor,
  tenant: string,
  of: { kind: ActivityKind; there: Activity; span: Span; counted: number },
): Promise<Counter> {
  const { kind, there, span, counted } = of;
  const gone = await keptActivity(db, tenant, { ...span, kind });
  return { fresh: Math.max(0, there.total + gone.total - counted), tail: there.tail + gone.tail };
}

/** True if a sample was stored; false if the minute has one, or is before the newest one (a clock was set back). */
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
  const cutoffs = onlineCutoffs(services.config.presence, now);
  const { rooms, viewers, entries } = await lookAtRooms(db, { tenant, now, span, cutoffs });
  const entered = await counter('entry', entries, before.tail_entries);
  const online = await peopleOnline(db, services.config.tenants.length > 1 ? tenant : undefined, now);
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

/** Samples every tenant; returns the number of stored samples. A failing tenant does not affect the others. */
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
