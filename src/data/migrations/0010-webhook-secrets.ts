/** Room for encrypted secrets of webhooks; deliveries in one state, newest first, however few of them there are. */
import { type Migration, sql } from 'kysely';
import { addIndex, type Kind } from './tables';

export function webhookSecrets(kind: Kind): Migration {
  return {
    async up(db) {
      // SQLite's columns have no length.
      if (kind === 'mysql') await sql.raw('ALTER TABLE webhooks MODIFY secret VARCHAR(255) NOT NULL').execute(db);
      await addIndex(db, kind, 'deliveries', { name: 'deliveries_of_state', columns: 'webhook_id, state, id' });
    },
  };
}
