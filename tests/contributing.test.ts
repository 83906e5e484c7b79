/**
 * CONTRIBUTING.md lists the files that a new endpoint, field of an answer, event, column or setting touches. Here one of each
 * is added to a copy of the project: with every listed file all of it compiles, and without the files that say "compiler" the
 * compiler names exactly those.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');

test.each([
  ['dependencies', 'package.json', 'dependencies'],
  ['devDependencies', 'package.json', 'devDependencies'],
  ['testkit/document-tools', 'testkit/document-tools/package.json', 'devDependencies'],
])('says what every package of %s earns', (name, file, field) => {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const table = page.split(`<!-- packages: ${name} -->\n`)[1]?.split('\n\n')[0] ?? '';
  const named = [...table.matchAll(/^\| ([^|]+) \| .{3,} \|$/gm)]
    .slice(2)
    .flatMap(([, names = '']) => names.split(', '));
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
  expect(named.sort()).toEqual(Object.keys(manifest[field]).sort());
});

const CONFIG: { include: readonly string[] } = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));

/** All that `npm run typecheck` compiles, bench included. */
const COPIED: readonly string[] = [...CONFIG.include, 'web', 'package.json'];

interface Edit {
  file: string;
  /** The text that `text` is put behind; undefined: a new file. */
  after?: string | RegExp;
  text: string;
}

