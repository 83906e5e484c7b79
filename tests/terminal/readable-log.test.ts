/** The log as a terminal shows it: which lines are listed, counted and left out. */
import { createReadableLog } from '../../src/terminal/readable-log';

const TIME = '2026-11-23T12:00:00.000Z';

function request(changes: object): string {
  const usual = {
    time: TIME,
    requestId: 'x',
    method: 'POST',
    tenant: '',
    userId: '7',
    status: 200,
    errorCode: 0,
    ms: 1.5,
  };
  return `${JSON.stringify({ ...usual, ...changes })}\n`;
}

function collect(options: { colours?: boolean } = {}) {
  const written: string[] = [];
  const log = createReadableLog({ write: (text) => written.push(text), colours: false, foldMs: 20, ...options });
  const folded = () => new Promise<void>((resolve) => setTimeout(resolve, 60));
  return { written, log, folded };
}

test('a request is one short line with call, user, result and time', () => {
  const { written, log } = collect();
  log(request({ endpoint: 'rooms/enter_room' }));
  expect(written.join('')).toMatch(/^\d\d:\d\d:\d\d {2}enter_room +user 7 +ok {2}1\.5 ms\n$/);
});

test('an error shows its code and its reason, however often it comes', () => {
  const { written, log } = collect();
  const failed = request({ endpoint: 'oauth/signature', userId: '', errorCode: 98, reason: 'wrong signature' });
  log(failed + failed);
  expect(written).toHaveLength(2);
  expect(written[1]).toContain('98 wrong signature');
});

test('heartbeats and repeated calls are counted in one line', async () => {
  const { written, log, folded } = collect();
  for (let count = 0; count < 38; count += 1)
    log(request({ endpoint: 'auth_users/user_keepalive', userId: String(count % 3) }));
  for (let count = 0; count < 4; count += 1) log(request({ endpoint: 'rooms/query_room' }));
  await folded();
  expect(written.map((line) => line.trim())).toEqual([
    expect.stringContaining('query_room'),
    '38 × user_keepalive, 3 × query_room',
  ]);
});

test('a maintenance run is listed only if one of its jobs failed', () => {
  const { written, log } = collect();
  log(`${JSON.stringify({ time: TIME, event: 'maintenance', ms: 12 })}\n`);
  expect(written).toEqual([]);
  log(`${JSON.stringify({ time: TIME, event: 'maintenance', ms: 12, roomsFailed: true })}\n`);
  expect(written.join('')).toContain('maintenance: ms 12, roomsFailed true');
});

test('a repeated event is listed once and then counted', async () => {
  const { written, log, folded } = collect();
  const event = `${JSON.stringify({ time: TIME, event: 'job_failed', job: 'rooms', reason: 'ECONNREFUSED' })}\n`;
  log(event + event + event);
  await folded();
  expect(written.map((line) => line.trim())).toEqual([
    expect.stringContaining('job failed: job rooms, reason ECONNREFUSED'),
    '2 × job_failed',
  ]);
});

test('a line that is not JSON stays as it is', () => {
  const { written, log } = collect();
  log('sign-in code for +8613800000001: 123456\n');
  expect(written).toEqual(['sign-in code for +8613800000001: 123456\n']);
});

test('colours are used only if the terminal shows them', () => {
  const coloured = collect({ colours: true });
  coloured.log(request({ endpoint: 'rooms/enter_room' }));
  // biome-ignore lint/suspicious/noControlCharactersInRegex: the escape character begins a colour
  expect(coloured.written.join('')).toMatch(/\u001b\[32mok/);
});
