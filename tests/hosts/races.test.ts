/** No kicked user is in the room, in any order of the kick and entries, in two processes. */
import { ADMIN_KEY } from '../../testkit/operator';
import { newPeople, type Person, personOf } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, type Stage, startStage, useStage } from '../../testkit/stage';

const ROUNDS = Number(process.env['RACE_ROUNDS'] ?? 12);

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, ROOMS_PER_OWNER: '0' } });
  let second: Stage;

  beforeAll(async () => {
    second = await startStage(kind, { env: { ADMIN_KEY, ROOMS_PER_OWNER: '0' }, sameDatabaseAs: stage() });
  });
  afterAll(() => second.close());

  const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));
  const through = (service: Stage, person: Person) => personOf(service, person, person.signIn);
  const enter = (person: Person, roomId: string) =>
    person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });

  test.each(['here', 'there'])('a kick that is made %s, against entries through both processes', async (where) => {
    const { anchor, roomId } = await newLive(stage());
    const host = where === 'here' ? anchor : through(second, anchor);
    for (const person of await newPeople(stage(), ROUNDS)) {
      const doors = [person, through(second, person)];
      const kick = async () => {
        await pause(Math.random() * 12);
        await host.must('rooms/kick_user', { roomId, targetUserId: person.userId, reason: 'race' });
      };
      const entries = Array.from({ length: 6 }, async (_, n) => {
        await pause(Math.random() * 15);
        return enter(doors[n % 2] as Person, roomId);
      });
      await Promise.all([kick(), ...entries]);
      expect(await stage().members(anchor, roomId)).not.toContain(person.userId);
      for (const door of doors) expect(await enter(door, roomId)).toMatchObject({ errorCode: 98 });
    }
  });

  test('two hosts of one room concurrently on one person: one mute is in force afterwards', async () => {
    const { anchor, roomId } = await newLive(stage());
    for (const { userId } of await newPeople(stage(), ROUNDS)) {
      const mute = (host: Person, seconds: number) =>
        host.must('rooms/mute_user', { roomId, targetUserId: userId, seconds });
      await Promise.all([mute(anchor, 60), mute(through(second, anchor), 600), mute(anchor, 6_000)]);
      const rows = await anchor.must<{ userId: string }[]>('rooms/list_blocked', { roomId, limit: 100 });
      expect(rows.filter((row) => row.userId === userId)).toHaveLength(1);
      stage().wait(30);
      second.wait(30);
    }
  });
});
