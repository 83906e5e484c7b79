import type { Migration } from 'kysely';
import { addColumn, createTable, type Kind, TIME, text, words } from './tables';

/** Servers that are told what happens, what happened, and what became of emitter them. */
export function webhooks(kind: Kind): Migration {
  const { autoId } = words(kind);
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'webhooks',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, url VARCHAR(1000) NOT NULL, secret VARCHAR(64) NOT NULL,
          events ${text(256)}, description ${text(200)}, enabled SMALLINT NOT NULL DEFAULT 1, created_at ${TIME},
          last_status INT NOT NULL DEFAULT 0, failing_since ${TIME}`,
        indexes: [{ name: 'webhooks_by_tenant', columns: 'tenant, id' }],
      });
      await createTable(db, kind, {
        name: 'webhook_events',
        columns: `id ${autoId}, event_id CHAR(26) NOT NULL, tenant VARCHAR(20) NOT NULL, type VARCHAR(32) NOT NULL,
          body VARCHAR(4000) NOT NULL, created_at ${TIME}`,
        indexes: [{ name: 'webhook_events_by_time', columns: 'created_at' }],
      });
      await createTable(db, kind, {
        name: 'deliveries',
        columns: `id ${autoId}, webhook_id BIGINT NOT NULL, event_pk BIGINT NOT NULL, room_pk BIGINT NOT NULL DEFAULT 0,
          state SMALLINT NOT NULL DEFAULT 0, attempts INT NOT NULL DEFAULT 0, next_at ${TIME}, created_at ${TIME},
          last_status INT NOT NULL DEFAULT 0`,
        indexes: [
          { name: 'deliveries_due', columns: 'state, webhook_id, next_at' },
          { name: 'deliveries_of_room', columns: 'webhook_id, room_pk, state, id' },
          { name: 'deliveries_in_order', columns: 'webhook_id, id' },
          { name: 'deliveries_of_event', columns: 'event_pk' },
          { name: 'deliveries_by_time', columns: 'created_at' },
        ],
      });
      await addColumn(db, kind, { table: 'rooms', column: 'event_seq', definition: 'BIGINT NOT NULL DEFAULT 0' });
    },
  };
}
