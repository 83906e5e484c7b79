/** What runs in the process of driven-process.ts: the service with its settings from the environment and its time from the parent. */
import { compose } from '../src/compose';
import { createHttpServer } from '../src/http/node/server';
import { createApp } from '../src/http/pipeline';
import { createProbes } from '../src/http/probes';

let now = 0;
const { composition, metrics } = compose({ env: process.env, clock: () => now, write: () => {} });
if (!composition.ok) throw new Error(composition.message);
const pages = createProbes({ composition, metrics, isStopping: () => false });
const server = createHttpServer(createApp({ composition, write: () => {}, pages }));

process.on('message', (time) => {
  now = Number(time);
  process.send?.({});
});
process.on('disconnect', () => process.exit());
server.listen(0, '127.0.0.1', () => process.send?.(server.address()));
