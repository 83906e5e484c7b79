/** Ending, warning, kicking, muting, banning and lifting: the answers to apps, and the calls to IM and TRTC. */
import { DatabaseError } from '../../src/base/errors';
import type { SanctionData } from '../../src/contract/admin/items';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { freshName, newPerson, type Person, type Room, sign, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, type Stage, useStage } from '../../testkit/stage';
import { watchedDatabase } from '../../testkit/watched';

interface LiveRoom {
  roomId: string;
  viewers: number;
  joined: number;
  warned: boolean;
  reports: number;
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());
  const enter = (person: Person, roomId: string) =>
    person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });
  const goLive = (person: Person) =>
    person.call('rooms/enter_room', { roomId: person.userId, role: 'anchor', category: 'mlvb-show-live' });
  const signature = (person: Person) =>
    stage().call('oauth/signature', {
      username: person.username,
      signature: sign({ username: person.username, secret: person.salt }),
    });
  const noticesOf = (of: Stage, roomId: string) =>
    of.im
      .notices(APP_ID)
      .filter(({ groupId }) => groupId === roomId)
      .map(({ content }) => JSON.parse(content));

  test('rooms and room show live broadcasts', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    await anchor.must('rooms/update_room', { roomId, title: 'Cats and Dogs' });
    const { items } = await admin().must<{ items: LiveRoom[] }>('rooms', { search: 'cats' });
    expect(items).toEqual([
      {
        roomId,
        title: 'Cats and Dogs',
        category: 'mlvb-show-live',
        cover: '',
        ownBy: roomId,
        ownerName: '',
        state: 'live',
        startUtc: '2026-11-23 12:00:00',
        endUtc: '',
        viewers: 2,
        joined: 2,
        reports: 0,
        warned: false,
        broadcastNo: 1,
      },
    ]);
    for (const search of [roomId]) {
      expect((await admin().must<{ items: LiveRoom[] }>('rooms', { search })).items).toHaveLength(1);
    }
    expect((await admin().must<{ items: LiveRoom[] }>('rooms', { ownBy: anchor.userId })).items).toHaveLength(1);
    const page = await admin().must<{ members: { userId: string; role: string }[]; timeline: { kind: string }[] }>(
      'room',
      { roomId },
    );
    expect(page.members.map(({ userId, role }) => [userId, role]).sort()).toEqual(
      [
        [anchor.userId, 'anchor'],
        [viewer.userId, 'audience'],
      ].sort(),
    );
    expect(page.timeline.map(({ kind: what }) => what)).toEqual(['opened']);
    expect(await admin().call('room', { roomId: 'nowhere' })).toMatchObject({ status: 404, errorCode: 2004 });
  });

  test.each(['viewers', 'newest', 'joined'])('rooms by %s are complete, page after page', async (orderBy) => {
    await Promise.all(Array.from({ length: 5 }, () => newLive(stage())));
    const all = await admin().must<{ items: LiveRoom[] }>('rooms', { orderBy, limit: 200 });
    const seen: string[] = [];
    let cursor = '';
    do {
      const page: { items: LiveRoom[]; cursor: string } = await admin().must('rooms', {
        orderBy,
        limit: 2,
        ...(cursor && { cursor }),
      });
      seen.push(...page.items.map(({ roomId }) => roomId));
      cursor = page.cursor;
    } while (cursor !== '');
    expect(seen).toEqual(all.items.map(({ roomId }) => roomId));
    expect(seen.length).toBeGreaterThanOrEqual(5);
    const first = await admin().must<{ cursor: string }>('rooms', { orderBy, limit: 1 });
    const other = orderBy === 'newest' ? 'joined' : 'newest';
    expect(await admin().call('rooms', { orderBy: other, cursor: first.cursor })).toMatchObject({ status: 400 });
  });

  test('the overview says which of the parts work', async () => {
    const { health } = await admin().must<{ health: object }>('overview');
    expect(health).toMatchObject({
      database: { state: 'ok' },
      im: { state: 'ok', detail: 'IM REST API' },
      trtc: { state: 'ok', detail: 'TRTC API' },
    });
  });

  test('end_room: every user out, the reason reaches the anchor by IM and by the next answer, and the owner may open again', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    expect(await admin().must('end_room', { roomId, reason: 'bad taste' })).toEqual({ pending: [] });
    expect(noticesOf(stage(), roomId)).toEqual([{ liveRoom: 'room_ended', roomId, text: 'bad taste' }]);
    expect(stage().im.groups(APP_ID).has(roomId)).toBe(false);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 2004 });
    expect((await viewer.call('rooms/room_detail', { roomId })).errorMessage).toBe(
      'RoomNotExists(2004): the room does not exist or has ended',
    );
    expect((await anchor.call('rooms/room_detail', { roomId })).errorMessage).toBe(
      'RoomNotExists(2004): an operator ended this room: bad taste',
    );
    expect(await admin().call('end_room', { roomId, reason: 'again' })).toMatchObject({ status: 404, errorCode: 2004 });
    expect(await goLive(anchor)).toMatchObject({ errorCode: 0 });
    const broadcasts = await admin().must<{ broadcasts: { broadcastNo: number; endUtc: string }[] }>('user', {
      userId: anchor.userId,
    });
    expect(broadcasts.broadcasts.map(({ broadcastNo, endUtc }) => [broadcastNo, endUtc !== ''])).toEqual([
      [2, false],
      [1, true],
    ]);
  });

  test('end_room with banOwnerSeconds bans the owner too, each with its row of the audit', async () => {
    const { anchor, roomId } = await newLive(stage());
    await admin().must('end_room', { roomId, reason: 'fraud', banOwnerSeconds: 60 });
    expect((await goLive(anchor)).errorMessage).toBe(
      'SystemVerifyError(98): this account is banned until 2026-11-23 12:01:00: fraud',
    );
    const { items } = await admin().must<{ items: { action: string }[] }>('audit', { userId: anchor.userId });
    expect(items.map(({ action }) => action).sort()).toEqual(['ban_user', 'end_room']);
  });

  test('warn_room notifies the room and marks it, for this broadcast', async () => {
    const { anchor, roomId } = await newLive(stage());
    expect(await admin().must('warn_room', { roomId, text: 'mind your words' })).toEqual({ pending: [] });
    expect(noticesOf(stage(), roomId)).toEqual([{ liveRoom: 'room_warned', roomId, text: 'mind your words' }]);
    const warned = async () => (await admin().must<{ room: LiveRoom }>('room', { roomId })).room.warned;
    expect(await warned()).toBe(true);
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    expect(await warned()).toBe(false);
  });

  test('kick_user: out immediately, kept out of this room only, until the broadcast ends', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const other = await newLive(stage());
    stage()
      .trtc.rooms(APP_ID)
      .set(Number(roomId), new Set([viewer.userId, anchor.userId]));
    const kicked = await admin().must('kick_user', { roomId, userId: viewer.userId, reason: 'spam' });
    expect(kicked).toEqual({ sanctionId: expect.stringMatching(/^\d+$/), pending: [] });
    expect(await stage().members(anchor, roomId)).toEqual([anchor.userId]);
    expect(stage().trtc.rooms(APP_ID).get(Number(roomId))).toEqual(new Set([anchor.userId]));
    expect(stage().im.muted(APP_ID).get(`${roomId} ${viewer.userId}`)).toBe(4_294_967_295);
    expect((await enter(viewer, roomId)).errorMessage).toBe(
      'SystemVerifyError(98): you were kicked from this room until this broadcast ends: spam',
    );
    expect(await enter(viewer, other.roomId)).toMatchObject({ errorCode: 0 });
    expect(await viewer.call('auth_users/user_keepalive')).toMatchObject({ errorCode: 0 });
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
    expect(await admin().call('kick_user', { roomId, userId: anchor.userId, reason: 'x' })).toMatchObject({
      status: 409,
    });
    expect(await admin().call('kick_user', { roomId, userId: '77777777', reason: 'x' })).toMatchObject({
      status: 404,
      errorCode: 206,
    });
  });

  test('kick_user for a time ends with the time, and permanently does not end with the broadcast', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    await admin().must('kick_user', { roomId, userId: viewer.userId, reason: 'a while', seconds: 30 });
    expect((await enter(viewer, roomId)).errorMessage).toBe(
      'SystemVerifyError(98): you were kicked from this room until 2026-11-23 12:00:30: a while',
    );
    stage().clock.advance(31_000);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
    await admin().must('kick_user', { roomId, userId: viewer.userId, reason: 'never', seconds: 0 });
    await anchor.must('rooms/destroy_room', { roomId });
    await goLive(anchor);
    expect((await enter(viewer, roomId)).errorMessage).toBe(
      'SystemVerifyError(98): you were kicked from this room permanently: never',
    );
    stage().clock.advance(-31_000);
  });

  test('mute_user mutes in IM in the rooms the user is in, and in those entered later', async () => {
    const { viewer, roomId } = await newLive(stage());
    const other = await newLive(stage());
    const muted = (room: string) => stage().im.muted(APP_ID).get(`${room} ${viewer.userId}`);
    const done = await admin().must<{ sanctionId: string }>('mute_user', {
      userId: viewer.userId,
      reason: 'loud',
      seconds: 600,
    });
    expect(muted(roomId)).toBe(600);
    await enter(viewer, other.roomId);
    expect(muted(other.roomId)).toBe(600);
    await admin().must('lift_sanction', { sanctionId: done.sanctionId, reason: 'enough' });
    expect([muted(roomId), muted(other.roomId)]).toEqual([undefined, undefined]);
    await admin().must('mute_user', { userId: viewer.userId, roomId, reason: 'here', seconds: 0 });
    expect([muted(roomId), muted(other.roomId)]).toEqual([4_294_967_295, undefined]);
  });

  test('ban_user: sessions end, rooms end, nothing lets them in, and the answers say why', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const other = await newLive(stage());
    await enter(anchor, other.roomId);
    stage()
      .trtc.rooms(APP_ID)
      .set(Number(other.roomId), new Set([anchor.userId]));
    const until = '2026-11-23 13:00:00';
    const text = `SystemVerifyError(98): this account is banned until ${until}: hate`;
    const banned = await admin().must('ban_user', { userId: anchor.userId, reason: 'hate', seconds: 3600 });
    expect(banned).toEqual({ sanctionId: expect.any(String), endedRooms: [roomId], pending: [] });
    expect(await anchor.call('auth_users/user_keepalive')).toMatchObject({ errorCode: 204 });
    expect(await anchor.call('rooms/query_room')).toMatchObject({ errorCode: 204 });
    expect((await signature(anchor)).errorMessage).toBe(text);
    expect((await anchor.call('auth_users/user_login_token')).errorMessage).toBe(text);
    expect((await goLive(anchor)).errorMessage).toBe(text);
    expect((await enter(anchor, other.roomId)).errorMessage).toBe(text);
    expect((await anchor.call('rooms/enter_room', {})).errorMessage).toBe(text);
    expect(await stage().members(other.anchor, other.roomId)).not.toContain(anchor.userId);
    expect(stage().trtc.rooms(APP_ID).get(Number(other.roomId))).toEqual(new Set());
    expect(stage().im.kicked(APP_ID)).toContain(anchor.userId);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 2004 });
    const { items } = await admin().must<{ items: { userId: string; banned: boolean }[] }>('users', {
      search: anchor.username,
    });
    expect(items).toMatchObject([{ userId: anchor.userId, banned: true }]);
    stage().clock.advance(3_601_000);
    const back = await signInAgain(stage(), anchor);
    expect(await goLive(back)).toMatchObject({ errorCode: 0 });
    stage().clock.advance(-3_601_000);
  });

  test('a wrong password learns nothing of a ban', async () => {
    const person = await newPerson(stage());
    await admin().must('ban_user', { userId: person.userId, reason: 'secret matter', seconds: 0 });
    const wrong = await stage().call('oauth/signature', { username: person.username, signature: 'f'.repeat(32) });
    expect(wrong.errorMessage).toBe('SystemVerifyError(98): wrong username or signature');
    expect((await signature(person)).errorMessage).toBe(
      'SystemVerifyError(98): this account is banned permanently: secret matter',
    );
  });

  test('two bans: lifting one leaves the other, lifting both lets them back; a third time is 409', async () => {
    const person = await newPerson(stage());
    const { userId } = person;
    const [one, two] = await Promise.all([
      admin().must<{ sanctionId: string }>('ban_user', { userId, reason: 'one', seconds: 60 }),
      admin().must<{ sanctionId: string }>('ban_user', { userId, reason: 'two', seconds: 0 }),
    ]);
    await admin().must('lift_sanction', { sanctionId: two.sanctionId, reason: 'x' });
    expect((await signature(person)).errorMessage).toMatch(/until 2026-11-23 12:01:00: one/);
    await admin().must('lift_sanction', { sanctionId: one.sanctionId, reason: 'x' });
    expect(await signature(person)).toMatchObject({ errorCode: 0 });
    expect(await admin().call('lift_sanction', { sanctionId: one.sanctionId, reason: 'x' })).toMatchObject({
      status: 409,
    });
    const over = await admin().must<{ items: SanctionData[] }>('sanctions', { userId, active: false });
    expect(over.items.map(({ reason, liftedBy }) => [reason, liftedBy]).sort()).toEqual([
      ['one', 'admin'],
      ['two', 'admin'],
    ]);
    expect((await admin().must<{ items: SanctionData[] }>('sanctions', { userId })).items).toEqual([]);
  });

  test('a ban with the address keeps every user out who comes from there', async () => {
    const person = await newPerson(stage());
    const neighbour = await newPerson(stage());
    const live = await newLive(stage());
    const { sanctionId } = await admin().must<{ sanctionId: string }>('ban_user', {
      userId: person.userId,
      reason: 'flood',
      seconds: 0,
      withAddress: true,
    });
    const { items } = await admin().must<{ items: SanctionData[] }>('sanctions', { userId: person.userId });
    expect(items).toMatchObject([{ kind: 'ban', address: '127.0.0.1', untilUtc: '', untilBroadcastEnds: false }]);
    const text = 'SystemVerifyError(98): this network address is banned permanently: flood';
    expect((await signature(neighbour)).errorMessage).toBe(text);
    expect((await neighbour.call('auth_users/user_login_token')).errorMessage).toBe(text);
    expect((await enter(neighbour, live.roomId)).errorMessage).toBe(text);
    expect(await neighbour.call('auth_users/user_keepalive')).toMatchObject({ errorCode: 0 });
    await admin().must('lift_sanction', { sanctionId, reason: 'x' });
    expect(await enter(neighbour, live.roomId)).toMatchObject({ errorCode: 0 });
  });

  test('a clock that is set back lets no user in early', async () => {
    const person = await newPerson(stage());
    await admin().must('ban_user', { userId: person.userId, reason: 'x', seconds: 60 });
    stage().clock.advance(-3_600_000);
    expect((await signature(person)).errorMessage).toMatch(/banned until 2026-11-23 12:01:00/);
    stage().clock.advance(3_600_000);
  });

  test('sanctions stay in force for a user who deletes the account and registers the name again', async () => {
    const { viewer, roomId } = await newLive(stage());
    const person = await newPerson(stage(), { username: freshName().toUpperCase() });
    await enter(person, roomId);
    await admin().must('kick_user', { roomId, userId: person.userId, reason: 'twice', seconds: 0 });
    await person.must('auth_users/user_delete');
    const again = await newPerson(stage(), { username: person.username.toLowerCase() });
    expect(again.userId).not.toBe(person.userId);
    expect((await enter(again, roomId)).errorMessage).toMatch(/permanently: twice/);
    await admin().must('ban_user', { userId: again.userId, reason: 'third', seconds: 0 });
    expect((await signature(again)).errorMessage).toMatch(/permanently: third/);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
  });

  test('sign_out_user ends every session and counts them', async () => {
    const person = await newPerson(stage());
    const second = await signInAgain(stage(), person);
    expect(await admin().must('sign_out_user', { userId: person.userId, reason: 'lost phone' })).toEqual({
      sessions: 2,
    });
    for (const one of [person, second]) {
      expect(await one.call('auth_users/user_keepalive')).toMatchObject({ errorCode: 204 });
    }
    expect(await signature(person)).toMatchObject({ errorCode: 0 });
  });

  test('a committed change succeeds, though the database does not answer afterwards', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const { database } = stage().services;
    const { forRequest } = database;
    database.forRequest = (budget) =>
      watchedDatabase(forRequest(budget), ({ name }) => {
        if (name === 'outbox.unfinished') throw new DatabaseError('timeout', 'DEADLINE');
        return undefined;
      });
    const kick = { roomId, userId: viewer.userId, reason: 'x' };
    const kicked = await admin().must<{ pending: string[] }>('kick_user', kick);
    database.forRequest = forRequest;
    expect(kicked.pending).toEqual(['im', 'trtc']);
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 98 });
    expect(await enter(anchor, roomId)).toMatchObject({ errorCode: 0 });
  });

  test('with IM and TRTC down it takes effect immediately, lists the pending work, and finishes it', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 503 });
    stage().trtc.fail({ errorCode: 'InternalError' });
    const ended = await admin().must('end_room', { roomId, reason: 'x' });
    expect(ended).toEqual({ pending: ['im', 'trtc'] });
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 2004 });
    const banned = await admin().must<{ pending: string[] }>('ban_user', {
      userId: anchor.userId,
      reason: 'x',
      seconds: 0,
    });
    expect(banned.pending).toContain('im');
    expect(await anchor.call('auth_users/user_keepalive')).toMatchObject({ errorCode: 204 });
    stage().im.clear();
    stage().trtc.clear();
    stage().clock.advance(60_000);
    await stage().maintain();
    expect(stage().im.groups(APP_ID).has(roomId)).toBe(false);
    expect(stage().im.kicked(APP_ID)).toContain(anchor.userId);
    stage().clock.advance(-60_000);
  });

  test('late work does not hit a user who was let back', async () => {
    const { viewer, roomId } = await newLive(stage());
    stage().im.fail({ httpStatus: 503 });
    stage().trtc.fail({ errorCode: 'InternalError' });
    const { sanctionId } = await admin().must<{ sanctionId: string }>('kick_user', {
      roomId,
      userId: viewer.userId,
      reason: 'x',
    });
    await admin().must('lift_sanction', { sanctionId, reason: 'a mistake' });
    stage().im.clear();
    stage().trtc.clear();
    expect(await enter(viewer, roomId)).toMatchObject({ errorCode: 0 });
    stage()
      .trtc.rooms(APP_ID)
      .set(Number(roomId), new Set([viewer.userId]));
    stage().clock.advance(120_000);
    await viewer.must('auth_users/user_keepalive');
    await stage().maintain();
    expect(stage().trtc.rooms(APP_ID).get(Number(roomId))).toEqual(new Set([viewer.userId]));
    expect(stage().im.muted(APP_ID).has(`${roomId} ${viewer.userId}`)).toBe(false);
    stage().clock.advance(-120_000);
  });

  test('users are found by id, name, user name in any spelling, and listed newest first', async () => {
    const username = freshName();
    const person = await newPerson(stage(), { username, extra: { nickname: 'Zelda the Great' } });
    await person.must('auth_users/user_update', { name: 'Zelda the Great' });
    for (const search of [person.userId, username.toUpperCase(), 'Zelda the']) {
      const { items } = await admin().must<{ items: { userId: string }[] }>('users', { search });
      expect(items.map(({ userId }) => userId)).toEqual([person.userId]);
    }
    const newest = await admin().must<{ items: { userId: string }[] }>('users', { limit: 3 });
    expect(newest.items[0]?.userId).toBe(person.userId);
    const one = await admin().must<{ sessions: unknown[]; username: string }>('user', { userId: person.userId });
    expect(one).toMatchObject({ username, sessions: [{ address: '127.0.0.1' }] });
    expect(await admin().call('user', { userId: '99999998' })).toMatchObject({ status: 404, errorCode: 206 });
  });

  test('the counts of a room follow a kick immediately', async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    await admin().must('kick_user', { roomId, userId: viewer.userId, reason: 'x' });
    const detail = await anchor.must<Room>('rooms/room_detail', { roomId });
    expect(detail.nnUsers).toBe(1);
  });
});
