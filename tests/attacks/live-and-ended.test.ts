/**
 * Attack 38: one account goes live and ends it as fast as it can. Each time IM makes a group and dissolves it, and IM takes
 * a limited number of calls a second of all users in total: the others could not go live.
 */
import { newPeople, type Person } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

const LIMIT = 10;
const ROUNDS = 40;

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ROOM_OPENINGS_PER_MINUTE: String(LIMIT) } });

  test(`${ROUNDS} times in a minute: ${LIMIT} groups, and others go live as ever`, async () => {
    const [hasty, other] = (await newPeople(stage(), 2)) as [Person, Person];
    const goLive = (person: Person) => person.call('rooms/enter_room', { roomId: person.userId, role: 'anchor' });
    const codes: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      codes.push((await goLive(hasty)).errorCode);
      await hasty.must('rooms/destroy_room', { roomId: hasty.userId });
    }
    expect(codes).toEqual([...Array(LIMIT).fill(0), ...Array(ROUNDS - LIMIT).fill(209)]);
    const asked = stage().im.calls.filter((call) => call.command === 'create_group');
    expect(asked).toHaveLength(LIMIT);
    expect((await goLive(other)).errorCode).toBe(0);
    // Returning to an open room is no opening, and after a minute more are allowed.
    for (let round = 0; round < LIMIT * 2; round += 1) expect((await goLive(other)).errorCode).toBe(0);
    stage().wait(60);
    expect((await goLive(hasty)).errorCode).toBe(0);
  });
});
