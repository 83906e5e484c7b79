/** CONTRIBUTING.md lists the packages, and the files that a new endpoint, field of an answer, event, column or setting touches. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Edit, LISTS, listed, named } from './edits';

const root = join(__dirname, '../..');
const filesOf = (edits: readonly Edit[]) => [...new Set(edits.map(({ file }) => file))].sort();

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
