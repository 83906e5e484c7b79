/**
 * `npm run mutants -- --sample 400 --seed 1`: changes the code in small ways (mutants, made by Stryker) and looks whether a
 * test notices. First every test file runs once, to see which mutants it reaches; then each mutant of the sample runs the
 * files that reach it, those of its subject and quick ones first, until one fails. The built service that some tests start has
 * no mutants. What was measured and found is kept in node_modules/.cache/mutants, by the version of the sources: a run that was
 * ended goes on where it was, and a mutant that survived runs the test files that it has not seen: new, changed, or further ones.
 * `--workers 2` copies of the project work side by side.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, existsSync, readdirSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';
import { runTests, TIME_OUT } from './mutants/run-tests.mjs';
import { readMutants } from './mutants/sandbox.mjs';
import { createTypeCheck } from './mutants/types.mjs';

/** Folders of tests that run the code of src inside of jest. */
const FOLDERS = 'unit rooms hosts review codes statistics presence operators contract data attacks';
/** The time of the test files of one mutant (ms, as measured without a mutant): the files that fit best are among them. */
const MOST_MS = 45_000;
/** How many test files one run of jest measures. */
const FILES_AT_ONCE = 12;
const MINUTE = 60_000;
/** A file with a mutant hangs after this time and five times its own: the machine may be busier than when it was measured. */
const deadlineOf = ({ ms }) => 2 * MINUTE + 5 * ms;

ensureInstalled();
const { values } = parseArgs({
  options: {
    sample: { type: 'string', default: '400' },
    seed: { type: 'string', default: '1' },
    only: { type: 'string', default: 'src/' },
    tests: { type: 'string', default: FOLDERS },
    workers: { type: 'string', default: '2' },
  },
});
const hash = (text) => createHash('sha256').update(text).digest('hex');
if (!existsSync(join(projectRoot, 'dist/index.js'))) {
  execFileSync(process.execPath, ['scripts/build.mjs'], { cwd: projectRoot });
}
const { mutants, kept, textWith, copyTo } = await readMutants();
const copies = Array.from({ length: Number(values.workers) }, (_, at) =>
  copyTo(join(tmpdir(), `live-room-mutants-${hash(projectRoot).slice(0, 8)}`, String(at))),
);
const measuredFile = join(kept, 'measured.jsonl');
const resultsFile = join(kept, 'results.jsonl');

function linesOf(file) {
  if (!existsSync(file)) return [];
  const lines = readFileSync(file, 'utf8').split('\n').filter(Boolean);
  return lines.map((line) => JSON.parse(line));
}

const add = (file, entry) => appendFileSync(file, `${JSON.stringify(entry)}\n`);

/** Test file → hash of its text. */
function testFiles() {
  const names = values.tests.split(/[ ,]/).flatMap((folder) =>
    readdirSync(join(projectRoot, 'tests', folder), { recursive: true, encoding: 'utf8' })
      .filter((name) => name.endsWith('.test.ts'))
      .sort()
      .map((name) => `tests/${folder}/${name}`),
  );
  return new Map(names.map((name) => [name, hash(readFileSync(join(projectRoot, name), 'utf8')).slice(0, 16)]));
}

const texts = testFiles();

/** Test file → its text's hash, its time (ms) and the mutants that it reaches: none if it fails without a mutant. */
function measured() {
  const now = linesOf(measuredFile).filter(({ file, text }) => texts.get(file) === text);
  return new Map(now.map(({ file, reached, ...rest }) => [file, { ...rest, reached: new Set(reached) }]));
}

/** Each copy of the project takes the next entry of the list when it is done with one. */
async function shareOut(all, work) {
  const left = [...all];
  await Promise.all(
    copies.map(async (copy) => {
      for (let next = left.shift(); next !== undefined; next = left.shift()) await work(copy, next);
    }),
  );
}

/** A file that hangs ends its run, and the others need another one. */
async function runAll({ folder }, names, onEnd) {
  const left = new Set(names);
  const ended = (file, result) => {
    left.delete(file);
    onEnd(file, result);
  };
  while (left.size > 0) {
    const before = left.size;
    const failed = await runTests(folder, [...left], { onEnd: ended, bail: false, deadlineOf: () => 10 * MINUTE });
    for (const [file, why] of failed) if (left.has(file)) ended(file, { ms: 0, reached: [], failed: why });
    if (left.size === before) throw new Error(`jest does not run: ${[...failed.values()]}`);
  }
}

/** Runs the files that are not measured yet. Some read the sources, and fail with the marks in them: they run again without. */
async function measure() {
  const known = measured();
  const keep = (file, { ms, reached, failed }) => {
    const why = failed ? ` does not count, it fails: ${failed}` : '';
    console.log(`${(ms / 1000).toFixed(1).padStart(7)} s ${file}${why}`);
    add(measuredFile, { file, text: texts.get(file), ms, reached: failed ? [] : reached });
  };
  const names = [...texts.keys()].filter((file) => !known.has(file));
  const parts = [];
  while (names.length > 0) parts.push(names.splice(0, FILES_AT_ONCE));
  await shareOut(parts, async (copy, part) => {
    const again = new Map();
    copy.writeMarked();
    await runAll(copy, part, (file, result) => (result.failed ? again.set(file, result.reached) : keep(file, result)));
    copy.writeOriginals();
    await runAll(copy, again.keys(), (file, result) => keep(file, { ...result, reached: again.get(file) }));
  });
}

await measure();
const files = measured();

