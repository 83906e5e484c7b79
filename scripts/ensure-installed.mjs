/**
 * Installs the dependencies when they are missing or older than the lock file, so that
 * `npm start` and `npm test` work on a fresh clone. Uses nothing but Node itself.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const projectRoot = join(dirname(fileURLToPath(import.meta.url)), '..');

/** What only tests/docs needs: the Postman runner, two generators of clients, two validators. */
export const DOCUMENT_TOOLS = 'testkit/document-tools';

function modifiedAt(file) {
  try {
    return statSync(file).mtimeMs;
  } catch {
    return 0;
  }
}

/** What is installed in a folder: 'all', 'run' (without the tools of the workshop) or 'nothing'; undefined where it is old. */
function installed(folder) {
  // npm writes node_modules/.package-lock.json as the last thing of an install.
  const written = join(folder, 'node_modules/.package-lock.json');
  if (modifiedAt(written) === 0) return 'nothing';
  if (modifiedAt(written) < modifiedAt(join(folder, 'package-lock.json'))) return undefined;
  return readFileSync(written, 'utf8').includes('"dev": true') ? 'all' : 'run';
}

/**
 * Runs `npm ci` unless node_modules is at least as new as package-lock.json. Exits the process when it fails. With `toRun`
 * a fresh clone gets what building and running the service takes, and nothing else.
 */
export function ensureInstalled({ toRun = false, folder = '' } = {}) {
  const cwd = join(projectRoot, folder);
  const found = installed(cwd);
  if (found === 'all' || (toRun && found === 'run')) return;
  process.stderr.write(`Installing dependencies (npm ci${folder === '' ? '' : ` in ${folder}`}) ...\n`);
  // Install scripts are not needed: every native part comes as a prebuilt package from the registry.
  const less = toRun && found === 'nothing' ? ['--omit=dev'] : [];
  const args = ['ci', ...less, '--ignore-scripts', '--no-audit', '--no-fund'];
  const npm = process.env['npm_execpath'];
  const options = { cwd, stdio: ['ignore', 'inherit', 'inherit'] };
  const result = npm
    ? spawnSync(process.execPath, [npm, ...args], options)
    : spawnSync('npm', args, { ...options, shell: process.platform === 'win32' });
  if (result.status !== 0) {
    process.stderr.write('Installing dependencies failed; see the messages above.\n');
    process.exit(result.status ?? 1);
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  for (const folder of process.argv.slice(2)) ensureInstalled({ folder });
}
