/**
 * `node scripts/runtime-modules.mjs <directory>`: copies the packages that the bundle needs beside it, which are the
 * embedded database (libsql) and what it needs in turn, for this machine's processor and C library.
 */
import { cpSync, existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

const [, , target] = process.argv;
if (target === undefined) {
  process.stderr.write('usage: node scripts/runtime-modules.mjs <directory>\n');
  process.exit(2);
}

const done = new Set();
function copy(name) {
  const from = join(projectRoot, 'node_modules', name);
  // Optional ones are there for this kind of machine only.
  if (done.has(name) || !existsSync(from)) return;
  done.add(name);
  cpSync(from, join(target, name), { recursive: true });
  const { dependencies = {}, optionalDependencies = {} } = JSON.parse(readFileSync(join(from, 'package.json'), 'utf8'));
  for (const next of Object.keys({ ...dependencies, ...optionalDependencies })) copy(next);
}

copy('libsql');
