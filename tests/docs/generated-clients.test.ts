/** Clients that two public generators make from the OpenAPI document compile, and have the types of the document. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const document = join(root, 'docs/openapi.json');
// The generators: `npm test` installs them, or `node scripts/ensure-installed.mjs testkit/document-tools`.
const tools = join(root, 'testkit/document-tools/node_modules');
// Inside the folder in which their imports are found.
let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tools, 'generated-'));
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

function run(program: string, args: readonly string[]): void {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(tools, program), ...args], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(`${program}: ${stdout}${stderr}`);
}

function compile(name: string, text: string): string {
  writeFileSync(join(folder, `${name}.ts`), text);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022', 'dom'],
    types: [],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    skipLibCheck: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [`${name}.ts`] }));
  return spawnSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', folder], {
    encoding: 'utf8',
  }).stdout;
}

test('openapi-typescript: types that accept right calls and refuse wrong ones', () => {
  run('openapi-typescript/bin/cli.js', [document, '-o', join(folder, 'types.ts')]);
  const program = `
    import type { components, operations, webhooks } from './types';
    type Body<N extends keyof operations> = operations[N] extends { requestBody?: { content: { 'application/json': infer B } } } ? B : never;
    export const list: components['schemas']['queryRoomInput'] = { userId: '1', token: 't', orderBy: 'totalJoined', limit: 5 };
    // @ts-expect-error a caller is needed
    export const query: components['schemas']['queryRoomInput'] = { token: 't' };
    export const board: Body<'adminRooms'> = { orderBy: 'viewers' };
    // @ts-expect-error no such order
    export const wrong: Body<'adminRooms'> = { orderBy: 'smell' };
    type Ended = webhooks['room.ended']['post']['requestBody']['content']['application/json'];
    export const ended = (event: Ended): 'room.ended' | 'owner' | 'operator' | 'service' | 'absence' | 'account' | 'im' =>
      event.data.endedBy === 'im' ? event.type : event.data.endedBy;
    // @ts-expect-error a room has no smell
    export const smell = (event: Ended): string => event.data.smell;
    export const room = (one: components['schemas']['Room']): number => one.nnUsers;
  `;
  expect(compile('program', program)).toBe('');
});

test('oazapfts: functions that can be called', () => {
  run('oazapfts/dist/cli.js', [document, join(folder, 'calls.ts')]);
  const program = `
    import { queryRoom, signature } from './calls';
    export async function use(): Promise<void> {
      await signature({ username: 'a', signature: 'x' });
      await queryRoom({ userId: '1', token: 't', orderBy: 'createUtc' });
      // @ts-expect-error a signature is needed
      await signature({ username: 'a' });
    }
  `;
  expect(compile('use', program)).toBe('');
});
