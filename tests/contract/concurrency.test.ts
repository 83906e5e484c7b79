/** Concurrent calls: results that only one of them may get, and counts that are exact in the end. */
import md5 from 'md5';
import {
  freshName,
  goLive,
  newPeople,
  newPerson,
  type Person,
  type Room,
  type SignIn,
  sign,
  signInAgain,
  succeeded,
} from '../../testkit/people';
import { onBothDatabases, startService, useService } from '../../testkit/service';

onBothDatabases((kind) => {
  const first = useService(kind);
  // A second instance on the same database: the processes share no memory.
  const second = useService(kind, () => ({ sameDatabaseAs: first() }));
  let people: Person[] = [];

  const either = (index: number) => (index % 2 === 0 ? first() : second());
  /** The same person, calling the one instance or the other. */
  const through = (index: number, person: Person, endpoint: string, params: object) =>
    either(index).call(endpoint, { userId: person.userId, token: person.token, ...params });
  const codes = async (calls: Promise<{ errorCode: number }>[]) => {
    const counted = new Map<number, number>();
    for (const { errorCode } of await Promise.all(calls)) counted.set(errorCode, (counted.get(errorCode) ?? 0) + 1);
    return Object.fromEntries(counted);
  };
  const detail = async (roomId: string) => {
    const [one, two] = people as [Person, Person];
    const rooms = [
      await through(0, one, 'rooms/room_detail', { roomId }),
      await through(1, two, 'rooms/room_detail', { roomId }),
    ];
    expect(rooms[1]?.data).toEqual(rooms[0]?.data);
    return rooms[0]?.data as Room | undefined;
  };

  beforeAll(async () => {
    people = await newPeople(first(), 30);
  });

  test('20 registrations of one name with one salt all succeed and make one account', async () => {
    const account = { username: freshName(), salt: md5('one') };
    expect(
      await codes(Array.from({ length: 20 }, (_, index) => either(index).call('oauth/register', account))),
    ).toEqual({ 0: 20 });
    const ids = await Promise.all(Array.from({ length: 4 }, (_, index) => signInAgain(either(index), account)));
    expect(new Set(ids.map(({ userId }) => userId)).size).toBe(1);
  });

  test('20 registrations of one name with different salts: one wins, and only its salt signs in', async () => {
    const username = freshName();
    const salts = Array.from({ length: 20 }, (_, index) => md5(`salt ${index}`));
    const answers = await Promise.all(
      salts.map((salt, index) => either(index).call('oauth/register', { username, salt })),
    );
    const winners = salts.filter((_, index) => answers[index]?.errorCode === 0);
    expect(winners).toHaveLength(1);
    expect(answers.filter(({ errorCode }) => errorCode === 98)).toHaveLength(19);
    for (const [index, salt] of salts.entries()) {
      const signature = sign({ username, secret: salt });
      const { errorCode } = await either(index).call('oauth/signature', { username, signature });
      expect(errorCode).toBe(salt === winners[0] ? 0 : 98);
    }
  });

  test('20 first sign-ins with a fixed secret make one account', async () => {
    const env = { OAUTH_TAG_SECRETS: '{"vip":"a-fixed-secret-for-vip"}' };
    const service = await startService(kind, { sameDatabaseAs: first(), env });
    try {
      const signed = { username: freshName(), secret: 'a-fixed-secret-for-vip', tag: 'vip', ts: String(Date.now()) };
      const params = { username: signed.username, tag: 'vip', ts: signed.ts, signature: sign(signed), nickname: 'VIP' };
      const answers = await Promise.all(Array.from({ length: 20 }, () => service.call('oauth/signature', params)));
      expect(new Set(answers.map((answer) => succeeded<SignIn>(answer).userId)).size).toBe(1);
    } finally {
      await service.close();
    }
  });

  test.each(['anchor', undefined, 'audience'])(
    '20 first entries to one unknown room as %s make one room with 20 people in it',
    async (role) => {
      const roomId = `first-${role}-${Date.now()}`;
      const entries = people
        .slice(0, 20)
        .map((person, index) => through(index, person, 'rooms/enter_room', { roomId, role }));
      expect(await codes(entries)).toEqual({ 0: 20 });
      const room = await detail(roomId);
      expect(room).toMatchObject({ nnUsers: 20, totalJoined: 20, status: 1 });
      const users = succeeded<{ userId: string; role: string }[]>(
        await through(0, people[0] as Person, 'rooms/list_users', { roomId, limit: 100 }),
      );
      expect(users).toHaveLength(20);
      if (role === undefined)
        expect(users.filter((user) => user.role === 'anchor').map(({ userId }) => userId)).toEqual([room?.ownBy]);
    },
  );

  test('30 viewers entering, entering again, and half of them leaving concurrently are counted exactly', async () => {
    const anchor = await newPerson(first());
    const roomId = await goLive(anchor);
    const enter = (person: Person, index: number) =>
      through(index, person, 'rooms/enter_room', { roomId, role: 'audience' });
    expect(await codes([...people.map(enter), ...people.map((person, index) => enter(person, index + 1))])).toEqual({
      0: 60,
    });
    expect(await detail(roomId)).toMatchObject({ nnUsers: 31, totalJoined: 31 });
    const leaving = people.slice(0, 15).map((person, index) => through(index, person, 'rooms/leave_room', { roomId }));
    expect(await codes([...leaving, ...people.slice(15).map(enter)])).toEqual({ 0: 30 });
    expect(await detail(roomId)).toMatchObject({ nnUsers: 16, totalJoined: 31 });
    expect(await codes(people.map((person, index) => through(index, person, 'rooms/leave_room', { roomId })))).toEqual({
      0: 30,
    });
    expect(await detail(roomId)).toMatchObject({ nnUsers: 1, totalJoined: 31 });
  });

  test('one owner going live on two phones concurrently has one room', async () => {
    for (let round = 0; round < 3; round += 1) {
      const owner = await newPerson(first());
      const params = { roomId: owner.userId, role: 'anchor', title: 'twice' };
      expect(
        await codes(Array.from({ length: 6 }, (_, index) => through(index, owner, 'rooms/enter_room', params))),
      ).toEqual({ 0: 6 });
      expect(await detail(owner.userId)).toMatchObject({
        nnUsers: 1,
        totalJoined: 1,
        ownBy: owner.userId,
        title: 'twice',
      });
      // And again after the room has ended: one new broadcast, not two.
      succeeded(await through(0, owner, 'rooms/destroy_room', { roomId: owner.userId }));
      expect(
        await codes(Array.from({ length: 6 }, (_, index) => through(index, owner, 'rooms/enter_room', params))),
      ).toEqual({ 0: 6 });
      expect(await detail(owner.userId)).toMatchObject({ nnUsers: 1, totalJoined: 1 });
    }
  });

  test('a room that is destroyed while people enter ends up either open with them or ended without any user', async () => {
    for (let round = 0; round < 5; round += 1) {
      const anchor = await newPerson(first());
      const roomId = await goLive(anchor);
      const entries = people
        .slice(0, 10)
        .map((person, index) => through(index, person, 'rooms/enter_room', { roomId, role: 'audience' }));
      const destroyed = through(round, anchor, 'rooms/destroy_room', { roomId });
      expect((await destroyed).errorCode).toBe(0);
      for (const answer of await Promise.all(entries)) expect([0, 2004]).toContain(answer.errorCode);
      expect(await detail(roomId)).toBeUndefined();
      expect((await through(1, anchor, 'rooms/list_users', { roomId })).errorCode).toBe(2004);
      // The next broadcast starts without any of those who came too late for this one.
      expect((await through(1, anchor, 'rooms/enter_room', { roomId, role: 'anchor' })).errorCode).toBe(0);
      expect(await detail(roomId)).toMatchObject({ nnUsers: 1, totalJoined: 1 });
    }
  });

  test('an account that is deleted while it enters and goes live leaves no open room and no member', async () => {
    const host = await newPerson(first());
    const roomId = await goLive(host);
    for (let round = 0; round < 5; round += 1) {
      const leaver = await newPerson(first());
      const own = through(0, leaver, 'rooms/enter_room', { roomId: leaver.userId, role: 'anchor' });
      const other = through(1, leaver, 'rooms/enter_room', { roomId, role: 'audience' });
      const deleted = through(round, leaver, 'auth_users/user_delete', {});
      expect((await deleted).errorCode).toBe(0);
      for (const { errorCode } of [await own, await other]) expect([0, 204, 2004]).toContain(errorCode);
      const [viewer] = people as [Person];
      const listed = succeeded<Room[]>(await through(1, viewer, 'rooms/query_room', { limit: 100 }));
      expect(listed.map((room) => room.roomId)).not.toContain(leaver.userId);
      expect(await detail(leaver.userId)).toBeUndefined();
      const users = succeeded<{ userId: string }[]>(await through(0, host, 'rooms/list_users', { roomId, limit: 100 }));
      expect(users.map(({ userId }) => userId)).toEqual([host.userId]);
    }
  });

  test('50 generated ids are 50 different ids', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        through(index, people[index % 30] as Person, 'rooms/generate_roomid', {}),
      ),
    );
    expect(new Set(answers.map((answer) => succeeded<{ roomId: string }>(answer).roomId)).size).toBe(50);
  });

  test('a session that one instance has ended is not valid in the other', async () => {
    const person = await newPerson(first());
    const roomId = await goLive(person);
    for (const index of [0, 1]) succeeded(await through(index, person, 'rooms/query_room', {}));
    succeeded(await through(0, person, 'rooms/destroy_room', { roomId }));
    expect((await through(1, person, 'rooms/room_detail', { roomId })).errorCode).toBe(2004);
    succeeded(await through(0, person, 'auth_users/user_logout', {}));
    for (const endpoint of [
      'auth_users/user_query',
      'auth_users/user_keepalive',
      'rooms/enter_room',
      'auth_users/user_update',
    ]) {
      expect((await through(1, person, endpoint, { roomId, name: 'x' })).errorCode).toBe(204);
    }
  });
});
