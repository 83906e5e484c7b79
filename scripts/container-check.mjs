/**
 * `node scripts/container-check.mjs [folder]`, as root, on a machine without a container engine: every step of the Dockerfile in a
 * plain Debian root file system (debootstrap, chroot), then the last stage as compose.yaml runs it: its user, no capability,
 * nothing but the volume to write to; asked by HTTP, stopped, started again on the same volume. It takes minutes and the
 * network, so it is run by hand and not by `npm test`; docs/self-host.md says when it was last. Debian's packages are laid out in the
 * folder, where one is given, and found there the next time.
 */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { buildStages } from './container/build.mjs';
import { inside, startInside } from './container/root.mjs';
import { projectRoot } from './ensure-installed.mjs';

function note(sentence, work) {
  const began = performance.now();
  const result = work();
  process.stdout.write(`    ${((performance.now() - began) / 1000).toFixed(1).padStart(6)} s  ${sentence}\n`);
  return result;
}

function expect(what, truth) {
  if (!truth) throw new Error(`not so: ${what}`);
  process.stdout.write(`    ok        ${what}\n`);
}

/** How npm reaches its registry from this machine, so that it does from inside. */
function networkEnv() {
  const { stdout } = spawnSync('npm', ['config', 'get', 'registry'], { encoding: 'utf8' });
  const proxies = Object.entries(process.env).filter(([name]) => /^(https?|no)_proxy$/i.test(name));
  const trusted = { NODE_EXTRA_CA_CERTS: '/etc/ssl/certs/ca-certificates.crt' };
  return { npm_config_registry: stdout.trim(), ...trusted, ...Object.fromEntries(proxies) };
}

async function freePort() {
  const server = createServer();
  await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address();
  await new Promise((resolve) => server.close(resolve));
  return port;
}

const md5 = (text) => createHash('md5').update(text).digest('hex');

async function signIn(base) {
  const call = async (path, body) =>
    (await fetch(`${base}base/v1/oauth/${path}`, { method: 'POST', body: new URLSearchParams(body) })).json();
  const salt = md5('alice-secret');
  await call('register', { username: 'alice', salt });
  return call('signature', { username: 'alice', signature: md5(`alice----${salt}`) });
}

/** One life of the container: up, healthy, used, asked to stop. Gives the user's id. */
async function live({ root, workdir, env, user, volume, command, health }) {
  const settings = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64), TIM_ENDPOINT: 'off' };
  const place = { workdir, user, volume, env: { ...env, ...settings, PORT: String(await freePort()) } };
  const healthy = (port = place.env.PORT) =>
    spawnSync('unshare', inside(root, { ...place, env: { ...place.env, PORT: port } }, health), { stdio: 'ignore' })
      .status;
  const began = performance.now();
  const service = startInside(root, place, command);
  service.stdout.resume();
  const ended = new Promise((resolve) => service.once('exit', (code) => resolve(code)));
  try {
    for (const deadline = Date.now() + 20_000; healthy() !== 0 && Date.now() < deadline; ) await sleep(100);
    expect(`healthy after ${((performance.now() - began) / 1000).toFixed(1)} s, by HEALTHCHECK`, healthy() === 0);
    expect('HEALTHCHECK fails where nobody listens', healthy('1') !== 0);
    const status = readFileSync(`/proc/${service.pid}/status`, 'utf8');
    expect(
      'runs as user 1000, without capabilities',
      /^Uid:\t1000\t1000/m.test(status) && /^CapBnd:\t0+$/m.test(status),
    );
    const { errorCode, data } = await signIn(`http://127.0.0.1:${place.env.PORT}/`);
    expect('signs up and in', errorCode === 0);
    const asked = performance.now();
    service.kill('SIGTERM');
    expect(`ends with 0 ${((performance.now() - asked) / 1000).toFixed(1)} s after SIGTERM`, (await ended) === 0);
    return data.userId;
  } finally {
    service.kill('SIGKILL');
  }
}

const work = mkdtempSync(join(tmpdir(), 'live-room-container-'));
try {
  const last = buildStages({
    context: projectRoot,
    work,
    bases: process.argv[2] ?? work,
    buildEnv: networkEnv(),
    note,
  });
  const size = spawnSync('du', ['-sm', join(last.root, last.workdir)], { encoding: 'utf8' }).stdout.split('\t')[0];
  process.stdout.write(`    ${size} MB in ${last.workdir}\n`);
  const first = await live(last);
  expect('started again, it has its data on the volume', (await live(last)) === first);
  process.stdout.write('Every step of the Dockerfile did what it says.\n');
} finally {
  rmSync(work, { recursive: true, force: true });
}
