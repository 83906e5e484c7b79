/**
 * CONTRIBUTING.md says which files one more endpoint, column and setting touch. Here one of each is added to a copy of the
 * sources: with every file of the list they compile, and without the ones that say "compiler" it is these that are named.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '..');

test.each([
  ['dependencies', 'package.json', 'dependencies'],
  ['devDependencies', 'package.json', 'devDependencies'],
  ['tests/docs/tools', 'tests/docs/tools/package.json', 'devDependencies'],
])('says what every package of %s earns', (name, file, field) => {
  const page = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const table = page.split(`<!-- packages: ${name} -->\n`)[1]?.split('\n\n')[0] ?? '';
  const named = [...table.matchAll(/^\| ([^|]+) \| .{3,} \|$/gm)]
    .slice(2)
    .flatMap(([, names = '']) => names.split(', '));
  const manifest = JSON.parse(readFileSync(join(root, file), 'utf8'));
  expect(named.sort()).toEqual(Object.keys(manifest[field]).sort());
});

const COPIED = ['src', 'testkit', 'tests/contract/support', 'tests/tsconfig.jest.json', 'package.json'];

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
    fields: { roomId: required(ROOM_ID) }, okMessage: '', invalid: 'RoomQueryParams', errors: [],
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
    file: 'tests/contract/support/cases.ts',
    after: /const CASES = \[\n/,
    text: "  { endpoint: 'rooms/dummy_call', texts: { roomId: 47 }, required: ['roomId'], invalid: 2002, good: { roomId: '1' } },\n",
  },
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
  { file: 'src/data/rooms/room-columns.ts', after: /const NEXT_BROADCAST = \{\n/, text: "  dummy: 'kept',\n" },
  { file: 'src/data/rooms/rooms.ts', after: /ROOM_TEXTS = columns\('rooms', 'r', \[\n?/, text: "  'dummy',\n" },
];

const SETTING: readonly Edit[] = [
  {
    file: 'src/config/settings/server.ts',
    after: /settings: \{\n/,
    text: "    dummySetting: integer('DUMMY_SETTING', 1, { en: 'x', zh: 'x', min: 0, max: 9 }),\n",
  },
];

/** The use of the setting; it is in no list, since it is what the setting is for. */
const USE_OF_SETTING: Edit = {
  file: 'src/rules/accounts/throttles.ts',
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

/** Files with errors when the copy with these edits is type-checked. */
function compile(edits: readonly Edit[]): string[] {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-contributing-'));
  try {
    for (const part of COPIED) cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, 'node_modules'), join(folder, 'node_modules'));
    const config = JSON.parse(readFileSync(join(root, 'tsconfig.json'), 'utf8'));
    const include = ['src', 'tests/contract/support'];
    writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ ...config, include }));
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
  expect(compile([...ENDPOINT, ...COLUMN, ...SETTING, USE_OF_SETTING])).toEqual([]);
}, 300_000);

test('what is forgotten is named by the compiler', () => {
  const needed = { endpoint: named(listed('endpoint'), 'compiler'), column: named(listed('column'), 'compiler') };
  const first = ENDPOINT.filter(({ file }) => !needed.endpoint.includes(file));
  // A column that is read but not declared; a setting that is used but not there.
  const column = COLUMN.filter(({ file }) => needed.column.includes(file));
  const errors = compile([...first, ...column, USE_OF_SETTING]);
  expect(errors).toEqual([...needed.endpoint, ...needed.column, USE_OF_SETTING.file].sort());
}, 300_000);

test('the lists name the files that one more of each touches', () => {
  const endpoint = listed('endpoint');
  expect(
    endpoint
      .filter(({ how }) => how !== 'test')
      .map(({ file }) => file)
      .sort(),
  ).toEqual(filesOf(ENDPOINT));
  expect(
    listed('column')
      .map(({ file }) => file)
      .sort(),
  ).toEqual(filesOf(COLUMN));
  expect(listed('setting').map(({ file }) => file)).toEqual(filesOf(SETTING));
});

test('what a test names is there, and looks at every endpoint', () => {
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
