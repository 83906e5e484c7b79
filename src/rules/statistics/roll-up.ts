/**
 * Minutes become hours, hours become days: each once it is over, so that a question about a month reads 720 rows and not
 * 43,200, and so that minutes need not be kept. Rolling up is idempotent.
 */

import type { Executor } from '../../data/engine/database';
import { deleteBroadcasts } from '../../data/statistics/broadcasts';
import {
  addSample,
  deleteSamples,
  edgeSample,
  type Sample,
  STEPS,
  type Step,
  samplesBetween,
} from '../../data/statistics/samples';
import type { Services } from '../context';

const DAY_MS = STEPS.day;
const AT_ONCE = 1_000;

/** Several samples as one: the highest of the gauges and when that was, the sum of the counters. */
export function merge(at: number, samples: readonly Sample[]): Sample {
  const empty = { rooms: 0, viewers: 0, online: 0, rooms_at: at, viewers_at: at, online_at: at };
  const sum = { at, ...empty, sign_ins: 0, sign_ups: 0, entries: 0 };
  for (const sample of samples) {
    if (sample.rooms > sum.rooms) [sum.rooms, sum.rooms_at] = [sample.rooms, sample.rooms_at];
    if (sample.viewers > sum.viewers) [sum.viewers, sum.viewers_at] = [sample.viewers, sample.viewers_at];
    if (sample.online > sum.online) [sum.online, sum.online_at] = [sample.online, sample.online_at];
    sum.sign_ins += sample.sign_ins;
    sum.sign_ups += sample.sign_ups;
    sum.entries += sample.entries;
  }
  return sum;
}

/** Groups into steps of `width`; steps without a sample are absent. */
export function group(samples: readonly Sample[], width: number): Sample[] {
  const groups = new Map<number, Sample[]>();
  for (const sample of samples) {
    const at = sample.at - (sample.at % width);
    const known = groups.get(at);
    if (known) known.push(sample);
    else groups.set(at, [sample]);
  }
  return [...groups].map(([at, members]) => merge(at, members));
}

interface RollUp {
  from: Step;
  to: Step;
}

/** Every step of `to` that is over and has no row yet. */
async function rollUp(db: Executor, tenant: string, { from, to, now }: RollUp & { now: number }): Promise<number> {
  const width = STEPS[to];
  const newest = await edgeSample(db, tenant, { step: to, edge: 'newest' });
  const oldest = await edgeSample(db, tenant, {
    step: from,
    edge: 'oldest',
    since: newest === undefined ? 0 : newest + width,
  });
  if (oldest === undefined) return 0;
  let stored = 0;
  // Day by day, so that a long pause is no long list.
  for (let start = oldest - (oldest % width); start + width <= now; start += Math.max(width, DAY_MS)) {
    const end = Math.min(start + Math.max(width, DAY_MS), now - (now % width));
    const samples = await samplesBetween(db, tenant, { step: from, from: start, to: end });
    for (const sample of group(samples, width))
      stored += (await addSample(db, tenant, { ...sample, step: to })) ? 1 : 0;
  }
  return stored;
}

async function deleteOld(services: Services, tenant: string, now: number): Promise<void> {
  const { statisticsMinuteDays, statisticsHourDays, statisticsDayDays, broadcastDays } = services.config;
  const kept: readonly [Step, number][] = [
    ['minute', statisticsMinuteDays],
    ['hour', statisticsHourDays],
    ['day', statisticsDayDays],
  ];
  for (const [step, days] of kept) {
    if (days === 0) continue;
    const old = { step, before: now - days * DAY_MS, max: AT_ONCE };
    await deleteSamples(services.database.forRequest(), tenant, old);
  }
  if (broadcastDays === 0) return;
  const before = now - broadcastDays * DAY_MS;
  await deleteBroadcasts(services.database.forRequest(), { tenant, before, max: AT_ONCE });
}

/** Rolls up finished steps and deletes those past their retention. */
export async function keepStatistics(services: Services): Promise<number> {
  const now = services.clock();
  let stored = 0;
  for (const { id } of services.config.tenants) {
    stored += await rollUp(services.database.forRequest(), id, { from: 'minute', to: 'hour', now });
    stored += await rollUp(services.database.forRequest(), id, { from: 'hour', to: 'day', now });
    await deleteOld(services, id, now);
  }
  return stored;
}
