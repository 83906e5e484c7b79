/** docs/sign-in-by-code.md in both languages: its policy allows what is called, its settings exist, its files are there. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { ALL_SETTINGS } from '../../src/config/settings';

const docs = join(__dirname, '../../docs');
const PAGES = ['sign-in-by-code.md', 'sign-in-by-code.zh-CN.md'];
const read = (page: string) => readFileSync(join(docs, page), 'utf8');

function policyOf(page: string): string[] {
  const block = /<!-- tested: policy -->\s*```json\n([\s\S]*?)```/.exec(read(page))?.[1];
  if (!block) throw new Error(`${page} has no policy`);
  const { statement } = JSON.parse(block) as { statement: { action: string[] }[] };
  return statement.flatMap(({ action }) => action);
}

describe.each(PAGES)('%s', (page) => {
  it('allows exactly what sending a code calls', () => {
    const source = readFileSync(join(docs, '../src/vendors/tencent/codes-client.ts'), 'utf8');
    const called = [...source.matchAll(/new (\w+)Client\(settings\(call\)\)\.(\w+)\(/g)].map(
      ([, product = '', action]) => `${product.toLowerCase()}:${action}`,
    );
    expect(called.length).toBeGreaterThan(4);
    // Uploads have a section of their own.
    expect(read(page)).toContain('sts:GetFederationToken');
    const sending = called.filter((action) => action !== 'sts:GetFederationToken');
    expect(
      policyOf(page)
        .filter((action) => !action.startsWith('trtc:'))
        .sort(),
    ).toEqual(sending.sort());
  });

  it('names only settings that exist', () => {
    const known = new Set(ALL_SETTINGS.map(({ name }) => name));
    const named = [...read(page).matchAll(/`([A-Z][A-Z0-9]*_[A-Z0-9_]+|CAPTCHA)(?:=[^`]*)?`/g)].map(
      ([, name = '']) => name,
    );
    expect(new Set(named).size).toBeGreaterThan(25);
    expect(named.filter((name) => !known.has(name))).toEqual([]);
  });

  it('points only to files that are there', () => {
    const targets = [...read(page).matchAll(/\]\((?!https?:|#)([^)#]+)/g)].map(([, target = '']) => target);
    expect(targets.length).toBeGreaterThan(4);
    expect(targets.filter((target) => !existsSync(join(docs, target)))).toEqual([]);
  });
});

it('has the same settings in the same tables in both languages', () => {
  const cells = (page: string) =>
    [...read(page).matchAll(/^\|(.*)\|$/gm)].map(([, row = '']) =>
      [...row.matchAll(/`[A-Z][A-Z0-9_]+/g)].map(([name]) => name),
    );
  const [english = '', chinese = ''] = PAGES;
  expect(cells(english).length).toBeGreaterThan(12);
  expect(cells(chinese)).toEqual(cells(english));
});
