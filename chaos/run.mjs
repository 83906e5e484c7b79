/** `npm run chaos -- --minutes 2 --seed 1 --on mariadb`: builds the service and this program, and runs it. See README.md. */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, rmSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { build as bundle } from 'esbuild';
import { ensureInstalled, projectRoot } from '../scripts/ensure-installed.mjs';

ensureInstalled();
const service = join(projectRoot, 'dist/index.js');
// Inside .ci/run the bundle has just been built and tested.
if (!(process.argv.includes('--built') && existsSync(service))) {
  const { build } = await import('../scripts/build.mjs');
  await build();
}
const cache = join(projectRoot, 'node_modules/.cache/live-room-chaos');

/** Builds the service of another commit, with the packages of today, and keeps it. */
function buildOf(revision) {
  const git = (...args) => execFileSync('git', args, { cwd: projectRoot, maxBuffer: 2 ** 28 });
  const folder = join(cache, String(git('rev-parse', '--verify', `${revision}^{commit}`)).trim());
  const built = join(folder, 'dist/index.js');
  if (existsSync(built)) return built;
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  execFileSync('tar', ['-x', '-C', folder], { input: git('archive', '--format=tar', revision) });
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: folder, stdio: 'inherit' });
  return built;
}

// The program knows the others.
const { values } = parseArgs({ options: { from: { type: 'string' } }, strict: false });
const older = values.from === undefined ? [] : ['--older', buildOf(values.from)];
const outdir = join(cache, String(process.pid));
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
  ...older,
  ...process.argv.slice(2).filter((arg) => arg !== '--built'),
];
const { status } = spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' });
rmSync(outdir, { recursive: true, force: true });
process.exit(status ?? 1);
