/**
 * The commands of every document, in both languages. A block of shell commands says in a comment before it what becomes of
 * it: `tested: name` (it is run unchanged), `same steps: file: word` (that test runs the same steps, and contains the word),
 * or `not run: why`, `not run by tests: why`. Commands inside sentences name existing scripts and files.
 */
import { spawn } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { commands } from '../../deploy/commands';
import { scripts } from '../../package.json';
import { ADMIN_KEY } from '../../testkit/operator';
import { type Running, runBundle } from '../console/support/bundle';
import { type Block, blocksOf, inChinese, PAGES, readPage, root } from './pages';

const SHELL = new Set(['bash', 'sh']);
const OTHER = new Set(['csv', 'json', 'yaml', 'ts', 'js', 'java', 'swift', 'mermaid', 'dotenv', 'text']);
/** The tests that run the blocks marked as tested, unchanged. */
const TESTED: Readonly<Record<string, string>> = {
  walk: 'tests/readme.test.ts',
  code: 'tests/readme.test.ts',
  release: 'tests/self-host/files.test.ts',
  shell: 'tests/docs/commands.test.ts',
};

function problemOf({ language, mark, text }: Block): string | undefined {
  const first = text.split('\n')[0];
  if (OTHER.has(language)) return undefined;
  if (!SHELL.has(language)) return `${first}: a block of which language?`;
  const [, kind, what = ''] = /^(tested|same steps|not run|not run by tests): (.+)$/.exec(mark) ?? [];
  if (kind === 'tested') return TESTED[what] ? undefined : `${first}: no test runs ${what}`;
  if (kind !== 'same steps') return kind === undefined ? `${first}: who runs this?` : undefined;
  const [, file = '', word = ''] = /^(\S+): (.+)$/.exec(what) ?? [];
  const there = existsSync(join(root, file)) && readFileSync(join(root, file), 'utf8').includes(word);
  return there ? undefined : `${first}: ${file} has no ${word}`;
}

test.each(PAGES)('%s says of every block of commands who runs it', (page) => {
  expect(blocksOf(page).map(problemOf).filter(Boolean)).toEqual([]);
});

test('finds a block that no user runs', () => {
  const block = { page: 'x.md', language: 'sh', text: 'rm -rf /\n' };
  expect(problemOf({ ...block, mark: '' })).toBe('rm -rf /: who runs this?');
  expect(problemOf({ ...block, mark: 'tested: nothing' })).toBe('rm -rf /: no test runs nothing');
  expect(problemOf({ ...block, mark: 'same steps: .ci/run: rm -rf /' })).toMatch('has no');
  expect(problemOf({ ...block, language: '', mark: 'tested: walk' })).toMatch('which language');
});

const shellOf = (page: string) => blocksOf(page).filter(({ language }) => SHELL.has(language));
const translated = PAGES.filter((page) => inChinese(page) !== undefined);

test.each(translated)('%s has the same commands in both languages', (page) => {
  const commandsOf = (one: string) =>
    shellOf(one).map(({ mark, text }) => [mark, text.replaceAll(/(^|\s)#.*$/gm, '').trimEnd()]);
  expect(commandsOf(inChinese(page) ?? '')).toEqual(commandsOf(page));
});

/** The words of inline commands, `npx sls deploy --plan` and the like. */
const inline = (page: string, start: RegExp) =>
  [...readPage(page).matchAll(/`([^`\n]+)`/g)].map(([, text = '']) => text).filter((text) => start.test(text));

test.each(PAGES)('%s names only commands that there are', (page) => {
  const texts = [...inline(page, /^(npm|npx|node) /), ...shellOf(page).flatMap(({ text }) => text.split('\n'))];
  const unknown = texts.filter((text) => {
    const [, script] = /\bnpm run (?:--silent |-s )?([\w:-]+)/.exec(text) ?? [];
    if (script !== undefined) return !Object.hasOwn(scripts, script);
    const [, file] = /\bnode ((?:scripts|examples|self-host)\/\S+)/.exec(text) ?? [];
    if (file !== undefined) return !existsSync(join(root, file));
    const [, command = '', sub = '', rest = ''] = /\bnpx sls ([a-z]+)(?: (local)\b)?(.*)$/.exec(text) ?? [];
    if (command === '') return false;
    const declared = sub === '' ? commands[command] : commands[command]?.commands?.[sub];
    // package is the framework's own, and so are --stage and --package.
    if (!declared) return command !== 'package';
    const options = [...rest.matchAll(/--([a-z-]+)/g)].map(([, name = '']) => name);
    return options.some((name) => name !== 'stage' && !Object.hasOwn(declared.options ?? {}, name));
  });
  expect(unknown).toEqual([]);
});

const pagesOf = PAGES.filter((page) => shellOf(page).some(({ mark }) => mark === 'tested: shell'));

describe.each(pagesOf)('%s', (page) => {
  let service: Running;
  beforeAll(async () => {
    const trtc = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64), TIM_ENDPOINT: 'off' };
    service = await runBundle({ env: { ...trtc, ADMIN_KEY } });
  });
  afterAll(() => service?.stop());

  test('has commands that work unchanged', async () => {
    const blocks = shellOf(page).filter(({ mark }) => mark === 'tested: shell');
    const given = `SERVER=${service.base}\nKEY=${ADMIN_KEY}\n`;
    // The reader's own key is the one thing that is put in.
    const script = given + blocks.map(({ text }) => text.replaceAll(/^(SERVER|KEY)=.*$/gm, '')).join('echo\n');
    const folder = mkdtempSync(join(tmpdir(), 'live-room-commands-'));
    const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], {
      cwd: folder,
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    let output = '';
    shell.stdout.on('data', (part: Buffer) => {
      output += part.toString();
    });
    expect(await new Promise((resolve) => shell.on('close', resolve))).toBe(0);
    const answers = output.split('\n').filter((line) => line !== '');
    expect(answers.length).toBeGreaterThan(0);
    for (const answer of answers) expect(JSON.parse(answer)).toMatchObject({ errorCode: 0 });
    if (script.includes('audit.csv')) expect(readFileSync(join(folder, 'audit.csv'), 'utf8')).toMatch(/add_operator/);
    rmSync(folder, { recursive: true });
  });
});
