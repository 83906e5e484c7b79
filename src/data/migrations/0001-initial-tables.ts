import type { Migration } from 'kysely';
import { FOREVER } from '../schema';
import { createTable, type Kind, TIME, text, words } from './tables';

/** The tables of 1.0.0. Never changed: installations have them. */
export function initialTables(kind: Kind): Migration {
  const { autoId } = words(kind);
  const time = TIME;
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'users',
        columns: `id ${autoId}, tenant ${text(20)}, username VARCHAR(255) NOT NULL, username_key CHAR(43) NOT NULL,
          salt VARCHAR(256) NULL, name ${text(125)}, avatar ${text(512)}, phone ${text(32)}, email ${text(128)},
          tag ${text(64)}, tag2 ${text(64)}, created_at ${time}, updated_at ${time}`,
        indexes: [
          { name: 'users_by_username', columns: 'tenant, username_key', unique: true },
          { name: 'users_by_phone', columns: 'tenant, phone' },
        ],
      });
      await createTable(db, kind, {
        name: 'public_ids',
        columns: `tenant VARCHAR(20) NOT NULL, public_id VARCHAR(47) NOT NULL, owner_id BIGINT NOT NULL,
          created_at ${time}, PRIMARY KEY (tenant, public_id)`,
      });
      await createTable(db, kind, {
        name: 'sessions',
        columns: `id CHAR(22) NOT NULL PRIMARY KEY, user_id BIGINT NOT NULL, created_at ${time}, expires_at ${time}`,
        indexes: [
          { name: 'sessions_by_user', columns: 'user_id' },
          { name: 'sessions_by_expiry', columns: 'expires_at' },
        ],
      });
      await createTable(db, kind, {
        name: 'presence',
        columns: `user_id BIGINT NOT NULL PRIMARY KEY, alive_until ${time}, seen_at ${time}, event_at ${time},
          armed SMALLINT NOT NULL DEFAULT 0`,
      });
      await createTable(db, kind, {
        name: 'rooms',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, room_id VARCHAR(47) NOT NULL, owner_id BIGINT NOT NULL,
          updated_by BIGINT NOT NULL, live_no INT NOT NULL DEFAULT 0, status SMALLINT NOT NULL DEFAULT 0,
          category ${text(64)}, title ${text(128)}, cover ${text(512)}, subject ${text(128)}, description ${text(1024)},
          star BIGINT NOT NULL DEFAULT 0, created_at ${time}, updated_at ${time}, ended_at ${time}, opening_at ${time},
          opening_key ${text(16)}, im_group SMALLINT NOT NULL DEFAULT 0, nn_users INT NOT NULL DEFAULT 0, total_joined INT NOT NULL DEFAULT 0,
          counted_at ${time}`,
        indexes: [
          { name: 'rooms_by_room_id', columns: 'tenant, room_id', unique: true },
          { name: 'rooms_by_owner', columns: 'owner_id' },
          { name: 'rooms_by_opening', columns: 'opening_at' },
          { name: 'rooms_newest', columns: 'tenant, status, created_at, room_id, owner_id' },
          { name: 'rooms_newest_of_category', columns: 'tenant, status, category, created_at, room_id, owner_id' },
          { name: 'rooms_busiest', columns: 'tenant, status, total_joined, room_id, owner_id' },
          { name: 'rooms_busiest_of_category', columns: 'tenant, status, category, total_joined, room_id, owner_id' },
        ],
      });
      await createTable(db, kind, {
        name: 'members',
        columns: `room_pk BIGINT NOT NULL, live_no INT NOT NULL, user_id BIGINT NOT NULL, role ${text(32)},
          present SMALLINT NOT NULL DEFAULT 1, joined_at ${time}, alive_until BIGINT NOT NULL DEFAULT ${FOREVER},
          event_at ${time},
          PRIMARY KEY (room_pk, live_no, user_id)`,
        indexes: [
          { name: 'members_by_user', columns: 'user_id, present' },
          { name: 'members_in_order', columns: 'room_pk, live_no, present, joined_at, user_id' },
        ],
      });
      await createTable(db, kind, {
        name: 'outbox',
        columns: `id ${autoId}, kind VARCHAR(32) NOT NULL, tenant VARCHAR(20) NOT NULL, target VARCHAR(64) NOT NULL,
          room_pk BIGINT NOT NULL DEFAULT 0, live_no INT NOT NULL DEFAULT 0, payload VARCHAR(2048) NOT NULL DEFAULT '',
          attempts INT NOT NULL DEFAULT 0, next_at ${time}, leased_until ${time}, created_at ${time},
          last_error ${text(64)}`,
        indexes: [
          { name: 'outbox_by_time', columns: 'next_at' },
          { name: 'outbox_by_target', columns: 'tenant, target' },
        ],
      });
      await createTable(db, kind, {
        name: 'jobs',
        columns: `name VARCHAR(32) NOT NULL PRIMARY KEY, leased_until ${time}, finished_at ${time}, position ${text(128)}`,
      });
    },
  };
}
