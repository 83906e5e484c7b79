/** The address by which a client reached the service, for answers that name it. It goes back to that client only. */
import type { Surroundings } from './client-address';
import type { Request } from './messages';

const HOST = /^[A-Za-z0-9.-]{1,253}(:\d{1,5})?$|^\[[0-9a-fA-F:.]{2,45}\](:\d{1,5})?$/;

/** `https://host`, or http without a proxy in front that could terminate TLS; '' without a valid Host header. */
export function reachedAt({ origin, headers }: Request, { cloud, trustedProxies }: Surroundings): string {
  const host = headers['host'] ?? '';
  if (!HOST.test(host)) return '';
  return `${origin.kind === 'socket' && !cloud && trustedProxies === 0 ? 'http' : 'https'}://${host}`;
}
