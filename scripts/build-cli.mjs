/** dist/cli.js: the command `live-room` of the package. Not part of the function. */
import { chmodSync } from 'node:fs';
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
    banner: { js: '#!/usr/bin/env node' },
    define: { LIVE_ROOM_VERSION: JSON.stringify(version) },
    legalComments: 'none',
    logLevel: 'warning',
  });
  chmodSync(outfile, 0o755);
}
