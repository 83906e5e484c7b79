/** A sample of many rooms is counted in pieces, with the same sum as in one statement. */
import { raw, sql } from '../../src/data/engine/sql';
import { STEPS, samplesBetween } from '../../src/data/statistics/samples';
import { pieces } from '../../src/rules/statistics/rooms-sample';
import { takeSamples } from '../../src/rules/statistics/sampler';
import { goLive, newPerson } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';
import { meddle, rowsInto } from '../../testkit/statements';
import { recordAll } from '../operators/support/recorded';

const START = Date.UTC(2026, 2, 29, 0, 30, 5);
const ROOMS = 600;
const OF_ROOM = 30;
/** The maximum that one statement may count (rules/statistics/rooms-sample.ts). */
const MOST_MEMBERS = 4_000;
const MOST_ROOMS = 256;

onBothDatabases((kind) => {
  const service = useService(kind);

  test('600 rooms with 18,000 people: no statement is about more than 256 rooms or 4,000 people', async () => {
    const { clock, services } = service();
    clock.freeze(START);
    const anchor = await newPerson(service());
    await goLive(anchor);
    const db = services.database.forRequest();
    const first = 1_000;
    const room = (n: number) => ({
      id: first + n,
      tenant: '',
      room_id: `copy${n}`,
      owner_id: Number(anchor.userId),
      updated_by: Number(anchor.userId),
      broadcast_no: 1,
      status: 1,
      // Many of one moment, so that pages end between them.
      created_at: START - (n % 3),
      total_joined: OF_ROOM,
    });
    const rooms = Array.from({ length: ROOMS }, (_, n) => room(n));
    for (let from = 0; from < ROOMS; from += 100) {
      await meddle(db, rowsInto('rooms', ...rooms.slice(from, from + 100)));
    }
    const people = Array.from({ length: OF_ROOM }, (_, n) => 50_000 + n);
    const online = people.map((user_id) => ({ user_id, alive_until: START + STEPS.hour, seen_at: START }));
    await meddle(db, rowsInto('presence', ...online));
    for (const user of people) {
      await meddle(
        db,
        sql`INSERT INTO members (room_pk, broadcast_no, user_id, role, joined_at)
          SELECT r.id, 1, ${user}, 'audience', ${START - 20_000} FROM rooms r WHERE r.id >= ${first}`,
      );
    }
    const statements = recordAll(service());
    await takeSamples(services);
    const [sample] = await samplesBetween(db, '', { step: 'minute', from: 0, to: START + STEPS.hour });
    expect(sample).toMatchObject({
      rooms: ROOMS + 1,
      viewers: ROOMS * OF_ROOM + 1,
      online: OF_ROOM + 1,
      // The host has entered in this very second, which is counted with the next sample.
      entries: ROOMS * OF_ROOM,
    });
    const of = (name: string) => statements.filter((statement) => statement.name === name);
    expect(of('rooms.sample').map(({ values }) => values.at(-1))).toEqual([MOST_ROOMS, MOST_ROOMS, MOST_ROOMS]);
    const counted = of('rooms.count_people').map(
      ({ values }) => new Set(values.filter((value) => Number(value) >= first && Number(value) < first + ROOMS)).size,
    );
    expect(counted.reduce((sum, n) => sum + n, 0)).toBe(ROOMS);
    expect(Math.max(...counted) * OF_ROOM).toBeLessThanOrEqual(MOST_MEMBERS);
    await meddle(db, raw(`DELETE FROM rooms WHERE id >= ${first}`));
  });
});

test('a piece is the rooms that have this many members in total, and at least one', () => {
  const room = (total_joined: number) => ({ total_joined });
  expect(pieces([])).toEqual([]);
  const sizes = [1, 3_999, 1, 9_000, 2_000, 2_000, 1].map(room);
  expect(pieces(sizes).map((piece) => piece.map((one) => one.total_joined))).toEqual([
    [1, 3_999],
    [1],
    [9_000],
    [2_000, 2_000],
    [1],
  ]);
});
