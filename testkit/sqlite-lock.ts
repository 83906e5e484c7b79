/** Another process that holds the write lock of an embedded database. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';

/** Waits for the service, which may be writing, and holds the lock until its standard input ends. */
const HOLDER = `
  const Sqlite = require('libsql');
  const file = new Sqlite(process.argv[1]);
  file.exec('PRAGMA busy_timeout = 60000');
  file.exec('BEGIN IMMEDIATE');
  process.stdout.write('held');
  process.stdin.resume().once('end', () => { file.exec('COMMIT'); process.exit(0); });
`;

/** Takes the lock; gives its release. */
export async function lockSqlite({ env }: { env: Readonly<Record<string, string>> }): Promise<() => Promise<void>> {
  const child = spawn(process.execPath, ['-e', HOLDER, env['SQLITE_PATH'] ?? ''], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const over = once(child, 'exit');
  await once(child.stdout, 'data');
  return async () => {
    child.stdin.end();
    await over;
  };
}
