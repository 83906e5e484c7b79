/**
 * `node scripts/fetch-mysql.mjs`: unpacks Oracle's MySQL server from Debian's unstable suite into a folder of its own, for the
 * tests. Debian's releases have MariaDB only. Nothing is installed: apt runs on a configuration, lists and a cache of its
 * own, and its one source is the Debian address that this machine already uses. Where that cannot be done it says so on
 * standard error and ends with 1. The folder is TEST_MYSQL_ROOT, else one under node_modules/.cache; once there, it is kept.
 */
import { execFileSync } from 'node:child_process';
import { existsSync, mkdirSync, mkdtempSync, readdirSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

const KEYRING = '/usr/share/keyrings/debian-archive-keyring.gpg';
const SERVER = 'mysql-server-core';
/** What the server's package depends on and the server itself does not need. */
const NEEDLESS = /^(perl|debconf|dpkg|tar|mysql-client|mysql-common|gcc-\d+-base|lib.*-perl|perl-.*)/;

const run = (program, args, options = {}) =>
  execFileSync(program, args, { encoding: 'utf8', stdio: ['ignore', 'pipe', 'pipe'], timeout: 180_000, ...options });

function root() {
  return process.env.TEST_MYSQL_ROOT || join(projectRoot, 'node_modules/.cache/live-room-mysql');
}

/** The address from which this machine has Debian itself, not its security updates. */
function debianAddress() {
  const targets = run('apt-get', ['indextargets', '--format', '$(REPO_URI) $(RELEASE) $(ORIGIN)']).split('\n');
  const main = targets
    .map((line) => line.split(' '))
    .find(([, release, origin]) => origin === 'Debian' && /^\w+$/.test(release));
  if (!main) throw new Error('this machine has no packages of Debian');
  return main[0];
}

/** Options that keep apt away from everything of the machine's but its address and keys. */
function aptOptions(folder) {
  for (const part of ['lists/partial', 'cache/archives/partial']) mkdirSync(join(folder, part), { recursive: true });
  const source = join(folder, 'sources.list');
  writeFileSync(source, `deb [signed-by=${KEYRING}] ${debianAddress()} sid main\n`);
  const settings = {
    'Dir::Etc::sourcelist': source,
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::State::lists': join(folder, 'lists'),
    'Dir::Cache': join(folder, 'cache'),
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).flatMap(([name, value]) => ['-o', `${name}=${value}`]);
}

function closure(options) {
  const kinds = ['recommends', 'suggests', 'conflicts', 'breaks', 'replaces', 'enhances'].map((kind) => `--no-${kind}`);
  const listed = run('apt-cache', [...options, 'depends', '--recurse', ...kinds, SERVER]);
  const names = listed.split('\n').filter((line) => /^[a-z0-9]/.test(line));
  return [...new Set(names)].filter((name) => name === SERVER || (!NEEDLESS.test(name) && !name.includes(':')));
}

function fetchInto(draft) {
  const apt = join(draft, 'apt');
  const options = aptOptions(apt);
  run('apt-get', [...options, 'update', '-qq']);
  run('apt-get', [...options, 'download', ...closure(options)], { cwd: apt });
  const files = readdirSync(apt).filter((name) => name.endsWith('.deb'));
  const unpacked = join(draft, 'root');
  mkdirSync(unpacked);
  for (const file of files) run('dpkg', ['-x', join(apt, file), unpacked]);
  if (!existsSync(join(unpacked, 'usr/sbin/mysqld'))) throw new Error('the package has no server');
  return unpacked;
}

function fetchMysql(target) {
  mkdirSync(dirname(target), { recursive: true });
  const draft = mkdtempSync(`${target}-draft-`);
  try {
    renameSync(fetchInto(draft), target);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

const target = root();
try {
  if (!existsSync(target)) fetchMysql(target);
  console.log(`MySQL for the tests is in ${target}`);
} catch (error) {
  const reason = String(error.stderr || error.message)
    .trim()
    .split('\n')
    .at(-1);
  console.error(`MySQL could not be fetched (${reason}): what runs now says nothing about MySQL, only about MariaDB.`);
  process.exitCode = 1;
}
