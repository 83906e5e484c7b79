/** Normalizes IP addresses from proxies and sockets to one text each. */
import { isIP } from 'node:net';

/** The eight groups of an IPv6 address, in lower-case hex without leading zeros. */
function groupsOf(address: string): string[] {
  // The URL parser knows every way to write one, and answers with the short one in brackets.
  const short = new URL(`http://[${address}]/`).hostname.slice(1, -1);
  const [head = '', tail] = short.split('::');
  const left = head === '' ? [] : head.split(':');
  const right = tail === undefined || tail === '' ? [] : tail.split(':');
  const missing = tail === undefined ? 0 : 8 - left.length - right.length;
  return [...left, ...Array.from({ length: missing }, () => '0'), ...right];
}

function ipv4Inside(groups: readonly string[]): string | null {
  const mapped = groups.slice(0, 5).every((group) => group === '0') && groups[5] === 'ffff';
  if (!mapped) return null;
  const bytes = groups.slice(6).flatMap((group) => [Number.parseInt(group, 16) >> 8, Number.parseInt(group, 16) & 255]);
  return bytes.join('.');
}

/**
 * `203.0.113.9`, `203.0.113.9:4711`, `[2001:db8::1]:4711`, `::ffff:203.0.113.9`, `fe80::1%eth0` → the address in its one
 * form, without port and zone; null if it is none.
 */
export function parseAddress(text: string | undefined): string | null {
  if (text === undefined || text.length > 64) return null;
  const bare = text.trim();
  if (isIP(bare) === 4) return bare;
  // A dual-stack socket reports IPv4 clients this way, on every request.
  const mapped = bare.startsWith('::ffff:') ? bare.slice('::ffff:'.length) : '';
  if (isIP(mapped) === 4) return mapped;
  const withPort = /^(\d[\d.]+):\d{1,5}$/.exec(bare)?.[1];
  if (withPort !== undefined) return isIP(withPort) === 4 ? withPort : null;
  const inside = /^\[([^\]]+)\](?::\d{1,5})?$/.exec(bare)?.[1] ?? bare;
  const address = inside.replace(/%.*$/, '');
  if (isIP(address) !== 6) return null;
  const groups = groupsOf(address);
  return ipv4Inside(groups) ?? groups.join(':');
}

/**
 * The groups in which a client counts, each with how many clients' limits it has. An IPv6 provider gives a household a /64 and a
 * business a /48, out of which it makes 65,536 of /64.
 */
export function addressGroups(address: string): readonly { group: string; clients: number }[] {
  const group = addressGroup(address);
  if (!address.includes(':')) return [{ group, clients: 1 }];
  const customer = `${groupsOf(address).slice(0, 3).join(':')}::/48`;
  return [
    { group, clients: 1 },
    { group: customer, clients: 2 },
  ];
}

/** What counts as one client: an IPv4 address, or the /64 that a provider gives to one household. */
export function addressGroup(address: string): string {
  return address.includes(':') ? `${groupsOf(address).slice(0, 4).join(':')}::/64` : address;
}
