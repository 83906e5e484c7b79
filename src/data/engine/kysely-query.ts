/** Hand-written SQL, typed by its caller, as something an Executor runs. Gives way to sql.ts. */
import type { CompiledQuery, RawBuilder } from 'kysely';
import type { Compilable, Executor } from './database';

export function query<O>(db: Executor, raw: RawBuilder<O>): Compilable<O> {
  return { compile: (): CompiledQuery<O> => raw.compile(db.build) };
}
