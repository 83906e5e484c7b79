/** The drawing in docs/room-life.md, the table in room-moves.ts and what both databases do are the same thing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/data/engine/database';
import { columns, sql, write } from '../../src/data/engine/sql';
import { MOVES } from '../../src/data/rooms/room-moves';
import {
  type Move,
  type MoveValues,
  moveRoom,
  ROOM_STATUS,
  type RoomState,
  stateOf,
} from '../../src/data/rooms/room-states';
import { findRoom } from '../../src/data/rooms/rooms';
import type { RoomsTable } from '../../src/data/schema';
import { onBothDatabases } from '../../testkit/database';
import { look, rowsInto } from '../../testkit/statements';

const NOW = 1_000_000;
const STATES = Object.keys(ROOM_STATUS) as RoomState[];
const KEY = { tenant: '', roomId: 'r' };

/** `from move permission` → state, for every arrow of the drawing. */
function drawn(): Map<string, string> {
  const text = readFileSync(join(__dirname, '../../docs/room-life.md'), 'utf8');
  const arrows = text.matchAll(/^ {2}(\S+) --> (\S+) : (\S+)(?: \((.+)\))?$/gm);
  return new Map(
    [...arrows].map(([, from, to, move, permission = 'anybody']) => [
      `${from} ${move} ${permission}`,
      to === '[*]' ? 'none' : `${to}`,
    ]),
  );
}

/** Which arrows may be taken from a state whose lease is as `lease` says. */
const LEASES = {
  'leased by the mover': { holder: 'mover', until: NOW + 1, permits: ['anybody', 'holder'] },
  'leased by another': { holder: 'another', until: NOW + 1, permits: ['anybody'] },
  'of the mover, expired': { holder: 'mover', until: NOW, permits: ['anybody', 'holder', 'once expired'] },
  'of another, expired': { holder: 'another', until: NOW, permits: ['anybody', 'once expired'] },
} as const;

const isLeased = (state: RoomState) => state === 'opening' || state === 'dismissing';

/** The values of all moves. */
const VALUES = {
  ...({ id: 0, now: NOW, holder: 'mover', until: NOW + 10, broadcastNo: 1 } satisfies MoveValues),
  ...{ owner: 1, sanctionNo: 0, seenAt: NOW, onlineUntil: NOW, by: 1, goneSince: NOW, unseenSince: NOW },
  ...{ open_slot: null, host_pending: 0, owner_id: 1, ownerBefore: 1, session_id: 's', im_group: 0, custom: '' },
  ...{ broadcast_no: 2, category: '', title: '', created_at: NOW, updated_at: NOW, updated_by: 1, counted_at: NOW },
};

test('the drawing has the arrows of the table and no others', () => {
  const table = new Map<string, string>([['[*] create anybody', 'opening']]);
  for (const { name, from, to } of Object.values(MOVES)) {
    for (const [state, permission] of Object.entries(from)) table.set(`${state} ${name} ${permission}`, to);
  }
  expect(Object.fromEntries(drawn())).toEqual(Object.fromEntries(table));
});

