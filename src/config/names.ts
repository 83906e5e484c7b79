/** Finds variables that have no effect: misspelt, or missing another variable that they need. */
import type { Environment } from './environment';
import type { Setting } from './setting';
import { ALL_SETTINGS, FOREIGN_NAMES } from './settings';

/** Shorter names are not corrected, since too many words resemble them: HOST, PORT, CONSOLE. */
const SHORTEST = 8;
const MOST_SLIPS = 2;

/** Slips between two names: a letter too many, too few, wrong, or two of them swapped. */
function slips(a: string, b: string): number {
  let before: number[] = [];
  let last = Array.from({ length: b.length + 1 }, (_, index) => index);
  for (let row = 1; row <= a.length; row += 1) {
    const next = [row];
    for (let column = 1; column <= b.length; column += 1) {
      const same = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = row > 1 && column > 1 && a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      next[column] = Math.min(
        (last[column] ?? 0) + 1,
        (next[column - 1] ?? 0) + 1,
        (last[column - 1] ?? 0) + same,
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    before = last;
    last = next;
  }
  return last[b.length] ?? 0;
}

/** The known name that this one was probably meant to be. */
export function nearest(name: string, known: Iterable<string>): string | undefined {
  let found: { name: string; slips: number } | undefined;
  for (const one of known) {
    if (Math.abs(one.length - name.length) > MOST_SLIPS) continue;
    const count = slips(name.toUpperCase(), one.toUpperCase());
    if (count <= MOST_SLIPS && count < (found?.slips ?? MOST_SLIPS + 1)) found = { name: one, slips: count };
  }
  return found?.name;
}

const isSet = (env: Environment, name: string) => (env[name] ?? '').trim() !== '';

function meant(name: string, known: ReadonlySet<string>): string | undefined {
  if (known.has(name) || FOREIGN_NAMES.test(name) || name.length < SHORTEST) return undefined;
  const alias = ALL_SETTINGS.find(({ about }) => about.mistakenFor?.includes(name));
  return (
    alias?.name ??
    nearest(
      name,
      [...known].filter((one) => one.length >= SHORTEST),
    )
  );
}

/** One warning for each variable that has no effect. Variables of other programs are ignored. */
export function ineffective(env: Environment): string[] {
  const known = new Set(ALL_SETTINGS.map((setting) => setting.name));
  const misspelt = Object.keys(env).flatMap((name) => {
    const wanted = isSet(env, name) ? meant(name, known) : undefined;
    return wanted === undefined ? [] : [`${name} is not a setting; did you mean ${wanted}?`];
  });
  const ignored = ALL_SETTINGS.flatMap(({ name, about: { needs } }: Setting<unknown>) =>
    needs !== undefined && isSet(env, name) && !isSet(env, needs) ? [`${name} is ignored without ${needs}`] : [],
  );
  return [...misspelt, ...ignored];
}
