/**
 * Attack 38: another process writes to the SQLite file all the time. A statement that found the file busy kept its read
 * transaction open: from then on the process read old rows and could not write, also after the other one had stopped.
 */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { newPeople, type Person } from '../../testkit/people';
import { useService } from '../../testkit/service';

/** Writes in short transactions until its standard input ends; the last one renames a user. */
const WRITER = `
  const Sqlite = require('libsql');
  const file = new Sqlite(process.argv[1]);
  file.exec('PRAGMA busy_timeout = 5000');
  let over = false;
  process.stdin.resume().once('end', () => { over = true; });
  const pause = (ms) => new Promise((resolve) => setTimeout(resolve, ms));
  (async () => {
    file.exec('CREATE TABLE IF NOT EXISTS of_another (n INTEGER)');
    while (!over) {
      file.exec('BEGIN IMMEDIATE');
      file.exec('INSERT INTO of_another VALUES (1)');
      await pause(4);
      file.exec('COMMIT');
      await pause(2);
    }
    file.prepare("UPDATE users SET name = 'renamed elsewhere' WHERE id = ?").run(Number(process.argv[2]));
    process.exit(0);
  })();
  process.stdout.write('writing');
`;

const service = useService('sqlite');

test('a process that met another writer reads new rows and writes afterwards', async () => {
  const people = await newPeople(service(), 4);
  const [anna] = people as [Person];
  const writer = spawn(process.execPath, ['-e', WRITER, service().env['SQLITE_PATH'] ?? '', anna.userId]);
  const over = once(writer, 'exit');
  await once(writer.stdout, 'data');
  for (let round = 0; round < 5; round += 1) {
    // Some may find the file busy for too long, which is a 103.
    await Promise.all(Array.from({ length: 20 }, () => newPeople(service(), 1).catch(() => undefined)));
  }
  writer.stdin.end();
  await over;
  expect(await anna.must('auth_users/user_query')).toMatchObject({ name: 'renamed elsewhere' });
  await anna.must('auth_users/user_update', { name: 'written again' });
  await newPeople(service(), 2);
});
