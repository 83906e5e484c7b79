import type { Migration } from 'kysely';
import { addColumn, createTable, type Kind, TIME } from './tables';

/** Codes by SMS and mail, what was counted of them, and the verified phone numbers and mail addresses of users. */
export function signInCodes(kind: Kind): Migration {
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'sign_in_codes',
        columns: `tenant VARCHAR(20) NOT NULL, address_key CHAR(43) NOT NULL, session CHAR(22) NOT NULL DEFAULT '',
          code_hash CHAR(43) NOT NULL DEFAULT '', tries INT NOT NULL DEFAULT 0, sent_at ${TIME}, used_at ${TIME},
          used_by CHAR(22) NOT NULL DEFAULT '', PRIMARY KEY (tenant, address_key)`,
        indexes: [{ name: 'sign_in_codes_by_time', columns: 'sent_at' }],
      });
      await createTable(db, kind, {
        name: 'code_limits',
        columns: `id VARCHAR(100) NOT NULL PRIMARY KEY, since ${TIME}, hits INT NOT NULL DEFAULT 0,
          used INT NOT NULL DEFAULT 0`,
        indexes: [{ name: 'code_limits_by_time', columns: 'since' }],
      });
      // users.phone and users.email of 1.0.0 may hold anything, twice; what is verified stands here, once per tenant.
      await createTable(db, kind, {
        name: 'addresses',
        columns: `tenant VARCHAR(20) NOT NULL, address VARCHAR(128) NOT NULL, user_id BIGINT NOT NULL,
          verified_at ${TIME}, PRIMARY KEY (tenant, address)`,
        indexes: [{ name: 'addresses_by_user', columns: 'user_id' }],
      });
      await addColumn(db, kind, { table: 'sessions', column: 'code_at', definition: TIME });
    },
  };
}
