/**
 * Runs operators' calls. A changing one: one transaction with its changes and its row of the audit, then the work of IM and
 * TRTC have to do, then the answer, which says what of that is still to come.
 */
import { failedStatement } from '../../base/errors';
import type { RequestBudget } from '../../base/request-budget';
import {
  type AdminCall,
  type AdminDataOf,
  type AdminInputOf,
  adminContract,
  type ChangingCall,
  callName,
  type ReadingCall,
  type SteppedCall,
} from '../../contract/admin';
import { GRANTS, type Pending } from '../../contract/admin/endpoint';
import type { Database } from '../../data/engine/database';
import { appendAudit } from '../../data/operators/audit';
import { unfinished } from '../../data/outbox/outbox';
import { findTenant, type Services } from '../context';
import { flush } from '../outbox/outbox';
import type { Operator } from './access';
import { changingRules, preparingRules, readingRules, steppedRules } from './calls';
import type { AdminExport, AuditDetails, ChangeContext, Outcome } from './change-context';
import { absent, forbidden } from './refusal';

export interface Asking {
  services: Services;
  budget: RequestBudget;
  db: Database;
  operator: Operator;
  requestId: string;
  address: string;
  /** The tenant as given. */
  tenant: string | undefined;
}

export function checkScope(operator: Operator, call: AdminCall): void {
  const { scope } = adminContract[call];
  if (!GRANTS[operator.scope].includes(scope)) throw forbidden(`this call needs the scope ${scope}`);
}

function tenantOf({ services, operator, tenant }: Asking) {
  const id = tenant ?? operator.tenant ?? '';
  if (operator.tenant !== undefined && id !== operator.tenant) throw forbidden('this operator is of another tenant');
  const found = findTenant(services, id);
  if (!found) throw absent('there is no such tenant');
  return found;
}

const VENDORS = ['im', 'trtc'] as const;

const asText = (values: AuditDetails['before']) => (values ? JSON.stringify(values) : '');

async function auditRow(
  ctx: Omit<ChangeContext, 'perform'>,
  call: ChangingCall | SteppedCall,
  details: AuditDetails,
): Promise<void> {
  await appendAudit(ctx.tx, {
    tenant: ctx.tenant.id,
    at: ctx.now,
    operator: ctx.operator.name,
    action: callName(call),
    room_id: details.roomId ?? '',
    user_id: details.userId ?? '',
    reason: details.reason ?? '',
    before_text: asText(details.before),
    after_text: asText(details.after),
    request_id: ctx.requestId,
    address: ctx.address,
  });
}

async function perform<N extends ChangingCall>(
  ctx: Omit<ChangeContext, 'perform'>,
  call: N,
  input: AdminInputOf<N>,
): Promise<Outcome<AdminDataOf<N>>> {
  const whole: ChangeContext = { ...ctx, perform: (inner, given) => perform(ctx, inner, given) };
  const outcome = await changingRules[call](input, whole);
  await auditRow(whole, call, outcome.audit);
  return outcome;
}

/**
 * Which vendors still have work of these outbox items to do. The change is committed: if the database does not say in time,
 * the call has succeeded, and each vendor may have some.
 */
async function pendingOf({ services, db }: Asking, work: readonly number[]): Promise<Pending> {
  if (work.length === 0) return [];
  try {
    const places = (await unfinished(db, work)).flatMap(({ kind, payload }) =>
      kind === 'dismiss_room' ? payload.split(',') : [kind.split('_')[0]],
    );
    return VENDORS.filter((vendor) => places.includes(vendor));
  } catch (error) {
    services.log('outbox_put_off', { reason: 'database', statement: failedStatement(error) });
    return VENDORS.filter((vendor) => services.vendors[vendor] !== null);
  }
}

export async function change<N extends ChangingCall>(
  asking: Asking,
  call: N,
  input: AdminInputOf<N>,
): Promise<AdminDataOf<N>> {
  const { services, budget, db, operator, requestId, address } = asking;
  const tenant = tenantOf(asking);
  const now = services.clock();
  const asked = { services, budget, now, operator, tenant, requestId, address };
  const prepared = (await preparingRules[call]?.(input, { ...asked, db })) ?? input;
  const outcome = await db.transaction((tx) => perform({ ...asked, tx }, call, prepared));
  const work = outcome.work ?? [];
  await flush({ services, budget, db, now, clientAddress: address, reachedAt: () => '' }, work);
  return outcome.answer(await pendingOf(asking, work));
}

export function read<N extends ReadingCall>(
  asking: Asking,
  call: N,
  input: AdminInputOf<N>,
): Promise<AdminDataOf<N> | AdminExport> {
  const { services, budget, db, operator, requestId, address } = asking;
  const ctx = { services, budget, now: services.clock(), operator, tenant: tenantOf(asking), requestId, address, db };
  return readingRules[call](input, ctx);
}

/** A call that writes in separate transactions. `input` was checked against the call's own fields. */
export function step<N extends SteppedCall>(asking: Asking, call: N, input: never): Promise<AdminDataOf<N>> {
  const { services, budget, db, operator, requestId, address } = asking;
  const asked = { services, budget, now: services.clock(), operator, tenant: tenantOf(asking), requestId, address };
  const audit = (details: AuditDetails) => auditRow({ ...asked, tx: db }, call, details);
  return steppedRules[call](input, { ...asked, db, audit });
}

export function isStepped(call: AdminCall): call is SteppedCall {
  return Object.hasOwn(steppedRules, call);
}

export function isChanging(call: AdminCall): call is ChangingCall {
  return adminContract[call].changes && !isStepped(call);
}
