/** Attack 20: a viewer who says to be the anchor. */
import { goLive, newPeople, type Person } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';

onBothDatabases((kind) => {
  const service = useService(kind);
  let owner: Person;
  let viewer: Person;
  let roomId: string;
  beforeEach(async () => {
    [owner, viewer] = (await newPeople(service(), 2)) as [Person, Person];
    roomId = await goLive(owner);
  });
  const roles = async () => {
    const users = await owner.must<{ userId: string; role: string }[]>('rooms/list_users', { roomId });
    return Object.fromEntries(users.map(({ userId, role }) => [userId, role]));
  };

  test.each(['anchor', 'ANCHOR', 'Anchor'])('entering as %s is entering as an audience', async (role) => {
    expect(await viewer.must('rooms/enter_room', { roomId, role })).toEqual({ roomId, role: 'audience' });
    expect(await roles()).toEqual({ [owner.userId]: 'anchor', [viewer.userId]: 'audience' });
  });

  test('update_room makes none either; other roles are free', async () => {
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    expect((await viewer.call('rooms/update_room', { roomId, role: 'anchor' })).errorCode).toBe(98);
    expect((await viewer.call('rooms/update_room', { roomId, role: 'Anchor' })).errorCode).toBe(98);
    await viewer.must('rooms/update_room', { roomId, role: 'guest' });
    await owner.must('rooms/update_room', { roomId, role: 'host' });
    await owner.must('rooms/update_room', { roomId, role: 'anchor' });
    expect(await roles()).toEqual({ [owner.userId]: 'anchor', [viewer.userId]: 'guest' });
  });
});
