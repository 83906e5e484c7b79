/** The package in the form that npm publishes, unpacked in an empty folder: its files and its command. */
import { execFileSync, spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { request } from '../../testkit/http-client';
import { type Running, runBundle } from '../console/support/bundle';

const ROOT = join(__dirname, '../..');

describe('the package', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-package-'));
  const installed = join(folder, 'node_modules/live-room');
  const command = join(installed, 'cli/live-room.cjs');
  let files: string[] = [];

  beforeAll(() => {
    // dist/ is built already.
    const run = (file: string, args: string[]) => execFileSync(file, args, { cwd: ROOT, encoding: 'utf8' }).trim();
    const packed = run(process.execPath, ['scripts/pack.mjs', folder]);
    const entries = run('tar', ['tf', packed])
      .split('\n')
      .filter((entry) => !entry.endsWith('/'));
    files = entries.map((entry) => entry.replace(/^package\//, ''));
    mkdirSync(installed, { recursive: true });
    run('tar', ['xf', packed, '--strip-components=1', '-C', installed]);
    // Instead of an install: the only dependency outside of the bundle, with its native part.
    for (const name of ['libsql', '@libsql', '@neon-rs', 'detect-libc']) {
      symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
    }
  });
  afterAll(() => rmSync(folder, { recursive: true, force: true }));

  it('has the bundle, the command and the pages, and nothing of the workshop', () => {
    expect(files).toEqual(expect.arrayContaining(['dist/index.js', 'dist/cli.js', 'dist/pages/docs.html.gz']));
    expect(
      files.filter(
        (path) => !/^(dist\/|cli\/live-room\.cjs$|README|CHANGELOG|LICENSE|package\.json|\.env\.example)/.test(path),
      ),
    ).toEqual([]);
  });

  it('depends on the packages outside of the bundle, and no others', () => {
    const manifest = JSON.parse(readFileSync(join(installed, 'package.json'), 'utf8'));
    expect(Object.keys(manifest.dependencies)).toEqual(['libsql']);
    for (const name of ['private', 'devDependencies', 'scripts']) expect(manifest).not.toHaveProperty(name);
  });

  it('prints its commands, and its version', () => {
    const run = (...args: string[]) => execFileSync(process.execPath, [command, ...args], { encoding: 'utf8' });
    expect(run('--help')).toContain('live-room console <url>');
    const { version } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
    expect(run('--version')).toBe(`${version}\n`);
    expect(spawnSync(process.execPath, [command, '--nonsense'], { encoding: 'utf8' })).toMatchObject({
      status: 2,
      stderr: expect.stringContaining('there is no option --nonsense'),
    });
  });

  it('shows and makes the changes of the schema, with 3 if there is something to do', () => {
    const run = (...args: string[]) => {
      const env = { ...process.env, SQLITE_PATH: join(folder, 'own.sqlite'), MYSQL_HOST: '' };
      const { status, stdout } = spawnSync(process.execPath, [command, 'migrate', ...args], {
        cwd: folder,
        env,
        encoding: 'utf8',
      });
      return [status, stdout];
    };
    expect(run()).toEqual([3, expect.stringContaining('to apply:\n  0001_initial_tables\n')]);
    expect(run('--plan')[0]).toBe(3);
    expect(run('--apply')).toEqual([0, expect.stringContaining('applied:\n  0001_initial_tables\n')]);
    expect(run('--plan')).toEqual([0, expect.stringContaining('the schema is current')]);
  });

  describe('started', () => {
    let service: Running;
    let pages: Running;
    beforeAll(async () => {
      service = await runBundle({ file: command, args: ['--port', '0'] });
      const args = ['console', service.base];
      pages = await runBundle({ file: command, args, says: /^ {2}(http:\/\/localhost:\d+\/)docs$/m });
    });
    afterAll(async () => {
      await pages?.stop();
      await service?.stop();
    });

    it('runs the service with its embedded database', async () => {
      expect(service.output()).toContain('DEMO MODE');
      const made = await request(
        service.base,
        '/base/v1/oauth/register?username=a&salt=0123456789abcdef0123456789abcdef',
      );
      expect(made.json()).toMatchObject({ errorCode: 0 });
      expect((await request(service.base, '/docs')).status).toBe(200);
    });

    it('shows the pages of a service elsewhere', async () => {
      const page = await request(pages.base, '/console', { headers: { accept: 'text/html' } });
      expect(page.text).toContain(`content="${service.base}"`);
      expect((await request(pages.base, '/')).json()).toMatchObject({ errorCode: 0 });
    });
  });
});

test('packing a fresh clone installs what running takes, without the test tools', () => {
  const clone = mkdtempSync(join(tmpdir(), 'live-room-clone-'));
  try {
    for (const name of ['scripts', 'package.json', 'package-lock.json']) {
      cpSync(join(ROOT, name), join(clone, name), { recursive: true });
    }
    // No package is installed yet; npm only reports the requested ones.
    const npm = join(clone, 'npm.cjs');
    writeFileSync(npm, "require('fs').writeSync(1, process.argv.slice(2).join(' ')); process.exit(3);");
    const env = { ...process.env, npm_execpath: npm };
    const { status, stdout } = spawnSync(process.execPath, ['scripts/pack.mjs'], { cwd: clone, env, encoding: 'utf8' });
    expect([status, stdout]).toEqual([3, expect.stringContaining('ci --omit=dev --ignore-scripts')]);
  } finally {
    rmSync(clone, { recursive: true, force: true });
  }
});
