/** Hosts and their admins run their rooms: the users that they may kick and mute, for how long, and who sees it. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPeople, newPerson, type Person, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';

interface Blocked {
  userId: string;
  kind: string;
  reason: string;
  byUserId: string;
  createUtc: string;
  untilUtc: string;
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());
  const enter = (person: Person, roomId: string) =>
    person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });
  const blocked = (person: Person, roomId: string, params = {}) =>
    person.must<Blocked[]>('rooms/list_blocked', { roomId, ...params });
  const nameAdmin = async (anchor: Person, roomId: string) => {
    const moderator = await newPerson(stage());
    await anchor.must('rooms/add_admin', { roomId, targetUserId: moderator.userId });
    return moderator;
  };

  describe('kicks', () => {
    test('who is kicked is out, and kept out until the broadcast ends; TRTC and IM follow', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await anchor.must('rooms/kick_user', { roomId, targetUserId: viewer.userId, reason: 'spam' });
      expect(await stage().members(anchor, roomId)).toEqual([anchor.userId]);
      expect(await enter(viewer, roomId)).toMatchObject({
        errorCode: 98,
        errorMessage: expect.stringMatching(/you were kicked from this room until this broadcast ends: spam/),
      });
      expect(await blocked(anchor, roomId)).toEqual([
        expect.objectContaining({ userId: viewer.userId, kind: 'kick', byUserId: anchor.userId, untilUtc: '' }),
      ]);
      expect(stage().im.muted(APP_ID).has(`${roomId} ${viewer.userId}`)).toBe(true);
      await anchor.must('rooms/destroy_room', { roomId });
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
      expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
    });

    test('a kick for a time ends on its own, one for 0 seconds does not, and either can be rolled back', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await anchor.must('rooms/kick_user', { roomId, targetUserId: viewer.userId, seconds: 60 });
      expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 98 });
      stage().wait(61);
      expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
      await anchor.must('rooms/kick_user', { roomId, targetUserId: viewer.userId, seconds: 0 });
      stage().wait(100_000);
      expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 98 });
      for (let twice = 0; twice < 2; twice += 1) {
        await anchor.must('rooms/unblock_user', { roomId, targetUserId: viewer.userId });
      }
      expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
    });

    test('a room that is not live is no place to kick until the end of the broadcast, but one for a time', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await anchor.must('rooms/destroy_room', { roomId });
      const kick = { roomId, targetUserId: viewer.userId };
      expect(await anchor.call('rooms/kick_user', kick)).toMatchObject({ errorCode: 2004 });
      expect(await anchor.call('rooms/kick_user', { ...kick, seconds: 60 })).toMatchObject({ errorCode: 0 });
    });
  });

  describe('mutes', () => {
    test('IM gets the mute, the newest replaces the previous one, and it is in the list', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      const mute = (seconds: number) =>
        anchor.must('rooms/mute_user', { roomId, targetUserId: viewer.userId, seconds, reason: 'loud' });
      await mute(0);
      await mute(60);
      expect(await blocked(anchor, roomId)).toMatchObject([{ userId: viewer.userId, kind: 'mute', reason: 'loud' }]);
      expect(stage().im.muted(APP_ID).get(`${roomId} ${viewer.userId}`)).toBe(60);
      for (let twice = 0; twice < 2; twice += 1) {
        await anchor.must('rooms/unmute_user', { roomId, targetUserId: viewer.userId });
      }
      expect(stage().im.muted(APP_ID).has(`${roomId} ${viewer.userId}`)).toBe(false);
      expect(await blocked(anchor, roomId)).toEqual([]);
    });

    test('a sanction by an operator is listed without a name, and no host lifts it', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await admin().must('mute_user', { roomId, userId: viewer.userId, reason: 'law', seconds: 0 });
      expect(await blocked(anchor, roomId, { kind: 'mute' })).toMatchObject([{ byUserId: '', reason: 'law' }]);
      const answer = await anchor.call('rooms/unmute_user', { roomId, targetUserId: viewer.userId });
      expect(answer).toMatchObject({ errorCode: 98, errorMessage: expect.stringMatching(/an operator decided this/) });
    });
  });

  test('operators see what hosts do, with who did it, and may lift it', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const moderator = await nameAdmin(anchor, roomId);
    await anchor.must('rooms/mute_user', { roomId, targetUserId: viewer.userId, seconds: 60, reason: 'loud' });
    await moderator.must('rooms/kick_user', { roomId, targetUserId: viewer.userId, reason: 'spam' });
    const { items } = await admin().must<{ items: { sanctionId: string; kind: string }[] }>('sanctions', { roomId });
    expect(items.sort((a, b) => a.kind.localeCompare(b.kind))).toMatchObject([
      { kind: 'kick', by: 'admin', byUserId: moderator.userId, untilBroadcastEnds: true },
      { kind: 'mute', by: 'host', byUserId: anchor.userId, reason: 'loud' },
    ]);
    const { items: audit } = await admin().must<{ items: { action: string }[] }>('audit', { roomId });
    expect(audit.map(({ action }) => action)).toEqual(['kick_user', 'mute_user', 'add_admin']);
    expect(audit).toMatchObject([
      { operator: 'admin', userId: viewer.userId, reason: 'spam' },
      { operator: 'host' },
      {},
    ]);
    await admin().must('lift_sanction', { sanctionId: items[0]?.sanctionId, reason: 'a mistake' });
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
  });

  test('operators see what was taken back by the name of its call, and only what there was to take back', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const about = { roomId, targetUserId: viewer.userId };
    await anchor.must('rooms/unblock_user', about);
    await anchor.must('rooms/mute_user', { ...about, seconds: 60 });
    await anchor.must('rooms/kick_user', about);
    await anchor.must('rooms/unmute_user', about);
    await anchor.must('rooms/unblock_user', about);
    const { items } = await admin().must<{ items: { action: string }[] }>('audit', { roomId });
    expect(items.map(({ action }) => action)).toEqual(['unblock_user', 'unmute_user', 'kick_user', 'mute_user']);
  });

  test('the list has pages and one kind on demand', async () => {
    const { anchor, roomId } = await newLive(stage());
    const people = await newPeople(stage(), 3);
    for (const { userId } of people) {
      await anchor.must('rooms/mute_user', { roomId, targetUserId: userId, seconds: 60 });
    }
    const [first] = people;
    await anchor.must('rooms/kick_user', { roomId, targetUserId: first?.userId });
    const ids = (rows: Blocked[]) => rows.map((row) => `${row.kind} ${row.userId}`);
    const all = ids(await blocked(anchor, roomId));
    expect(all).toEqual([`kick ${first?.userId}`, ...people.reverse().map(({ userId }) => `mute ${userId}`)]);
    expect(ids(await blocked(anchor, roomId, { limit: 2, offset: 1 }))).toEqual(all.slice(1, 3));
    expect(ids(await blocked(anchor, roomId, { kind: 'kick' }))).toEqual(all.slice(0, 1));
  });

  describe('admins', () => {
    test('a room has ten at most, also if they are named concurrently; they stay for the next broadcast', async () => {
      const { anchor, roomId } = await newLive(stage());
      const people = await newPeople(stage(), 12);
      const named = await Promise.all(
        people.map(({ userId }) => anchor.call('rooms/add_admin', { roomId, targetUserId: userId })),
      );
      expect(named.map(({ errorCode }) => errorCode).sort()).toEqual([...Array(10).fill(0), 209, 209]);
      await anchor.must('rooms/destroy_room', { roomId });
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
      const admins = await anchor.must<{ userId: string }[]>('rooms/list_admins', { roomId });
      expect(admins).toHaveLength(10);
      const again = { roomId, targetUserId: admins[0]?.userId };
      expect(await anchor.call('rooms/add_admin', again)).toMatchObject({ errorCode: 0 });
      for (let twice = 0; twice < 2; twice += 1) await anchor.must('rooms/remove_admin', again);
      expect(await anchor.must('rooms/list_admins', { roomId })).toHaveLength(9);
    });

    test('whose account is gone is no admin anymore', async () => {
      const { anchor, roomId } = await newLive(stage());
      const moderator = await nameAdmin(anchor, roomId);
      await moderator.must('auth_users/user_delete');
      expect(await anchor.must('rooms/list_admins', { roomId })).toEqual([]);
    });
  });

  describe('chat rules', () => {
    test('they have defaults, change field by field, stay with the room, and operators change them too', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      const defaults = { speak: 'all', slowSeconds: 0, unique: false, links: true, minSecondsInRoom: 0 };
      expect(await viewer.must('rooms/chat_rules', { roomId })).toEqual(defaults);
      const changed = { ...defaults, slowSeconds: 10, links: false };
      expect(await anchor.must('rooms/update_chat', { roomId, slowSeconds: 10, links: false })).toEqual(changed);
      await anchor.must('rooms/destroy_room', { roomId });
      await anchor.must('rooms/enter_room', { roomId, role: 'anchor', category: 'mlvb-show-live' });
      expect(await viewer.must('rooms/chat_rules', { roomId })).toEqual(changed);
      expect(await admin().must('change_chat_rules', { roomId, speak: 'nobody' })).toEqual({
        ...changed,
        speak: 'nobody',
      });
      expect(await admin().must('chat_rules', { roomId })).toEqual({ ...changed, speak: 'nobody' });
    });
  });

  describe('attacks', () => {
    const calls = ['kick_user', 'mute_user', 'unmute_user', 'unblock_user', 'add_admin', 'remove_admin'];

    test.each(calls)('a viewer, and the host of another room, may not %s', async (call) => {
      const [{ viewer, roomId }, other] = [await newLive(stage()), await newLive(stage())];
      const victim = await newPerson(stage());
      for (const attacker of [viewer, other.anchor]) {
        const answer = await attacker.call(`rooms/${call}`, { roomId, targetUserId: victim.userId, seconds: 60 });
        expect(answer).toMatchObject({ errorCode: 98 });
      }
      expect((await admin().must<{ items: unknown[] }>('sanctions', { roomId })).items).toEqual([]);
    });

    test('a stranger cannot read the list of blocked users or change rules', async () => {
      const { viewer, roomId } = await newLive(stage());
      expect(await viewer.call('rooms/list_blocked', { roomId })).toMatchObject({ errorCode: 98 });
      expect(await viewer.call('rooms/update_chat', { roomId, speak: 'nobody' })).toMatchObject({ errorCode: 98 });
    });

    test('an admin cannot act on the owner or another admin, names none, and loses the role when removed', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      const [first, second] = [await nameAdmin(anchor, roomId), await nameAdmin(anchor, roomId)];
      for (const target of [anchor, second]) {
        for (const call of ['kick_user', 'mute_user', 'unmute_user', 'unblock_user']) {
          const answer = await first.call(`rooms/${call}`, { roomId, targetUserId: target.userId, seconds: 60 });
          expect([call, answer.errorCode]).toEqual([call, 98]);
        }
      }
      const promotion = { roomId, targetUserId: viewer.userId };
      expect(await first.call('rooms/add_admin', promotion)).toMatchObject({ errorCode: 98 });
      expect(await first.call('rooms/remove_admin', { roomId, targetUserId: second.userId })).toMatchObject({
        errorCode: 98,
      });
      await anchor.must('rooms/remove_admin', { roomId, targetUserId: first.userId });
      expect(await first.call('rooms/mute_user', { ...promotion, seconds: 60 })).toMatchObject({ errorCode: 98 });
    });

    test('an admin kicked by an operator does not run the room until the kick is lifted', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      const moderator = await nameAdmin(anchor, roomId);
      const kick = { roomId, userId: moderator.userId, reason: 'abuse', seconds: 600 };
      const { sanctionId } = await admin().must<{ sanctionId: string }>('kick_user', kick);
      const target = { roomId, targetUserId: viewer.userId };
      for (const [call, params] of [
        ['kick_user', target],
        ['mute_user', { ...target, seconds: 60 }],
        ['unmute_user', target],
        ['update_chat', { roomId, speak: 'nobody' }],
        ['list_blocked', { roomId }],
      ] as const) {
        const answer = await moderator.call(`rooms/${call}`, params);
        expect([call, answer.errorCode]).toEqual([call, 98]);
      }
      await admin().must('lift_sanction', { sanctionId, reason: 'settled' });
      await moderator.must('rooms/list_blocked', { roomId });
    });

    test('no user acts on themselves, on a person who is not there, or in a room that is not there', async () => {
      const { anchor, roomId } = await newLive(stage());
      for (const call of ['kick_user', 'mute_user', 'add_admin']) {
        const code = async (params: object) =>
          (await anchor.call(`rooms/${call}`, { roomId, seconds: 60, targetUserId: '2', ...params })).errorCode;
        expect(await code({ targetUserId: anchor.userId })).toBe(98);
        expect(await code({ targetUserId: '99999998' })).toBe(206);
        expect(await code({ targetUserId: 'nobody' })).toBe(206);
        expect(await code({ roomId: 'nowhere' })).toBe(2004);
      }
    });

    test('a kicked person who signs in again, or as the same name after deleting the account, stays out', async () => {
      const { anchor, viewer, roomId } = await newLive(stage());
      await anchor.must('rooms/kick_user', { roomId, targetUserId: viewer.userId, seconds: 0 });
      expect(await enter(await signInAgain(stage(), viewer), roomId)).toMatchObject({ errorCode: 98 });
      await viewer.must('auth_users/user_delete');
      await stage().call('oauth/register', { username: viewer.username, salt: viewer.salt });
      expect(await enter(await signInAgain(stage(), viewer), roomId)).toMatchObject({ errorCode: 98 });
    });
  });
});
