/** `userIds: username`: the user name is the id, everywhere; beside it, in one installation, a tenant whose ids are numbers. */
import md5 from 'md5';
import { columns, sql } from '../../src/data/engine/sql';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson, type Person, type Room, type SignIn, signInAgain, succeeded } from '../../testkit/people';
import { APP_ID, APP_SECRET, onBothDatabases } from '../../testkit/service';
import { type Stage, startStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';
import { verifyUserSig } from '../../testkit/usersig';
import {
  groupDestroyed,
  imCallback,
  memberStateChange,
  roomEvent,
  stateChange,
  trtcCallback,
} from '../../testkit/vendor';
import { overHttp } from '../../testkit/ways';
import { everyChange } from '../operators/support/every-change';
import { afterOf, askIm, beforeGroup, says } from '../review/support';

const NUMBERS = { apaasAppId: 'nums', sdkAppId: 1_400_000_777, secret: 'a-secret-of-the-tenant-nums-0001' };
const HOUR = 3_600;

/** Fields that name a user. */
const NAMING = /^(userId|apaasUserId|ownBy|createBy|updateBy|byUserId|targetUserId|ownerId)$/;

/** What the walk of the calls leaves: nothing that still waits. */
const DECIDED: Readonly<Record<string, object>> = { appeals: { state: 'done' }, held: { state: 'passed' } };

/** All ids of users in an answer. */
function idsIn(value: unknown): string[] {
  if (Array.isArray(value)) return value.flatMap(idsIn);
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, inner]) =>
    NAMING.test(key) && typeof inner === 'string' ? [inner] : idsIn(inner),
  );
}

