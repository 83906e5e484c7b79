/** The operator's own key, the state of the service at a glance, and the settings in force. */
import type { AdminInputOf } from '../../contract/admin';
import { ALL_TENANTS } from '../../contract/admin/operators';
import { countStopped } from '../../data/codes/code-limits';
import { countUnfinished } from '../../data/jobs/backlog';
import { sumOfRooms } from '../../data/operators/room-lists-for-operators';
import { countReports, newestReports } from '../../data/reports/reports';
import { samplesBetween } from '../../data/statistics/samples';
import { listWebhooks } from '../../data/webhooks/webhooks';
import { blockPrefix, pumpedLimit } from '../codes/limits';
import { faultReason } from '../fault-reason';
import type { ReadContext } from './change-context';
import { utc } from './present';
import { forbidden } from './refusal';

const MINUTE_MS = 60_000;
const DAY_MS = 1_440 * MINUTE_MS;
/** A sample that is older says nothing of now; one this near says something of the same time yesterday. */
const NEAR_MS = 5 * MINUTE_MS;
const MOST_REPORTS = 2_000;
const IM_BUDGET_MS = 2_000;
const MAX_OPEN = 10_000;

export async function me(_input: AdminInputOf<'me'>, ctx: ReadContext) {
  const { services, operator } = ctx;
  const { config, vendors } = services;
  const { im, uploads } = vendors;
  const watch = config.operatorsWatchUrl !== '' ? 'url' : config.demo ? 'off' : 'trtc';
  return {
    name: operator.name,
    scope: operator.scope,
    tenant: operator.tenant ?? ALL_TENANTS,
    expireUtc: utc(operator.expiresAt),
    im: im !== null,
    covers: uploads ? coversOf(uploads) : '',
    watch: watch as 'url' | 'off' | 'trtc',
  };
}

/** The address of covers (https://cloud.tencent.com/document/product/436/6224). */
export function coversOf({ bucket, region }: { bucket: string; region: string }): string {
  return `https://${bucket}.cos.${region}.myqcloud.com/`;
}

async function sampleNear(ctx: ReadContext, at: number) {
  const range = { step: 'minute' as const, from: at - NEAR_MS, to: at + MINUTE_MS };
  return (await samplesBetween(ctx.db, ctx.tenant.id, range)).at(-1);
}

type State = 'ok' | 'failed' | 'waiting' | 'off';
interface Probe {
  state: State;
  detail: string;
}

const calls = (count: number) => `${count} ${count === 1 ? 'call' : 'calls'} failed and will be retried`;

async function imHealth({ services, tenant, budget }: ReadContext, waiting: number): Promise<Probe> {
  const { im } = services.vendors;
  if (!im) return { state: 'off', detail: '' };
  try {
    await budget.outside(() => im.check(tenant, { budgetMs: IM_BUDGET_MS }));
  } catch (error) {
    return { state: 'failed', detail: faultReason(error) };
  }
  return waiting > 0 ? { state: 'waiting', detail: calls(waiting) } : { state: 'ok', detail: 'IM REST API' };
}

function trtcHealth({ services }: ReadContext, waiting: number): Probe {
  if (!services.vendors.trtc) return { state: 'off', detail: '' };
  return waiting > 0 ? { state: 'waiting', detail: calls(waiting) } : { state: 'ok', detail: 'TRTC API' };
}

async function webhookHealth(ctx: ReadContext): Promise<Probe> {
  const rows = await listWebhooks(ctx.db, { tenant: ctx.tenant.id, after: 0, limit: 200 });
  const enabled = rows.filter((row) => row.enabled === 1);
  if (enabled.length === 0) return { state: 'off', detail: '' };
  const failing = enabled.filter((row) => row.failing_since > 0).length;
  const detail = failing > 0 ? `${failing} of ${enabled.length} fail` : `${enabled.length} enabled`;
  return { state: failing > 0 ? 'failed' : 'ok', detail };
}

/** Blocks of phone numbers in which hardly any code is used. */
async function codesHealth({ db, now, services, tenant }: ReadContext): Promise<Probe> {
  const limit = pumpedLimit(services);
  if (!limit) return { state: 'off', detail: '' };
  const stopped = await countStopped(db, blockPrefix(tenant.id), { ...limit, now });
  if (stopped === 0) return { state: 'ok', detail: '' };
  const blocks = stopped === 1 ? '1 block of phone numbers is' : `${stopped} blocks of phone numbers are`;
  return { state: 'failed', detail: `${blocks} stopped` };
}

export async function overview(_input: AdminInputOf<'overview'>, ctx: ReadContext) {
  const { db, now, services } = ctx;
  const tenant = ctx.tenant.id;
  const { rooms, people } = await sumOfRooms(db, tenant);
  const openReports = await countReports(db, { tenant, done: false }, MAX_OPEN);
  const [latest, yesterday] = [await sampleNear(ctx, now), await sampleNear(ctx, now - DAY_MS)];
  const made = await newestReports(db, tenant, MOST_REPORTS);
  const within = (from: number, to: number) => made.filter((at) => at > from && at <= to).length;
  const waiting = await countUnfinished(db);
  return {
    now: { rooms, viewers: people, online: latest?.online ?? null, openReports },
    yesterday: {
      rooms: yesterday?.rooms ?? null,
      viewers: yesterday?.viewers ?? null,
      online: yesterday?.online ?? null,
    },
    reports: { today: within(now - DAY_MS, now), yesterday: within(now - 2 * DAY_MS, now - DAY_MS) },
    health: {
      // The statements above were answered.
      database: { state: 'ok' as const, detail: services.config.database.kind === 'mysql' ? 'MySQL' : 'SQLite' },
      im: await imHealth(ctx, waiting.im),
      trtc: trtcHealth(ctx, waiting.trtc),
      webhooks: await webhookHealth(ctx),
      codes: await codesHealth(ctx),
    },
  };
}

export async function settings(_input: AdminInputOf<'settings'>, ctx: ReadContext) {
  if (ctx.operator.tenant !== undefined) throw forbidden('settings are those of all tenants');
  return { items: ctx.services.config.inForce.map((one) => ({ ...one })), cursor: '' };
}
