/**
 * `npm run pack`: the package `live-room` as it is published, in release/. Everything that it needs is inside its bundle but
 * the embedded database, so that is its one dependency; the package.json of the repository also names what building takes.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build, OUTSIDE } from './build.mjs';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

/** What of the repository's package.json is published. */
const PUBLISHED = ['name', 'version', 'description', 'license', 'type', 'bin', 'files', 'exports', 'engines'];

/**
 * The `repository` of a package, from the environment of a GitHub workflow. npm refuses a provenance whose repository is not
 * the one in package.json; a fork publishes with its own.
 */
export function repositoryOf({ GITHUB_SERVER_URL: server, GITHUB_REPOSITORY: name }) {
  return server && name ? { repository: { type: 'git', url: `git+${server}/${name}.git` } } : {};
}

export function publishedManifest(manifest) {
  const kept = Object.fromEntries(PUBLISHED.map((name) => [name, manifest[name]]));
  // `sls` is for clones only.
  const { 'live-room': command } = manifest.bin;
  return {
    ...kept,
    ...repositoryOf(process.env),
    bin: { 'live-room': command },
    dependencies: Object.fromEntries(OUTSIDE.map((name) => [name, manifest.dependencies[name]])),
  };
}

const manifestIn = (folder) => JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8'));

/** Packs what is built. Gives the path of the file. */
export function packService(target) {
  return packFolder(projectRoot, publishedManifest(manifestIn(projectRoot)), target);
}

/** The same for the client. */
export function packClient(target) {
  const folder = join(projectRoot, 'client');
  return packFolder(folder, { ...manifestIn(folder), ...repositoryOf(process.env) }, target);
}

function packFolder(source, manifest, target) {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-pack-'));
  try {
    // npm takes README.md and LICENSE in any case.
    for (const name of new Set([...manifest.files, 'README.md', 'LICENSE'])) {
      cpSync(join(source, name), join(folder, name), { recursive: true });
    }
    writeFileSync(join(folder, 'package.json'), `${JSON.stringify(manifest, null, 2)}\n`);
    const args = ['pack', '--silent', '--pack-destination', target];
    const { status, stdout, stderr } = spawnSync('npm', args, { cwd: folder, encoding: 'utf8' });
    if (status !== 0) throw new Error(`npm pack failed: ${stderr}`);
    return join(target, stdout.trim());
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  // Without the test tools: packing takes what running takes.
  ensureInstalled({ toRun: true });
  // Where it goes; what is built already is taken as it is then.
  const [, , given] = process.argv;
  if (given === undefined) await build({ forCommand: true });
  const target = given ?? join(projectRoot, 'release');
  mkdirSync(target, { recursive: true });
  process.stdout.write(`${packService(target)}\n`);
}
