/** The command line of a run. */
import { parseArgs } from 'node:util';
import { type NamedPlant, PLANTS } from './plants';
import { DATABASES, type DatabaseName } from './world/databases';

export interface Options {
  readonly minutes: number;
  readonly seed: number;
  readonly on: DatabaseName;
  readonly people: number;
  /** Built service. */
  readonly bundle: string;
  /** The commit with whose service the run begins, and what run.mjs built of it; '' = none. */
  readonly from: string;
  readonly older: string;
  /** Where the history of a run with findings is written; '' = a folder of the system for temporary files. */
  readonly history: string;
  /** A history that an earlier run wrote, to be checked again in place of a run; '' = none. */
  readonly check: string;
  /** Planted faults to find, in place of faults that happen. */
  readonly plants: readonly (NamedPlant & { readonly name: string })[];
}

function isDatabase(name: string): name is DatabaseName {
  return DATABASES.some((known) => known === name);
}

function numberOf(name: string, text: string): number {
  const number = Number(text);
  if (!(number > 0)) throw new Error(`--${name} must be a number above 0`);
  return number;
}

function plantsNamed(wanted: string | undefined): Options['plants'] {
  const all = Object.entries(PLANTS).map(([name, plant]) => ({ name, ...plant }));
  if (wanted === undefined || wanted === 'all') return wanted ? all : [];
  const found = all.filter(({ name }) => name === wanted);
  if (found.length === 0) throw new Error(`--plant is all, or one of: ${Object.keys(PLANTS).join('; ')}`);
  return found;
}

export function readOptions(args: readonly string[]): Options {
  const { values } = parseArgs({
    args: [...args],
    options: {
      minutes: { type: 'string', default: '2' },
      seed: { type: 'string', default: String(Date.now() % 2 ** 31) },
      on: { type: 'string', default: 'sqlite' },
      people: { type: 'string', default: '72' },
      bundle: { type: 'string', default: 'dist/index.js' },
      from: { type: 'string', default: '' },
      older: { type: 'string', default: '' },
      history: { type: 'string', default: '' },
      check: { type: 'string', default: '' },
      plant: { type: 'string' },
    },
  });
  if (!isDatabase(values.on)) throw new Error(`--on is one of ${DATABASES.join(', ')}`);
  return {
    minutes: numberOf('minutes', values.minutes),
    seed: numberOf('seed', values.seed),
    on: values.on,
    people: numberOf('people', values.people),
    bundle: values.bundle,
    from: values.from,
    older: values.older,
    history: values.history,
    check: values.check,
    plants: plantsNamed(values.plant),
  };
}
