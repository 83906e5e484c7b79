/** Who is at the other end: which header is believed where, and one form for every way to write an address. */
import { addressGroup, parseAddress } from '../../src/base/ip-addresses';
import { clientAddress } from '../../src/http/incoming';

test.each([
  ['203.0.113.9', '203.0.113.9'],
  [' 203.0.113.9 ', '203.0.113.9'],
  ['203.0.113.9:4711', '203.0.113.9'],
  ['::ffff:203.0.113.9', '203.0.113.9'],
  ['[::ffff:cb00:7109]:80', '203.0.113.9'],
  ['2001:DB8:0:0::1', '2001:db8:0:0:0:0:0:1'],
  ['[2001:db8::1]:4711', '2001:db8:0:0:0:0:0:1'],
  ['[2001:db8::1]', '2001:db8:0:0:0:0:0:1'],
  ['fe80::1%eth0', 'fe80:0:0:0:0:0:0:1'],
  ['::1', '0:0:0:0:0:0:0:1'],
  ['::', '0:0:0:0:0:0:0:0'],
])('reads %j as %s', (text, address) => {
  expect(parseAddress(text)).toBe(address);
});

test.each([
  undefined,
  '',
  'unknown',
  '256.1.1.1',
  '1.2.3',
  '1.2.3.4:99:1',
  '[1.2.3.4]',
  '_hidden',
  'a'.repeat(1_000),
  '::1::',
])('takes %j for no address', (text) => {
  expect(parseAddress(text)).toBeNull();
});

test('a household of IPv6 is one client', () => {
  const group = (text: string) => addressGroup(parseAddress(text) ?? '');
  expect(group('2001:db8:1:2:3:4:5:6')).toBe('2001:db8:1:2::/64');
  expect(group('2001:db8:1:2::9')).toBe('2001:db8:1:2::/64');
  expect(group('2001:db8:1:3::9')).not.toBe(group('2001:db8:1:2::9'));
  expect(group('203.0.113.9')).toBe('203.0.113.9');
});

const SOCKET = { kind: 'socket', address: '198.51.100.7' } as const;
const from = (forwarded: string) => ({
  origin: SOCKET,
  headers: forwarded === '' ? {} : { 'x-forwarded-for': forwarded },
});

test.each([
  ['no proxy in front: the socket, never a header', false, 0, '1.1.1.1', '198.51.100.7'],
  ['one proxy: its entry', false, 1, '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['two proxies: the entry of the first', false, 2, '1.1.1.1, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
  ['fewer entries than proxies: the first there is', false, 3, '203.0.113.9', '203.0.113.9'],
  ['a proxy that sends no header', false, 1, '', '198.51.100.7'],
  ['the cloud: the entry of its gateway', true, 0, '1.1.1.1, 203.0.113.9', '203.0.113.9'],
  ['the cloud behind a CDN: the entry before', true, 1, '1.1.1.1, 203.0.113.9, 10.0.0.1', '203.0.113.9'],
  ['the cloud without an entry: nothing can be believed', true, 0, '', null],
  ['an entry that is no address', true, 0, '203.0.113.9, unknown', null],
] as const)('%s', (_name, cloud, trustedProxies, forwarded, address) => {
  expect(clientAddress(from(forwarded), { cloud, trustedProxies })).toBe(address);
});

test('an event: the address from the platform, never a header', () => {
  const headers = { 'x-forwarded-for': '1.1.1.1', 'x-scf-remote-addr': '1.1.1.1' };
  const around = { cloud: true, trustedProxies: 0 };
  expect(clientAddress({ origin: { kind: 'event', address: '[2001:db8::1]:9' }, headers }, around)).toBe(
    '2001:db8:0:0:0:0:0:1',
  );
  expect(clientAddress({ origin: { kind: 'event', address: undefined }, headers }, around)).toBeNull();
});
