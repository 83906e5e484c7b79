/** scripts/check-bundle.mjs, run as the pipeline runs it, on folders that are wrong in one way each. */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../../..');
const sound = "exports.main_handler = async () => require('node:os').EOL;";

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'live-room-check-'));
  mkdirSync(join(folder, 'dist'));
  mkdirSync(join(folder, 'scripts'));
  for (const name of ['check-bundle.mjs', 'ensure-installed.mjs']) {
    cpSync(join(root, 'scripts', name), join(folder, 'scripts', name));
  }
  symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'), 'junction');
});

afterEach(() => {
  rmSync(folder, { recursive: true, force: true });
});

function check(bundle: string | undefined): { status: number | null; text: string } {
  if (bundle !== undefined) writeFileSync(join(folder, 'dist/index.js'), bundle);
  const { status, stdout, stderr } = spawnSync(process.execPath, ['scripts/check-bundle.mjs'], {
    cwd: folder,
    encoding: 'utf8',
  });
  return { status, text: stdout + stderr };
}

describe('the check of the bundle', () => {
  test.each([
    ['a sound bundle', sound],
    ['one that loads the embedded database on use', `${sound} exports.open = () => require('libsql');`],
    ['a package that is only named in a text', `${sound} exports.help = "try require('bluebird')";`],
  ])('accepts %s', (_what, bundle) => {
    const { status, text } = check(bundle);
    expect(text).toContain('dist/index.js is sound');
    expect(status).toBe(0);
  });

  test.each<[string, string | undefined, string]>([
    ['no bundle', undefined, 'it is missing'],
    ['no main_handler', 'exports.handler = 1;', 'no main_handler'],
    ['an exception at load', 'throw new Error("broken at load");', 'broken at load'],
    ['a package left outside', `${sound} exports.x = () => require('kysely');`, 'it requires kysely'],
    ['a native module', `${sound} exports.x = () => require('./binding.node');`, 'binding.node'],
    ["libsql's binding code", `${sound} exports.x = "@neon-rs/load";`, "libsql's native binding code"],
    ['certificates', `${sound} exports.x = "-----BEGIN CERTIFICATE-----\\nMIIEBj";`, 'certificates of Amazon RDS'],
    ['more than 0.84 MB', `${sound} // ${'x'.repeat(860_000)}`, 'more than 840000'],
  ])('refuses %s', (_what, bundle, reason) => {
    const { status, text } = check(bundle);
    expect(text).toContain(reason);
    expect(status).toBe(1);
  });

  test('refuses certificates in a package beside it', () => {
    writeFileSync(join(folder, 'dist/mysql-client.js'), 'exports.x = "-----BEGIN CERTIFICATE-----\\nMIIEBj";');
    const { status, text } = check(sound);
    expect(text).toContain('mysql-client.js beside it: it contains the certificates of Amazon RDS');
    expect(status).toBe(1);
  });
});
