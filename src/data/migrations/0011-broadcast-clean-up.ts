/** Broadcasts say themselves from when on their members may be deleted; 0: there are none any more. */
import type { Migration } from 'kysely';
import { addColumn, addIndex, type Kind, TIME } from './tables';

export function broadcastCleanUp(kind: Kind): Migration {
  return {
    async up(db) {
      await addColumn(db, kind, { table: 'broadcasts', column: 'clean_at', definition: TIME });
      await addIndex(db, kind, 'broadcasts', { name: 'broadcasts_to_clean', columns: 'clean_at' });
    },
  };
}
