/** How often codes are sent and tried: for an address, a client address, a block of numbers and a tenant. */
import { addressGroups } from '../../base/ip-addresses';
import type { Limit, UseLimit } from '../../data/codes/code-limits';
import type { Context, Services } from '../context';
import { type Address, receiverOf } from './contact';
import { addressKey, blockKey, clientKey } from './keyed-hashes';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

/** full: the captcha was passed. reduced: it was not, so limits that cost money or help a robot are a tenth. */
export type Allowance = 'full' | 'reduced';

interface Subject {
  tenant: string;
  address: Address;
}

/** 0 = no limit, and so no row. */
function limit(id: string, windowMs: number, most: number): Limit[] {
  return most === 0 ? [] : [{ id, windowMs, most }];
}

/** Limits of the client, a larger network at twice as much. None if no address can be trusted: those of number and tenant remain. */
function clientLimits(
  { services, clientAddress }: Context,
  name: string,
  { windowMs, most }: Omit<Limit, 'id'>,
): Limit[] {
  if (clientAddress === null) return [];
  return addressGroups(clientAddress).flatMap(({ group, clients }) =>
    limit(`${name}:${clientKey(services, group)}`, windowMs, most * clients),
  );
}

/** Limits in counting order: the row that most requests share comes last, so that its lock is short. */
export function sendLimits(ctx: Context, { tenant, address }: Subject, allowance: Allowance): Limit[] {
  const { codes } = ctx.services.config;
  const to = addressKey(ctx.services, tenant, receiverOf(address));
  // Clients with reduced limits must not use up the quota of the others.
  const scope = allowance === 'full' ? 's' : 'r';
  const most = (value: number) => (allowance === 'full' || value === 0 ? value : Math.max(1, Math.floor(value / 10)));
  return [
    ...limit(`s:hour:${tenant}:${to}`, HOUR_MS, codes.codesPerAddressHour),
    ...limit(`s:day:${tenant}:${to}`, DAY_MS, codes.codesPerAddressDay),
    ...clientLimits(ctx, `${scope}:ip-hour`, { windowMs: HOUR_MS, most: most(codes.codesPerIpHour) }),
    ...clientLimits(ctx, `${scope}:ip-day`, { windowMs: DAY_MS, most: most(codes.codesPerIpDay) }),
    ...limit(`${scope}:tenant:${tenant}`, DAY_MS, most(codes.codesPerDay)),
  ];
}

/** When a block is stopped; undefined: never. */
export function pumpedLimit({ config }: Services): Omit<UseLimit, 'id'> | undefined {
  const percent = config.codes.codePumpedPercent;
  return percent === 0 ? undefined : { windowMs: DAY_MS, percent };
}

/** Mail costs nearly nothing, and a mail domain may be half the world's: only phone numbers have blocks. */
export function blockLimit(services: Services, { tenant, address }: Subject): UseLimit | undefined {
  const limit = pumpedLimit(services);
  if (address.kind !== 'phone' || !limit) return undefined;
  const id = `${blockPrefix(tenant)}${blockKey(services, address.text.slice(0, -4))}`;
  return { ...limit, id };
}

/** Codes to numbers without an account, while their block is stopped. */
const OTHERS_PER_HOUR = 10;

export function othersLimit({ id }: UseLimit): Limit {
  return { id: `o:${id}`, windowMs: HOUR_MS, most: OTHERS_PER_HOUR };
}

/** The ids of a tenant's blocks begin with this. */
export function blockPrefix(tenant: string): string {
  return `b:${tenant}:`;
}

export function captchaLimits(ctx: Context): Limit[] {
  return clientLimits(ctx, 'c:ip-hour', { windowMs: HOUR_MS, most: ctx.services.config.codes.captchasPerIpHour });
}

/** Wrong codes; of the client first, since guesses with a made-up sessionId must not count for the address. */
export function failureLimits(ctx: Context, { tenant, address }: Subject): { client: Limit[]; address: Limit[] } {
  const { codes } = ctx.services.config;
  const to = addressKey(ctx.services, tenant, address);
  return {
    client: clientLimits(ctx, 'f:ip-hour', { windowMs: HOUR_MS, most: codes.codeFailuresPerIp }),
    address: limit(`f:hour:${tenant}:${to}`, HOUR_MS, codes.codeFailuresPerAddress),
  };
}
