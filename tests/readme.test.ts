/**
 * The READMEs: their commands run unchanged, both say the same, and every file they point to exists.
 */
import { spawn, spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { compose } from '../src/compose';
import { ALL_SETTINGS } from '../src/config/settings';
import { createHttpServer } from '../src/http/node/server';
import { createApp } from '../src/http/pipeline';
import { testedBlock } from './docs/pages';

const root = join(__dirname, '..');
const read = (file: string) => readFileSync(join(root, file), 'utf8');
const READMES = ['README.md', 'README.zh-CN.md'];

function codeBlocks(file: string): string[] {
  const blocks = [...read(file).matchAll(/```(?:bash|json)?\n([\s\S]*?)```/g)].map((match) => match[1] ?? '');
  // Comments are in the language of the page.
  return blocks.map((block) => block.replace(/^#.*$/gm, '#'));
}

/** The commands of a README need a shell and curl; CI has both. */
const hasShell = ['bash', 'curl'].every((program) => spawnSync(program, ['--version']).status === 0);
const itWithShell = hasShell || process.env['CI'] === 'true' ? it : it.skip;
if (!hasShell)
  process.stderr.write('\n*** SKIPPED: the commands of the READMEs were not run, bash or curl is missing ***\n\n');

describe.each(READMES)('%s', (file) => {
  itWithShell('walks from sign-up to the end of a room with the unchanged commands', async () => {
    const { composition, write } = compose({ env: { SQLITE_PATH: ':memory:' }, allowDemo: true, write: () => {} });
    const server = createHttpServer(createApp({ composition, write }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    const script = testedBlock(file, 'walk').replaceAll('localhost:9000', `127.0.0.1:${port}`);
    const answers = await run(script);
    server.close();
    server.closeAllConnections();
    expect(answers.map((answer) => answer.errorCode)).toEqual([0, 0, 0, 0, 0]);
    expect(answers[2]?.data).toMatchObject([{ roomId: '1', title: 'Hello', nnUsers: 1 }]);
  });

  itWithShell('signs in by a code with the unchanged commands', async () => {
    const folder = mkdtempSync(join(tmpdir(), 'live-room-readme-'));
    const terminal = join(folder, 'terminal');
    const { composition, write } = compose({
      env: { SQLITE_PATH: ':memory:' },
      allowDemo: true,
      write: () => {},
      writeCode: (line) => writeFileSync(terminal, line),
    });
    const server = createHttpServer(createApp({ composition, write }));
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const { port } = server.address() as AddressInfo;
    // Who reads the terminal and types.
    const typed = testedBlock(file, 'code').replace("read -rp 'Code: ' CODE", `CODE=$(sed 's/.*: //' ${terminal})`);
    const answers = await run(typed.replaceAll('localhost:9000', `127.0.0.1:${port}`));
    server.close();
    server.closeAllConnections();
    expect(readFileSync(terminal, 'utf8')).toMatch(/^sign-in code for \+8613800000001: \d{6}\n$/);
    rmSync(folder, { recursive: true });
    expect(answers).toMatchObject([{ errorCode: 0, data: { userId: '1', phone: '+8613800000001' } }]);
  });

  it('points only to files that are there', () => {
    const targets = [...read(file).matchAll(/\]\((?!https?:)([^)#]+)/g)].map((match) => match[1] ?? '');
    expect(targets.length).toBeGreaterThan(5);
    expect(targets.filter((target) => !existsSync(join(root, target)))).toEqual([]);
  });

  it('names only settings that exist, with their defaults', () => {
    const table = read(file).slice(read(file).search(/## (Settings|配置)/));
    const known = new Map(ALL_SETTINGS.map((setting) => [setting.name, setting.shown]));
    const rows = [...table.matchAll(/^\| (`[A-Z][^|]*) \| ([^|]*) \|/gm)].map(([, names = '', defaults = '']) => ({
      names: [...names.matchAll(/`([A-Z]\w+)`/g)].map(([, name = '']) => name),
      defaults: defaults.split(/, |、/).map((one) => one.replaceAll('`', '')),
    }));
    const names = rows.flatMap((row) => row.names);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !known.has(name))).toEqual([]);
    const numeric = rows.filter((row) => row.defaults.every((one) => /^\d+$/.test(one)));
    expect(numeric.length).toBeGreaterThan(1);
    for (const row of numeric) expect(row.defaults).toEqual(row.names.map((name) => known.get(name)));
  });
});

it('has the same commands in both languages', () => {
  expect(codeBlocks('README.md')).toEqual(codeBlocks('README.zh-CN.md'));
});

it('names only npm scripts that exist', () => {
  const { scripts } = JSON.parse(read('package.json'));
  const named = READMES.flatMap((file) => [...read(file).matchAll(/npm (?:run )?(start|test|build|bench|check)\b/g)]);
  expect(named.length).toBeGreaterThan(8);
  for (const [, name = ''] of named) expect(Object.keys(scripts)).toContain(name);
});

/** Runs a shell script while this process continues serving, and parses each JSON answer it prints. */
async function run(script: string): Promise<{ errorCode: number; data?: unknown }[]> {
  const shell = spawn('bash', ['-euo', 'pipefail', '-c', script], { stdio: ['ignore', 'pipe', 'inherit'] });
  let output = '';
  shell.stdout.on('data', (chunk: Buffer) => {
    output += chunk.toString();
  });
  const code = await new Promise((resolve) => shell.on('close', resolve));
  expect(code).toBe(0);
  return output
    .replaceAll('}{', '}\n{')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
