/**
 * A plain root file system in a folder, in the place of an image: Debian's packages as debootstrap lays them out, with the
 * Node.js and npm of this machine where the official image has its own, and its user `node`. What runs in it runs by chroot,
 * in a mount namespace of its own. Needs root.
 */
import { spawn, spawnSync } from 'node:child_process';
import { copyFileSync, cpSync, existsSync, mkdirSync, realpathSync, symlinkSync } from 'node:fs';
import { dirname, join } from 'node:path';

const MIRROR = 'http://deb.debian.org/debian';

/** Runs a program to its end; throws with what it said where it fails. */
export function run(program, args, options = {}) {
  const { status, error } = spawnSync(program, args, { stdio: ['ignore', 'inherit', 'inherit'], ...options });
  if (status !== 0)
    throw new Error(`${program} ${args.slice(0, 4).join(' ')} … failed: ${error?.message ?? `status ${status}`}`);
}

/** What `FROM node:20-bookworm-slim` stands for. */
export function makeBase(folder, image) {
  const [, major, suite] = /^node:(\d+)-([a-z]+)-slim$/.exec(image) ?? [];
  if (major !== process.versions.node.split('.')[0]) throw new Error(`${image}: run this with Node.js ${major}`);
  if (!existsSync(join(folder, 'etc/debian_version'))) {
    run('debootstrap', ['--variant=minbase', '--include=ca-certificates', suite, folder, MIRROR], {
      stdio: ['ignore', 'ignore', 'inherit'],
    });
  }
  if (existsSync(join(folder, 'usr/local/bin/node'))) return;
  copyFileSync(process.execPath, join(folder, 'usr/local/bin/node'));
  const npm = join(dirname(realpathSync(spawnSync('which', ['npm'], { encoding: 'utf8' }).stdout.trim())), '..');
  mkdirSync(join(folder, 'usr/local/lib/node_modules'), { recursive: true });
  cpSync(npm, join(folder, 'usr/local/lib/node_modules/npm'), { recursive: true, dereference: true });
  symlinkSync('../lib/node_modules/npm/bin/npm-cli.js', join(folder, 'usr/local/bin/npm'));
  run('chroot', [folder, 'useradd', '--uid', '1000', '--create-home', '--shell', '/bin/bash', 'node']);
}

const PATH = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** Mounts, seen by this one program only, and then the program in their place. */
const MOUNTS = `set -e
root=$1; volume=$2; shift 2
mount --bind "$root" "$root"
mount -t proc proc "$root/proc"
if [ -n "$volume" ]; then
  mount --bind "$root$volume" "$root$volume"
  mount -t tmpfs tmpfs "$root/tmp"
  mount -o remount,bind,ro "$root"
fi
exec chroot "$root" "$@"`;

/**
 * The words that run a command inside. With `volume` as compose.yaml runs it: everything but the volume and /tmp is read
 * only, no capability, no new privileges.
 */
export function inside(root, { workdir, env, user = 'root', volume = '' }, command) {
  const closed = ['--no-new-privs', '--inh-caps=-all', '--bounding-set=-all'];
  const become = ['setpriv', `--reuid=${user}`, `--regid=${user}`, '--init-groups', ...(volume ? closed : [])];
  const variables = Object.entries({ PATH, HOME: user === 'root' ? '/root' : `/home/${user}`, ...env });
  const clean = ['env', '-i', '-C', workdir, ...variables.map(([name, value]) => `${name}=${value}`)];
  return ['--mount', 'sh', '-c', MOUNTS, 'sh', root, volume, ...become, ...clean, ...command];
}

export function runInside(root, place, command) {
  run('unshare', inside(root, place, command));
}

/** Starts a program inside; its process is the program itself, so that a signal reaches it. */
export function startInside(root, place, command) {
  return spawn('unshare', inside(root, place, command), { stdio: ['ignore', 'pipe', 'inherit'] });
}
