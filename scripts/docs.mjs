/** `npm run docs`: writes everything that is made from the contract. A test fails where what is kept differs. */
import { mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

/** The TypeScript in scripts/docs, as a module that Node.js can load. */
export async function loadDocs() {
  const { build } = await import('esbuild');
  // Inside the project, where the packages it needs are found.
  const file = join(projectRoot, 'node_modules', '.cache', 'live-room', `docs-${process.pid}.mjs`);
  await build({
    absWorkingDir: projectRoot,
    entryPoints: ['scripts/docs/documents.ts'],
    outfile: file,
    bundle: true,
    platform: 'node',
    target: 'node20',
    format: 'esm',
    packages: 'external',
    logLevel: 'warning',
  });
  try {
    return await import(pathToFileURL(file).href);
  } finally {
    rmSync(file);
  }
}

export function projectVersion() {
  return JSON.parse(readFileSync(join(projectRoot, 'package.json'), 'utf8')).version;
}

if (process.argv[1] === fileURLToPath(import.meta.url)) {
  ensureInstalled();
  const { createDocuments, createSections } = await loadDocs();
  const sections = createSections((path) => readFileSync(join(projectRoot, path), 'utf8'));
  for (const [path, text] of [...createDocuments(projectVersion()), ...sections]) {
    const file = join(projectRoot, path);
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
    process.stdout.write(`${path} ${(Buffer.byteLength(text) / 1024).toFixed(0)} KiB\n`);
  }
}
