/** Attack 23: a stranger enters a room before its host has opened it. */
import { newPeople, type Person, type Room } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { useStage } from '../../testkit/stage';

onBothDatabases((kind) => {
  const stage = useStage(kind);
  let host: Person;
  let stranger: Person;
  let roomId: string;
  beforeEach(async () => {
    [host, stranger] = (await newPeople(stage(), 2)) as [Person, Person];
    roomId = `show-${host.userId}`;
    expect(await stranger.must('rooms/enter_room', { roomId, role: 'audience' })).toEqual({ roomId, role: 'audience' });
  });
  const hosted = async () => {
    expect(await host.must('rooms/enter_room', { roomId, role: 'anchor', title: 'mine' })).toEqual({
      roomId,
      role: 'anchor',
    });
    expect(await stage().detail(stranger, roomId)).toMatchObject({ ownBy: host.userId, title: 'mine', status: 1 });
    expect(stage().im.groups(APP_ID).get(roomId)).toMatchObject({ owner: host.userId });
  };

  test('the host becomes its owner, with the group, and the stranger has no say anymore', async () => {
    await hosted();
    expect((await stranger.call('rooms/update_room', { roomId, title: 'taken' })).errorCode).toBe(98);
    expect((await stranger.call('rooms/destroy_room', { roomId })).errorCode).toBe(98);
    expect((await stage().detail(host, roomId)).nnUsers).toBe(2);
    await host.must('rooms/destroy_room', { roomId });
    await host.must('rooms/enter_room', { roomId });
    expect((await stranger.call('rooms/enter_room', { roomId, role: 'anchor' })).data).toEqual({
      roomId,
      role: 'audience',
    });
  });

  test('also after the stranger has ended it', async () => {
    await stranger.must('rooms/destroy_room', { roomId });
    await hosted();
    await host.must('rooms/destroy_room', { roomId });
    expect((await stranger.call('rooms/enter_room', { roomId, role: 'anchor' })).errorCode).toBe(2004);
  });

  test('also after the stranger has deleted the account', async () => {
    const [viewer] = (await newPeople(stage(), 1)) as [Person];
    await stranger.must('auth_users/user_delete');
    await host.must('rooms/enter_room', { roomId, role: 'anchor' });
    expect(await stage().detail(viewer, roomId)).toMatchObject({ ownBy: host.userId });
  });

  test('of many who enter as anchors concurrently, one becomes the owner', async () => {
    const people = await newPeople(stage(), 8);
    const answers = await Promise.all(people.map((one) => one.call('rooms/enter_room', { roomId, role: 'anchor' })));
    const roles = answers.map(({ data }) => (data as { role: string } | undefined)?.role);
    expect(roles.filter((role) => role === 'anchor')).toHaveLength(1);
    const room = await stage().detail(host, roomId);
    expect(people[roles.indexOf('anchor')]?.userId).toBe((room as Room).ownBy);
  });
});
