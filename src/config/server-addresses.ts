/** Addresses of servers as a setting has them: `host[:port]`, several with commas between them. */
import { isIPv6 } from 'node:net';

export interface Address {
  readonly host: string;
  readonly port: number;
}

export type Addresses = readonly [Address, ...Address[]];

/** An IPv6 address with a port needs brackets; without a port they are optional. */
const ADDRESS = /^(?:\[([0-9a-f:.]+)\]|([^:[\]]+))(?::(\d{1,5}))?$/i;

function addressOf(text: string, defaultPort: number): Address | undefined {
  if (isIPv6(text)) return { host: text, port: defaultPort };
  const [, ipv6, name, port] = ADDRESS.exec(text) ?? [];
  const host = ipv6 ?? name;
  const number = port === undefined ? defaultPort : Number(port);
  return host === undefined || number < 1 || number > 65_535 ? undefined : { host, port: number };
}

/** The addresses in order; undefined if one of them is invalid. */
export function addressesOf(text: string, defaultPort: number): Addresses | undefined {
  const parts = text.split(',');
  const [first, ...others] = parts.flatMap((part) => addressOf(part.trim(), defaultPort) ?? []);
  return first === undefined || 1 + others.length < parts.length ? undefined : [first, ...others];
}
