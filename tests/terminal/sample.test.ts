/** `npm start -- --sample`: a demo with people in it, the same ones after a restart. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { until } from '../../testkit/lived';
import { start, stopAll } from './support';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-room-sample-'));
});

afterEach(stopAll);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function startSample() {
  const service = start(['--local', '--sample'], { folder });
  const port = await service.port();
  // Again at the end, because the calls of the sample move the first lines out of sight.
  const key = () => /Sample data: 12 live rooms.* See \S+operators, key (lrk_\S+)\s/.exec(service.output())?.[1];
  await until('the sample is made', () => key() !== undefined);
  return {
    service,
    url: `http://localhost:${port}/`,
    async admin(call: string, params: object = {}) {
      const response = await fetch(`http://127.0.0.1:${port}/base/v1/admin/${call}`, {
        method: 'POST',
        headers: { authorization: `Bearer ${key()}`, 'content-type': 'application/json' },
        body: JSON.stringify(params),
      });
      const { data } = Object(await response.json());
      return Object(data);
    },
  };
}

test('there are live rooms with covers and viewers, reports, sanctions and a month of statistics; a restart adds none', async () => {
  const first = await startSample();
  const { items } = await first.admin('rooms');
  expect(items).toHaveLength(12);
  // The category of the console, the README, the example page and shipped apps: each of them lists these rooms.
  expect((await first.admin('rooms', { category: 'mlvb-show-live' })).items).toHaveLength(12);
  const viewers = items.map(({ viewers }: { viewers: number }) => viewers);
  expect(Math.max(...viewers)).toBeGreaterThan(2);
  const cover = await fetch(String(items[0].cover));
  expect([cover.status, cover.headers.get('content-type')]).toEqual([200, 'image/svg+xml']);
  expect((await first.admin('reports')).items.length).toBeGreaterThan(0);
  const kinds = (await first.admin('sanctions')).items.map(({ kind }: { kind: string }) => kind).sort();
  expect(kinds).toEqual(['ban', 'mute']);
  // Chats with texts that wait for a verdict, and an appeal.
  expect(await first.admin('review_settings')).toMatchObject({
    enabled: true,
    lastCallbackUtc: expect.stringMatching(/^2/),
  });
  expect((await first.admin('held')).items.length).toBeGreaterThan(1);
  expect((await first.admin('words')).items).toHaveLength(10);
  expect((await first.admin('appeals')).items).toHaveLength(1);
  const day = 86_400_000;
  const utc = (ms: number) => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
  const query = { step: '1d', fromUtc: utc(Date.now() - 20 * day), toUtc: utc(Date.now()) };
  const { series } = await first.admin('statistics', query);
  const values: (number | null)[] = Object(series).viewers;
  expect(values.filter((value) => value !== null).length).toBeGreaterThan(15);
  expect((await first.admin('broadcasts', { limit: 200 })).items.length).toBeGreaterThan(100);
  const people = (await first.admin('users', { limit: 200 })).items.length;

  first.service.child.kill('SIGTERM');
  await until('it has stopped', () => first.service.child.exitCode !== null);
  const second = await startSample();
  expect((await second.admin('users', { limit: 200 })).items).toHaveLength(people);
  expect((await second.admin('rooms')).items).toHaveLength(12);
  expect((await second.admin('sanctions')).items).toHaveLength(2);
  expect((await second.admin('appeals')).items).toHaveLength(1);
  expect((await second.admin('words')).items).toHaveLength(10);
});

test('outside of demo mode there is no sample data, and the terminal says why', async () => {
  const env = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64) };
  const service = start(['--local', '--sample'], { folder, env });
  await until('it has ended', () => service.child.exitCode !== null);
  expect([service.child.exitCode, service.output()]).toEqual([1, expect.stringContaining('--sample is for demo mode')]);
});
