/** How many accounts one client address may make. Whole towns share an address, so the limits are wide. */

import { ApiError } from '../../base/errors';
import { addressGroups } from '../../base/ip-addresses';
import type { Context } from '../context';
import { inPlace, type Place } from './places';
import { countTogether } from './throttles';

/** Sign-ups of one address in a minute, or in a day, below which other processes need not know of them. */
const SUSPICIOUS = { minute: 10, day: 50 } as const;
/** If no address can be believed, a tenant as a whole has this many times the limit of an address. */
const TENANT_TIMES = 10;

interface Group {
  key: string;
  /** How many clients' limits it has. */
  clients: number;
}

function groupsOf({ clientAddress }: Context, tenant: string): readonly Group[] {
  if (clientAddress === null) return [{ key: `sign-ups of tenant ${tenant}`, clients: TENANT_TIMES }];
  return addressGroups(clientAddress).map(({ group, clients }) => ({ key: `sign-ups of ${group}`, clients }));
}

interface Limit extends Place {
  counts: NonNullable<Place['counts']>;
  suspicious: number;
}

/** 0 = no limit, and nothing is counted. */
function limitsOf(ctx: Context, tenant: string): { minute: Limit[]; day: Limit[] } {
  const { signUpsPerMinute, signUpsPerDay } = ctx.services.config;
  const { signUps, signUpsOfDay } = ctx.services.throttles;
  const of = (counts: Limit['counts'], perClient: number, suspicious: number) =>
    perClient === 0
      ? []
      : groupsOf(ctx, tenant).map(({ key, clients }) => ({ key, most: perClient * clients, counts, suspicious }));
  return {
    minute: of(signUps, signUpsPerMinute, SUSPICIOUS.minute),
    day: of(signUpsOfDay, signUpsPerDay, SUSPICIOUS.day).map((limit) => ({ ...limit, key: `${limit.key}, day` })),
  };
}

/** Runs `work`, which calls `made` if it has made an account. Throws UserQueryLimit(209) if this address has made too many. */
export async function limitSignUps<T>(
  ctx: Context,
  tenant: string,
  work: (made: () => Promise<void>) => Promise<T>,
): Promise<T> {
  const { minute, day } = limitsOf(ctx, tenant);
  const all = [...minute, ...day];
  const { places } = ctx.services.throttles;
  const dayIsFull = () => day.some(({ counts, key, most }) => counts.get(key, ctx.now) >= most);
  const refusal = () =>
    dayIsFull()
      ? new ApiError('UserQueryLimit', 'too many sign-ups from here today')
      : new ApiError('UserQueryLimit', 'too many sign-ups from here, please wait a minute');
  const turn = { places, budget: ctx.budget, now: ctx.now, limits: () => all, refusal };
  return inPlace(turn, () => work(() => countTogether(ctx, all)));
}
