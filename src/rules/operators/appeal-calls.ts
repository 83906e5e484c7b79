/** Appeals of sanctioned people, and their verdicts. */
import type { AdminInputOf } from '../../contract/admin';
import type { AppealData } from '../../contract/admin/appeals';
import type { Pending } from '../../contract/admin/endpoint';
import { findAppeal, listAppeals, type NamedAppealRow, resolveAppeal as resolve } from '../../data/reports/appeals';
import { findSanction, isInForce } from '../../data/sanctions/sanctions';
import { type ChangeContext, type ReadContext, wantedUser } from './change-context';
import { pageResult, readPage } from './pages';
import { utc } from './present';
import { absent, conflict } from './refusal';

function present(userId: (number: number) => string) {
  return (row: NamedAppealRow): AppealData => ({
    appealId: String(row.id),
    sanctionId: String(row.sanction_id),
    userId: userId(row.user_id),
    name: row.name ?? '',
    text: row.message,
    createUtc: utc(row.created_at),
    state: row.state === 'done' ? 'done' : 'open',
    verdict: row.verdict === 'upheld' || row.verdict === 'lifted' ? row.verdict : '',
    reason: row.reason,
    resolvedBy: row.resolved_by,
  });
}

export async function appeals(input: AdminInputOf<'appeals'>, ctx: ReadContext) {
  const { state = 'open', userId } = input;
  const tenant = ctx.tenant.id;
  const page = readPage<[number]>(ctx, { of: ['appeals', state, userId], ...input });
  const user = await wantedUser(ctx, userId, -1);
  const rows = await listAppeals(
    ctx.db,
    { tenant, state, userId: user },
    { before: page.after?.[0], limit: page.limit + 1 },
  );
  const numbers = rows.map(({ user_id }) => user_id);
  const shown = present(await ctx.services.userIds.ofAll(ctx.db, tenant, numbers));
  return pageResult(page, rows, { present: shown, place: (row): [number] => [row.id] });
}

export async function resolveAppeal(input: AdminInputOf<'resolveAppeal'>, ctx: ChangeContext) {
  const { appealId, verdict, reason } = input;
  const { tx, now, operator } = ctx;
  const tenant = ctx.tenant.id;
  const found = await findAppeal(tx, tenant, Number(appealId));
  if (!found) throw absent('there is no such appeal');
  const sanction = await findSanction(tx, tenant, found.sanction_id);
  const inForce = sanction !== undefined && isInForce(sanction, now);
  const lifted =
    verdict === 'lifted' && inForce
      ? await ctx.perform('liftSanction', { sanctionId: String(found.sanction_id), reason })
      : undefined;
  if (!(await resolve(tx, found.id, { verdict, reason, by: operator.name, now }))) {
    throw conflict('this appeal is closed already');
  }
  const userId = await ctx.services.userIds.of(tx, tenant, found.user_id);
  return {
    audit: { userId, reason, after: { appealId, verdict, sanctionId: String(found.sanction_id) } },
    work: lifted?.work ?? [],
    answer: (pending: Pending) => ({ pending }),
  };
}
