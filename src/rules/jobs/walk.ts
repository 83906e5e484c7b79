/** Goes through all open rooms of all tenants, page by page, and remembers how far it came when the time is up. */
import { type Cursor, type WalkedRoom, walkOpenRooms } from '../../data/room-clean-up';
import { absenceCutoffs } from './absence';
import { freshDatabase, type Turn } from './turn';

const PAGE = 500;

interface TenantCursor extends Cursor {
  tenant: string;
}

function cursorOf(position: string): TenantCursor | null {
  if (position === '') return null;
  const [tenant = '', createdAt = '0', roomId = ''] = position.split('\n');
  return { tenant, createdAt: Number(createdAt), roomId };
}

function nextPage(turn: Turn, tenant: string, after: Cursor | null): Promise<WalkedRoom[]> {
  const { services } = turn;
  const page = { after, most: PAGE, absence: absenceCutoffs(services) };
  return walkOpenRooms(freshDatabase(turn), tenant, page);
}

/** Visits every page; gives the position for the next turn, '' at the end. */
export async function walkRooms(turn: Turn, visit: (rooms: readonly WalkedRoom[]) => Promise<void>): Promise<string> {
  const cursor = cursorOf(turn.position);
  const tenants = turn.services.config.tenants.map((tenant) => tenant.id);
  const first = Math.max(0, cursor ? tenants.indexOf(cursor.tenant) : 0);
  for (const tenant of tenants.slice(first)) {
    let after: Cursor | null = cursor?.tenant === tenant ? cursor : null;
    for (;;) {
      const rooms = await nextPage(turn, tenant, after);
      await visit(rooms);
      const last = rooms.at(-1);
      if (!last || rooms.length < PAGE) break;
      after = { createdAt: last.created_at, roomId: last.room_id };
      if (!turn.hasTime()) return [tenant, after.createdAt, after.roomId].join('\n');
    }
  }
  return '';
}
