import type { Migration } from 'kysely';
import { addColumn, addIndex, createTable, type Kind, text } from './tables';

/** Data of a team's own service on users and rooms: custom fields, an order by star, and rooms that stay open. */
export function ownService(kind: Kind): Migration {
  return {
    async up(db) {
      await addColumn(db, kind, { table: 'users', column: 'custom', definition: text(1_024) });
      await addColumn(db, kind, { table: 'rooms', column: 'custom', definition: text(1_024) });
      const starred = 'star, room_id, owner_id';
      await addIndex(db, kind, 'rooms', { name: 'rooms_starred', columns: `tenant, status, ${starred}` });
      const ofCategory = { name: 'rooms_starred_of_category', columns: `tenant, status, category, ${starred}` };
      await addIndex(db, kind, 'rooms', ofCategory);
      await createTable(db, kind, { name: 'kept_rooms', columns: 'room_pk BIGINT NOT NULL PRIMARY KEY' });
    },
  };
}
