/**
 * A claim: the next few deliveries of one room, or one delivery without a room, sent in order. If
 * one of them is not accepted, the rest are released and wait with it.
 */

import { addAttempts, type NewAttempt } from '../../data/webhooks/attempts';
import type { Delivery } from '../../data/webhooks/deliveries';
import { type DeliveryEnd, endBundle, isFree, releaseDeliveries, takeBundle } from '../../data/webhooks/delivery-queue';
import { attempt, type Outcome, type Target } from './attempt';
import { ATTEMPT_MS } from './send';

/** How long a process may send its claim (ms). */
export const LEASE_MS = ATTEMPT_MS + 20_000;
/** Leases end up to this much earlier, so that two processes hardly choose the same end (ms). */
const LEASE_SPREAD_MS = 5_000;
/** Time reserved for storing the outcome of the last one (ms). */
const MARGIN_MS = 5_000;
/** Longest delay before outcomes are stored (ms); accepted but unstored ones are sent again if the process dies. */
const UNWRITTEN_MS = 50;

export interface Sent {
  delivered: number;
  /** Outcome of the last one; undefined if another process has claimed the first. */
  last: Outcome | undefined;
  /** Whether there may be something to send of the same room now. */
  goOn: boolean;
}

/** The next deliveries of a room that may be sent now, at most `limit`. */
export function freeOnes(rows: readonly Delivery[], limit: number, now: number): readonly Delivery[] {
  const blocked = rows.findIndex((row) => !isFree(row, now));
  return rows.slice(0, Math.min(limit, blocked < 0 ? rows.length : blocked));
}

/** Stores accepted deliveries in one statement, soon. */
class Accepted {
  private readonly target: Target;
  private ends: DeliveryEnd[] = [];
  private made: NewAttempt[] = [];
  private timer: NodeJS.Timeout | undefined;
  private readonly writing: Promise<void>[] = [];

  constructor(target: Target) {
    this.target = target;
  }

  add(end: DeliveryEnd, made: NewAttempt): void {
    this.ends.push(end);
    this.made.push(made);
    this.timer ??= setTimeout(() => this.write(), UNWRITTEN_MS);
  }

  /** Resolves when everything is stored. */
  async flush(): Promise<void> {
    this.write();
    await Promise.all(this.writing);
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    if (this.ends.length === 0) return;
    const db = this.target.services.database.forRequest();
    const made = this.made;
    // First that they are delivered: without it they would be sent again.
    const writing = endBundle(db, this.ends).then(() => addAttempts(db, made));
    this.ends = [];
    this.made = [];
    // flush() throws it.
    writing.catch(() => {});
    this.writing.push(writing);
  }
}

/** One after the other while each is accepted and `goesOn` says so; the first one in any case. */
async function sendInOrder(
  target: Target,
  deliveries: readonly Delivery[],
  goesOn: () => boolean,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  const accepted = new Accepted(target);
  try {
    for (const delivery of deliveries) {
      if (outcomes.length > 0 && !goesOn()) break;
      const outcome = await attempt(target, delivery);
      outcomes.push(outcome);
      if (outcome.kind !== 'delivered') break;
      accepted.add({ id: delivery.id, state: 'delivered', status: outcome.status }, outcome.made);
    }
  } finally {
    await accepted.flush();
  }
  return outcomes;
}

function leaseFrom(now: number): { now: number; until: number } {
  return { now, until: now + LEASE_MS - Math.floor(Math.random() * LEASE_SPREAD_MS) };
}

export async function sendBundle(target: Target, bundle: readonly Delivery[], hasTime: () => boolean): Promise<Sent> {
  const { clock, database } = target.services;
  const wanted = { ids: bundle.map(({ id }) => id), ...leaseFrom(clock()) };
  const { until, ids } = await takeBundle(database.forRequest(), wanted);
  const foreign = bundle.findIndex(({ id }) => !ids.has(id));
  const ours = foreign < 0 ? bundle : bundle.slice(0, foreign);
  // A process that was paused has lost its claim.
  const goesOn = () => hasTime() && clock() < until - ATTEMPT_MS - MARGIN_MS;
  const outcomes = await sendInOrder(target, ours, goesOn);
  const last = outcomes.at(-1);
  const rest = bundle.slice(outcomes.length).filter(({ id }) => ids.has(id));
  if (rest.length > 0) {
    const at = last?.kind === 'put_off' ? last.at : clock();
    const released = rest.map(({ id }) => id);
    await releaseDeliveries(database.forRequest(), released, { until, at });
  }
  const delivered = outcomes.filter(({ kind }) => kind === 'delivered').length;
  return { delivered, last, goOn: last ? last.kind !== 'put_off' : rest.length > 0 };
}
