/** What is kept of what happened: a sample a minute, its roll-ups, and one row for every broadcast that has ended. */
import type { Migration } from 'kysely';
import { addColumn, addIndex, createTable, type Kind, TIME, text, words } from './tables';

const COUNT = 'INT NOT NULL DEFAULT 0';

export function statistics(kind: Kind): Migration {
  const { autoId } = words(kind);
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'samples',
        columns: `tenant VARCHAR(20) NOT NULL, step INT NOT NULL, at BIGINT NOT NULL,
          rooms ${COUNT}, viewers ${COUNT}, online ${COUNT}, rooms_at ${TIME}, viewers_at ${TIME}, online_at ${TIME},
          sign_ins ${COUNT}, sign_ups ${COUNT}, entries ${COUNT},
          counted_until ${TIME}, tail_sign_ins ${COUNT}, tail_sign_ups ${COUNT}, tail_entries ${COUNT},
          PRIMARY KEY (tenant, step, at)`,
      });
      await createTable(db, kind, {
        name: 'activity',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, kind VARCHAR(16) NOT NULL, at BIGINT NOT NULL, n ${COUNT}`,
        indexes: [{ name: 'activity_by_time', columns: 'at' }],
      });
      await createTable(db, kind, {
        name: 'broadcasts',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, room_id VARCHAR(47) NOT NULL, broadcast_no INT NOT NULL,
          owner_id BIGINT NOT NULL, title ${text(128)}, category ${text(64)}, started_at ${TIME}, ended_at ${TIME},
          ended_by VARCHAR(16) NOT NULL, reason ${text(255)}, peak ${COUNT}, joined ${COUNT}`,
        indexes: [
          { name: 'broadcasts_by_room', columns: 'tenant, room_id, broadcast_no', unique: true },
          { name: 'broadcasts_by_end', columns: 'tenant, ended_at, id' },
          { name: 'broadcasts_by_owner', columns: 'tenant, owner_id, ended_at, id' },
          { name: 'broadcasts_of_room_by_end', columns: 'tenant, room_id, ended_at, id' },
        ],
      });
      await addColumn(db, kind, { table: 'rooms', column: 'peak', definition: COUNT });
      await addIndex(db, kind, 'users', { name: 'users_by_creation', columns: 'created_at, tenant' });
    },
  };
}
