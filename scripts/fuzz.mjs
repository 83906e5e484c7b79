/** `npm run fuzz -- --minutes 30 --seed 1`: the property tests for longer; half of the time for each database. */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const { values } = parseArgs({
  options: {
    minutes: { type: 'string', default: '5' },
    seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
  },
});
const minutes = Number(values.minutes);
if (!(minutes > 0)) throw new Error('--minutes must be a number above 0');
process.stderr.write(`fuzzing for ${minutes} minutes with --seed ${values.seed}\n`);
const env = { ...process.env, FUZZ_MINUTES: String(minutes), FUZZ_SEED: values.seed };
const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
const result = spawnSync(process.execPath, [jest, 'tests/fuzz'], { cwd: projectRoot, env, stdio: 'inherit' });
process.exit(result.status ?? 1);
