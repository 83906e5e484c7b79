/** Which signatures have signed in: one with ts does so once. */
import type { Migration } from 'kysely';
import { addColumn, type Kind, TIME } from './tables';

export function signatures(kind: Kind): Migration {
  return {
    async up(db) {
      await addColumn(db, kind, { table: 'sessions', column: 'signed_ts', definition: TIME });
      await addColumn(db, kind, { table: 'users', column: 'signed_out_ts', definition: TIME });
    },
  };
}
