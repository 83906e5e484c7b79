/** `npm test [jest options]`: installs what is missing, builds the bundle that the tests run, then runs jest. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
await build({ forPackage: true });
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
// A run has one server: MariaDB, or MySQL where it is asked for (scripts/fetch-mysql.mjs fetches it). Both are two runs.
const wanted = (process.env.TEST_DATABASES || 'sqlite,mariadb').split(',');
const both = wanted.includes('mariadb') && wanted.includes('mysql');
const runs = both ? [wanted.filter((name) => name !== 'mysql'), ['mysql']] : [wanted];
const statuses = runs.map((databases) => {
  const env = { ...process.env, TEST_DATABASES: databases.join(',') };
  const options = { cwd: projectRoot, stdio: 'inherit', env };
  return spawnSync(process.execPath, [jest, ...process.argv.slice(2)], options).status ?? 1;
});
process.exit(Math.max(...statuses));
