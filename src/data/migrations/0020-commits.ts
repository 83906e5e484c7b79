/** Transactions that were committed within the last hour, so that one whose COMMIT got no response finds itself. */
import type { Migration } from 'kysely';
import { createTable, type Kind } from './tables';

export function commits(kind: Kind): Migration {
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'commits',
        columns: 'id CHAR(22) NOT NULL PRIMARY KEY, run SMALLINT NOT NULL, at_second BIGINT NOT NULL',
        indexes: [{ name: 'commits_by_time', columns: 'at_second' }],
      });
    },
  };
}
