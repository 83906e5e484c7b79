/** Attack 21: another process has the write lock of the SQLite file. Reading requests must not notice it. */
import { statSync } from 'node:fs';
import { createDatabaseSource } from '../../src/data/engine/open';
import { lived } from '../../testkit/lived';
import { newPeople, type Person } from '../../testkit/people';
import { useService } from '../../testkit/service';
import { lockSqlite } from '../../testkit/sqlite-lock';

const service = useService('sqlite');
let people: Person[];
beforeAll(async () => {
  people = await newPeople(service(), 4);
});

test('writing requests wait, reading ones do not, and the process stays responsive', async () => {
  const release = await lockSqlite(service());
  let written = 0;
  const writes = people.map(async (person) => {
    const { errorCode } = await person.call('auth_users/user_update', { name: 'n' });
    written += 1;
    return errorCode;
  });
  // The lock is released after these reads: a read that waits for it, or a blocked process, never gets there.
  for (let asked = 0; asked < 20; asked += 1) await people[asked % 4]?.must('auth_users/user_query');
  expect(written).toBe(0);
  await release();
  expect(await Promise.all(writes)).toEqual([0, 0, 0, 0]);
});

test('a lock that no user gives back is a 103 in time', async () => {
  const release = await lockSqlite(service());
  const { result, ms } = await lived(people[0]?.call('auth_users/user_update', { name: 'n' }) ?? Promise.reject());
  expect(result).toMatchObject({ errorCode: 103 });
  expect(ms).toBeLessThan(6_000);
  await release();
  await people[0]?.must('auth_users/user_update', { name: 'm' });
});

test('a file that cannot be made is told with its cause, not waited for as for a lock', async () => {
  const source = createDatabaseSource({ kind: 'sqlite', path: '/dev/null/live.sqlite' });
  const { result, ms } = await lived(source.check().catch((error: unknown) => error));
  expect(result).toMatchObject({ driverCode: expect.stringMatching(/^E|CANTOPEN/), kind: 'other' });
  // A lock is waited for five seconds.
  expect(ms).toBeLessThan(4_000);
  await source.close();
});

test('only anyone who runs the service may read the files', () => {
  const path = service().env['SQLITE_PATH'] ?? '';
  for (const file of [path, `${path}-wal`, `${path}-shm`]) expect(statSync(file).mode & 0o777).toBe(0o600);
});
