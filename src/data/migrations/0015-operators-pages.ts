/** Notes on users, reasons that are used often, keys that expire, and the attempts of webhook deliveries. */
import type { Migration } from 'kysely';
import { addColumn, createTable, type Kind, TIME, text, words } from './tables';

export function operatorsPages(kind: Kind): Migration {
  const { autoId } = words(kind);
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'user_notes',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, user_id BIGINT NOT NULL, text ${text(500)},
          by_name ${text(64)}, created_at ${TIME}`,
        indexes: [{ name: 'user_notes_of_user', columns: 'user_id, id' }],
      });
      await createTable(db, kind, {
        name: 'operator_reasons',
        columns: `tenant VARCHAR(20) NOT NULL, place INT NOT NULL, text ${text(100)}, PRIMARY KEY (tenant, place)`,
      });
      await createTable(db, kind, {
        name: 'webhook_attempts',
        columns: `id ${autoId}, delivery_id BIGINT NOT NULL, number INT NOT NULL DEFAULT 0, at ${TIME},
          ms INT NOT NULL DEFAULT 0, status INT NOT NULL DEFAULT 0, fault ${text(200)}, request_headers ${text(1_000)},
          response_headers ${text(2_000)}, response_body ${text(2_000)}`,
        indexes: [
          { name: 'webhook_attempts_of_delivery', columns: 'delivery_id, id' },
          { name: 'webhook_attempts_by_time', columns: 'at' },
        ],
      });
      await addColumn(db, kind, { table: 'operators', column: 'expires_at', definition: TIME });
    },
  };
}
