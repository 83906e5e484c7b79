import type { Migration } from 'kysely';
import { addColumn, addIndex, createTable, type Kind, TIME, text, words } from './tables';

/** Operators, what they decide (sanctions), what is told to them (reports) and what they did (audit). */
export function operators(kind: Kind): Migration {
  const { autoId } = words(kind);
  const time = TIME;
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'operators',
        columns: `id ${autoId}, name VARCHAR(64) NOT NULL, scope VARCHAR(16) NOT NULL, tenant VARCHAR(20) NOT NULL,
          key_hash CHAR(43) NOT NULL, created_at ${time}, last_used_at ${time}`,
        indexes: [
          { name: 'operators_by_name', columns: 'name', unique: true },
          { name: 'operators_by_key', columns: 'key_hash', unique: true },
        ],
      });
      await createTable(db, kind, {
        name: 'sanctions',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, kind VARCHAR(8) NOT NULL, user_id BIGINT NOT NULL DEFAULT 0,
          name_key ${text(43)}, contact_key ${text(43)}, address ${text(45)}, room_pk BIGINT NOT NULL DEFAULT 0, broadcast_no INT NOT NULL DEFAULT 0,
          until_at ${time}, reason ${text(200)}, by_name ${text(64)}, created_at ${time}, lifted_at ${time},
          lifted_by ${text(64)}`,
        indexes: [
          { name: 'sanctions_by_user', columns: 'user_id, id' },
          { name: 'sanctions_by_name', columns: 'tenant, name_key' },
          { name: 'sanctions_by_contact', columns: 'tenant, contact_key' },
          { name: 'sanctions_by_address', columns: 'tenant, address, lifted_at, until_at' },
          { name: 'sanctions_by_room', columns: 'room_pk, id' },
          { name: 'sanctions_in_order', columns: 'tenant, id' },
          { name: 'sanctions_of_kind', columns: 'tenant, kind, id' },
          { name: 'sanctions_in_force', columns: 'tenant, lifted_at, until_at, id' },
          { name: 'sanctions_of_kind_in_force', columns: 'tenant, kind, lifted_at, until_at, id' },
        ],
      });
      await createTable(db, kind, {
        name: 'audit',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, at ${time}, operator VARCHAR(64) NOT NULL,
          action VARCHAR(32) NOT NULL, room_id ${text(47)}, user_id ${text(32)}, reason ${text(200)},
          before_text ${text(512)}, after_text ${text(512)}, request_id ${text(80)}, address ${text(45)}`,
        indexes: [
          { name: 'audit_in_order', columns: 'tenant, at, id' },
          { name: 'audit_by_room', columns: 'tenant, room_id, at, id' },
          { name: 'audit_by_user', columns: 'tenant, user_id, at, id' },
          { name: 'audit_by_operator', columns: 'tenant, operator, at, id' },
          { name: 'audit_by_action', columns: 'tenant, action, at, id' },
        ],
      });
      await createTable(db, kind, {
        name: 'reports',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, room_pk BIGINT NOT NULL, broadcast_no INT NOT NULL,
          by_user BIGINT NOT NULL, target_user BIGINT NOT NULL DEFAULT 0, reason ${text(64)}, description ${text(512)},
          created_at ${time}, done SMALLINT NOT NULL DEFAULT 0, verdict ${text(16)}, resolved_by ${text(64)},
          resolved_at ${time}`,
        indexes: [
          { name: 'reports_by_broadcast', columns: 'room_pk, broadcast_no, by_user', unique: true },
          { name: 'reports_by_author', columns: 'by_user, created_at' },
          { name: 'reports_by_target', columns: 'target_user, id' },
          { name: 'reports_of_room', columns: 'room_pk, id' },
          { name: 'reports_in_order', columns: 'tenant, done, id' },
          { name: 'reports_of_tenant', columns: 'tenant, id' },
        ],
      });
      await addToOldTables(db, kind);
    },
  };
}

async function addToOldTables(db: Parameters<typeof addColumn>[0], kind: Kind): Promise<void> {
  const add = (table: string, column: string, definition: string) => addColumn(db, kind, { table, column, definition });
  await add('users', 'banned_until', TIME);
  await add('users', 'sanction_no', 'INT NOT NULL DEFAULT 0');
  await add('sessions', 'address', text(45));
  await add('rooms', 'warned_no', 'INT NOT NULL DEFAULT 0');
  await addIndex(db, kind, 'users', { name: 'users_in_order', columns: 'tenant, id' });
  await addIndex(db, kind, 'users', { name: 'users_by_name', columns: 'tenant, name' });
  await addIndex(db, kind, 'users', { name: 'users_by_email', columns: 'tenant, email' });
  await addIndex(db, kind, 'rooms', { name: 'rooms_by_viewers', columns: 'tenant, status, nn_users, room_id' });
  const ofCategory = { name: 'rooms_by_viewers_of_category', columns: 'tenant, status, category, nn_users, room_id' };
  await addIndex(db, kind, 'rooms', ofCategory);
}
