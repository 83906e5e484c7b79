/**
 * Who is at the other end. A header alone proves nothing, since clients can send any; what counts is the entry that the
 * proxy next to us has added, which stands at the right end of X-Forwarded-For.
 */
import { parseAddress } from '../base/ip-addresses';
import type { Request } from './messages';

export interface Surroundings {
  /** Runs as a cloud function: the platform's gateway is in front, and the socket is only ever its own. */
  cloud: boolean;
  /** How many proxies of the operator's own stand in front. */
  trustedProxies: number;
}

/** null where nothing can be believed. */
export function clientAddress(
  { origin, headers }: Pick<Request, 'origin' | 'headers'>,
  { cloud, trustedProxies }: Surroundings,
): string | null {
  if (origin.kind === 'event') return parseAddress(origin.address);
  if (!cloud && trustedProxies === 0) return parseAddress(origin.address);
  // Only the entries that count are looked at: a client may send any number of them.
  const forwarded = (headers['x-forwarded-for'] ?? '').slice(-2_000);
  const chain = forwarded === '' ? [] : forwarded.split(',');
  if (!cloud && origin.address !== undefined) chain.push(origin.address);
  return parseAddress(chain.at(-1 - trustedProxies) ?? chain[0]);
}
