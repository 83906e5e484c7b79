/** Calls and callbacks that change nothing drop no shared answer: lists stay as cheap as without them. */
import { newPeople, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { imCallback, stateChange } from '../../testkit/vendor';

onBothDatabases((kind) => {
  const stage = useStage(kind);

  test('50 refused calls a second next to a shared list: less than 0.1 statements per list', async () => {
    const { anchor, roomId } = await newLive(stage());
    const [reader, stranger] = (await newPeople(stage(), 2)) as [Person, Person];
    const refused = [
      () => stranger.call('rooms/update_room', { roomId, title: 'mine now' }),
      () => stranger.call('rooms/update_room', { roomId, role: 'guest' }),
      () => stranger.call('rooms/destroy_room', { roomId }),
      () => stranger.call('rooms/destroy_room', { roomId: '2147483647' }),
      () => stranger.call('rooms/enter_room', { roomId: 'a b', role: 'audience' }),
      () => stranger.call('rooms/leave_room', { roomId: 'a b' }),
      () => stranger.call('rooms/report_room', {}),
      () => stranger.call('auth_users/user_update', {}),
      () => stranger.call('auth_users/user_query', { searchUserId: '99999999' }),
    ];
    await reader.must('rooms/query_room');
    await reader.must('rooms/room_detail', { roomId });
    const from = stage().lines.length;
    for (let round = 0; round < 5; round += 1) {
      for (const call of refused) {
        expect({ call: String(call), refused: (await call()).errorCode > 0 }).toEqual({
          call: String(call),
          refused: true,
        });
        await reader.must('rooms/query_room');
        await reader.must('rooms/room_detail', { roomId });
      }
    }
    const lists = stage()
      .lines.slice(from)
      .map((line): { endpoint?: string; queries?: number } => JSON.parse(line))
      .filter(({ endpoint }) => endpoint === 'rooms/query_room' || endpoint === 'rooms/room_detail');
    expect(lists).toHaveLength(10 * refused.length);
    expect(lists.reduce((sum, { queries = 0 }) => sum + queries, 0) / lists.length).toBeLessThan(0.1);
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('callbacks about viewers who are online: less than 0.1 statements per list', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const [reader] = (await newPeople(stage(), 1)) as [Person];
    const { userId } = viewer;
    const events = [
      () => imCallback(stage(), stateChange(userId, 'Login', stage().clock.now())),
      () => imCallback(stage(), stateChange(userId, 'Disconnect', stage().clock.now())),
      () => imCallback(stage(), stateChange(userId, 'Login', stage().clock.now())),
    ];
    await reader.must('rooms/query_room');
    const from = stage().lines.length;
    for (let round = 0; round < 10; round += 1) {
      for (const event of events) {
        expect((await event()).status).toBe(200);
        await reader.must('rooms/query_room');
      }
    }
    const lists = stage()
      .lines.slice(from)
      .map((line): { endpoint?: string; queries?: number } => JSON.parse(line))
      .filter(({ endpoint }) => endpoint === 'rooms/query_room');
    expect(lists).toHaveLength(10 * events.length);
    expect(lists.reduce((sum, { queries = 0 }) => sum + queries, 0) / lists.length).toBeLessThan(0.1);
    await anchor.must('rooms/destroy_room', { roomId });
  });

  test('one who comes back is in the next list', async () => {
    const { anchor, roomId } = await newLive(stage());
    const [reader] = (await newPeople(stage(), 1)) as [Person];
    const listed = async () => (await stage().listed(reader)).includes(roomId);
    const gone = stage().clock.now();
    expect(await listed()).toBe(true);
    await imCallback(stage(), stateChange(anchor.userId, 'Disconnect', gone));
    stage().wait(40);
    expect(await listed()).toBe(false);
    await imCallback(stage(), stateChange(anchor.userId, 'Login', stage().clock.now()));
    expect(await listed()).toBe(true);
    await imCallback(stage(), stateChange(anchor.userId, 'Disconnect', gone + 1_000));
    expect(await listed()).toBe(true);
    await anchor.must('rooms/destroy_room', { roomId });
  });
});
