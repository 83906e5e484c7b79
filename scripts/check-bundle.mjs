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

/** About 3 % above what the service has now; a package that slips in is larger. */
const maxBytes = 840_000;

// Each is a text that only the unwanted package contains.
const unwanted = {
  "libsql's native binding code": ['@neon-rs/load', '@libsql/linux', '@libsql/darwin', '@libsql/win32'],
  // The package's name alone proves nothing: mysql2 carries its own package.json, which names it.
  // With the beginning of a certificate behind it: the token library knows the line itself.
  'the certificates of Amazon RDS': ['BEGIN CERTIFICATE-----\\nMII', 'BEGIN CERTIFICATE-----\nMII'],
};

// libsql is for laptops only. mysql2 tries cardinal for coloured debug output, and the TRTC client's node-fetch tries
// encoding for old character sets; both go on without it.
const mayBeMissing = ['libsql', 'cardinal', 'encoding'];

/** The names a bundle requires or imports when it runs. esbuild parses it, so names inside texts do not count. */
async function requiredModules(file) {
  const { build } = await import('esbuild');
  const options = { bundle: true, packages: 'external', platform: 'node', write: false, outdir: 'unused' };
  const { metafile } = await build({ entryPoints: [file], ...options, metafile: true, logLevel: 'silent' });
  return Object.values(metafile.inputs).flatMap(({ imports }) =>
    imports.filter(({ external }) => external).map(({ path }) => path),
  );
}

/** What is wrong with the names a bundle requires, as sentences. */
export function inspectRequired(names) {
  const foreign = names.filter((name) => !isBuiltin(name) && !mayBeMissing.includes(name));
  return foreign.map((name) =>
    name.endsWith('.node') ? `it requires the native module ${name}` : `it requires ${name}, which is not in the cloud`,
  );
}

/** What a text contains that must not be in a bundle, as sentences. */
function unwantedIn(text) {
  return Object.entries(unwanted).flatMap(([what, marks]) => {
    const found = marks.find((mark) => text.includes(mark));
    return found === undefined ? [] : [`it contains ${what} (${found})`];
  });
}

/** What is wrong with the bundle's text, as sentences. */
function inspectText(text) {
  const bytes = Buffer.byteLength(text);
  return [...(bytes > maxBytes ? [`it has ${bytes} bytes, more than ${maxBytes}`] : []), ...unwantedIn(text)];
}

/** The same of the packages beside it. */
function inspectOthers(dist) {
  const others = readdirSync(dist).filter((name) => name.endsWith('.js') && name !== 'index.js');
  return others.flatMap((name) =>
    unwantedIn(readFileSync(join(dist, name), 'utf8')).map((problem) => `${name} beside it: ${problem}`),
  );
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
export async function checkDist(dist) {
  const file = join(dist, 'index.js');
  if (!existsSync(file) || !statSync(file).isFile()) return ['it is missing; run `npm run build`'];
  const natives = readdirSync(dist, { recursive: true }).filter((name) => String(name).endsWith('.node'));
  return [
    ...inspectText(readFileSync(file, 'utf8')),
    ...inspectOthers(dist),
    ...inspectRequired(await requiredModules(file)),
    ...natives.map((name) => `the native module ${name} lies beside it`),
    ...loadAlone(dist),
  ];
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  const dist = join(projectRoot, 'dist');
  const problems = await checkDist(dist);
  for (const problem of problems) process.stderr.write(`dist/index.js: ${problem}\n`);
  if (problems.length > 0) process.exit(1);
  const text = readFileSync(join(dist, 'index.js'));
  // The same figures as `npm run build` prints.
  const kib = (bytes) => `${(bytes / 1024).toFixed(0)} KiB`;
  process.stdout.write(`dist/index.js is sound: ${kib(text.length)}, ${kib(gzipSync(text).length)} gzipped.\n`);
}
