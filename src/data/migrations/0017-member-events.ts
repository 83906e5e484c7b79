/** The last event of a member that webhooks got. */
import type { Migration } from 'kysely';
import { addColumn, FLAG, type Kind, TIME } from './tables';

export function memberEvents(kind: Kind): Migration {
  return {
    async up(db) {
      await addColumn(db, kind, { table: 'members', column: 'heard', definition: FLAG });
      await addColumn(db, kind, { table: 'members', column: 'heard_since', definition: TIME });
      await addColumn(db, kind, { table: 'members', column: 'heard_count', definition: FLAG });
    },
  };
}
