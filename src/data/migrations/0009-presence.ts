/** presence.armed is called what it means. */
import type { Migration } from 'kysely';
import { FLAG, type Kind, renameColumn } from './tables';

export function presence(kind: Kind): Migration {
  return {
    async up(db) {
      await renameColumn(db, kind, { table: 'presence', from: 'armed', to: 'heartbeat_seen', definition: FLAG });
    },
  };
}
