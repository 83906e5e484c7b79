/**
 * Loaded into every Node process of the deploy tests (NODE_OPTIONS=--require): refuses every connection beyond the
 * loopback and every name lookup but localhost, and writes down what was tried, the allowed too.
 */
'use strict';

const { appendFileSync } = require('node:fs');
const net = require('node:net');
const dns = require('node:dns');

const log = process.env.NETWORK_GUARD_LOG;
const allowed = (host) =>
  host === undefined || host === 'localhost' || /^(127\.|::1$|::ffff:127\.|0\.0\.0\.0$|::$)/.test(host);

function note(verdict, target) {
  if (log) appendFileSync(log, `${verdict} ${target}\n`);
}

const connect = net.Socket.prototype.connect;
net.Socket.prototype.connect = function guarded(...args) {
  // Both net's own normalized form ([options, callback]) and the public ones.
  const first = Array.isArray(args[0]) ? args[0][0] : args[0];
  const options = typeof first === 'object' && first !== null ? first : { port: first, host: args[1] };
  if (options.path) return connect.apply(this, args);
  const host = typeof options.host === 'string' ? options.host : undefined;
  const ok = allowed(host);
  note(ok ? 'allowed' : 'refused', `${host ?? 'localhost'}:${options.port}`);
  if (ok) return connect.apply(this, args);
  process.nextTick(() => this.destroy(Object.assign(new Error(`no network: ${host}`), { code: 'ENETUNREACH' })));
  return this;
};

const lookup = dns.lookup;
dns.lookup = function guardedLookup(host, ...rest) {
  if (allowed(host)) return lookup.call(this, host, ...rest);
  note('refused', `lookup ${host}`);
  const callback = rest.at(-1);
  process.nextTick(() => callback(Object.assign(new Error(`no network: ${host}`), { code: 'ENOTFOUND' })));
  return {};
};
