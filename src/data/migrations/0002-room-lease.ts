import { type Kysely, type Migration, sql } from 'kysely';
import {
  addColumn,
  addIndex,
  columnExists,
  dropColumn,
  dropIndex,
  type Kind,
  renameColumn,
  TIME,
  text,
} from './tables';

/** What 1.0.0 knew of a room's life by opening_at, opening_key and outbox.leased_until becomes a state and one lease. */
async function convert(db: Kysely<unknown>, kind: Kind): Promise<void> {
  if (await columnExists(db, kind, 'rooms', 'opening_at')) {
    // Openings under way: 2 = opening. They end as any whose opener has died.
    await sql`UPDATE rooms SET status = 2, lease_holder = 'upgrade', lease_until = opening_at
      WHERE status = 0 AND opening_at > 0`.execute(db);
  }
  if (await columnExists(db, kind, 'outbox', 'leased_until')) {
    // Dismissals that may be under way: 3 = dismissing.
    await sql`UPDATE rooms SET status = 3, lease_holder = 'upgrade', lease_until =
        (SELECT MAX(o.leased_until) FROM outbox o WHERE o.tenant = rooms.tenant AND o.target = rooms.room_id
          AND o.kind IN ('im_destroy_group', 'trtc_dismiss'))
      WHERE status = 0 AND EXISTS (SELECT 1 FROM outbox o WHERE o.tenant = rooms.tenant AND o.target = rooms.room_id
        AND o.kind IN ('im_destroy_group', 'trtc_dismiss') AND o.leased_until > 0)`.execute(db);
  }
  // One item dismisses a room everywhere; its payload says where that is still to be done.
  await sql`UPDATE outbox SET payload = 'im', kind = 'dismiss_room' WHERE kind = 'im_destroy_group'`.execute(db);
  await sql`UPDATE outbox SET payload = 'trtc', kind = 'dismiss_room' WHERE kind = 'trtc_dismiss'`.execute(db);
  await sql`UPDATE outbox SET kind = 'delete_members' WHERE kind = 'forget_members'`.execute(db);
}

/**
 * One lease on the room row for opener, dismisser and clean-up; what caps an owner's open rooms and unused ids; the field's
 * word for what a room does between opening and ending.
 */
export function roomLease(kind: Kind): Migration {
  return {
    async up(db) {
      const broadcastNo = { from: 'live_no', to: 'broadcast_no', definition: 'INT NOT NULL DEFAULT 0' };
      await renameColumn(db, kind, { table: 'rooms', ...broadcastNo });
      await renameColumn(db, kind, { table: 'members', ...broadcastNo, definition: 'INT NOT NULL' });
      await renameColumn(db, kind, { table: 'outbox', ...broadcastNo });
      const add = (column: string, definition: string) => addColumn(db, kind, { table: 'rooms', column, definition });
      await add('lease_holder', text(16));
      await add('lease_until', TIME);
      await add('open_slot', 'SMALLINT NULL');
      await add('host_pending', 'SMALLINT NOT NULL DEFAULT 0');
      await add('session_id', text(22));
      await convert(db, kind);
      await dropIndex(db, kind, 'rooms', 'rooms_by_opening');
      await dropColumn(db, kind, 'rooms', 'opening_at');
      await dropColumn(db, kind, 'rooms', 'opening_key');
      await dropColumn(db, kind, 'rooms', 'ended_at');
      await dropColumn(db, kind, 'outbox', 'leased_until');
      await addIndex(db, kind, 'rooms', { name: 'rooms_by_lease', columns: 'lease_until' });
      await addIndex(db, kind, 'rooms', { name: 'rooms_of_owner', columns: 'owner_id, status' });
      await addIndex(db, kind, 'rooms', { name: 'rooms_open_slots', columns: 'owner_id, open_slot', unique: true });
      await dropIndex(db, kind, 'rooms', 'rooms_by_owner');
      await addIndex(db, kind, 'public_ids', { name: 'public_ids_by_owner', columns: 'owner_id, created_at' });
    },
  };
}
