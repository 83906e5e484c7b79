/** Attack 18: under the strict entry policy, six concurrent calls. */
import { goLive, newPeople, newPerson, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ROOM_STRICT_ENTRY: 'true', ROOMS_PER_OWNER: '0' } });
  let person: Person;
  beforeEach(async () => {
    person = await newPerson(stage());
  });
  const enterAll = async (rooms: readonly string[], role: string) => {
    const answers = await Promise.all(rooms.map((roomId) => person.call('rooms/enter_room', { roomId, role })));
    return answers.map(({ errorCode }) => errorCode).sort();
  };
  const roomsOf = async (rooms: readonly string[]) => {
    const members = await Promise.all(
      rooms.map(async (roomId) => {
        const answer = await person.call('rooms/list_users', { roomId, limit: 100 });
        return (answer.data as { userId: string }[] | undefined) ?? [];
      }),
    );
    return members.filter((list) => list.some(({ userId }) => userId === person.userId)).length;
  };

  test('six open rooms: the user enters one', async () => {
    const rooms = await Promise.all((await newPeople(stage(), 6)).map((anchor) => goLive(anchor)));
    expect(await enterAll(rooms, 'audience')).toEqual([0, 211, 211, 211, 211, 211]);
    expect(await roomsOf(rooms)).toBe(1);
  });

  test('six new rooms: the user opens one', async () => {
    const rooms = Array.from({ length: 6 }, (_, index) => `${person.userId}-strict-${index}`);
    expect(await enterAll(rooms, 'anchor')).toEqual([0, 211, 211, 211, 211, 211]);
    expect(await roomsOf(rooms)).toBe(1);
  });

  test('the same room six times: once', async () => {
    const [anchor] = (await newPeople(stage(), 1)) as [Person];
    const roomId = await goLive(anchor);
    expect(await enterAll(Array(6).fill(roomId), 'audience')).toEqual([0, 2006, 2006, 2006, 2006, 2006]);
  });
});