onBothDatabases((_kind, db) => {
  const arrows = drawn();
  const names = Object.keys(MOVES) as (keyof typeof MOVES)[];
  const cases = STATES.flatMap((state) =>
    Object.keys(LEASES).flatMap((lease) => names.map((name) => [state, lease, name] as const)),
  );

  /** The room's owner, who is absent. */
  beforeAll(async () => {
    const one = db().request();
    const user = { id: 1, tenant: '', username: 'u', username_key: 'u' };
    await one.execute(write('test.user', 'never', rowsInto('users', user)));
    const presence = { user_id: 1, alive_until: 0, seen_at: 0, event_at: 0, heartbeat_seen: 0 };
    await one.execute(write('test.presence', 'never', rowsInto('presence', presence)));
  });

  async function put(one: Database, state: RoomState, lease: { holder: string; until: number }): Promise<number> {
    await one.execute(write('test.clear', 'safe', sql`DELETE FROM rooms`));
    const row = { tenant: '', room_id: 'r', owner_id: 1, updated_by: 1, broadcast_no: 1, status: ROOM_STATUS[state] };
    const leased = isLeased(state) ? lease : { holder: '', until: 0 };
    const insert = rowsInto('rooms', { ...row, lease_holder: leased.holder, lease_until: leased.until });
    return (await one.execute(write('test.put', 'never', insert))).insertId;
  }

  test.each(cases)('a %s room, its lease %s: %s', async (state, lease, name) => {
    const one = db().request();
    const { permits, ...stored } = LEASES[lease as keyof typeof LEASES];
    // What each move demands is among VALUES.
    const move = MOVES[name] as Move<unknown>;
    const id = await put(one, state, stored);
    const takesLease = move.to === 'opening' || move.to === 'dismissing';
    const found = { status: ROOM_STATUS[state], leaseHolder: isLeased(state) ? stored.holder : '' };
    const moved = await moveRoom(one, move, { ...VALUES, ...found, id });
    const to = permits.map((permission) => arrows.get(`${state} ${move.name} ${permission}`)).find((found) => found);
    // If the lease is the mover's already, this is the same call again after a lost answer.
    const again = takesLease && state === move.to && stored.holder === 'mover';
    expect(moved).toBe(to !== undefined || again);
    const room = await findRoom(one, KEY);
    expect(room ? stateOf(room) : 'none').toBe(to ?? state);
    const keeps = { holder: room?.lease_holder, until: room?.lease_until };
    if (to === undefined && !again) {
      const untouched = isLeased(state) ? stored : { holder: '', until: 0 };
      expect(keeps).toEqual(untouched);
    } else if (room)
      expect(keeps).toEqual(takesLease ? { holder: 'mover', until: NOW + 10 } : { holder: '', until: 0 });
  });

  test('a move on a room that is at another broadcast does nothing', async () => {
    const one = db().request();
    const id = await put(one, 'live', { holder: '', until: 0 });
    expect(await moveRoom(one, MOVES.end, { ...VALUES, id, broadcastNo: 2 })).toBe(false);
    expect(await moveRoom(one, MOVES.end, { ...VALUES, id })).toBe(true);
  });

  test('the next broadcast begins with the declared values, and what belongs to the room stays', async () => {
    const one = db().request();
    await one.execute(write('test.clear', 'safe', sql`DELETE FROM rooms`));
    const texts = {
      category: 'old',
      title: 'old',
      cover: 'old',
      subject: 'old',
      description: 'old',
      session_id: 'old',
    };
    const counts = { star: 7, nn_users: 7, total_joined: 7, peak: 7, counted_at: 7, im_group: 0, open_slot: 7 };
    const kept = { tenant: '', room_id: 'r', owner_id: 1, warned_no: 7, event_seq: 7 };
    const row = {
      ...texts,
      ...counts,
      ...kept,
      updated_by: 7,
      broadcast_no: 7,
      status: ROOM_STATUS.closed,
      created_at: 7,
    };
    const { insertId: id } = await one.execute(write('test.put', 'never', rowsInto('rooms', row)));
    const given = {
      broadcast_no: 8,
      category: 'new',
      title: 'new',
      custom: '{}',
      created_at: NOW,
      updated_at: NOW,
      counted_at: NOW,
    };
    const opening = { ...given, updated_by: 8, open_slot: 8, host_pending: 0, session_id: 'new', im_group: 1 };
    expect(await moveRoom(one, MOVES.openAtOnce, { ...VALUES, ...opening, id, broadcastNo: 7, now: NOW })).toBe(true);
    const all = columns('rooms', 'r', [
      ...['id', 'tenant', 'room_id', 'owner_id', 'updated_by', 'broadcast_no', 'status', 'category', 'title'],
      ...['cover', 'subject', 'description', 'star', 'created_at', 'updated_at', 'lease_holder', 'lease_until'],
      ...['open_slot', 'host_pending', 'session_id', 'im_group', 'nn_users', 'total_joined', 'counted_at', 'peak'],
      ...['warned_no', 'event_seq', 'custom'],
    ] as (keyof RoomsTable)[]);
    const state = { status: ROOM_STATUS.live, lease_holder: '', lease_until: 0 };
    const begun = { cover: '', subject: '', description: '', star: 0, nn_users: 1, total_joined: 1, peak: 1 };
    const stored = await look(one, all, sql`SELECT ${all} FROM rooms r`);
    expect(stored).toEqual([{ id, ...kept, ...opening, ...state, ...begun }]);
  });
});
