/** The files of self-host/ and the Dockerfile: the files they name exist, and their commands run. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, utimesSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { signUp, startProcess } from '../../testkit/service-process';
import { createProject } from '../deploy/project';
import { testedBlock } from '../docs/pages';
import { freePort, repository } from './nginx';
import { whereThereIs } from './tools';

const read = (file: string) => readFileSync(join(repository, file), 'utf8');

const application = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64), TIM_ENDPOINT: 'off' };

describe('the Dockerfile', () => {
  const stages = read('Dockerfile').split(/^FROM /m);
  const [, build = '', final = ''] = stages;
  let folder: string;
  beforeAll(() => {
    folder = mkdtempSync(join(tmpdir(), 'live-room-docker-'));
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  /** Sources of COPY that are not from another stage. */
  const copied = [...build.matchAll(/^COPY (?!--from)(.+) \S+$/gm)].flatMap(([, names = '']) => names.split(' '));
  const runs = [...build.matchAll(/^RUN (node .+)$/gm)].map(([, command = '']) => command);

  it('copies files that are there and that .dockerignore lets through, and all that its build needs', () => {
    const allowed = read('.dockerignore').match(/(?<=^!).+$/gm);
    expect(copied).toEqual(expect.arrayContaining(['scripts', 'src', 'package.json']));
    for (const name of copied) expect([name, existsSync(join(repository, name))]).toEqual([name, true]);
    expect(allowed).toEqual(expect.arrayContaining(copied));
    const root = join(folder, 'build');
    mkdirSync(root);
    for (const name of copied) cpSync(join(repository, name), join(root, name), { recursive: true });
    rmSync(join(root, 'client/dist'), { recursive: true, force: true });
    symlinkSync(join(repository, 'node_modules'), join(root, 'node_modules'));
    // Older than the installed packages, or the build would install again.
    utimesSync(join(root, 'package-lock.json'), 1, 1);
    for (const command of runs) {
      const [, ...args] = command.replace('/build/runtime', join(root, 'runtime')).split(' ');
      execFileSync(process.execPath, args, { cwd: root });
    }
  });

  it('runs from the files of the last stage only, and is healthy', async () => {
    expect([...final.matchAll(/^COPY --from=build \/build\/(\S+) (\S+)$/gm)].map(([, from, to]) => [from, to])).toEqual(
      [
        ['dist', 'dist'],
        ['runtime', 'node_modules'],
      ],
    );
    const app = join(folder, 'app');
    cpSync(join(folder, 'build/dist'), join(app, 'dist'), { recursive: true });
    cpSync(join(folder, 'build/runtime'), join(app, 'node_modules'), { recursive: true });
    const [command] = /(?<=^CMD )\[.*\]$/m.exec(final) ?? ['[]'];
    expect(JSON.parse(command)).toEqual(['node', 'dist/index.js']);
    const port = await freePort();
    const env = application;
    const file = { bundle: join(app, 'dist/index.js'), PORT: String(port), SQLITE_PATH: join(folder, 'live.sqlite') };
    const service = await startProcess({ ...env, ...file });
    const check: unknown = JSON.parse(/(?<=CMD )\["node", "-e".*\]$/m.exec(final)?.[0] ?? '[]');
    const script = String(Array.isArray(check) ? check[2] : '');
    const ask = (PORT: number) => spawnSync(process.execPath, ['-e', script], { env: { PORT: String(PORT) } }).status;
    expect([ask(port), ask(1)]).toEqual([0, 1]);
    const { userId } = await signUp(service, 'sqlite-user');
    const backup = join(folder, 'backup.sqlite');
    const tool = join(repository, 'self-host/backup-sqlite.cjs');
    execFileSync(process.execPath, [tool, join(folder, 'live.sqlite'), backup], { cwd: app });
    await service.kill();
    const restored = await startProcess({ ...env, bundle: file.bundle, SQLITE_PATH: backup });
    expect(await signUp(restored, 'sqlite-user')).toMatchObject({ userId });
    await restored.kill();
  });
});

test('docs/self-host.md: its commands make a release that runs, and are those of the Chinese page', async () => {
  const commands = testedBlock('docs/self-host.md', 'release');
  expect(testedBlock('docs/self-host.zh-CN.md', 'release')).toBe(commands);
  const project = createProject();
  try {
    // Installed already, and built in a copy, because other tests use dist/.
    const script = commands.replace(/^npm ci .*\n/, '');
    utimesSync(join(project.directory, 'package-lock.json'), 1, 1);
    execFileSync('bash', ['-euo', 'pipefail', '-c', script], { cwd: project.directory, stdio: 'pipe' });
    const release = join(project.directory, 'release');
    expect(existsSync(join(release, 'self-host/nginx.conf'))).toBe(true);
    const service = await startProcess({
      bundle: join(release, 'dist/index.js'),
      ...application,
      SQLITE_PATH: ':memory:',
    });
    expect(await signUp(service, 'released')).toMatchObject({ userId: '1' });
    await service.kill();
  } finally {
    project.remove();
  }
});

whereThereIs('systemd-analyze', () => {
  test('the unit is valid for systemd, and hardened', () => {
    const folder = mkdtempSync(join(tmpdir(), 'live-room-unit-'));
    const file = join(folder, 'live-room@.service');
    cpSync(join(repository, 'self-host/live-room@.service'), file);
    const verified = spawnSync('systemd-analyze', ['verify', '--man=no', file], { encoding: 'utf8' });
    // Messages about programs that are elsewhere on this machine do not concern the unit.
    expect(
      verified.stderr.split('\n').filter((line) => /live-room@/.test(line) && !/not executable/.test(line)),
    ).toEqual([]);
    const security = spawnSync('systemd-analyze', ['security', '--offline=true', file], { encoding: 'utf8' });
    const exposure = Number(/exposure level for \S+: ([\d.]+)/.exec(security.stdout)?.[1]);
    expect(exposure).toBeLessThan(2);
    // V8 asks for a protection key at its start: outside of the filter that was its end, on every Debian 12.
    const unit = read('self-host/live-room@.service');
    const allowed = /^SystemCallFilter=([^~\n].*)$/m.exec(unit)?.[1]?.split(' ') ?? [];
    const calls = spawnSync('systemd-analyze', ['syscall-filter', ...allowed], { encoding: 'utf8' }).stdout;
    expect(calls).toMatch(/^ +pkey_alloc$/m);
    expect(unit).toContain('SystemCallErrorNumber=EPERM');
    rmSync(folder, { recursive: true });
  });
});
