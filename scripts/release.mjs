/**
 * `npm run release`: makes everything of a release in release/ and publishes nothing. The version is that of package.json;
 * CHANGELOG.md must have a dated chapter of it, and the client the same version. `--without-tests` where .ci/run has just
 * passed on the same commit.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { packClient, packService } from './pack.mjs';

const read = (path) => readFileSync(join(projectRoot, path), 'utf8');

/** What keeps this tree from being released, as sentences; `status` is what git says of it, `tag` the one that is built. */
export function obstacles({ version, clientVersion, changelog, status, tag }) {
  const found = [];
  if (tag !== undefined && tag !== `v${version}`) found.push(`the tag is ${tag}, package.json has version ${version}`);
  if (status !== '') found.push('there are changes that are not committed');
  if (clientVersion !== version)
    found.push(`client/package.json has version ${clientVersion}, package.json ${version}`);
  const dated = new RegExp(`^## ${version.replaceAll('.', '\\.')} \\(\\d{4}-\\d{2}-\\d{2}\\)$`, 'm');
  if (!dated.test(changelog)) found.push(`CHANGELOG.md has no chapter "## ${version} (YYYY-MM-DD)"`);
  return found;
}

function run(command, args, options = {}) {
  return execFileSync(command, args, {
    cwd: projectRoot,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'inherit'],
    ...options,
  });
}

function step(sentence, work) {
  process.stdout.write(`==> ${sentence}\n`);
  return work();
}

/** The packages that the lock file brings into the bundle and next to it, as CycloneDX. */
export function softwareBillOfMaterials() {
  const args = ['sbom', '--package-lock-only', '--omit=dev', '--sbom-format=cyclonedx', '--sbom-type=application'];
  const bill = JSON.parse(run('npm', args, { maxBuffer: 16 * 1024 * 1024 }));
  // npm gives the name of the folder.
  bill.metadata.component.name = JSON.parse(read('package.json')).name;
  return bill;
}

function writeSums(directory) {
  const sums = readdirSync(directory).map((name) => {
    const hash = createHash('sha256')
      .update(readFileSync(join(directory, name)))
      .digest('hex');
    return `${hash}  ${name}\n`;
  });
  writeFileSync(join(directory, 'SHA256SUMS'), sums.join(''));
  process.stdout.write(sums.join(''));
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  const { version } = JSON.parse(read('package.json'));
  const clientVersion = JSON.parse(read('client/package.json')).version;
  const status = run('git', ['status', '--porcelain']).trim();
  const { GITHUB_REF_TYPE, GITHUB_REF_NAME } = process.env;
  const tag = GITHUB_REF_TYPE === 'tag' ? GITHUB_REF_NAME : undefined;
  const found = obstacles({ version, clientVersion, changelog: read('CHANGELOG.md'), status, tag });
  if (found.length > 0) {
    process.stderr.write(`Cannot release ${version}:\n${found.map((sentence) => `  ${sentence}\n`).join('')}`);
    process.exit(1);
  }
  const inherit = { stdio: 'inherit' };
  step('The code follows the rules and its types are right.', () => run('npm', ['run', '--silent', 'check'], inherit));
  step('Everything is built.', () => run('npm', ['run', '--silent', 'build'], inherit));
  step('The bundle is sound.', () => run('node', ['scripts/check-bundle.mjs'], inherit));
  if (!process.argv.includes('--without-tests')) step('Every test passes.', () => run('npm', ['test'], inherit));
  const directory = join(projectRoot, 'release');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory);
  step('Both packages are packed.', () => {
    packService(directory);
    packClient(directory);
  });
  step('The bill of materials is written.', () => {
    const bill = `${JSON.stringify(softwareBillOfMaterials(), null, 2)}\n`;
    writeFileSync(join(directory, `live-room-${version}.cdx.json`), bill);
  });
  writeSums(directory);
  process.stdout.write(
    `release/ holds ${version}. Pushing the tag v${version} publishes it (.github/workflows/release.yml).\n`,
  );
}
