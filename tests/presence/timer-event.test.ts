/** The cloud's timer calls the bundle as it calls it for a request. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { APP_ID, APP_SECRET } from '../../testkit/service';

const EVENT = { Type: 'Timer', TriggerName: 'every-minute', Time: '2026-11-23T12:00:00Z', Message: '' };

function onTimer(env: Record<string, string>): { result: unknown; lines: string } {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-timer-'));
  const script = `
    const { main_handler } = require(${JSON.stringify(join(__dirname, '../../dist/index.js'))});
    main_handler(${JSON.stringify(EVENT)}, { time_limit_in_ms: 20000 })
      .then((result) => { process.stderr.write(JSON.stringify(result)); process.exit(0); });`;
  const { PATH = '' } = process.env;
  const options = { cwd: folder, env: { PATH, ...env }, encoding: 'utf8', timeout: 120_000 } as const;
  const { stderr, stdout } = spawnSync(process.execPath, ['-e', script], options);
  rmSync(folder, { recursive: true, force: true });
  return { result: JSON.parse(stderr), lines: stdout };
}

test('a timer event runs the scheduled work and returns its counts', () => {
  const app = {
    TRTC_TIM_APPID: String(APP_ID),
    TRTC_TIM_SECRET: APP_SECRET,
    TIM_ENDPOINT: 'off',
    TRTC_ENDPOINT: 'off',
  };
  const { result, lines } = onTimer({ ...app, SQLITE_PATH: 'timer.sqlite' });
  const counts = { roomsEnded: 0, leasesCleared: 0, membersRemoved: 0, sessionsDeleted: 0, outboxDone: 0 };
  expect(result).toMatchObject(counts);
  expect(JSON.parse(lines)).toMatchObject({ event: 'maintenance', ...counts });
});

test('a timer event with a bad configuration does nothing', () => {
  const { result, lines } = onTimer({ TRTC_TIM_APPID: 'xxx', TRTC_TIM_SECRET: 'xxx' });
  expect(result).toEqual({ configurationInvalid: true });
  expect(lines).toContain('configuration_invalid');
  expect(lines).not.toContain('maintenance');
});
