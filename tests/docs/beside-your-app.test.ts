/** docs/beside-your-app.md: twelve questions with an answer each, and no call or setting that does not exist. */
import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SETTINGS } from '../../src/config/settings';
import { contract } from '../../src/contract';
import { adminContract } from '../../src/contract/admin';
import { readPage, root } from './pages';

const PAGES = ['docs/beside-your-app.md', 'docs/beside-your-app.zh-CN.md'];
const PICTURES = readdirSync(join(root, 'docs/images'))
  .filter((name) => /^beside-.*\.svg$/.test(name))
  .map((name) => `docs/images/${name}`);
const paths = new Set([...Object.values(contract), ...Object.values(adminContract)].map(({ path }) => String(path)));

test.each(PAGES)('%s answers twelve questions, each with a link', (page) => {
  const [, rows = ''] = readPage(page).split(/^\| --- \| --- \|$/m);
  const answers = (rows.split('\n\n')[0] ?? '').split('\n').filter((row) => row.startsWith('| '));
  expect(answers).toHaveLength(12);
  expect(answers.filter((row) => !/\]\([^)]+\)/.test(row))).toEqual([]);
});

test.each([...PAGES, ...PICTURES])('%s names only calls that there are', (file) => {
  const named = [...readPage(file).matchAll(/\b(?:admin|oauth|rooms|auth_users)\/[a-z]\w+/g)].map(([path]) => path);
  expect(named.length).toBeGreaterThan(0);
  expect(named.filter((path) => !paths.has(path))).toEqual([]);
});

test.each(PAGES)('%s names only settings that there are', (page) => {
  const settings = new Set(ALL_SETTINGS.map(({ name }) => name));
  const named = [...readPage(page).matchAll(/`([A-Z][A-Z0-9]+(?:_[A-Z0-9]+)+)(?:=\w+)?`/g)].map(
    ([, name = '']) => name,
  );
  expect(named.length).toBeGreaterThan(10);
  expect(named.filter((name) => !settings.has(name))).toEqual([]);
});

test('the pictures have a title and colours for dark pages, and both languages show all of them', () => {
  expect(PICTURES).toHaveLength(4);
  for (const picture of PICTURES) {
    expect(readPage(picture)).toMatch(/<title id="title">[^<]+<\/title>/);
    expect(readPage(picture)).toContain('prefers-color-scheme: dark');
    for (const page of PAGES) expect(readPage(page)).toContain(`(${picture.replace('docs/', '')})`);
  }
});
