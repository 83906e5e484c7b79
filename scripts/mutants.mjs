/**
 * `npm run mutants -- --sample 400 --seed 1`: changes the code in small ways (mutants, made by Stryker) and looks whether a
 * test notices. First every test file runs once, to see which mutants it reaches; then each mutant of the sample runs the
 * files that reach it, those that execute it most often per second first, until one fails. `--again` takes the copy of the
 * project and the measured files of the run before. Tests that start the built service do not count.
 */
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { runTests } from './mutants/run-tests.mjs';
import { makeSandbox } from './mutants/sandbox.mjs';

/** Folders of tests that run the code of src inside of jest. */
const FOLDERS = 'unit rooms hosts review codes statistics presence operators contract data attacks'.split(' ');
/** The time of the test files of one mutant (ms, as measured without a mutant): the files that fit best are among them. */
const MOST_MS = 120_000;
const MINUTE = 60_000;

ensureInstalled();
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'src/' },
    again: { type: 'boolean', default: false },
  },
});
const sandbox = join(tmpdir(), 'live-room-mutants');
const mutantsFile = join(sandbox, '.mutants.json');
const measuredFile = join(sandbox, '.measured.jsonl');

if (!values.again || !existsSync(mutantsFile)) {
  writeFileSync(mutantsFile, JSON.stringify(await makeSandbox(sandbox)));
}
const mutants = JSON.parse(readFileSync(mutantsFile, 'utf8'));

/** Test file → its time, and how often it executes each mutant. Files that fail without a mutant are not in it. */
function measured() {
  if (!existsSync(measuredFile)) return new Map();
  const lines = readFileSync(measuredFile, 'utf8').split('\n').filter(Boolean);
  return new Map(lines.map((line) => JSON.parse(line)).map(({ file, ...seen }) => [file, seen]));
}

/** Runs the files that are not measured yet; a file that hangs ends such a run, and the others need another one. */
async function measure() {
  const all = FOLDERS.flatMap((name) =>
    readdirSync(join(projectRoot, 'tests', name), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.test.ts'))
      .map((file) => `tests/${name}/${file}`),
  );
  const left = new Set(all.filter((file) => !measured().has(file)));
  const onEnd = (file, { ms, reached, failed }) => {
    left.delete(file);
    console.log(
      `${(ms / 1000).toFixed(1).padStart(7)} s ${file}${failed ? ` does not count, it fails: ${failed}` : ''}`,
    );
    appendFileSync(measuredFile, `${JSON.stringify({ file, ms, reached: failed ? {} : reached })}\n`);
  };
  while (left.size > 0) {
    const before = left.size;
    const failed = await runTests(sandbox, [...left], { onEnd, bail: false, deadlineOf: () => 10 * MINUTE });
    for (const [file, why] of failed) if (left.has(file)) onEnd(file, { ms: 0, reached: {}, failed: why });
    if (left.size === before) throw new Error(`jest does not run: ${[...failed.values()]}`);
  }
}

await measure();
const files = measured();

/** Lowest hashes first: a seed draws the same mutants also after a change somewhere else. */
function draw() {
  const seen = new Map();
  const hashed = mutants
    .filter(({ file }) => file.startsWith(values.only))
    .map((mutant) => {
      const text = [values.seed, mutant.file, mutant.kind, mutant.original, mutant.replacement].join('\0');
      const before = seen.get(text) ?? 0;
      seen.set(text, before + 1);
      const hash = createHash('sha256').update(`${text}\0${before}`).digest('hex');
      return { mutant, hash };
    });
  hashed.sort((a, b) => (a.hash < b.hash ? -1 : 1));
  return hashed.slice(0, Number(values.sample)).map(({ mutant }) => mutant);
}

function testsOf({ id }) {
  const fitting = [...files].filter(([, { reached }]) => reached[id] > 0);
  const speed = ([, { reached, ms }]) => reached[id] / ms;
  let sum = 0;
  return fitting
    .sort((a, b) => speed(b) - speed(a))
    .filter(([, { ms }]) => {
      sum += ms;
      return sum - ms < MOST_MS;
    })
    .map(([file]) => file);
}

const deadlineOf = (file) => 3 * MINUTE + 10 * files.get(file).ms;
const short = (text) => text.replaceAll(/\s+/g, ' ').slice(0, 70);
const scores = new Map();
for (const mutant of draw()) {
  const began = Date.now();
  const tests = testsOf(mutant);
  const [by] = tests.length === 0 ? [] : await runTests(sandbox, tests, { mutant: mutant.id, deadlineOf });
  const part = mutant.file.split('/').slice(0, 2).join('/');
  const { killed, all } = scores.get(part) ?? { killed: 0, all: 0 };
  scores.set(part, { killed: killed + (by ? 1 : 0), all: all + 1 });
  const notKilled = tests.length === 0 ? 'NOT REACHED' : `SURVIVED ${tests.length} files`;
  const what = `${mutant.kind}: ${short(mutant.original)} → ${short(mutant.replacement)}`;
  const seconds = `${((Date.now() - began) / 1000).toFixed(0)} s`;
  const verdict = by ? `killed by ${by.join(': ')}` : notKilled;
  console.log([`#${mutant.id}`, `${mutant.file}:${mutant.line}`, what, verdict, seconds].join(' | '));
}

const total = { killed: 0, all: 0 };
for (const [part, { killed, all }] of scores) {
  console.log(`${part}: ${killed} of ${all} killed`);
  total.killed += killed;
  total.all += all;
}
console.log(`${total.killed} of ${total.all} killed, ${((100 * total.killed) / total.all).toFixed(1)} %`);
