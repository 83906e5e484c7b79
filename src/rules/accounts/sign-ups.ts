/** How many accounts one client address may make. Whole towns share an address, so the limits are wide. */

import { ApiError } from '../../base/errors';
import { addressGroup } from '../../base/ip-addresses';
import type { Context } from '../context';
import { countTogether } from './throttles';

/** So many sign-ups of one address in a minute, or in a day, are nothing that other processes have to know of. */
const SUSPICIOUS = { minute: 10, day: 50 } as const;
/** Where no address can be believed, a tenant as a whole has this many times the limit of an address. */
const TENANT_TIMES = 10;

interface Limits {
  key: string;
  perMinute: number;
  perDay: number;
}

function limitsOf({ services, clientAddress }: Context, tenant: string): Limits {
  const { signUpsPerMinute, signUpsPerDay } = services.config;
  if (clientAddress !== null) {
    return { key: `address ${addressGroup(clientAddress)}`, perMinute: signUpsPerMinute, perDay: signUpsPerDay };
  }
  const [perMinute, perDay] = [signUpsPerMinute * TENANT_TIMES, signUpsPerDay * TENANT_TIMES];
  return { key: `tenant ${tenant}`, perMinute, perDay };
}

/** Throws UserQueryLimit(209) where this address has made too many accounts. */
export function checkSignUps(ctx: Context, tenant: string): void {
  const { signUps, signUpsOfDay } = ctx.services.throttles;
  const { key, perMinute, perDay } = limitsOf(ctx, tenant);
  const full = (most: number, count: number) => most > 0 && count >= most;
  if (full(perMinute, signUps.get(key, ctx.now))) {
    throw new ApiError('UserQueryLimit', 'too many sign-ups from here, please wait a minute');
  }
  if (full(perDay, signUpsOfDay.get(key, ctx.now))) {
    throw new ApiError('UserQueryLimit', 'too many sign-ups from here today');
  }
}

/** Counts an account that was made. */
export async function countSignUp(ctx: Context, tenant: string): Promise<void> {
  const { signUps, signUpsOfDay } = ctx.services.throttles;
  const { key, perMinute, perDay } = limitsOf(ctx, tenant);
  // What has no limit is not counted.
  await countTogether(ctx, [
    ...(perMinute > 0 ? [{ counts: signUps, key, suspicious: SUSPICIOUS.minute }] : []),
    ...(perDay > 0 ? [{ counts: signUpsOfDay, key, suspicious: SUSPICIOUS.day }] : []),
  ]);
}
