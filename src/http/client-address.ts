/**
 * The client's address. Clients can send any header; only the entry that the
 * nearest proxy has added counts, the right-most one of X-Forwarded-For.
 */
import { parseAddress } from '../base/ip-addresses';
import type { Request } from './messages';

export interface Surroundings {
  /** Runs as a cloud function: the platform's gateway is in front, and the socket is only ever its own. */
  cloud: boolean;
  /** Number of the operator's own proxies in front. */
  trustedProxies: number;
}

/** null if no address can be trusted. */
export function clientAddress(
  { origin, headers }: Pick<Request, 'origin' | 'headers'>,
  { cloud, trustedProxies }: Surroundings,
): string | null {
  if (origin.kind === 'event') return parseAddress(origin.address);
  if (!cloud && trustedProxies === 0) return parseAddress(origin.address);
  // Reads only the entries that count: a client may send any number of them.
  const forwarded = (headers['x-forwarded-for'] ?? '').slice(-2_000);
  const chain = forwarded === '' ? [] : forwarded.split(',');
  if (!cloud && origin.address !== undefined) chain.push(origin.address);
  return parseAddress(chain.at(-1 - trustedProxies) ?? chain[0]);
}
