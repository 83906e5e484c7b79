/** Goes through all open rooms of all tenants, page by page, and remembers how far it came when the time is up. */
import { type Cursor, type WalkedRoom, walkOpenRooms } from '../../data/rooms/room-clean-up';
import { absenceCutoffs } from '../presence/presence';
import { freshDatabase, type JobRun } from './job-run';

const PAGE = 500;

interface TenantCursor extends Cursor {
  tenant: string;
}

function cursorOf(position: string): TenantCursor | null {
  if (position === '') return null;
  const [tenant = '', createdAt = '0', roomId = ''] = position.split('\n');
  return { tenant, createdAt: Number(createdAt), roomId };
}

function nextPage(run: JobRun, tenant: string, after: Cursor | null): Promise<WalkedRoom[]> {
  const { services } = run;
  const page = { after, most: PAGE, absence: absenceCutoffs(services) };
  return walkOpenRooms(freshDatabase(run), tenant, page);
}

/** Visits every page; gives the position for the next run, '' at the end. */
export async function walkRooms(run: JobRun, visit: (rooms: readonly WalkedRoom[]) => Promise<void>): Promise<string> {
  const cursor = cursorOf(run.position);
  const tenants = run.services.config.tenants.map((tenant) => tenant.id);
  const first = Math.max(0, cursor ? tenants.indexOf(cursor.tenant) : 0);
  for (const tenant of tenants.slice(first)) {
    let after: Cursor | null = cursor?.tenant === tenant ? cursor : null;
    for (;;) {
      const rooms = await nextPage(run, tenant, after);
      await visit(rooms);
      const last = rooms.at(-1);
      if (!last || rooms.length < PAGE) break;
      after = { createdAt: last.created_at, roomId: last.room_id };
      if (!run.hasTime()) return [tenant, after.createdAt, after.roomId].join('\n');
    }
  }
  return '';
}
