/** MYSQL_HOST as people write it: one server, several, with and without ports, IPv6. */
import { addressesOf } from '../../src/config/server-addresses';

test.each([
  ['db.example.com', [{ host: 'db.example.com', port: 3306 }]],
  ['10.0.0.1:3307', [{ host: '10.0.0.1', port: 3307 }]],
  [
    '10.0.0.1, 10.0.0.2:3310 ,c',
    [
      { host: '10.0.0.1', port: 3306 },
      { host: '10.0.0.2', port: 3310 },
      { host: 'c', port: 3306 },
    ],
  ],
  ['::1', [{ host: '::1', port: 3306 }]],
  ['[2001:db8::7]:3307', [{ host: '2001:db8::7', port: 3307 }]],
])('%s', (text, expected) => {
  expect(addressesOf(text, 3306)).toEqual(expected);
});

test.each(['', 'a,,b', 'a:0', 'a:65536', 'a:b', 'a:1:2', '[::1', ',a'])('%j is no list of addresses', (text) => {
  expect(addressesOf(text, 3306)).toBeUndefined();
});
