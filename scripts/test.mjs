/**
 * `npm test [jest options]`: installs what is missing, builds the bundle that the tests run, then runs jest. With `--built` in
 * the options the bundle is the one that was built before.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { DOCUMENT_TOOLS, ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
ensureInstalled({ folder: DOCUMENT_TOOLS });
const options = process.argv.slice(2).filter((option) => option !== '--built');
if (options.length === process.argv.length - 2) {
  const { build } = await import('./build.mjs');
  await build({ forPackage: true });
}
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// A run has one server: MariaDB, or MySQL (scripts/fetch-mysql.mjs fetches it) or a Galera cluster where they are asked for.
const wanted = (process.env.TEST_DATABASES ?? '').split(',');
const [first, ...others] = wanted.filter((name) => ['mariadb', 'mysql', 'galera'].includes(name));
const runs = [wanted.filter((name) => !others.includes(name)), ...others.map((name) => [name])];
const statuses = runs.map((databases) => {
  const env = first === undefined ? process.env : { ...process.env, TEST_DATABASES: databases.join(',') };
  return spawnSync(process.execPath, [jest, ...options], { cwd: projectRoot, stdio: 'inherit', env }).status ?? 1;
});
process.exit(Math.max(...statuses));
