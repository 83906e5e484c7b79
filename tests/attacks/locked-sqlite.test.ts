/** Attack 21: another process holds the write lock of the SQLite file. Reading requests must not notice it. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { statSync } from 'node:fs';
import { monitorEventLoopDelay } from 'node:perf_hooks';
import { lived } from '../../testkit/lived';
import { newPeople, type Person } from '../../testkit/people';
import { useService } from '../../testkit/service';

const HOLDER = `
  const Sqlite = require('libsql');
  const file = new Sqlite(process.argv[1]);
  file.exec('BEGIN IMMEDIATE');
  process.stdout.write('held');
  setTimeout(() => { file.exec('COMMIT'); process.exit(0); }, Number(process.argv[2]));
`;

const service = useService('sqlite');
let people: Person[];
beforeAll(async () => {
  people = await newPeople(service(), 4);
});

/** Takes the lock for `ms`; resolves once it is taken, with a promise of its release. */
async function holdLock(ms: number): Promise<{ over: Promise<unknown> }> {
  const child = spawn(process.execPath, ['-e', HOLDER, service().env['SQLITE_PATH'] ?? '', String(ms)]);
  const over = once(child, 'exit');
  await once(child.stdout, 'data');
  return { over };
}

test('writing requests wait, reading ones do not, and the process stays responsive', async () => {
  const delay = monitorEventLoopDelay({ resolution: 10 });
  const { over } = await holdLock(1_500);
  delay.enable();
  const writes = people.map((person) => lived(person.call('auth_users/user_update', { name: 'n' })));
  const reads: number[] = [];
  for (let asked = 0; asked < 50; asked += 1) {
    const { result, ms } = await lived(people[asked % 4]?.call('auth_users/user_query') ?? Promise.reject());
    expect(result.errorCode).toBe(0);
    reads.push(ms);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
  await over;
  for (const { result, ms } of await Promise.all(writes)) {
    expect(result.errorCode).toBe(0);
    expect(ms).toBeGreaterThan(700);
  }
  delay.disable();
  // A request that waited for the lock would have waited for all of it.
  expect(Math.max(...reads)).toBeLessThan(700);
  expect(delay.max / 1e6).toBeLessThan(1_000);
});

test('a lock that no user gives back is a 103 in time', async () => {
  const { over } = await holdLock(7_000);
  const { result, ms } = await lived(people[0]?.call('auth_users/user_update', { name: 'n' }) ?? Promise.reject());
  expect(result).toMatchObject({ errorCode: 103 });
  expect(ms).toBeLessThan(6_000);
  await over;
  await people[0]?.must('auth_users/user_update', { name: 'm' });
}, 20_000);

test('only anyone who runs the service may read the files', () => {
  const path = service().env['SQLITE_PATH'] ?? '';
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});
