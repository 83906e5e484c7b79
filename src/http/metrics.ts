/** Counters of this process in the text format of Prometheus (prom-client): about 1 µs of a request. */
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client';
import type { Metrics } from '../base/metrics';

/**
 * Values of labels. They come as a parameter: this file is loaded only if METRICS_TOKEN is set, and each module that
 * it imports would be evaluated later than the others too, which makes the start of all processes slower.
 */
export interface LabelValues {
  jobs: readonly string[];
  callbacks: readonly string[];
}

/** Gauges read at scrape time. A failing source omits its gauge. */
export interface Gauges {
  /** Connections to the database; undefined before there was one. */
  pool: () => { size: number; inUse: number; waiting: number } | undefined;
  /** Work for IM and TRTC that is due: how many items, and for how long the oldest has been (s). */
  outbox: () => Promise<{ due: number; oldestSeconds: number }>;
  /** Pending webhook deliveries: their number, and the age of the oldest event (s). */
  webhooks: () => Promise<readonly { state: string; deliveries: number; oldestSeconds: number }[]>;
  /** The newest sample of each tenant. */
  samples: () => Promise<readonly { tenant: string; rooms: number; viewers: number; online: number }[]>;
}

export interface MetricsPage extends Metrics {
  readonly contentType: string;
  /** The whole page. */
  text(): Promise<string>;
}

/** Buckets of response times in seconds: most take a few milliseconds, and the apps give up after ten seconds. */
const SECONDS = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];
const BATCH_SIZES = [1, 2, 4, 8, 16, 32, 64];

function countRequests(registers: Registry[]): Metrics['request'] {
  const answers = new Counter({
    name: 'live_room_requests_total',
    help: 'Answers, by endpoint and errorCode.',
    labelNames: ['endpoint', 'code'],
    registers,
  });
  const seconds = new Histogram({
    name: 'live_room_request_seconds',
    help: 'How long answers took, by endpoint and errorCode.',
    labelNames: ['endpoint', 'code'],
    buckets: SECONDS,
    registers,
  });
  const databaseSeconds = new Counter({
    name: 'live_room_database_seconds_total',
    help: 'Time that requests waited for the database, by endpoint.',
    labelNames: ['endpoint'],
    registers,
  });
  const statements = new Counter({
    name: 'live_room_statements_total',
    help: 'Statements that requests waited for, by endpoint.',
    labelNames: ['endpoint'],
    registers,
  });
  return ({ endpoint, code, ms, databaseMs, queries }) => {
    const labels = { endpoint, code: String(code) };
    answers.inc(labels);
    seconds.observe(labels, ms / 1000);
    databaseSeconds.inc({ endpoint }, databaseMs / 1000);
    statements.inc({ endpoint }, queries);
  };
}

function countVendorCalls(registers: Registry[]): Metrics['vendorCall'] {
  const seconds = new Histogram({
    name: 'live_room_vendor_call_seconds',
    help: 'Calls to IM, TRTC and other services, by command and outcome.',
    labelNames: ['vendor', 'command', 'outcome'],
    buckets: SECONDS,
    registers,
  });
  return ({ ms, ...labels }) => seconds.observe(labels, ms / 1000);
}

function countBatches(registers: Registry[]): Metrics['batch'] {
  const sizes = new Histogram({
    name: 'live_room_batch_size',
    help: 'Requests that shared one statement.',
    labelNames: ['of'],
    buckets: BATCH_SIZES,
    registers,
  });
  return (of, size) => sizes.observe({ of }, size);
}

interface Counted {
  help: string;
  /** The label, the field of the event that it comes from, and the values that there are. Any other value counts as `other`. */
  by?: { label: string; field: string; values: keyof LabelValues };
}

/** Events of the log that an operator has to look into: live_room_{event}_total. Alert rules: self-host/alerts.yml. */
const COUNTED: Readonly<Record<string, Counted>> = {
  outbox_gave_up: { help: 'Work for IM or TRTC that was given up: refused, or a day old.' },
  job_failed: {
    help: 'Scheduled jobs that failed.',
    // `job` is Prometheus' name for a scraped group.
    by: { label: 'scheduled_job', field: 'job', values: 'jobs' },
  },
  sample_failed: { help: 'Samples of the statistics that could not be taken.' },
  callback_refused: {
    help: 'Callbacks of IM or TRTC that were refused: not signed, wrongly signed, stale or unreadable.',
    by: { label: 'callback', field: 'callback', values: 'callbacks' },
  },
  callback_not_stored: {
    help: 'Callbacks of IM or TRTC that could not be stored in time.',
    by: { label: 'callback', field: 'callback', values: 'callbacks' },
  },
  code_block_stopped: { help: 'Sign-in codes asked for while their block of phone numbers was stopped.' },
  code_not_sent: { help: 'Sign-in codes that the SMS or mail service did not send.' },
  chat_log_failed: { help: 'Batches of the chat log that could not be stored.' },
  review_vendor_failed: { help: 'Texts that the review service could not judge.' },
  identity_keys_failed: { help: 'Fetches of the keys of an identity provider that failed.' },
};

/** Every series exists from the start: increase() misses the first event of a new series. */
function countEvents(registers: Registry[], labels: LabelValues): Metrics['event'] {
  const counters = new Map<string, (fields: Parameters<Metrics['event']>[1]) => void>();
  for (const [event, { help, by }] of Object.entries(COUNTED)) {
    const labelNames = by ? [by.label] : [];
    const counter = new Counter({ name: `live_room_${event}_total`, help, labelNames, registers });
    if (!by) counters.set(event, () => counter.inc());
    else {
      const values = labels[by.values];
      for (const value of values) counter.inc({ [by.label]: value }, 0);
      counters.set(event, (fields) => {
        const value = String(fields?.[by.field]);
        counter.inc({ [by.label]: values.includes(value) ? value : 'other' });
      });
    }
  }
  return (event, fields) => counters.get(event)?.(fields);
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
  const rooms = gauge(registers, 'rooms', 'Live rooms, as of the newest sample.', ['tenant']);
  const viewers = gauge(registers, 'viewers', 'People in rooms, as of the newest sample.', ['tenant']);
  const online = gauge(registers, 'online', 'People online, as of the newest sample.', ['tenant']);
  const fill = async (all: readonly Gauge[], work: () => Promise<void>) => {
    for (const one of all) one.reset();
    await work().catch(() => {
      // Those with labels have lost their values above; without an argument the library would throw for them.
      for (const one of all) one.remove({});
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

export function createMetrics(gauges: Gauges, labels: LabelValues): MetricsPage {
  const registry = new Registry();
  const registers = [registry];
  // Processor, memory, garbage collection and the delay of the event loop.
  collectDefaultMetrics({ register: registry });
  const request = countRequests(registers);
  const vendorCall = countVendorCalls(registers);
  const batch = countBatches(registers);
  const event = countEvents(registers, labels);
  const look = watchGauges(registers, gauges);
  return {
    contentType: registry.contentType,
    request,
    vendorCall,
    batch,
    event,
    async text() {
      await look();
      return registry.metrics();
    },
  };
}
