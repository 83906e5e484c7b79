/**
 * Installs the dependencies when they are missing or older than the lock file, so that
 * `npm start` and `npm test` work on a fresh clone. Uses nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

function modifiedAt(file) {
  try {
    return statSync(join(projectRoot, file)).mtimeMs;
  } catch {
    return 0;
  }
}

/** Runs `npm ci` unless node_modules is at least as new as package-lock.json. Exits the process when it fails. */
export function ensureInstalled() {
  // npm writes node_modules/.package-lock.json as the last thing of an install.
  if (modifiedAt('node_modules/.package-lock.json') >= modifiedAt('package-lock.json')) return;
  process.stderr.write('Installing dependencies (npm ci) ...\n');
  // Install scripts are not needed: every native part comes as a prebuilt package from the registry.
  const args = ['ci', '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  const options = { cwd: projectRoot, stdio: ['ignore', 'inherit', 'inherit'] };
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write('Installing dependencies failed; see the messages above.\n');
    process.exit(result.status ?? 1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) ensureInstalled();
