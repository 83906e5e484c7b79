/** What deliveries of one moment, to whomever they go, do to the database: in one statement each. */
import { RequestBudget } from '../../base/request-budget';
import { createBatcher } from '../../data/engine/batcher';
import type { Delivery } from '../../data/webhooks/deliveries';
import { type DeliveryEnd, endDeliveries, takeDeliveries } from '../../data/webhooks/delivery-queue';
import type { Services } from '../context';
import { ATTEMPT_MS } from './send';

/** For how long whoever takes something has it (ms). */
export const LEASE_MS = ATTEMPT_MS + 20_000;
/** Leases end up to so much earlier, so that no two processes choose the same end (ms). */
const LEASE_SPREAD_MS = 5_000;

/** What is ours until `until`. */
export interface Lease {
  until: number;
  ids: ReadonlySet<number>;
}

export interface Shared {
  take(deliveries: readonly Delivery[]): Promise<Lease>;
  end(ends: readonly DeliveryEnd[]): Promise<void>;
}

export function createShared(services: Services): Shared {
  const take = createBatcher<readonly Delivery[], Lease>(services, {
    name: 'deliveries_taken',
    keyOf: ([first]) => first?.id,
    run: async (db, bundles) => {
      const now = services.clock();
      const until = now + LEASE_MS - Math.floor(Math.random() * LEASE_SPREAD_MS);
      const wanted = bundles.flatMap((bundle) => bundle.map(({ id }) => id));
      const ids = await takeDeliveries(db, wanted, { now, until });
      return bundles.map(() => ({ until, ids }));
    },
  });
  const end = createBatcher<readonly DeliveryEnd[], void>(services, {
    name: 'deliveries_ended',
    keyOf: ([first]) => first?.id,
    run: async (db, bundles) => {
      await endDeliveries(db, bundles.flat());
      return bundles.map(() => undefined);
    },
  });
  return {
    take: (deliveries) => take(deliveries, new RequestBudget()),
    end: (ends) => end(ends, new RequestBudget()),
  };
}
