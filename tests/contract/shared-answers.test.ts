/** Answers shared for a second are never shared across a change of this process; the clock is fixed here. */
import { newPeople, type Person, type Room } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let reader: Person;
  beforeAll(async () => {
    [reader] = (await newPeople(stage(), 1)) as [Person];
    // The session is proved already: the counts below are the work on rooms.
    await reader.must('rooms/query_room');
  });

  const detail = (roomId: string) => reader.must<Room>('rooms/room_detail', { roomId });
  const people = (roomId: string) => reader.must<{ userId: string }[]>('rooms/list_users', { roomId });
  const listed = async (roomId: string, orderBy: string) =>
    (await reader.must<Room[]>('rooms/query_room', { orderBy, limit: 100 })).find((room) => room.roomId === roomId);

  /** All that shows the room: how many are in it, four times over. */
  async function counts(roomId: string): Promise<(number | undefined)[]> {
    return [
      (await detail(roomId)).nnUsers,
      (await people(roomId)).length,
      (await listed(roomId, 'createUtc'))?.nnUsers,
      (await listed(roomId, 'totalJoined'))?.nnUsers,
    ];
  }
  const all = (count: number | undefined) => [count, count, count, count];

  /** Statements of the calls that `work` makes. */
  async function statements(work: () => Promise<unknown>): Promise<number> {
    const from = stage().lines.length;
    await work();
    const lines = stage()
      .lines.slice(from)
      .map((line) => JSON.parse(line));
    return lines.reduce((sum: number, line: { queries?: number }) => sum + (line.queries ?? 0), 0);
  }

  test('asked again, nothing is asked of the database; after a user entered or left, what shows the room is', async () => {
    const { viewer, roomId } = await newLive(stage());
    expect(await counts(roomId)).toEqual(all(2));
    expect(await statements(() => counts(roomId))).toBe(0);
    await viewer.must('rooms/leave_room', { roomId });
    expect(await counts(roomId)).toEqual(all(1));
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    expect(await counts(roomId)).toEqual(all(2));
  });

  test('entries to one room do not affect the others', async () => {
    const [one, other] = [await newLive(stage()), await newLive(stage())];
    await other.viewer.must('auth_users/user_keepalive');
    await one.viewer.must('auth_users/user_keepalive');
    expect(await counts(one.roomId)).toEqual(all(2));
    await other.viewer.must('rooms/leave_room', { roomId: other.roomId });
    expect(await statements(() => Promise.all([detail(one.roomId), people(one.roomId)]))).toBe(0);
    expect(await counts(other.roomId)).toEqual(all(1));
  });

  test('a room that opens, changes or ends is seen immediately', async () => {
    const { anchor, roomId } = await newLive(stage());
    expect((await listed(roomId, 'createUtc'))?.title).toBe('');
    await anchor.must('rooms/update_room', { roomId, title: 'new' });
    expect((await listed(roomId, 'createUtc'))?.title).toBe('new');
    expect((await detail(roomId)).title).toBe('new');
    await anchor.must('rooms/destroy_room', { roomId });
    expect(await listed(roomId, 'createUtc')).toBeUndefined();
    expect((await reader.call('rooms/list_users', { roomId })).errorCode).toBe(2004);
    await anchor.must('rooms/enter_room', { roomId, role: 'anchor' });
    expect(await listed(roomId, 'createUtc')).toBeDefined();
    expect(await counts(roomId)).toEqual(all(1));
  });

  test('anyone who comes back by entering one room is counted in the other one again', async () => {
    const [here, there] = [await newLive(stage()), await newLive(stage())];
    for (const { anchor, viewer } of [here, there]) {
      await anchor.must('auth_users/user_keepalive');
      await viewer.must('auth_users/user_keepalive');
    }
    stage().wait(91);
    for (const { anchor } of [here, there]) await anchor.must('auth_users/user_keepalive');
    expect(await counts(here.roomId)).toEqual(all(1));
    await here.viewer.must('rooms/enter_room', { roomId: there.roomId, role: 'audience' });
    expect(await counts(here.roomId)).toEqual(all(2));
  });
});
