/** Room for encrypted salts: 256 characters become 379, and the name of their key stands in front. */
import { type Migration, sql } from 'kysely';
import type { Kind } from './tables';

export function accounts(kind: Kind): Migration {
  return {
    async up(db) {
      // SQLite's columns have no length.
      if (kind === 'mysql') await sql.raw('ALTER TABLE users MODIFY salt VARCHAR(512) NULL').execute(db);
    },
  };
}
