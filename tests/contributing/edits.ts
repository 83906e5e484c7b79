/** One more endpoint, field of an answer, event, column and setting: what CONTRIBUTING.md says of each, and the edits. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface Edit {
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
    after: /const MIGRATIONS: [^\n]*\{\n/,
    text: "  '0099_dummy': async () => (await import('./0099-dummy')).dummy,\n",
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
    after: /const MIGRATIONS: [^\n]*\{\n/,
    text: "  '0098_motto': async () => (await import('./0098-motto')).motto,\n",
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
export const USE_OF_SETTING: Edit = {
  file: 'src/rules/accounts/sign-in.ts',
  after: /$/,
  text: "export const useOfDummy = (ctx: import('../context').Context): number => ctx.services.config.dummySetting;\n",
};

export const LISTS = {
  endpoint: ENDPOINT,
  answer: ANSWER,
  event: EVENT,
  column: COLUMN,
  profile: PROFILE,
  setting: SETTING,
};

interface Listed {
  file: string;
  how: string;
}

export function listed(what: string): Listed[] {
  const text = readFileSync(join(root, 'CONTRIBUTING.md'), 'utf8');
  const [, list = ''] = new RegExp(`<!-- files: ${what} -->\n((?:- .*\n)+)`).exec(text) ?? [];
  return [...list.matchAll(/^- `([^`]+)`(?: \(\*(\w+)\*\))?/gm)].map(([, file = '', how = '']) => ({ file, how }));
}

export const named = (list: readonly Listed[], how: string) =>
  list
    .filter((one) => one.how === how)
    .map(({ file }) => file)
    .sort();
