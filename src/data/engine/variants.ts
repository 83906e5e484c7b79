/** Lists with filters: a statement for each set of filters that calls give, built at its first use and kept. */
import { NOTHING, Sql, sql } from './sql';

type Optional<P> = { [K in keyof P]?: P[K] | undefined };

/** The filters of a call, without their values. */
export interface Shape<F, K extends keyof F = never> {
  has: (name: keyof F) => boolean;
  /** `AND condition` if the call gives this filter, else nothing. */
  and: <P>(name: keyof F, condition: Sql<P>) => Sql<Optional<P>>;
  /** The filters whose values decide the text. */
  by: Pick<F, K>;
}

/** `by`: the names of the filters whose values decide the text. All filters come with the call as values too. */
export function variants<F extends object, S, K extends keyof F = never>(
  build: (shape: Shape<F, K>) => S,
  ...by: readonly K[]
): (filter: F) => S {
  const known = new Map<string, S>();
  return (filter) => {
    let key = '';
    for (const [name, value] of Object.entries(filter)) if (value !== undefined) key += `${name} `;
    for (const name of by) key += `${filter[name]} `;
    const kept = known.get(key);
    if (kept !== undefined) return kept;
    const has = (name: keyof F) => filter[name] !== undefined;
    const and = <P>(name: keyof F, { parts }: Sql<P>): Sql<Optional<P>> =>
      has(name) ? sql`AND ${new Sql<Optional<P>>(parts)}` : NOTHING;
    const statement = build({ has, and, by: filter });
    known.set(key, statement);
    return statement;
  };
}
