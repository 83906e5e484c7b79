/** Hosts run their rooms: admins and chat rules of a room, and sanctions that a host or an admin made. */
import type { Migration } from 'kysely';
import { addColumn, addIndex, createTable, type Kind, TIME } from './tables';

export function hosts(kind: Kind): Migration {
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'room_admins',
        columns: `room_pk BIGINT NOT NULL, user_id BIGINT NOT NULL, created_at ${TIME}, PRIMARY KEY (room_pk, user_id)`,
        indexes: [{ name: 'room_admins_by_user', columns: 'user_id' }],
      });
      await createTable(db, kind, {
        name: 'chat_rules',
        columns: `room_pk BIGINT NOT NULL PRIMARY KEY, speak VARCHAR(8) NOT NULL, slow_seconds INT NOT NULL,
          no_repeats SMALLINT NOT NULL, links SMALLINT NOT NULL, min_seconds INT NOT NULL, updated_at ${TIME}`,
      });
      await addColumn(db, kind, { table: 'sanctions', column: 'by_user', definition: 'BIGINT NOT NULL DEFAULT 0' });
      const inForce = { name: 'sanctions_of_room_in_force', columns: 'room_pk, lifted_at, until_at, id' };
      await addIndex(db, kind, 'sanctions', inForce);
    },
  };
}
