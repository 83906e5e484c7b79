/** Attack 19: calls that make the service wait, so that each costs it many statements. */
import { until } from '../../testkit/lived';
import { newPeople, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  const [owner, stranger] = [0, 1];
  let people: Person[];
  beforeAll(async () => {
    people = await newPeople(stage(), 2);
  });
  const person = (index: number) => people[index] as Person;
  /** The statements that each answer to enter_room of `who` has cost since the lines were emptied. */
  const queriesOf = (who: Person) =>
    stage()
      .lines.map((line) => JSON.parse(line) as { endpoint?: string; userId?: string; queries?: number })
      .filter(({ endpoint, userId }) => endpoint === 'rooms/enter_room' && userId === who.userId)
      .map(({ queries }) => queries ?? 0);

  test('waiting for a room whose IM call hangs costs few statements', async () => {
    const roomId = person(owner).userId;
    stage().im.fail({ command: 'create_group', hang: true });
    stage().lines.length = 0;
    const opening = person(owner).call('rooms/enter_room', { roomId, role: 'anchor' });
    const isAsked = () => stage().im.calls.some((call) => call.command === 'create_group');
    await until('IM is asked for the group', isAsked);
    const waiting = await person(stranger).call('rooms/enter_room', { roomId, role: 'audience' });
    expect([100, 2004]).toContain(waiting.errorCode);
    expect((await opening).errorCode).toBe(100);
    stage().im.clear();
    expect(queriesOf(person(stranger))[0]).toBeLessThanOrEqual(12);
  });

  test("a stranger's fresh id is refused immediately", async () => {
    const { roomId } = await person(owner).must<{ roomId: string }>('rooms/generate_roomid');
    // The receivers of member events are read once in a few seconds.
    await person(stranger).call('rooms/enter_room', { roomId, role: 'audience' });
    stage().lines.length = 0;
    expect((await person(stranger).call('rooms/enter_room', { roomId, role: 'anchor' })).errorCode).toBe(98);
    expect((await person(stranger).call('rooms/enter_room', { roomId, role: 'audience' })).errorCode).toBe(2004);
    for (const queries of queriesOf(person(stranger))) expect(queries).toBeLessThanOrEqual(2);
  });
});
