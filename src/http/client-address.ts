/**
 * The two ends of a request: the client's address, and the one by which it reached the service. Clients can send any header;
 * of X-Forwarded-For only the entry that the nearest proxy has added counts, the right-most one.
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

const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?$/;

/**
 * `https://host`, or http without a proxy in front that could terminate TLS; '' without a valid Host header. For answers
 * that name it, which go back to that client only.
 */
export function reachedAt({ origin, headers }: Request, { cloud, trustedProxies }: Surroundings): string {
  const host = headers['host'] ?? '';
  if (!HOST.test(host)) return '';
  return `${origin.kind === 'socket' && !cloud && trustedProxies === 0 ? 'http' : 'https'}://${host}`;
}
