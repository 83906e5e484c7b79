/** The last value of a profile or a mute sent to IM, and its time: an account causes at most one call a minute. */
import type { Migration } from 'kysely';
import { createTable, type Kind, TIME } from './tables';

export function imSaid(kind: Kind): Migration {
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'im_said',
        columns: `id CHAR(43) NOT NULL PRIMARY KEY, said VARCHAR(43) NOT NULL, said_at ${TIME}, planned_at ${TIME},
          fields INT NOT NULL DEFAULT 0`,
        indexes: [{ name: 'im_said_by_time', columns: 'said_at' }],
      });
    },
  };
}
