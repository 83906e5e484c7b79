/** Adding, rotating and removing operators. Keys leave the service once, in the answer that made them. */
import type { AdminInputOf } from '../../contract/admin';
import { SCOPES } from '../../contract/admin/endpoint';
import { ALL_TENANTS } from '../../contract/admin/operators';
import { formatUtc } from '../../contract/fields';
import {
  addOperator as add,
  findOperator,
  listOperators,
  type OperatorRow,
  removeOperator as remove,
  setOperatorKey,
} from '../../data/operators/operators';
import type { Operator } from './access';
import type { ChangeContext, ReadContext } from './change-context';
import { hashKey, newKey } from './keys';
import { FIRST_OPERATOR, SYSTEM } from './names';
import { pageResult, readPage } from './pages';
import { absent, conflict, forbidden } from './refusal';

const utc = (time: number) => (time > 0 ? formatUtc(time) : '');

const DAY_MS = 86_400_000;

const expiryOf = (ctx: ChangeContext, validDays: number | undefined) =>
  validDays === undefined ? 0 : ctx.now + validDays * DAY_MS;

function present(row: OperatorRow, now: number) {
  const scope = SCOPES.find((one) => one === row.scope) ?? 'read';
  const { name, tenant } = row;
  return {
    name,
    scope,
    tenant,
    createUtc: utc(row.created_at),
    lastUsedUtc: utc(row.last_used_at),
    expireUtc: utc(row.expires_at),
    expired: row.expires_at > 0 && row.expires_at <= now,
  };
}

/** An operator of one tenant sees and changes those of that tenant only. */
function ownTenant({ operator }: { operator: Operator }): string | undefined {
  return operator.tenant;
}

export async function operators(input: AdminInputOf<'operators'>, ctx: ReadContext) {
  const page = readPage<[string]>(ctx, { of: ['operators', ownTenant(ctx)], ...input });
  const rows = await listOperators(ctx.db, {
    tenant: ownTenant(ctx),
    after: page.after?.[0] ?? '',
    limit: page.limit + 1,
  });
  return pageResult(page, rows, { present: (row) => present(row, ctx.now), place: (row) => [row.name] });
}

/** The operator of this name, if the caller may see it. */
async function found(ctx: ChangeContext, name: string): Promise<OperatorRow> {
  const row = await findOperator(ctx.tx, name);
  const own = ownTenant(ctx);
  if (!row || (own !== undefined && row.tenant !== own)) throw absent('there is no such operator');
  return row;
}

export async function addOperator(input: AdminInputOf<'addOperator'>, ctx: ChangeContext) {
  const { name, scope } = input;
  const tenant = input.tenant ?? ctx.tenant.id;
  if (tenant === ALL_TENANTS && ctx.operator.tenant !== undefined) throw forbidden('this operator is of one tenant');
  const taken = name === FIRST_OPERATOR || name === SYSTEM;
  const key = newKey();
  const expiresAt = expiryOf(ctx, input.validDays);
  const row = { name, scope, tenant, keyHash: hashKey(key), expiresAt, now: ctx.now };
  if (taken || !(await add(ctx.tx, row))) throw conflict('this name is taken');
  const after = { name, scope, tenant, ...(expiresAt > 0 && { expireUtc: utc(expiresAt) }) };
  return { audit: { after }, answer: () => ({ name, key }) };
}

export async function rotateOperator({ name, validDays }: AdminInputOf<'rotateOperator'>, ctx: ChangeContext) {
  await found(ctx, name);
  const key = newKey();
  await setOperatorKey(ctx.tx, name, { keyHash: hashKey(key), expiresAt: expiryOf(ctx, validDays) });
  return { audit: { after: { name } }, answer: () => ({ name, key }) };
}

export async function removeOperator({ name }: AdminInputOf<'removeOperator'>, ctx: ChangeContext) {
  const { scope, tenant } = await found(ctx, name);
  await remove(ctx.tx, name);
  return { audit: { before: { name, scope, tenant } }, answer: () => undefined };
}
