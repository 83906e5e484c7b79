/** docs/architecture.md, its pictures and tests/README.md name only what exists, and tests/README.md every folder of tests. */
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const root = join(__dirname, '../..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');

test.each(['docs/architecture.md', 'docs/architecture.zh-CN.md', 'docs/images/folders.svg', 'docs/images/request.svg'])(
  '%s names only files and folders that exist',
  (file) => {
    const named = [...read(file).matchAll(/\bsrc\/[\w./-]*\w\/?/g)].map(([path]) => path);
    expect(named.length).toBeGreaterThan(5);
    expect(named.filter((path) => !existsSync(join(root, path)))).toEqual([]);
  },
);

test('both languages name the same files', () => {
  const files = (file: string) => [...read(file).matchAll(/`(src\/[^`]+)`/g)].map(([, path]) => path).sort();
  expect(files('docs/architecture.zh-CN.md')).toEqual(files('docs/architecture.md'));
});

test('the picture of the folders has every folder of src', () => {
  const folders = readdirSync(join(root, 'src'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const picture = read('docs/images/folders.svg');
  expect(folders.map(({ name }) => name).filter((name) => !picture.includes(`src/${name}/`))).toEqual([]);
});

test('tests/README.md has every folder of tests', () => {
  const folders = readdirSync(join(root, 'tests'), { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const listed = [...read('tests/README.md').matchAll(/^\| `(\w[\w-]*)\/` \|/gm)].map(([, name]) => name);
  expect(listed).toEqual(folders.map(({ name }) => name).sort());
});
