/** A copy of the project whose sources can be measured (which lines does a test reach?) or changed in one place (a mutant). */
import { createHash } from 'node:crypto';
import { cpSync, existsSync, mkdirSync, readdirSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join, sep } from 'node:path';
import { Instrumenter } from '@stryker-mutator/instrumenter';
import { projectRoot } from '../ensure-installed.mjs';

const MUTATED = ['src/rules', 'src/data', 'src/http'];
/** Only a server of MySQL runs these; the tests of a mutant run on SQLite. */
const OF_MYSQL = /\/engine\/mysql/;
const LEFT_OUT = new Set(['.git', 'node_modules', 'release', 'coverage', '.data', '.live-room']);
const logger = { isDebugEnabled: () => false, debug() {}, info() {}, warn: console.warn, error: console.error };
const hash = (text) => createHash('sha256').update(text).digest('hex').slice(0, 16);

function offsetOf(starts, { line, column }) {
  return starts[line] + column;
}

/** Offset of the beginning of each line. */
function startsOf(content) {
  const starts = [0];
  for (let at = content.indexOf('\n'); at >= 0; at = content.indexOf('\n', at + 1)) starts.push(at + 1);
  return starts;
}

/** Stryker's switches, of which none is ever on, become marks: a test sets the mark of each mutant whose place it runs. */
function withMarks(content) {
  return content
    .replaceAll(/stryMutAct_9fa48\("\d+"\)/g, 'false')
    .replaceAll(/stryCov_9fa48\(("[\d", ]+")\)/g, (_, ids) => {
      const marks = ids.split(', ').map((id) => `mutantsReached[${id.slice(1, -1)}] = 1`);
      return `(${marks.join(', ')})`;
    });
}

function copyProject(folder) {
  for (const name of readdirSync(folder)) {
    // jest's cache is kept.
    if (!name.startsWith('.jest')) rmSync(join(folder, name), { recursive: true, force: true });
  }
  for (const name of readdirSync(projectRoot)) {
    if (LEFT_OUT.has(name)) continue;
    const filter = (source) => !source.split(sep).includes('node_modules');
    cpSync(join(projectRoot, name), join(folder, name), { recursive: true, filter });
  }
  symlinkSync(join(projectRoot, 'node_modules'), join(folder, 'node_modules'));
}

/** All mutants, and the sources with every one of them; takes a minute, so it is kept. */
async function instrumented(files, keptFile) {
  if (existsSync(keptFile)) return JSON.parse(readFileSync(keptFile, 'utf8'));
  const options = { ignorers: [], excludedMutations: [], plugins: null, noHeader: false };
  const { files: all, mutants } = await new Instrumenter(logger).instrument(files, options);
  const result = {
    marked: all.map(({ name, content }) => ({ name, content: withMarks(content) })),
    mutants: mutants.map(({ id, fileName, location, mutatorName, replacement }) => ({
      ...{ id: Number(id), file: fileName, location, kind: mutatorName, replacement },
    })),
  };
  writeFileSync(keptFile, JSON.stringify(result));
  return result;
}

/**
 * Gives `mutants` (id, key, file, line, kind, original, replacement), `kept`, the folder of the results for this version of
 * the sources, the text of a file with a mutant, and `copyTo`, which makes a copy of the project.
 */
export async function readMutants() {
  const files = MUTATED.flatMap((part) =>
    readdirSync(join(projectRoot, part), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.ts') && !OF_MYSQL.test(`/${name}`))
      .map((name) => `${part}/${name}`),
  )
    .sort()
    .map((name) => ({ name, mutate: true, content: readFileSync(join(projectRoot, name), 'utf8') }));
  const contents = new Map(files.map(({ name, content }) => [name, content]));
  const version = hash(files.map(({ name, content }) => `${name}\0${content}`).join('\0'));
  const kept = join(projectRoot, 'node_modules/.cache/mutants', version);
  mkdirSync(kept, { recursive: true });
  const result = await instrumented(files, join(kept, 'instrumented.json'));

  const starts = new Map(files.map(({ name, content }) => [name, startsOf(content)]));
  const seen = new Map();
  const mutants = result.mutants.map(({ id, file, location, kind, replacement }) => {
    const from = offsetOf(starts.get(file), location.start);
    const to = offsetOf(starts.get(file), location.end);
    const original = contents.get(file).slice(from, to);
    const text = [file, kind, original, replacement].join('\0');
    const nth = seen.get(text) ?? 0;
    seen.set(text, nth + 1);
    return {
      id,
      key: hash(`${text}\0${nth}`),
      file,
      line: location.start.line + 1,
      kind,
      original,
      replacement,
      from,
      to,
    };
  });

  return {
    mutants,
    kept,
    textWith({ file, kind, replacement, from, to }) {
      const content = contents.get(file);
      const text = kind === 'LogicalOperator' ? `(${replacement})` : replacement;
      return content.slice(0, from) + text + content.slice(to);
    },
    /** The copy, with ways to write its sources. */
    copyTo(folder) {
      mkdirSync(folder, { recursive: true });
      copyProject(folder);
      const writeAll = (all) => {
        for (const { name, content } of all) writeFileSync(join(folder, name), content);
      };
      return {
        folder,
        writeOriginals: () => writeAll(files),
        writeMarked: () => writeAll(result.marked),
        write: (file, text = contents.get(file)) => writeFileSync(join(folder, file), text),
      };
    },
  };
}
