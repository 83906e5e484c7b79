/** `npm run deploy-stories -- --runs 200 --seed 1`: random stories of deploys against the fake cloud, each from its seed. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const { values } = parseArgs({
  options: { runs: { type: 'string', default: '200' }, seed: { type: 'string', default: '1' } },
});
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const env = { ...process.env, DEPLOY_STORIES: values.runs, DEPLOY_STORIES_SEED: values.seed };
const args = [jest, '--runInBand', '--runTestsByPath', 'tests/deploy/stories.test.ts'];
process.exit(spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit', env }).status ?? 1);
