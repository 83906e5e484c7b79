/** The requirements of a release, met by this tree except for those decided on the day. */
import { execFileSync } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';

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
  expect(obstacles({ ...good, tag: 'v1.2.3' })).toEqual([]);
});

test.each([
  ['uncommitted changes', { status: ' M README.md' }, /not committed/],
  ['a client of another version', { clientVersion: '1.2.2' }, /client\/package.json/],
  ['no chapter', { changelog: '# Changes\n' }, /CHANGELOG/],
  ['a chapter without a date', { changelog: '## 1.2.3\n' }, /CHANGELOG/],
  ['another tag', { tag: 'v1.2.4' }, /the tag is v1\.2\.4/],
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

test('the bill of materials names this version and its packages, and no tool', () => {
  const program = `import { softwareBillOfMaterials } from './scripts/release.mjs';
    console.log(JSON.stringify(softwareBillOfMaterials()))`;
  const bill = JSON.parse(execFileSync(process.execPath, ['--input-type=module', '-e', program], { encoding: 'utf8' }));
  const manifest = JSON.parse(readFileSync('package.json', 'utf8'));
  expect(bill).toMatchObject({ bomFormat: 'CycloneDX' });
  expect(bill.metadata.component).toMatchObject({ name: 'live-room', version: manifest.version });
  const names = bill.components.map(({ name }: { name: string }) => name);
  expect(names).toEqual(expect.arrayContaining(['mysql2', 'kysely', 'libsql']));
  expect(names).not.toContain('jest');
});

test('a workflow that publishes writes its repository into the package, as npm asks of a provenance', () => {
  const program = `import { publishedManifest } from './scripts/pack.mjs';
    import { readFileSync } from 'node:fs';
    console.log(JSON.stringify(publishedManifest(JSON.parse(readFileSync('package.json', 'utf8')))))`;
  const manifestOf = (env: Record<string, string>) =>
    JSON.parse(
      execFileSync(process.execPath, ['--input-type=module', '-e', program], {
        encoding: 'utf8',
        env: { PATH: process.env['PATH'], ...env },
      }),
    );
  const github = { GITHUB_SERVER_URL: 'https://github.com', GITHUB_REPOSITORY: 'an-owner/a-name' };
  expect(manifestOf(github)).toMatchObject({ repository: { url: 'git+https://github.com/an-owner/a-name.git' } });
  expect(manifestOf({})).not.toHaveProperty('repository');
});

describe('the workflows', () => {
  const folder = '.github/workflows';
  const workflows = readdirSync(folder).map((name) => [name, readFileSync(`${folder}/${name}`, 'utf8')] as const);

  test.each(workflows)('%s pins each action by a commit, and may only read unless a job says more', (_name, text) => {
    const used = [...text.matchAll(/uses: (.+)$/gm)].map(([, action = '']) => action);
    expect(used.length).toBeGreaterThan(0);
    for (const action of used) expect(action).toMatch(/^actions\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$/);
    expect(text).toMatch(/^permissions:\n {2}contents: read$/m);
  });

  test('a tag publishes both packages with provenance, after everything that CI runs', () => {
    const [, text = ''] = workflows.find(([name]) => name === 'release.yml') ?? [];
    expect(text).toMatch(/tags: \['v\*'\]/);
    expect(text).toContain('bash .ci/run');
    expect(text).toContain('npm publish --provenance');
    expect(text).toContain('id-token: write');
  });
});
