/**
 * The built service in a separate process gives the answers of the story, on the Node.js that runs this test:
 * scripts/try-node.mjs runs it with others.
 */

import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseKind } from '../../testkit/database-copies';
import { until } from '../../testkit/lived';
import { sharedMysql } from '../../testkit/mysql-server';
import { APP_ID, APP_SECRET, onBothDatabases } from '../../testkit/service';
import { type ServiceProcess, startProcess } from '../../testkit/service-process';
import type { Envelope } from '../../testkit/ways';
import { type Known, STORY, type Step, withoutRandomness } from './support/story';

const TIME = /\d{4}-\d\d-\d\d \d\d:\d\d:\d\d/g;
const withoutTimes = (value: unknown): unknown => JSON.parse(JSON.stringify(value).replace(TIME, '<time>'));

function databaseOf(kind: DatabaseKind, folder: string): Record<string, string> {
  if (kind === 'sqlite') return { SQLITE_PATH: join(folder, 'story.sqlite') };
  const mysql = sharedMysql();
  return mysql.env(mysql.createDatabaseName());
}

/** A list without the rooms opened since the story: the process has the machine's clock. */
function paramsOf(step: Step, known: Known): object {
  const params = step.params(known);
  return 'endUtc' in params ? { ...params, endUtc: '2099-01-01 00:00:00' } : params;
}

async function play(service: ServiceProcess, step: Step, known: Known): Promise<Envelope> {
  const response = await fetch(`http://127.0.0.1:${service.port}/base/v1/${step.endpoint}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(paramsOf(step, known)),
  });
  // Every answer is an envelope.
  const envelope = (await response.json()) as Envelope;
  step.learn?.(known, envelope);
  return JSON.parse(withoutRandomness(JSON.stringify(envelope))) as Envelope;
}

onBothDatabases((kind) => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-story-'));
  let service: ServiceProcess;
  beforeAll(async () => {
    service = await startProcess({
      TRTC_TIM_APPID: String(APP_ID),
      TRTC_TIM_SECRET: APP_SECRET,
      TIM_ENDPOINT: 'off',
      TRTC_ENDPOINT: 'off',
      // The story signs with its own time.
      OAUTH_TS_WINDOW_SECONDS: '0',
      CAPTCHA: 'off',
      CODE_DELIVERY: 'log',
      ...databaseOf(kind, folder),
    });
    // A busy machine takes longer to make the tables than a request waits.
    const isReady = async () => (await fetch(`http://127.0.0.1:${service.port}/readyz`)).ok;
    await until('the tables are made', isReady, 120_000);
  });
  afterAll(async () => {
    await service?.kill();
    rmSync(folder, { recursive: true, force: true });
  });

  test('every step of the story has its answer', async () => {
    const known: Known = { alice: { userId: '', token: '' }, bob: { userId: '', token: '' }, generated: '' };
    for (const [index, step] of STORY.entries()) {
      const { requestId, version, ...said } = await play(service, step, known);
      expect({ index, ...(withoutTimes(said) as object) }).toEqual({
        index,
        ...(withoutTimes(step.expected) as object),
      });
    }
  });

  test('it ends on SIGTERM with 0', async () => {
    expect(await service.terminate()).toMatchObject({ code: 0 });
  });
});
