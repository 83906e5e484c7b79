/** Review of texts: settings and words of a tenant, texts that wait for a verdict, the log of chats, appeals. */
import type { Migration } from 'kysely';
import { createTable, type Kind, TIME, text, words } from './tables';

export function review(kind: Kind): Migration {
  const { autoId } = words(kind);
  const long = kind === 'mysql' ? 'MEDIUMTEXT' : 'TEXT';
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'review_settings',
        columns: `tenant VARCHAR(20) NOT NULL PRIMARY KEY, settings ${long} NOT NULL, settings_no INT NOT NULL DEFAULT 0,
          words_no INT NOT NULL DEFAULT 0, sanctions_no INT NOT NULL DEFAULT 0, callback_at ${TIME}`,
      });
      await createTable(db, kind, {
        name: 'words',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, word_key CHAR(43) NOT NULL, word VARCHAR(64) NOT NULL,
          action VARCHAR(8) NOT NULL, tag ${text(32)}, by_name ${text(64)}, created_at ${TIME}`,
        indexes: [
          { name: 'words_by_key', columns: 'tenant, word_key', unique: true },
          { name: 'words_in_order', columns: 'tenant, id' },
        ],
      });
      await createTable(db, kind, {
        name: 'held',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, room_pk BIGINT NOT NULL, broadcast_no INT NOT NULL,
          user_id BIGINT NOT NULL, body ${long} NOT NULL, message ${long} NOT NULL, source VARCHAR(8) NOT NULL,
          label ${text(64)}, hits ${long} NOT NULL, created_at ${TIME}, expires_at ${TIME},
          state VARCHAR(8) NOT NULL DEFAULT 'open', decided_by ${text(64)}, decided_at ${TIME}, reason ${text(200)}`,
        indexes: [
          { name: 'held_in_state', columns: 'tenant, state, id' },
          { name: 'held_by_expiry', columns: 'state, expires_at' },
          { name: 'held_of_room', columns: 'room_pk, id' },
          { name: 'held_of_user', columns: 'user_id, id' },
          { name: 'held_by_age', columns: 'tenant, created_at' },
        ],
      });
      await createTable(db, kind, {
        name: 'chat_log',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, room_pk BIGINT NOT NULL DEFAULT 0,
          broadcast_no INT NOT NULL DEFAULT 0, user_id BIGINT NOT NULL DEFAULT 0, message ${long} NOT NULL, at ${TIME},
          address ${text(45)}, platform ${text(16)}, outcome VARCHAR(8) NOT NULL, code INT NOT NULL DEFAULT 0,
          message_key CHAR(43) NOT NULL, message_seq BIGINT NOT NULL DEFAULT 0`,
        indexes: [
          { name: 'chat_log_of_room', columns: 'tenant, room_pk, at, id' },
          { name: 'chat_log_of_user', columns: 'tenant, user_id, at, id' },
          { name: 'chat_log_by_key', columns: 'tenant, message_key' },
          { name: 'chat_log_by_age', columns: 'tenant, at' },
        ],
      });
      await createTable(db, kind, {
        name: 'appeals',
        columns: `id ${autoId}, tenant VARCHAR(20) NOT NULL, sanction_id BIGINT NOT NULL, user_id BIGINT NOT NULL,
          message VARCHAR(512) NOT NULL, created_at ${TIME}, state VARCHAR(8) NOT NULL DEFAULT 'open',
          verdict ${text(8)}, reason ${text(200)}, resolved_by ${text(64)}, resolved_at ${TIME}`,
        indexes: [
          { name: 'appeals_of_sanction', columns: 'sanction_id, id' },
          { name: 'appeals_in_state', columns: 'tenant, state, id' },
          { name: 'appeals_of_user', columns: 'user_id, id' },
        ],
      });
    },
  };
}
