/** A sanctioned person appeals, also while banned: the token shows who it is, and a session is not needed. */
import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { addAppeal, lastAppeal } from '../../data/reports/appeals';
import { findSanction, isInForce, lockUser } from '../../data/sanctions/sanctions';
import { type ClaimedContext, tokenExpired, tokenInvalid } from '../context';

/** Succeeds without a change if an appeal is open. */
export async function appeal(input: InputOf<'appeal'>, ctx: ClaimedContext): Promise<undefined> {
  const { verdict, db, services } = ctx;
  if (verdict.status === 'invalid') throw tokenInvalid();
  if (verdict.status === 'expired') throw tokenExpired();
  const { id, tenant } = verdict.caller;
  const now = services.clock();
  const sanctionId = Number(input.sanctionId);
  await db.transaction(async (tx) => {
    const found = await findSanction(tx, tenant.id, sanctionId);
    if (found?.user_id !== id || !isInForce(found, now)) {
      throw new ApiError('SystemVerifyError', 'you have no such sanction in force');
    }
    if (!(await lockUser(tx, { tenant: tenant.id, id }))) throw tokenInvalid();
    if ((await lastAppeal(tx, sanctionId))?.state === 'open') return;
    await addAppeal(tx, { tenant: tenant.id, sanctionId, userId: id, message: input.text, now });
  });
}
