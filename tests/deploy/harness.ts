/** Runs the deploy steps inside the test process, against a fake cloud, with a tiny bundle and a reporter that remembers. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setImmediate as immediate } from 'node:timers/promises';
import { type CodePackage, packDirectory } from '../../deploy/bundle';
import { type Clock, systemClock } from '../../deploy/clock';
import { createCloud } from '../../deploy/cloud';
import type { Context } from '../../deploy/context';
import type { Reporter } from '../../deploy/reporter';
import { readSettings } from '../../deploy/settings';
import { openState } from '../../deploy/state';
import type { FakeCloud } from './fake-cloud/fake-cloud';

/** A bundle that returns its view of the platform; as a program it listens as a web function must. */
export const bundle = (version: string) => `
const fs = require('node:fs');
function attempt(act) { try { act(); return 'done'; } catch (error) { return error.code; } }
function look() {
  const { MYSQL_HOST, MYSQL_USER, TENCENTCLOUD_RUNENV, TENCENT_SECRET_ID, DEPLOYED_RELEASE } = process.env;
  return {
    errorCode: 0, version: '${version}', release: DEPLOYED_RELEASE, role: 'TENCENTCLOUD_SECRETID' in process.env, env: { MYSQL_HOST, MYSQL_USER, TENCENTCLOUD_RUNENV, TENCENT_SECRET_ID },
    ownFolder: attempt(() => fs.writeFileSync(__dirname + '/x', '')),
    ownFile: attempt(() => fs.appendFileSync(__filename, '')),
    tmp: attempt(() => { const file = fs.mkdtempSync('/tmp/live-room-instance-'); fs.rmdirSync(file); }),
  };
}
exports.main_handler = async (event, context) => {
  if (event.Type === 'Timer') { console.log('timer ' + event.TriggerName); return 'worked'; }
  if (event.fail) throw new Error('set to fail');
  return { statusCode: 200, headers: { 'content-type': 'application/json' }, body: JSON.stringify({ ...look(), event, context: { ...context, environment: '', environ: '' } }) };
};
if (require.main === module) {
  require('node:http').createServer((request, response) => {
    console.log('request ' + request.url);
    response.setHeader('content-type', 'application/json');
    response.end(JSON.stringify(look()));
  }).listen(Number(process.env.PORT));
}`;

const bootstrap = '#!/bin/bash\nexport PORT=9000\nexec node index.js\n';

/** A clock on which waiting takes no time: it jumps. */
export function createJumpingClock(): Clock {
  let ahead = 0;
  return {
    now: () => Date.now() + ahead,
    sleep: async (milliseconds) => {
      ahead += milliseconds;
      await immediate();
    },
  };
}

export interface Harness {
  /** `provider` as in serverless.yml. */
  context(provider?: object, env?: Readonly<Record<string, string>>): Context;
  code(version: string): CodePackage;
  /** Every lasting line and every result so far. */
  readonly lines: string[];
  remove(): void;
}

export function createHarness(cloud: FakeCloud, clock: Clock = systemClock): Harness {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-harness-'));
  const lines: string[] = [];
  const keep = (text: string) => {
    lines.push(text);
  };
  const report: Reporter = {
    async step(_message, work, done) {
      const result = await work();
      const text = done(result);
      if (text !== undefined) keep(text);
      return result;
    },
    waiting: () => () => {},
    note: keep,
    warn: keep,
    print: keep,
    now: () => '',
  };
  return {
    lines,
    context(provider = {}, env = {}) {
      const settings = readSettings('demo', provider, {});
      const { endpoint, keys } = cloud;
      return {
        root: folder,
        settings,
        report,
        clock,
        cloud: createCloud({ credential: { ...keys }, region: settings.region, endpoint, clock }),
        state: openState(folder, settings.name),
        env: { TRTC_TIM_APPID: '1400000123', TRTC_TIM_SECRET: 'a'.repeat(64), ...env },
      };
    },
    code(version) {
      const dist = mkdtempSync(join(folder, 'dist-'));
      writeFileSync(join(dist, 'index.js'), bundle(version));
      writeFileSync(join(dist, 'scf_bootstrap'), bootstrap);
      return packDirectory(dist);
    },
    remove: () => rmSync(folder, { recursive: true, force: true }),
  };
}
