import type { Migration } from 'kysely';
import { addColumn, addIndex, type Kind, text } from './tables';

/** What finds and deletes the traces of a person, and of what is too old. */
export function deletedPeople(kind: Kind): Migration {
  return {
    async up(db) {
      await addColumn(db, kind, { table: 'sanctions', column: 'mail_key', definition: text(43) });
      await addIndex(db, kind, 'sanctions', { name: 'sanctions_by_mail', columns: 'tenant, mail_key' });
      await addIndex(db, kind, 'sanctions', { name: 'sanctions_by_maker', columns: 'by_user, id' });
      await addIndex(db, kind, 'public_ids', { name: 'public_ids_by_age', columns: 'created_at' });
    },
  };
}