const ENDPOINT: readonly Edit[] = [
  {
    file: 'src/contract/rooms.ts',
    after: /export const roomsContract = \{\n/,
    text: `  dummyCall: {
    path: 'rooms/dummy_call', summary: { en: 'x', zh: 'x' }, notes: { en: 'x', zh: 'x' }, session: 'required',
    costs: {}, fields: { roomId: required(ROOM_ID) }, okMessage: '', invalid: 'RoomQueryParams', errors: [],
  },\n`,
  },
  {
    file: 'src/rules/rooms/dummy-call.ts',
    text: "import type { InputOf } from '../../contract';\n\nexport async function dummyCall(_input: InputOf<'dummyCall'>, _ctx: import('../context').CallerContext): Promise<undefined> {}\n",
  },
  { file: 'src/rules/handlers.ts', after: /export const handlers[^=]*= \{\n/, text: '  dummyCall,\n' },
  {
    file: 'src/rules/handlers.ts',
    after: /import \{ destroyRoom \} from '\.\/rooms\/destroy-room';\n/,
    text: "import { dummyCall } from './rooms/dummy-call';\n",
  },
  {
    file: 'tests/attacks/support/walk-calls.ts',
    after: /export const HOSTILE[^=]*= \{\n/,
    text: '  dummyCall: ofAccount(() => ({})),\n',
  },
  { file: 'bench/coverage.ts', after: /not: string \}>> = \{\n/, text: "  dummyCall: { not: 'x' },\n" },
];

const COLUMN: readonly Edit[] = [
  { file: 'src/data/schema.ts', after: /export interface RoomsTable \{\n/, text: '  dummy: Generated<number>;\n' },
  {
    file: 'src/data/migrations/0099-dummy.ts',
    text: `import type { Migration } from 'kysely';
import { addColumn, type Kind, TIME } from './tables';

export function dummy(kind: Kind): Migration {
  return { up: (db) => addColumn(db, kind, { table: 'rooms', column: 'dummy', definition: TIME }) };
}\n`,
  },
  {
    file: 'src/data/migrations/migrations.ts',
    after: /function migrationsFor[^{]*\{\s*return \{\n/,
    text: "    '0099_dummy': dummy(kind),\n",
  },
  {
    file: 'src/data/migrations/migrations.ts',
    after: /import type \{ Kind \} from '\.\/tables';\n/,
    text: "import { dummy } from './0099-dummy';\n",
  },
  {
    file: 'src/data/privacy.ts',
    after: /\n {2}rooms: \{[\s\S]*?columns: \{\n/,
    text: "      dummy: 'technical',\n",
  },
  { file: 'src/data/rooms/room-columns.ts', after: /const NEXT_BROADCAST = \{\n/, text: "  dummy: 'kept',\n" },
  { file: 'src/data/rooms/rooms.ts', after: /ROOM_TEXTS = columns\('rooms', 'r', \[\n?/, text: "  'dummy',\n" },
];

const ANSWER: readonly Edit[] = [
  { file: 'src/contract/rooms.ts', after: / {2}nnUsers: int,\n/, text: '  dummyCount: int,\n' },
  { file: 'src/contract/rooms.ts', after: / {2}nnUsers: 2,\n/, text: '  dummyCount: 2,\n' },
  {
    file: 'src/contract/answer-texts.ts',
    after: /DATA_TEXTS[^{]*\{\n/,
    text: "  dummyCount: { en: 'x', zh: 'x' },\n",
  },
  { file: 'src/rules/rooms/query-rooms.ts', after: / nnUsers: room[^\n]*\n/, text: '    dummyCount: 0,\n' },
];

const EVENT: readonly Edit[] = [
  {
    file: 'src/contract/events.ts',
    after: / {2}'user\.created': \{/,
    text: `
    summary: { en: 'x', zh: 'x' },
    data: v.strictObject({ userId: v.string() }),
    exampleData: { userId: '2' },
  },
  'user.dummied': {`,
  },
  {
    file: 'src/rules/webhooks/users.ts',
    after: /$/,
    text: `export function tellOfDummy(tx: Executor, emitter: Emitter): Promise<void> {
  return emit(tx, emitter, { type: 'user.dummied', tenant: '', data: { userId: '1' } });
}\n`,
  },
];

/** A column without a default, which user_update changes. */
const PROFILE: readonly Edit[] = [
  { file: 'src/data/schema.ts', after: / {2}tag2: string;\n/, text: '  motto: string;\n' },
  {
    file: 'src/data/migrations/0098-motto.ts',
    text: `import type { Migration } from 'kysely';
import { addColumn, type Kind, text } from './tables';

export function motto(kind: Kind): Migration {
  return { up: (db) => addColumn(db, kind, { table: 'users', column: 'motto', definition: text(128) }) };
}\n`,
  },
  {
    file: 'src/data/migrations/migrations.ts',
    after: /function migrationsFor[^{]*\{\s*return \{\n/,
    text: "    '0098_motto': motto(kind),\n",
  },
  {
    file: 'src/data/migrations/migrations.ts',
    after: /import type \{ Kind \} from '\.\/tables';\n/,
    text: "import { motto } from './0098-motto';\n",
  },
  { file: 'src/data/privacy.ts', after: /\n {2}users: \{[\s\S]*?columns: \{\n/, text: "      motto: 'person',\n" },
  { file: 'src/data/accounts/accounts.ts', after: /email: '', tag: '', /, text: "motto: '', " },
  { file: 'src/data/accounts/accounts.ts', after: /PROFILE_TEXTS = \[/, text: "'motto', " },
  { file: 'src/data/accounts/accounts.ts', after: /const USER = columns\('users', '', \[\n/, text: "  'motto',\n" },
  {
    file: 'src/contract/auth-users.ts',
    after: / {6}tag: tagField\('Label of the user\.'[^\n]*\n/,
    text: "      motto: tagField('x', 'x', 'x'),\n",
  },
];

const SETTING: readonly Edit[] = [
  {
    file: 'src/config/settings/server.ts',
    after: /settings: \{\n/,
    text: "    dummySetting: integer('DUMMY_SETTING', 1, { en: 'x', zh: 'x', min: 0, max: 9 }),\n",
  },
];

/** The use of the setting; it is in no list, because the author of the setting writes it anyway. */
const USE_OF_SETTING: Edit = {
  file: 'src/rules/accounts/session-cap.ts',
  after: /$/,
  text: "export const useOfDummy = (ctx: import('../context').Context): number => ctx.services.config.dummySetting;\n",
};

interface Listed {
  file: string;
  how: string;
}

function listed(what: string): Listed[] {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, list = ''] = new RegExp(`<!-- files: ${what} -->\n((?:- .*\n)+)`).exec(text) ?? [];
  return [...list.matchAll(/^- `([^`]+)`(?: \(\*(\w+)\*\))?/gm)].map(([, file = '', how = '']) => ({ file, how }));
}

const filesOf = (edits: readonly Edit[]) => [...new Set(edits.map(({ file }) => file))].sort();
const named = (list: readonly Listed[], how: string) =>
  list
    .filter((one) => one.how === how)
    .map(({ file }) => file)
    .sort();

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

const LISTS = { endpoint: ENDPOINT, answer: ANSWER, event: EVENT, column: COLUMN, profile: PROFILE, setting: SETTING };

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

test.each(Object.entries(LISTS))('the list names the files that one more %s touches', (what, edits) => {
  const files = listed(what).filter(({ how }) => how !== 'test');
  expect(files.map(({ file }) => file).sort()).toEqual(filesOf(edits));
});

test('each named test exists, and checks every endpoint', () => {
  const coverage = readFileSync(join(root, 'tests/contract/coverage.test.ts'), 'utf8');
  for (const file of named(listed('endpoint'), 'test')) {
    const text = readFileSync(join(root, file), 'utf8');
    const own = text.includes('every error that an endpoint declares is reached');
    expect({ file, walked: own || coverage.includes(file.replace(/^tests\/contract\/|\.ts$/g, '')) }).toEqual({
      file,
      walked: true,
    });
  }
});
