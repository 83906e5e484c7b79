/**
 * Counters of this process in the text format of Prometheus (prom-client), which is told what they have come to when
 * somebody looks: what a request pays is two lookups and a few additions.
 */
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';
import type { Metrics } from '../base/metrics';
import { registerCounter, registerHistogram, type Tally } from './tallies';

/** What is asked for when somebody looks, not when it happens. A source that fails leaves its gauge out. */
export interface Gauges {
  /** Connections to the database; undefined before there was one. */
  pool: () => { size: number; inUse: number; waiting: number } | undefined;
  /** Work for IM and TRTC that is due: how many items, and for how long the oldest has been (s). */
  outbox: () => Promise<{ due: number; oldestSeconds: number }>;
  /** Webhook deliveries that are still to be made: how many, and how long ago the oldest one's event was (s). */
  webhooks: () => Promise<readonly { state: string; deliveries: number; oldestSeconds: number }[]>;
  /** The newest sample of each tenant. */
  samples: () => Promise<readonly { tenant: string; rooms: number; viewers: number; online: number }[]>;
}

export interface MetricsPage extends Metrics {
  readonly contentType: string;
  /** The whole page. */
  text(): Promise<string>;
}

/** Of answers, in seconds: most take a few milliseconds, and the apps give up after ten seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

/** What `make` gives for a key, made once. */
function remembered<K, T>(make: (key: K) => T): { get(key: K): T; all(): Iterable<T> } {
  const known = new Map<K, T>();
  return {
    get(key) {
      const found = known.get(key);
      if (found !== undefined) return found;
      const made = make(key);
      known.set(key, made);
      return made;
    },
    all: () => known.values(),
  };
}

/** What requests of one endpoint have come to; there are as many as endpoints. */
interface OfEndpoint {
  endpoint: string;
  databaseSeconds: number;
  statements: number;
  seconds: { get(code: number): Tally };
}

function countRequests(registry: Registry): Metrics['request'] {
  const answers: Tally[] = [];
  const endpoints = remembered((endpoint: string): OfEndpoint => {
    const seconds = remembered((code: number) => {
      const tally = tallyOf({ endpoint, code: String(code) });
      answers.push(tally);
      return tally;
    });
    return { endpoint, databaseSeconds: 0, statements: 0, seconds };
  });
  const byEndpoint = (described: { name: string; help: string }, value: (of: OfEndpoint) => number) =>
    registerCounter(registry, { ...described, labelNames: ['endpoint'] }, () =>
      Array.from(endpoints.all(), (of) => ({ labels: { endpoint: of.endpoint }, value: value(of) })),
    );
  registerCounter(
    registry,
    {
      name: 'live_room_requests_total',
      help: 'Answers, by endpoint and errorCode.',
      labelNames: ['endpoint', 'code'],
    },
    () => answers.map(({ labels, count }) => ({ labels, value: count })),
  );
  const tallyOf = registerHistogram(registry, {
    name: 'live_room_request_seconds',
    help: 'How long answers took, by endpoint and errorCode.',
    buckets: SECONDS,
  });
  byEndpoint(
    { name: 'live_room_database_seconds_total', help: 'Time that requests waited for the database, by endpoint.' },
    (of) => of.databaseSeconds,
  );
  byEndpoint(
    { name: 'live_room_statements_total', help: 'Statements that requests waited for, by endpoint.' },
    (of) => of.statements,
  );
  return ({ endpoint, code, ms, databaseMs, queries }) => {
    const of = endpoints.get(endpoint);
    of.databaseSeconds += databaseMs / 1000;
    of.statements += queries;
    of.seconds.get(code).observe(ms / 1000);
  };
}

function countVendorCalls(registry: Registry): Metrics['vendorCall'] {
  const tallyOf = registerHistogram(registry, {
    name: 'live_room_vendor_call_seconds',
    help: 'Calls to IM, TRTC and other services, by command and outcome.',
    buckets: SECONDS,
  });
  const calls = remembered((key: string) => {
    const [vendor = '', command = '', outcome = ''] = key.split(' ');
    return tallyOf({ vendor, command, outcome });
  });
  // None of them has a blank in it.
  return ({ vendor, command, outcome, ms }) => calls.get(`${vendor} ${command} ${outcome}`).observe(ms / 1000);
}

function countBatches(registry: Registry): Metrics['batch'] {
  const tallyOf = registerHistogram(registry, {
    name: 'live_room_batch_size',
    help: 'Requests that shared one statement.',
    buckets: BATCH_SIZES,
  });
  const batches = remembered((of: string) => tallyOf({ of }));
  return (of, size) => batches.get(of).observe(size);
}

function gauge(registers: Registry[], name: string, help: string, labelNames: string[] = []) {
  return new Gauge({ name: `live_room_${name}`, help, labelNames, registers });
}

/** Sets the gauges of one source; without its answer they say nothing rather than something old. */
function watchGauges(registers: Registry[], gauges: Gauges): () => Promise<void> {
  const size = gauge(registers, 'database_pool_size', 'Connections to the database that there may be.');
  const inUse = gauge(registers, 'database_pool_in_use', 'Connections that a statement or transaction has.');
  const waiting = gauge(registers, 'database_pool_waiting', 'Statements and transactions that wait for a connection.');
  const due = gauge(registers, 'outbox_due', 'Work for IM and TRTC that is due.');
  const age = gauge(registers, 'outbox_oldest_seconds', 'How long the oldest due work has been waiting.');
  const hooks = gauge(registers, 'webhook_deliveries', 'Webhook deliveries still to be made.', ['state']);
  const lag = gauge(registers, 'webhook_oldest_seconds', 'Age of the oldest event still to be delivered.', ['state']);
  const rooms = gauge(registers, 'rooms', 'Rooms on the air, as of the newest sample.', ['tenant']);
  const viewers = gauge(registers, 'viewers', 'People in rooms, as of the newest sample.', ['tenant']);
  const online = gauge(registers, 'online', 'People online, as of the newest sample.', ['tenant']);
  const fill = async (all: readonly Gauge[], work: () => Promise<void>) => {
    for (const one of all) one.reset();
    await work().catch(() => {
      for (const one of all) one.remove();
    });
  };
  return async () => {
    const { pool, outbox, webhooks, samples } = gauges;
    const connections = pool();
    size.set(connections?.size ?? 0);
    inUse.set(connections?.inUse ?? 0);
    waiting.set(connections?.waiting ?? 0);
    await Promise.all([
      fill([due, age], async () => {
        const found = await outbox();
        due.set(found.due);
        age.set(found.oldestSeconds);
      }),
      fill([hooks, lag], async () => {
        for (const { state, deliveries, oldestSeconds } of await webhooks()) {
          hooks.set({ state }, deliveries);
          lag.set({ state }, oldestSeconds);
        }
      }),
      fill([rooms, viewers, online], async () => {
        for (const { tenant, ...counts } of await samples()) {
          rooms.set({ tenant }, counts.rooms);
          viewers.set({ tenant }, counts.viewers);
          online.set({ tenant }, counts.online);
        }
      }),
    ]);
  };
}

export function createMetrics(gauges: Gauges): MetricsPage {
  const registry = new Registry();
  const registers = [registry];
  // Processor, memory, garbage collection and the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  const request = countRequests(registry);
  const vendorCall = countVendorCalls(registry);
  const batch = countBatches(registry);
  const look = watchGauges(registers, gauges);
  return {
    contentType: registry.contentType,
    request,
    vendorCall,
    batch,
    async text() {
      await look();
      return registry.metrics();
    },
  };
}
