/** Room ids that differ only in upper and lower case are different rooms, also in statements about several rooms. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPeople, type Person, type Room } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

const IDS = ['Evening_Show', 'evening_show', 'EVENING_SHOW'];

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  let hosts: Person[];
  let viewers: Person[];
  const all = <T>(people: readonly Person[], endpoint: string, params: object = {}) =>
    Promise.all(IDS.map((roomId, n) => (people[n] as Person).must<T>(endpoint, { roomId, ...params })));
  const membersOf = async () =>
    (await all<{ userId: string }[]>(hosts, 'rooms/list_users')).map((list) => list.map(({ userId }) => userId));
  const idsOf = (people: readonly Person[]) => people.map(({ userId }) => userId);

  beforeAll(async () => {
    hosts = await newPeople(stage(), 3);
    viewers = await newPeople(stage(), 3);
    await Promise.all(
      hosts.map((host, n) => goLive(host, { roomId: IDS[n] as string, title: `of ${n}`, category: 'evenings' })),
    );
  });

  test('each has its own host, title, members and group', async () => {
    await all(viewers, 'rooms/enter_room', { role: 'audience' });
    expect(
      (await all<Room>(viewers, 'rooms/room_detail')).map(({ roomId, title, ownBy }) => [roomId, title, ownBy]),
    ).toEqual(IDS.map((roomId, n) => [roomId, `of ${n}`, hosts[n]?.userId]));
    expect(await membersOf()).toEqual(idsOf(hosts).map((host, n) => [host, viewers[n]?.userId]));
    const listed = await hosts[0]?.must<Room[]>('rooms/query_room', { roomIds: IDS.slice(1) });
    expect(listed?.map(({ roomId }) => roomId).sort()).toEqual([...IDS.slice(1)].sort());
    expect([...stage().im.groups(APP_ID).keys()].sort()).toEqual([...IDS].sort());
    const taken = await viewers[0]?.call('rooms/enter_room', { roomId: 'eVening_show', role: 'anchor' });
    expect(taken?.errorCode).toBe(0);
    await viewers[0]?.must('rooms/destroy_room', { roomId: 'eVening_show' });
  });

  test('decisions about one room and actions in it leave the others unchanged', async () => {
    const [first, second] = viewers as [Person, Person];
    await hosts[1]?.must('rooms/update_room', { roomId: IDS[1], title: 'changed' });
    await operatorOf(stage()).must('kick_user', { roomId: IDS[1], userId: second.userId, reason: 'x' });
    expect((await second.call('rooms/enter_room', { roomId: IDS[1], role: 'audience' })).errorCode).not.toBe(0);
    await second.must('rooms/enter_room', { roomId: IDS[2], role: 'audience' });
    await first.must('rooms/leave_room', { roomId: IDS[1] });
    await hosts[2]?.must('rooms/destroy_room', { roomId: IDS[2] });
    const details = await Promise.all(
      IDS.map((roomId) =>
        first.call('rooms/room_detail', { roomId }).then(({ data }) => (data as Room | undefined)?.title),
      ),
    );
    expect(details).toEqual(['of 0', 'changed', undefined]);
    const lists = await Promise.all(
      IDS.slice(0, 2).map((roomId) => first.must<{ userId: string }[]>('rooms/list_users', { roomId })),
    );
    expect(lists.map((list) => list.map(({ userId }) => userId))).toEqual([
      [hosts[0]?.userId, first.userId],
      [hosts[1]?.userId],
    ]);
  });
});
