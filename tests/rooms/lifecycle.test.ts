/** The drawing in docs/room-life.md, the table in lifecycle.ts and what both databases do are the same thing. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Database } from '../../src/data/engine/database';
import { insertInto, sql, write } from '../../src/data/engine/sql';
import { moveRoom, ROOM_STATUS, type RoomState, stateOf, type Transition } from '../../src/data/rooms/room-states';
import { findRoom } from '../../src/data/rooms/rooms';
import { TRANSITIONS } from '../../src/rules/rooms/lifecycle';
import { onBothDatabases } from '../../testkit/database';

const NOW = 1_000_000;
const STATES = Object.keys(ROOM_STATUS) as RoomState[];
const MOVES: readonly Transition[] = Object.values(TRANSITIONS);
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
  'held by the mover': { holder: 'mover', until: NOW + 1, permits: ['anybody', 'holder'] },
  'held by another': { holder: 'another', until: NOW + 1, permits: ['anybody'] },
  'of the mover, run out': { holder: 'mover', until: NOW, permits: ['anybody', 'holder', 'once expired'] },
  'of another, run out': { holder: 'another', until: NOW, permits: ['anybody', 'once expired'] },
} as const;

test('the drawing has the arrows of the table and no others', () => {
  const table = new Map<string, string>([['[*] create anybody', 'opening']]);
  for (const { name, from, to } of MOVES) {
    for (const [state, permission] of Object.entries(from)) table.set(`${state} ${name} ${permission}`, to);
  }
  expect(Object.fromEntries(drawn())).toEqual(Object.fromEntries(table));
});

onBothDatabases((_kind, db) => {
  const arrows = drawn();
  const cases = STATES.flatMap((state) =>
    Object.keys(LEASES).flatMap((lease) => MOVES.map((move) => [state, lease, move.name] as const)),
  );

  async function put(one: Database, state: RoomState, lease: { holder: string; until: number }): Promise<number> {
    await one.execute(write('test.clear', 'safe', sql`DELETE FROM rooms`));
    const row = { tenant: '', room_id: 'r', owner_id: 1, updated_by: 1, broadcast_no: 1, status: ROOM_STATUS[state] };
    const leased = state === 'opening' || state === 'dismissing' ? lease : { holder: '', until: 0 };
    const insert = insertInto('rooms', { ...row, lease_holder: leased.holder, lease_until: leased.until });
    return (await one.execute(write('test.put', 'never', insert))).insertId;
  }

  test.each(cases)('a %s room, its lease %s: %s', async (state, lease, name) => {
    const one = db().request();
    const { permits, ...stored } = LEASES[lease as keyof typeof LEASES];
    const move = MOVES.find((candidate) => candidate.name === name) as Transition;
    const id = await put(one, state, stored);
    const takesLease = move.to === 'opening' || move.to === 'dismissing';
    const moved = await moveRoom(one, move, {
      id,
      now: NOW,
      holder: 'mover',
      ...(takesLease && { until: NOW + 10 }),
    });
    const to = permits.map((permission) => arrows.get(`${state} ${name} ${permission}`)).find((found) => found);
    // Of a lease that is the mover's already, taking it once more is the same call whose answer got lost.
    const again = takesLease && state === move.to && stored.holder === 'mover';
    expect(moved).toBe(to !== undefined || again);
    const room = await findRoom(one, KEY);
    expect(room ? stateOf(room) : 'none').toBe(to ?? state);
    const keeps = { holder: room?.lease_holder, until: room?.lease_until };
    if (to === undefined && !again) {
      const untouched = state === 'opening' || state === 'dismissing' ? stored : { holder: '', until: 0 };
      expect(keeps).toEqual(untouched);
    } else if (room)
      expect(keeps).toEqual(takesLease ? { holder: 'mover', until: NOW + 10 } : { holder: '', until: 0 });
  });

  test('a move on a room that is at another broadcast does nothing', async () => {
    const one = db().request();
    const id = await put(one, 'live', { holder: '', until: 0 });
    expect(await moveRoom(one, TRANSITIONS.end, { id, now: NOW, broadcastNo: 2 })).toBe(false);
    expect(await moveRoom(one, TRANSITIONS.end, { id, now: NOW, broadcastNo: 1 })).toBe(true);
  });
});