/** Lowest hashes first: a seed draws the same mutants also after a change somewhere else. */
function draw() {
  const hashed = mutants
    .filter(({ file }) => file.startsWith(values.only))
    .map((mutant) => ({ mutant, place: hash(`${values.seed} ${mutant.key}`) }));
  hashed.sort((a, b) => (a.place < b.place ? -1 : 1));
  return hashed.slice(0, Number(values.sample)).map(({ mutant }) => mutant);
}

function groupedByFile(all) {
  const groups = new Map();
  for (const mutant of all) groups.set(mutant.file, [...(groups.get(mutant.file) ?? []), mutant]);
  return groups;
}

/** Mutant → how many test files reach it. */
const reachedBy = new Map();
for (const { reached } of files.values()) for (const id of reached) reachedBy.set(id, (reachedBy.get(id) ?? 0) + 1);
/** Source file → its mutants that are not reached by every test that loads the file: those that a call reaches. */
const calledOf = new Map();
for (const [file, all] of groupedByFile(mutants)) {
  const loaded = Math.max(...all.map(({ id }) => reachedBy.get(id) ?? 0));
  calledOf.set(file, new Set(all.filter(({ id }) => (reachedBy.get(id) ?? 0) < loaded).map(({ id }) => id)));
}
const called = new Set([...calledOf.values()].flatMap((ids) => [...ids]));

/** The part of what a test file calls that is in the mutant's own file: high for the tests of its subject. */
function nearness({ reached }, mutant) {
  const ids = calledOf.get(mutant.file);
  let near = 0;
  let all = 1;
  for (const id of reached) {
    if (ids.has(id)) near += 1;
    if (called.has(id)) all += 1;
  }
  return near / all;
}

function testsOf(mutant, ran) {
  const fitting = [...files].filter(([file, { reached, text }]) => reached.has(mutant.id) && ran[file] !== text);
  const worth = new Map(fitting.map(([file, seen]) => [file, nearness(seen, mutant) / Math.sqrt(seen.ms + 1000)]));
  let sum = 0;
  return fitting
    .map(([file, { ms }]) => ({ file, ms }))
    .sort((a, b) => worth.get(b.file) - worth.get(a.file))
    .filter(({ ms }) => {
      sum += ms;
      return sum - ms < MOST_MS;
    })
    .map(({ file }) => file);
}

/** verdict: killed, time-out (of a file: killed too), survived, not reached, or does not compile (not counted). */
async function judge(copy, mutant, before) {
  const ran = before?.ran ?? {};
  const tests = testsOf(mutant, ran);
  const text = textWith(mutant);
  if (!hasRightTypes(mutant.file, text)) return { verdict: 'does not compile', ran };
  if (tests.length === 0) return before ?? { verdict: 'not reached', ran };
  copy.write(mutant.file, text);
  const [by] = await runTests(copy.folder, tests, { deadlineOf: (file) => deadlineOf(files.get(file)) });
  copy.write(mutant.file);
  if (by) return { verdict: by[1] === TIME_OUT ? TIME_OUT : 'killed', by: by.join(': '), ran };
  return { verdict: 'survived', ran: { ...ran, ...Object.fromEntries(tests.map((file) => [file, texts.get(file)])) } };
}

const hasRightTypes = createTypeCheck();
const short = (text) => text.replaceAll(/\s+/g, ' ').slice(0, 70);
const results = new Map(linesOf(resultsFile).map(({ key, ...result }) => [key, result]));
const DONE = ['killed', TIME_OUT, 'does not compile'];
const drawn = draw();
// New ones first; then survivors meet further tests.
const isNew = ({ mutant }) => (results.has(mutant.key) ? 1 : 0);
const inOrder = drawn.map((mutant, at) => ({ mutant, at })).sort((a, b) => isNew(a) - isNew(b));
const left = inOrder.filter(({ mutant }) => !DONE.includes(results.get(mutant.key)?.verdict));
await shareOut(left, async (copy, { mutant, at }) => {
  const before = results.get(mutant.key);
  const began = Date.now();
  const result = await judge(copy, mutant, before);
  if (result === before) return;
  results.set(mutant.key, result);
  add(resultsFile, { key: mutant.key, ...result });
  const what = `${mutant.kind}: ${short(mutant.original)} → ${short(mutant.replacement)}`;
  const how = result.by ? ` by ${result.by}` : '';
  const seconds = `${((Date.now() - began) / 1000).toFixed(0)} s`;
  console.log([at + 1, `${mutant.file}:${mutant.line}`, what, `${result.verdict}${how}`, seconds].join(' | '));
});

const parts = new Map();
for (const mutant of drawn) {
  const { verdict } = results.get(mutant.key);
  const part = mutant.file.split('/').slice(0, 2).join('/');
  for (const name of [part, 'all']) {
    const counts = parts.get(name) ?? {};
    parts.set(name, { ...counts, [verdict]: (counts[verdict] ?? 0) + 1 });
  }
}
for (const [part, { killed = 0, [TIME_OUT]: hung = 0, survived = 0, 'not reached': missed = 0 }] of [...parts]
  .sort()
  .reverse()) {
  const all = killed + hung + survived + missed;
  const share = ((100 * (killed + hung)) / all).toFixed(1);
  console.log(
    `${part}: ${share} % of ${all}: ${killed} killed, ${hung} hung, ${survived} survived, ${missed} not reached`,
  );
}
console.log('Survivors:');
for (const mutant of drawn) {
  const { verdict } = results.get(mutant.key);
  if (!['survived', 'not reached'].includes(verdict)) continue;
  console.log(
    `${mutant.file}:${mutant.line} ${mutant.kind}: ${short(mutant.original)} → ${short(mutant.replacement)} (${verdict})`,
  );
}
