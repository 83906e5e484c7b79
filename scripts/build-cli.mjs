/** dist/cli.js: what the command `live-room` (cli/live-room.cjs) runs. Not part of the function. */
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

export async function buildCli(outdir, version) {
  const { build } = await import('esbuild');
  const outfile = join(outdir, 'cli.js');
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['cli/main.ts'],
    outfile,
    bundle: true,
    minify: true,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    define: { LIVE_ROOM_VERSION: JSON.stringify(version) },
    legalComments: 'none',
    logLevel: 'warning',
  });
}
