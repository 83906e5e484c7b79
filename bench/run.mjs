/** `npm run bench [-- api|codes|review|senders|hot|scale|statistics|operators|pages|metrics|cold|profile|--against URL|--against BUNDLE]`: builds the service and the benchmark, then runs the benchmark. Needs mariadbd. */
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from '../scripts/ensure-installed.mjs';

ensureInstalled();
const { build } = await import('../scripts/build.mjs');
const outdir = join(projectRoot, 'node_modules/.cache/live-room-bench');
const size = await build();
// Names in a profile are to be read.
if (process.argv[2] === 'profile') await build({ minify: false, outdir: join(outdir, 'service') });
const { build: bundle } = await import('esbuild');
await bundle({
  absWorkingDir: projectRoot,
  entryPoints: { main: 'bench/main.ts', floor: 'bench/floor.ts' },
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
  projectRoot,
  String(size.bytes),
  String(size.gzipBytes),
  ...process.argv.slice(2),
];
process.exit(spawnSync(process.execPath, args, { cwd: projectRoot, stdio: 'inherit' }).status ?? 1);
