/**
 * Allowed targets of webhooks: never a private network, under any name. The checked address is the one
 * that is connected to, so a name that changes its mind in between gains nothing; redirects are not followed.
 */
import { type LookupAddress, lookup as resolve } from 'node:dns';
import { BlockList, isIP, type LookupFunction } from 'node:net';

const inside = new BlockList();
for (const [network, prefix] of [
  ['0.0.0.0', 8],
  // Tencent Cloud uses 9/8, 11/8 and 30/8 inside its own network.
  ['9.0.0.0', 8],
  ['10.0.0.0', 8],
  ['11.0.0.0', 8],
  ['30.0.0.0', 8],
  ['100.64.0.0', 10],
  ['127.0.0.0', 8],
  ['169.254.0.0', 16],
  ['172.16.0.0', 12],
  ['192.0.0.0', 24],
  ['192.0.2.0', 24],
  ['192.88.99.0', 24],
  ['192.168.0.0', 16],
  ['198.18.0.0', 15],
  ['198.51.100.0', 24],
  ['203.0.113.0', 24],
  ['224.0.0.0', 3],
] as const) {
  inside.addSubnet(network, prefix, 'ipv4');
}
// Loopback, unique local, link-local, site-local, multicast, and those that carry an IPv4 address inside.
for (const [network, prefix] of [
  ['::', 96],
  // IPv4-translated (RFC 2765): an IPv4 address inside.
  ['::ffff:0:0:0', 96],
  ['64:ff9b::', 32],
  ['100::', 64],
  ['2001::', 23],
  ['2001:db8::', 32],
  ['2002::', 16],
  ['fc00::', 7],
  ['fe80::', 9],
  ['ff00::', 8],
] as const) {
  inside.addSubnet(network, prefix, 'ipv6');
}

export function isInside(address: string): boolean {
  const family = isIP(address);
  // A host that is no IP address is refused.
  return family === 0 || inside.check(address, family === 4 ? 'ipv4' : 'ipv6');
}

/** Says that an address is not to be connected to. */
class TargetRefused extends Error {
  override readonly name = 'TargetRefused';
}

/** The first of a name's addresses, unless one of them is inside: the service does not choose which one is used. */
export function firstOutside(addresses: readonly LookupAddress[]): LookupAddress | undefined {
  return addresses.some(({ address }) => isInside(address)) ? undefined : addresses[0];
}

/** Looks a name up, and refuses it if it has an address inside. For http.request(). */
export const lookUpOutside: LookupFunction = (hostname, options, callback) => {
  resolve(hostname, { ...options, all: true }, (error, addresses) => {
    if (error) return callback(error, '', 0);
    const first = firstOutside(addresses);
    if (!first) return callback(new TargetRefused('an address inside the internal network'), '', 0);
    // node asks for all addresses if it would try them in order.
    return options.all ? callback(null, addresses) : callback(null, first.address, first.family);
  });
};

/** The rule that a URL breaks, without a DNS look-up; undefined if it is valid. */
export function problemOfUrl(text: string, allowPrivate: boolean): string | undefined {
  let url: URL;
  try {
    url = new URL(text);
  } catch {
    return 'must be an http or https URL';
  }
  if (url.protocol !== 'https:' && url.protocol !== 'http:') return 'must be an http or https URL';
  if (url.username !== '' || url.password !== '') return 'must not have a user name or password';
  if (allowPrivate) return undefined;
  const host = hostOf(url);
  const isLocal = host === 'localhost' || host.endsWith('.localhost') || host.endsWith('.local');
  return isLocal || (isIP(host) > 0 && isInside(host))
    ? 'is inside the internal network; WEBHOOK_ALLOW_PRIVATE=true allows that'
    : undefined;
}

/** Strips the brackets of an IPv6 address and a final dot. */
export function hostOf({ hostname }: URL): string {
  return hostname.replace(/^\[(.*)\]$/, '$1').replace(/\.$/, '');
}
