/** A copy of the project whose src/rules, src/data and src/http contain every mutant, each behind a switch of its own. */
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { projectRoot } from '../ensure-installed.mjs';

const MUTATED = ['src/rules', 'src/data', 'src/http'];
/** Only a server of MySQL runs these; the tests of a mutant run on SQLite. */
const OF_MYSQL = /\/engine\/mysql/;
const LEFT_OUT = new Set(['.git', 'node_modules', 'dist', 'release', 'coverage', '.data', '.live-room']);
const logger = { isDebugEnabled: () => false, debug() {}, info() {}, warn: console.warn, error: console.error };

/** The original text of a mutant. */
function originalOf(lines, { start, end }) {
  const text = lines.slice(start.line, end.line + 1);
  text[text.length - 1] = text.at(-1).slice(0, end.column);
  text[0] = text[0].slice(start.column);
  return text.join('\n');
}

/** Gives all mutants: number, file, line, what it changes and into what. */
export async function makeSandbox(folder) {
  rmSync(folder, { recursive: true, force: true });
  mkdirSync(folder, { recursive: true });
  for (const name of readdirSync(projectRoot)) {
    if (LEFT_OUT.has(name)) continue;
    const filter = (source) => !source.split(sep).includes('node_modules');
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true, filter });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
  const names = MUTATED.flatMap((part) =>
    readdirSync(join(projectRoot, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts'))
      .map((name) => `${part}/${name}`),
  )
    .filter((name) => !OF_MYSQL.test(name))
    .sort();
  const files = names.map((name) => ({ name, mutate: true, content: readFileSync(join(projectRoot, name), 'utf8') }));
  const options = { ignorers: [], excludedMutations: [], plugins: null, noHeader: false };
  const result = await new Instrumenter(logger).instrument(files, options);
  for (const { name, content } of result.files) writeFileSync(join(folder, name), content);
  const linesOf = new Map(files.map(({ name, content }) => [name, content.split('\n')]));
  return result.mutants.map(({ id, fileName, location, mutatorName, replacement }) => {
    const original = originalOf(linesOf.get(fileName), location);
    return { id, file: fileName, line: location.start.line + 1, kind: mutatorName, original, replacement };
  });
}
