/** `npm run chaos -- --minutes 2 --seed 1 --on mariadb`: builds the service and this program, and runs it. See README.md. */
import { spawnSync } from 'node:child_process';
import { existsSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { build as bundle } from 'esbuild';
import { ensureInstalled, projectRoot } from '../scripts/ensure-installed.mjs';

ensureInstalled();
const service = join(projectRoot, 'dist/index.js');
// Inside .ci/run the bundle has just been built and tested.
if (!(process.argv.includes('--built') && existsSync(service))) {
  const { build } = await import('../scripts/build.mjs');
  await build();
}
const outdir = join(projectRoot, 'node_modules/.cache/live-room-chaos', String(process.pid));
await bundle({
  absWorkingDir: projectRoot,
  entryPoints: { main: 'chaos/main.ts' },
  outdir,
  bundle: true,
  platform: 'node',
  target: 'node20',
  format: 'cjs',
  packages: 'external',
  logLevel: 'warning',
});
const args = [
  join(outdir, 'main.js'),
  '--bundle',
  service,
  ...process.argv.slice(2).filter((arg) => arg !== '--built'),
];
const { status } = spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' });
rmSync(outdir, { recursive: true, force: true });
process.exit(status ?? 1);
