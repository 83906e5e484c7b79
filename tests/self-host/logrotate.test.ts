/** self-host/logrotate.conf, run by logrotate under a service that continues writing: no line is lost. */
import { spawn, spawnSync } from 'node:child_process';
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { until } from '../../testkit/lived';
import { repository } from './nginx';
import { whereThereIs } from './tools';

const env = { PATH: `${process.env['PATH'] ?? ''}:/usr/sbin` };

whereThereIs('logrotate', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-logs-'));
  const logs = join(folder, 'log');
  const file = join(logs, 'live-room.log');
  mkdirSync(logs, { mode: 0o750 });
  const configuration = join(folder, 'logrotate.conf');

  // The same as systemd with StandardOutput=append:.
  const output = openSync(file, 'a', 0o640);
  const service = spawn(process.execPath, [join(repository, 'dist/index.js'), '--local'], {
    cwd: folder,
    env: { PATH: env.PATH, PORT: '0', HOST: '127.0.0.1', SQLITE_PATH: ':memory:' },
    stdio: ['ignore', output, output],
  });
  closeSync(output);
  afterAll(() => {
    service.kill('SIGKILL');
    rmSync(folder, { recursive: true, force: true });
  });

  async function address(): Promise<string> {
    const port = () => /listens at http:\/\/localhost:(\d+)/.exec(readFileSync(file, 'utf8'))?.[1];
    await until('the service listens', () => port() !== undefined);
    return `http://127.0.0.1:${port()}/`;
  }

  function rotate(): void {
    const state = join(folder, 'state');
    const done = spawnSync('logrotate', ['--force', '--state', state, configuration], { env, encoding: 'utf8' });
    expect([done.status, done.stderr]).toEqual([0, '']);
  }

  const lines = (text: string) => text.split('\n').filter((line) => line.includes('rooms/query_room'));

  /** The line is written after the answer. */
  const ask = async (base: string) => {
    await (await fetch(`${base}base/v1/rooms/query_room`)).text();
    await until('the line is written', () => lines(readFileSync(file, 'utf8')).length === 1);
  };

  test('rotates, compresses later and loses no line', async () => {
    const shipped = readFileSync(join(repository, 'self-host/logrotate.conf'), 'utf8');
    const edited = shipped.replaceAll('/var/log/live-room', logs);
    expect(edited).not.toBe(shipped);
    writeFileSync(configuration, edited, { mode: 0o644 });
    const base = await address();
    await ask(base);
    rotate();
    expect(lines(readFileSync(file, 'utf8'))).toHaveLength(0);
    await ask(base);
    // Written at the beginning of the file, not behind a hole of its former length.
    expect(readFileSync(file, 'utf8').startsWith('{')).toBe(true);
    rotate();
    await ask(base);
    const all = [
      gunzipSync(readFileSync(`${file}.2.gz`)).toString(),
      readFileSync(`${file}.1`, 'utf8'),
      readFileSync(file, 'utf8'),
    ];
    expect(all.map((text) => lines(text).length)).toEqual([1, 1, 1]);
  });
});
