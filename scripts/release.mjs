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
import { packService } from './pack.mjs';

const read = (path) => readFileSync(join(projectRoot, path), 'utf8');

/** What keeps this tree from being released, as sentences; `status` is what git says of it. */
export function obstacles({ version, clientVersion, changelog, status }) {
  const found = [];
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

function packClient(directory) {
  run('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: join(projectRoot, 'client') });
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
  const found = obstacles({ version, clientVersion, changelog: read('CHANGELOG.md'), status });
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
  writeSums(directory);
  process.stdout.write(
    `release/ holds ${version}. To publish: npm publish --provenance release/<file>, and tag v${version}.\n`,
  );
}
