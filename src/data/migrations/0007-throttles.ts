import type { Migration } from 'kysely';
import { createTable, type Kind, TIME } from './tables';

/** What several processes count together: failed sign-ins and sign-ups, by name and by client address. */
export function throttles(kind: Kind): Migration {
  return {
    async up(db) {
      await createTable(db, kind, {
        name: 'throttles',
        columns: `id CHAR(43) NOT NULL PRIMARY KEY, since ${TIME}, hits INT NOT NULL DEFAULT 0`,
        indexes: [{ name: 'throttles_by_time', columns: 'since' }],
      });
    },
  };
}
