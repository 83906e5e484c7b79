/** Related changes happen in one step or not at all, and deleted users block no others. */
import { goLive, newPeople, type Person, type Room } from '../../testkit/people';
import { onBothDatabases, startService, useService } from '../../testkit/service';

onBothDatabases((kind) => {
  const service = useService(kind);

  test('update_room changes neither texts nor role if one of them cannot be changed', async () => {
    const [owner, guest] = (await newPeople(service(), 2)) as [Person, Person];
    const roomId = await goLive(owner, { title: 'before' });
    await owner.must('rooms/leave_room', { roomId });
    expect((await owner.call('rooms/update_room', { roomId, title: 'after', role: 'host' })).errorCode).toBe(98);
    expect((await owner.must<Room>('rooms/room_detail', { roomId })).title).toBe('before');

    await guest.must('rooms/enter_room', { roomId, role: 'audience' });
    expect((await guest.call('rooms/update_room', { roomId, title: 'mine', role: 'host' })).errorCode).toBe(98);
    expect(await owner.must('rooms/list_users', { roomId })).toMatchObject([
      { userId: guest.userId, role: 'audience' },
    ]);

    await owner.must('rooms/enter_room', { roomId, role: 'anchor' });
    await owner.must('rooms/update_room', { roomId, title: 'after', role: 'host' });
    expect((await owner.must<Room>('rooms/room_detail', { roomId })).title).toBe('after');
  });

  test('calls that share a statement are answered each for itself', async () => {
    const people = await newPeople(service(), 40);
    const [gone] = people as [Person];
    await gone.must('auth_users/user_logout');
    for (const endpoint of ['auth_users/user_query', 'auth_users/user_keepalive']) {
      const answers = await Promise.all(people.map((person) => person.call(endpoint)));
      expect(answers.map((answer) => answer.errorCode)).toEqual(people.map((person) => (person === gone ? 204 : 0)));
      if (endpoint !== 'auth_users/user_query') continue;
      const ids = answers.slice(1).map((answer) => (answer.data as { userId: string }).userId);
      expect(ids).toEqual(people.slice(1).map((person) => person.userId));
    }
  });

  test('lists of people read in one batch are each of their own room, to their own limit', async () => {
    const people = await newPeople(service(), 6);
    const [viewer, ...owners] = people as [Person, ...Person[]];
    const roomIds = [];
    for (const owner of owners) roomIds.push(await goLive(owner));
    const [crowded = '', ended = ''] = roomIds;
    for (const one of owners.slice(1)) await one.must('rooms/enter_room', { roomId: crowded, role: 'audience' });
    await (owners[1] as Person).must('rooms/destroy_room', { roomId: ended });
    // The first is sent separately; the others share the next statement.
    const asked = [crowded, ...roomIds, 'nowhere'].map((roomId, n) =>
      viewer.call('rooms/list_users', { roomId, limit: n < 2 ? n + 2 : 10 }),
    );
    const listed = (await Promise.all(asked)).map(({ errorCode, data }) =>
      errorCode === 0 ? (data as { userId: string }[]).map(({ userId }) => userId) : errorCode,
    );
    const ids = owners.map(({ userId }) => userId);
    expect(listed).toEqual([ids.slice(0, 2), ids.slice(0, 3), 2004, ...ids.slice(2).map((id) => [id]), 2004]);
  });

  test('under the strict entry policy a phone that died does not keep its user out of other rooms', async () => {
    const strict = await startService(kind, { env: { ROOM_STRICT_ENTRY: 'true' } });
    try {
      const [anchor, other, viewer] = (await newPeople(strict, 3)) as [Person, Person, Person];
      const roomId = await goLive(anchor);
      const elsewhere = await goLive(other);
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
      await viewer.must('auth_users/user_keepalive');
      const enter = async () =>
        (await viewer.call('rooms/enter_room', { roomId: elsewhere, role: 'audience' })).errorCode;
      expect(await enter()).toBe(211);
      strict.clock.advance(91_000);
      expect(await enter()).toBe(0);
    } finally {
      await strict.close();
    }
  });
});
