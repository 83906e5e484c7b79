/** Detects another process on the same SQLite file, by a file next to it with the process id. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch (error) {
    // EPERM: it is there and belongs to another user.
    return error instanceof Error && 'code' in error && error.code === 'EPERM';
  }
}

function pidIn(file: string): number | undefined {
  try {
    const pid = Number(readFileSync(file, 'utf8'));
    return Number.isInteger(pid) && pid > 0 ? pid : undefined;
  } catch {
    return undefined;
  }
}

/**
 * The number of another running process that has claimed the SQLite file at `path`; undefined if there is none, which claims
 * it for this process until it exits. A folder that cannot be written claims nothing.
 */
export function claimSqlite(path: string): number | undefined {
  const file = `${path}.pid`;
  const other = pidIn(file);
  if (other !== undefined && other !== process.pid && isRunning(other)) return other;
  try {
    writeFileSync(file, String(process.pid), { mode: 0o600 });
    process.on('exit', () => {
      if (pidIn(file) === process.pid) rmSync(file, { force: true });
    });
  } catch {
    // Reported by the database itself, which cannot write there either.
  }
  return undefined;
}
