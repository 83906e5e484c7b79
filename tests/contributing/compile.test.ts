/**
 * One more endpoint, field of an answer, event, column and setting is added to a copy of the project: with every file that
 * CONTRIBUTING.md lists all of it compiles, and without those that say "compiler" the compiler names exactly these. Two type
 * checks of everything: `npm test` leaves this out.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Edit, LISTS, listed, named, USE_OF_SETTING } from './edits';

const root = join(__dirname, '../..');
const CONFIG: { include: readonly string[] } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));

/** All that `npm run typecheck` compiles, bench included. */
const COPIED: readonly string[] = [...CONFIG.include, 'web', 'package.json'];

function apply(folder: string, { file, after, text }: Edit): void {
  const path = join(folder, file);
  if (after === undefined) {
    writeFileSync(path, text);
    return;
  }
  const before = readFileSync(path, 'utf8');
  const [found, ...others] = [...before.matchAll(new RegExp(after, 'g'))];
  if (!found || others.length > 0) throw new Error(`${String(after)} is not once in ${file}`);
  const end = found.index + found[0].length;
  writeFileSync(path, before.slice(0, end) + text + before.slice(end));
}

/** Files with errors when the copy with these edits is type-checked, of `folders` and what these import. */
function compile(edits: readonly Edit[], folders: readonly string[] = CONFIG.include): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-contributing-'));
  try {
    const filter = (source: string) => !source.endsWith('node_modules');
    for (const part of COPIED) cpSync(join(root, part), join(folder, part), { recursive: true, filter });
    for (const tools of ['node_modules', 'testkit/document-tools/node_modules']) {
      if (existsSync(join(root, tools))) symlinkSync(join(root, tools), join(folder, tools));
    }
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...CONFIG, include: folders }));
    for (const edit of edits) apply(folder, edit);
    const tsc = join(root, 'node_modules/typescript/bin/tsc');
    const { stdout } = spawnSync(process.execPath, [tsc, '--noEmit', '--pretty', 'false'], {
      cwd: folder,
      encoding: 'utf8',
    });
    return [...new Set([...stdout.matchAll(/^([^\s(]+)\(\d+,\d+\): error/gm)].map(([, file = '']) => file))].sort();
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

test('with every file of the lists, one more of each compiles', () => {
  expect(compile([...Object.values(LISTS).flat(), USE_OF_SETTING])).toEqual([]);
}, 600_000);

test('the compiler names each forgotten place', () => {
  const edits = Object.entries(LISTS).flatMap(([what, all]) => {
    const needed = named(listed(what), 'compiler');
    // A column that is read but not declared; a setting that is used but not there.
    if (what === 'column') return all.filter(({ file }) => needed.includes(file));
    return what === 'setting' ? [] : all.filter(({ file }) => !needed.includes(file));
  });
  const needed = Object.keys(LISTS).flatMap((what) => named(listed(what), 'compiler'));
  // Both use a missing name.
  const users = [USE_OF_SETTING.file, 'src/rules/accounts/auth-users.ts'];
  // The lists name files of these folders only: the test above compiles all others.
  expect(compile([...edits, USE_OF_SETTING], ['src', 'bench', 'tests/attacks/support'])).toEqual(
    [...new Set([...needed, ...users])].sort(),
  );
}, 600_000);
