/** The TypeScript and JavaScript of the documents compiles against the client as it is built, in both languages. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { blocksOf, PAGES, root } from './pages';

/** The reader's context: a received request, and the environment. */
const GIVEN = `
declare const secret: string;
declare const rawBody: string;
declare const request: { headers: Record<string, string> };
declare const process: { env: Record<string, string | undefined> };
declare const console: { log(...values: unknown[]): void };
`;

const snippets = PAGES.flatMap(blocksOf).filter(({ language }) => language === 'ts' || language === 'js');

test('there are some', () => {
  expect(snippets.map(({ page }) => page)).toEqual(expect.arrayContaining(['client/README.md', 'docs/operators.md']));
});

test('every one compiles, next to the others', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-snippets-'));
  const files = snippets.map(({ text }, index) => {
    writeFileSync(join(folder, `${index}.ts`), `${text}\nexport {};\n`);
    return `${index}.ts`;
  });
  writeFileSync(join(folder, 'given.d.ts'), GIVEN);
  const { exports } = JSON.parse(readFileSync(join(root, 'client/package.json'), 'utf8'));
  const paths = Object.entries<{ import?: { types: string } }>(exports)
    .filter(([, entry]) => entry.import)
    .map(([name, entry]) => [`live-room-client${name.slice(1)}`, [join(root, 'client', entry.import?.types ?? '')]]);
  const compilerOptions = {
    target: 'es2022',
    lib: ['es2022'],
    types: [],
    module: 'esnext',
    moduleResolution: 'bundler',
    strict: true,
    noEmit: true,
    paths: { ...Object.fromEntries(paths), standardwebhooks: [join(root, 'node_modules/standardwebhooks')] },
    skipLibCheck: true,
  };
  writeFileSync(join(folder, 'tsconfig.json'), JSON.stringify({ compilerOptions, files: [...files, 'given.d.ts'] }));
  const tsc = join(root, 'node_modules/typescript/bin/tsc');
  const { stdout } = spawnSync(process.execPath, [tsc, '-p', folder], { cwd: folder, encoding: 'utf8' });
  rmSync(folder, { recursive: true });
  const found = stdout.replaceAll(/^(\d+)\.ts/gm, (_all, index: string) => snippets[Number(index)]?.page ?? '');
  expect(found).toBe('');
});
