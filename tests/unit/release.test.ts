/** The requirements of a release, met by this tree except for those decided on the day. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';

/** The script is not TypeScript; it runs in a separate process. */
function obstacles(tree: Readonly<Record<string, string>>): string[] {
  const program = `import { obstacles } from './scripts/release.mjs';
    console.log(JSON.stringify(obstacles(${JSON.stringify(tree)})))`;
  return JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
}

const good = {
  version: '1.2.3',
  clientVersion: '1.2.3',
  changelog: '# Changes\n\n## 1.2.3 (2026-11-24)\n',
  status: '',
};

test('a tree with everything is released', () => {
  expect(obstacles(good)).toEqual([]);
});

test.each([
  ['uncommitted changes', { status: ' M README.md' }, /not committed/],
  ['a client of another version', { clientVersion: '1.2.2' }, /client\/package.json/],
  ['no chapter', { changelog: '# Changes\n' }, /CHANGELOG/],
  ['a chapter without a date', { changelog: '## 1.2.3\n' }, /CHANGELOG/],
  ['a chapter of another version', { changelog: '## 1.2.30 (2026-11-24)\n' }, /CHANGELOG/],
])('%s stop it', (_name, change, sentence) => {
  expect(obstacles({ ...good, ...change }).join()).toMatch(sentence);
});

test('versions and changelog of this tree match', () => {
  const version = (path: string): string => JSON.parse(readFileSync(path, 'utf8')).version;
  const changelog = readFileSync('CHANGELOG.md', 'utf8');
  const tree = {
    version: version('package.json'),
    clientVersion: version('client/package.json'),
    changelog,
    status: '',
  };
  expect(obstacles(tree)).toEqual([]);
});