onBothDatabases((kind) => {
  let stage: Stage;
  let alice: Person;
  let bob: Person;
  const admin = () => operatorOf(stage);
  const now = () => stage.clock.now();

  beforeAll(async () => {
    const env = { ADMIN_KEY, USER_IDS: 'username', TENANTS: JSON.stringify([NUMBERS]), WEBHOOK_ALLOW_PRIVATE: 'true' };
    stage = await startStage(kind, { env });
    stage.im.addApp({ ...NUMBERS, clock: stage.clock.now });
    await admin().must('add_webhook', { url: 'http://127.0.0.1:9/' });
    alice = await newPerson(stage, { username: `Alice_${kind}` });
    bob = await newPerson(stage, { username: `bob-${kind}` });
  });
  afterAll(() => stage.close());

  test('signing in answers the name, in the spelling of the first sign-in, and signs for it', async () => {
    for (const username of [alice.username, alice.username.toUpperCase()]) {
      const { signIn } = await signInAgain(stage, { username, salt: alice.salt });
      expect(signIn).toMatchObject({ userId: alice.username, apaasUserId: alice.username, sdkAppId: APP_ID });
      const expected = { sdkAppId: APP_ID, secret: APP_SECRET, identifier: alice.username };
      expect(verifyUserSig(signIn.userSig, expected)).toMatchObject({ ok: true });
    }
    const again = await alice.must<SignIn>('auth_users/user_login_token');
    expect(again.userId).toBe(alice.username);
    const me = { userId: alice.username, token: again.token };
    expect(await stage.call('auth_users/user_query', me)).toMatchObject({ data: { userId: alice.username } });
  });

  test('the other tenant has numbers, and the same name', async () => {
    const one = await newPerson(stage, { username: alice.username, extra: { apaasAppId: 'nums' } });
    expect(one.userId).toMatch(/^nums-[1-9]\d*$/);
    expect(await goLive(one)).toBe(one.userId);
    expect(await one.must('rooms/room_detail', { roomId: one.userId })).toMatchObject({ ownBy: one.userId });
    expect((await one.call('auth_users/user_query', { searchUserId: alice.username })).errorCode).toBe(206);
    expect((await bob.call('auth_users/user_query', { searchUserId: one.userId })).errorCode).toBe(206);
    const { roomId } = await one.must<{ roomId: string }>('rooms/generate_roomid');
    expect(roomId).toMatch(/^nums-\d{9,10}$/);
    await one.must('rooms/destroy_room', { roomId: one.userId });
  });

  test('a broadcast under the own id: groups, lists, members and profiles have the name', async () => {
    await alice.must('auth_users/user_update', { name: 'Alice' });
    expect(await goLive(alice)).toBe(alice.username);
    await bob.must('rooms/enter_room', { roomId: alice.userId, role: 'audience' });
    expect(stage.im.groups(APP_ID).get(alice.userId)).toMatchObject({ owner: alice.userId });
    const named = { roomId: alice.userId, ownBy: alice.userId, createBy: alice.userId, updateBy: alice.userId };
    expect(await bob.must('rooms/query_room', { category: 'mlvb-show-live' })).toEqual([
      expect.objectContaining(named),
    ]);
    expect(await bob.must('rooms/room_detail', { roomId: alice.userId })).toMatchObject(named);
    expect(await stage.members(bob, alice.userId)).toEqual([alice.userId, bob.userId].sort());
    const profiles = await bob.must<object[]>('auth_users/getUserInfoBatch', {
      userId: `${bob.userId}|${alice.userId}|nobody|${alice.userId.toLowerCase()}`,
    });
    expect(profiles).toMatchObject([{ userId: bob.userId }, { userId: alice.userId, name: 'Alice' }]);
    expect(await bob.must('auth_users/user_query', { searchUserId: alice.userId })).toMatchObject({ name: 'Alice' });
    await alice.must('rooms/update_room', { roomId: alice.userId, title: 'Hello' });
    await alice.must('auth_users/user_keepalive');
  });

  test('callbacks of IM and TRTC name users, and text rooms', async () => {
    expect(await stage.listed(bob)).toEqual([alice.userId]);
    await imCallback(stage, stateChange(alice.userId, 'Logout', now() + 1_000));
    stage.wait(60);
    expect(await stage.listed(bob)).toEqual([]);
    await imCallback(stage, stateChange(alice.userId, 'Login', now()));
    expect(await stage.listed(bob)).toEqual([alice.userId]);
    await trtcCallback(stage, roomEvent({ type: 104, roomId: alice.userId, userId: bob.userId, at: now() }));
    stage.wait(60);
    expect(await stage.members(bob, alice.userId)).toEqual([alice.userId]);
    const cameBack = { roomId: alice.userId, userIds: [bob.userId], cause: 'Join' as const, at: now() };
    await imCallback(stage, memberStateChange(cameBack));
    expect(await stage.members(bob, alice.userId)).toEqual([alice.userId, bob.userId].sort());
    // Another spelling is another id: nothing happens.
    await alice.must('auth_users/user_keepalive');
    await imCallback(stage, stateChange(alice.userId.toUpperCase(), 'Logout', now() + 1_000));
    stage.wait(60);
    expect(await stage.listed(bob)).toEqual([alice.userId]);
  });

  test('hosts and review: sanctions, admins and held messages have the name', async () => {
    const roomId = alice.userId;
    await alice.must('rooms/add_admin', { roomId, targetUserId: bob.userId });
    expect(await bob.must('rooms/list_admins', { roomId })).toMatchObject([{ userId: bob.userId }]);
    await alice.must('rooms/remove_admin', { roomId, targetUserId: bob.userId });
    await alice.must('rooms/mute_user', { roomId, targetUserId: bob.userId, seconds: 60 });
    expect(stage.im.muted(APP_ID).get(`${roomId} ${bob.userId}`)).toBe(60);
    expect((await says(stage, roomId, bob.userId, 'hello')).ErrorCode).toBeGreaterThan(0);
    const blocked = await alice.must('rooms/list_blocked', { roomId });
    expect(blocked).toMatchObject([{ userId: bob.userId, byUserId: alice.userId }]);
    await alice.must('rooms/unmute_user', { roomId, targetUserId: bob.userId });
    await admin().must('change_review_settings', { enabled: true, chatLogDays: 7 });
    await admin().must('add_words', { words: ['holdword'], action: 'hold' });
    await askIm(stage, beforeGroup(roomId, bob.userId, 'a holdword'));
    const { items } = await admin().must<{ items: { heldId: string; userId: string }[] }>('held', {
      userId: bob.userId,
    });
    expect(items).toMatchObject([{ userId: bob.userId }]);
    await admin().must('decide_held', { heldIds: items.map(({ heldId }) => heldId), verdict: 'pass' });
    expect(stage.im.sent(APP_ID)).toMatchObject([{ from: bob.userId }]);
    const message = beforeGroup(roomId, bob.userId, 'good evening');
    await askIm(stage, message);
    await imCallback(stage, afterOf(message, 5));
    await stage.services.review.chatLog.flush();
    const log = await admin().must<{ items: object[] }>('messages', { userId: bob.userId });
    expect(log.items).toContainEqual(expect.objectContaining({ userId: bob.userId, text: 'good evening' }));
    const csv = await admin().raw('messages', { userId: bob.userId, format: 'csv' });
    expect(csv.text).toContain(`,${bob.userId},`);
    const report = { targetRoomId: roomId, targetUserId: bob.userId, reason: 'fraud' };
    await alice.must('reports/report_room', report);
  });

  test('messages of the same author cost no statement after the first, and a new account of the name is another author', async () => {
    const host = await newPerson(stage, { username: `quiet-${kind}` });
    const roomId = await goLive(host);
    const username = `writer-${kind}`;
    const writer = await newPerson(stage, { username });
    const asked = async () => {
      const before = stage.lines.length;
      const { ErrorCode } = await says(stage, roomId, username, 'good evening');
      const line = stage.lines.slice(before).find((one) => one.includes('callbacks/im')) ?? '{}';
      return [ErrorCode, JSON.parse(line).queries];
    };
    await asked();
    expect([await asked(), await asked()]).toEqual([
      [0, 0],
      [0, 0],
    ]);
    await writer.must('auth_users/user_delete');
    const again = await newPerson(stage, { username });
    stage.wait(61);
    await host.must('rooms/mute_user', { roomId, targetUserId: again.userId, seconds: 60 });
    expect((await asked())[0]).toBe(10104);
  });

  test('every call of operators takes the name and answers it, and so do files', async () => {
    const inputs = everyChange(stage, kind);
    const ids: string[] = [];
    for (const [name, input] of Object.entries(inputs)) {
      const action = name.replace(/Of$/, '').replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`);
      ids.push(...idsIn(await admin().must(action, await input())));
    }
    const ban = { userId: bob.userId, reason: 'x', seconds: 60 };
    const { sanctionId } = await admin().must<{ sanctionId: string }>('ban_user', ban);
    expect(stage.im.kicked(APP_ID)).toContain(bob.userId);
    for (const call of ['users', 'sanctions', 'reports', 'appeals', 'held', 'audit', 'broadcasts', 'rooms']) {
      const { items } = await admin().must<{ items: object[] }>(call, { limit: 200, ...DECIDED[call] });
      expect([call, items.length > 0]).toEqual([call, true]);
      ids.push(...idsIn(items));
    }
    for (const call of ['user', 'sanctions', 'reports', 'audit']) {
      const answer = JSON.stringify(await admin().must(call, { userId: bob.userId }));
      expect([call, answer.includes(bob.userId)]).toEqual([call, true]);
    }
    expect((await admin().call('user', { userId: bob.userId.toUpperCase() })).status).toBe(404);
    const room = await admin().must<{ room: object }>('room', { roomId: alice.userId });
    expect(room.room).toMatchObject({ ownBy: alice.userId, ownerName: 'Alice' });
    expect(await admin().must('users', { search: bob.userId })).toMatchObject({ items: [{ userId: bob.userId }] });
    expect(await admin().must('rooms', { search: alice.userId })).toMatchObject({ items: [{ ownBy: alice.userId }] });
    expect(await admin().must('rooms', { ownBy: alice.userId })).toMatchObject({ items: [{ ownBy: alice.userId }] });
    ids.push(...idsIn(room), ...idsIn(await admin().must('user', { userId: bob.userId })));
    for (const call of ['audit', 'broadcasts']) {
      const { text } = await admin().raw(call, { format: 'json' });
      ids.push(
        ...idsIn(
          text
            .trim()
            .split('\n')
            .map((line) => JSON.parse(line) as object),
        ),
      );
    }
    expect(ids.filter((id) => !/^(|[A-Za-z][\w-]*)$/.test(id))).toEqual([]);
    expect(new Set(ids).size).toBeGreaterThan(20);
    await admin().must('lift_sanction', { sanctionId, reason: 'x' });
    bob = await signInAgain(stage, bob);
  });

  test('webhooks have the name', async () => {
    const event = columns('webhook_events', 'e', ['type', 'body']);
    const db = stage.services.database.forRequest();
    const rows = await look(db, event, sql`SELECT ${event} FROM webhook_events e WHERE e.tenant = ''`);
    const ids = rows.flatMap(({ body }) => idsIn(JSON.parse(body)));
    expect(ids.filter((id) => !/^(|[A-Za-z][\w-]*)$/.test(id))).toEqual([]);
    const types = new Set(rows.map(({ type }) => type));
    for (const type of ['user.created', 'room.opened', 'member.joined', 'sanction.created', 'report.created'])
      expect(types).toContain(type);
  });

  test('the service: tokens, users, rooms, import and export by name', async () => {
    const carol = await admin().must<SignIn>('issue_token', { username: `Carol-${kind}`, nickname: 'Carol' });
    expect(carol.userId).toBe(`Carol-${kind}`);
    expect(stage.im.accounts(APP_ID).get(carol.userId)).toMatchObject({ nick: 'Carol' });
    expect((await admin().must<SignIn>('issue_token', { userId: carol.userId })).userId).toBe(carol.userId);
    expect((await admin().call('issue_token', { username: 'not an id' })).errorCode).toBe(210);
    const custom = { level: 1 };
    expect(await admin().must('update_user', { userId: carol.userId, custom })).toMatchObject({ userId: carol.userId });
    expect(await admin().must('open_room', { ownerId: carol.userId })).toMatchObject({ roomId: carol.userId });
    const call = { userId: carol.userId, token: carol.token };
    expect(succeeded<Room>(await stage.call('rooms/room_detail', { ...call, roomId: carol.userId })).ownBy).toBe(
      carol.userId,
    );
    const lines = [
      { username: `dave-${kind}`, userId: `dave-${kind}` },
      { username: `erin-${kind}` },
      { username: `frank-${kind}`, userId: 'frank' },
      { username: 'has a blank' },
      { username: '123456789' },
    ];
    const imported = await overHttp(stage, {
      method: 'POST',
      path: '/base/v1/admin/import_users',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/x-ndjson' },
      body: lines.map((line) => JSON.stringify(line)).join('\n'),
    });
    expect(JSON.parse(imported.text)).toMatchObject({
      data: { added: 2, refused: [{ line: 3 }, { line: 4 }, { line: 5 }] },
    });
    const exported = await admin().must<Record<string, object[]>>('export_user', { userId: carol.userId });
    expect(exported['users']).toMatchObject([{ username: carol.userId }]);
    await admin().must('close_room', { roomId: carol.userId });
    await admin().must('delete_user', { userId: carol.userId, reason: 'asked' });
    expect((await admin().call('export_user', { userId: carol.userId })).status).toBe(404);
    stage.wait(HOUR + 60);
    for (let run = 0; run < 4; run += 1) {
      await stage.maintain();
      stage.wait(60);
    }
    expect(stage.im.accounts(APP_ID).has(carol.userId)).toBe(false);
    const id = columns('public_ids', 'i', ['public_id']);
    const db = stage.services.database.forRequest();
    const rows = await look(db, id, sql`SELECT ${id} FROM public_ids i`);
    expect(rows.filter(({ public_id }) => public_id.startsWith('carol'))).toEqual([]);
  });

  test('an IM group that is gone ends the broadcast of its owner, and deletion ends everything', async () => {
    await goLive(alice);
    stage.wait(60);
    await imCallback(stage, groupDestroyed(alice.userId, alice.userId.toLowerCase(), now()));
    expect((await bob.call('rooms/room_detail', { roomId: alice.userId })).errorCode).toBe(0);
    await imCallback(stage, groupDestroyed(alice.userId, alice.userId, now()));
    stage.wait(2);
    expect((await bob.call('rooms/room_detail', { roomId: alice.userId })).errorCode).toBe(2004);
    stage.wait(60);
    await goLive(alice);
    await alice.must('auth_users/user_delete');
    // The same again, as an app does whose answer was lost.
    expect((await alice.call('auth_users/user_delete')).errorCode).toBe(0);
    expect((await bob.call('auth_users/user_query', { searchUserId: alice.userId })).errorCode).toBe(206);
  });

  test('names that cannot be ids are refused with 210', async () => {
    const wrong = ['', 'has blank', 'with.dot', 'ü', 'x'.repeat(33), '123456789', '2147483647', 'Administrator'];
    for (const username of wrong) {
      const account = { username, salt: md5('secret') };
      expect([username, (await stage.call('oauth/register', account)).errorCode]).toEqual([username, 210]);
      const signature = { username, signature: md5('x') };
      expect([username, (await stage.call('oauth/signature', signature)).errorCode]).toEqual([username, 210]);
    }
    for (const username of ['1', '12345678', '12345678901', '_', 'x'.repeat(32)]) {
      const person = await newPerson(stage, { username });
      expect(person.userId).toBe(username);
      expect(await goLive(person)).toBe(username);
    }
  });

  test('TRTC dissolves the text room of the name', async () => {
    const rooms = stage.trtc.rooms(APP_ID);
    rooms.set(bob.userId, new Set([bob.userId]));
    await goLive(bob);
    await bob.must('rooms/destroy_room', { roomId: bob.userId });
    expect(rooms.has(bob.userId)).toBe(false);
  });
});
