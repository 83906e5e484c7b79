/** `npm test [jest options]`: installs what is missing, builds the bundle that the tests run, then runs jest. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
await build({ client: true });
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const result = spawnSync(process.execPath, [jest, ...process.argv.slice(2)], { cwd: projectRoot, stdio: 'inherit' });
process.exit(result.status ?? 1);
