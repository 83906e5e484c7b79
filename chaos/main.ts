/** The program of a chaos run; run.mjs builds it. Ends with 0 only where no property was broken, and every plant was found. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CHECKS, checkAll } from './checks/all';
import type { History } from './history';
import { type Options, readOptions } from './options';
import { findingsOf, reportOf, verdictOf } from './report';
import { runOnce } from './run';

async function findPlants(options: Options): Promise<boolean> {
  let missed = 0;
  for (const { name, ...plant } of options.plants) {
    const history = await runOnce(options, plant);
    const findings = CHECKS[plant.found](history);
    if (findings.length === 0) missed += 1;
    process.stdout.write(`${findings.length > 0 ? 'found ' : 'MISSED'} ${name}: ${findings[0]?.text ?? ''}\n`);
  }
  process.stdout.write(`${options.plants.length - missed} of ${options.plants.length} planted faults were found\n`);
  return missed === 0;
}

const nameOf = ({ minutes, seed, on, from }: Options) =>
  `--minutes ${minutes} --seed ${seed} --on ${on}${from === '' ? '' : ` --from ${from}`}`;

async function runUnderFaults(options: Options): Promise<boolean> {
  const { seed, on } = options;
  process.stdout.write(`chaos: ${nameOf(options)}\n`);
  const history = await runOnce(options);
  process.stdout.write(reportOf(history));
  const findings = checkAll(history);
  process.stdout.write(findingsOf(history, findings));
  if (findings.length > 0 || options.history !== '') {
    const file = options.history || join(mkdtempSync(join(tmpdir(), 'live-room-chaos-history-')), `${on}-${seed}.json`);
    writeFileSync(file, JSON.stringify(history));
    process.stdout.write(`the history is in ${file}\n`);
  }
  process.stdout.write(verdictOf(nameOf(options), history, findings));
  return findings.length === 0;
}

function checkAgain(file: string): boolean {
  // A run wrote it.
  const history = JSON.parse(readFileSync(file, 'utf8')) as History;
  const findings = checkAll(history);
  process.stdout.write(reportOf(history) + findingsOf(history, findings));
  return findings.length === 0;
}

function isGood(options: Options): Promise<boolean> | boolean {
  if (options.check !== '') return checkAgain(options.check);
  return options.plants.length > 0 ? findPlants(options) : runUnderFaults(options);
}

async function main(): Promise<void> {
  const options = readOptions(process.argv.slice(2));
  process.exit((await isGood(options)) ? 0 : 1);
}

main().catch((error: unknown) => {
  const text = error instanceof Error ? (error.stack ?? error.message) : String(error);
  process.stderr.write(
    `${text}\nCHAOS ${process.argv.slice(2).join(' ')}: STOPPED, no verdict: ${text.split('\n')[0]}\n`,
  );
  process.exit(1);
});
