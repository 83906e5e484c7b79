/**
 * If user names are ids (`userIds: username`), an attacker chooses their id: that of another user's room, another
 * spelling of a victim's, the administrator's, or that of an account which was deleted.
 */
import md5 from 'md5';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson, type Person, signInAgain } from '../../testkit/people';
import { APP_ID, onBothDatabases, startService } from '../../testkit/service';
import { newLive, type Stage, startStage } from '../../testkit/stage';
import { overHttp } from '../../testkit/ways';
import { askIm, beforeGroup, says, textElement } from '../review/support';

const HOUR = 3_600;

onBothDatabases((kind) => {
  let stage: Stage;
  let mallory: Person;
  const admin = () => operatorOf(stage);
  beforeAll(async () => {
    stage = await startStage(kind, { env: { ADMIN_KEY, USER_IDS: 'username' } });
    mallory = await newPerson(stage, { username: 'mallory' });
  });
  afterAll(() => stage.close());

  const register = (username: string) => stage.call('oauth/register', { username, salt: md5(`${username}-password`) });
  const code = async (person: Person, endpoint: string, params: object) =>
    (await person.call(endpoint, { ...params })).errorCode;

  /** The scheduled work, until nothing changes. */
  async function work(seconds: number): Promise<void> {
    stage.wait(seconds);
    for (let run = 0; run < 4; run += 1) {
      await stage.maintain();
      stage.wait(60);
    }
  }

  test('another spelling of an id opens no room of the victim’s, and proves no identity', async () => {
    const victim = await newPerson(stage, { username: 'Victim' });
    for (const roomId of ['victim', 'VICTIM', 'Victim']) {
      expect([roomId, await code(mallory, 'rooms/enter_room', { roomId, role: 'anchor' })]).toEqual([roomId, 98]);
      expect([roomId, await code(mallory, 'rooms/enter_room', { roomId, role: 'audience' })]).toEqual([roomId, 2004]);
    }
    expect(stage.im.groups(APP_ID).size).toBe(0);
    for (const userId of ['victim', 'VICTIM', 'mallory']) {
      expect([userId, await code(victim, 'auth_users/user_query', { userId })]).toEqual([userId, 204]);
    }
    // Names are compared as everywhere: there is one account, under its first spelling.
    expect(await register('VICTIM')).toMatchObject({ errorCode: 98 });
    // The victim's other spellings are the victim's.
    expect(await code(victim, 'rooms/enter_room', { roomId: 'victim', role: 'anchor' })).toBe(0);
    expect(await code(victim, 'rooms/enter_room', { roomId: 'VICTIM', role: 'audience' })).toBe(2004);
    await victim.must('rooms/destroy_room', { roomId: 'victim' });
  });

  test('the name of an open room is no user’s; once it has ended, a room keeps no name from its owner', async () => {
    const host = await newPerson(stage);
    await goLive(host, { roomId: 'Late-Show' });
    await host.must('rooms/add_admin', { roomId: 'Late-Show', targetUserId: mallory.userId });
    for (const username of ['Late-Show', 'late-show', 'LATE-SHOW']) {
      expect([username, (await register(username)).errorCode]).toEqual([username, 210]);
    }
    expect((await admin().call('issue_token', { username: 'late-show' })).errorCode).toBe(210);
    // No user has that name, so another user's other spelling is the host's too.
    expect(await code(mallory, 'rooms/enter_room', { roomId: 'LATE-show', role: 'anchor' })).toBe(98);
    await host.must('rooms/destroy_room', { roomId: 'Late-Show' });
    await work(0);
    const owner = await newPerson(stage, { username: 'late-show' });
    for (const roomId of ['Late-Show', 'late-show']) {
      expect(await code(host, 'rooms/enter_room', { roomId, role: 'anchor' })).not.toBe(0);
      expect(await code(owner, 'rooms/enter_room', { roomId, role: 'anchor' })).toBe(0);
      expect(await owner.must('rooms/list_admins', { roomId })).toEqual([]);
      expect(await mallory.must('rooms/room_detail', { roomId })).toMatchObject({ ownBy: 'late-show', title: '' });
    }
  });

  test('sign-ups and openings of one id at the same moment: one of them has it', async () => {
    for (let round = 0; round < 5; round += 1) {
      const username = `both-${round}`;
      const opening = mallory.call('rooms/enter_room', { roomId: username.toUpperCase(), role: 'anchor' });
      const [signUp, opened] = await Promise.all([register(username), opening]);
      expect([signUp.errorCode, opened.errorCode].filter((one) => one === 0)).toHaveLength(1);
      if (opened.errorCode === 0) await mallory.must('rooms/destroy_room', { roomId: username.toUpperCase() });
    }
  });

  test('the administrator of IM, and what a generated room id may be, are no names', async () => {
    for (const username of ['administrator', 'ADMINISTRATOR', '100000000', '2147483647', '999999999']) {
      expect([username, (await register(username)).errorCode]).toEqual([username, 210]);
      expect([username, (await admin().call('issue_token', { username })).errorCode]).toEqual([username, 210]);
    }
    const { roomId } = await mallory.must<{ roomId: string }>('rooms/generate_roomid');
    expect(roomId).toMatch(/^\d{9,10}$/);
    expect((await register(roomId)).errorCode).toBe(210);
  });

  test('names that objects have are ids like others', async () => {
    for (const username of ['__proto__', 'constructor', 'toString', '0', '-', 'null']) {
      const person = await newPerson(stage, { username });
      expect(await goLive(person)).toBe(username);
      expect(await stage.members(person, username)).toEqual([username]);
      expect(await admin().must('user', { userId: username })).toMatchObject({ userId: username });
      await person.must('rooms/destroy_room', { roomId: username });
    }
  });

  test('a deleted account whose IM account still exists writes as an unknown viewer, or not at all', async () => {
    const { anchor, roomId } = await newLive(stage);
    const settings = (change: object) => admin().must('change_review_settings', { ...change });
    const rules = (change: object) => anchor.must('rooms/update_chat', { roomId, ...change });
    await settings({ enabled: true });
    await admin().must('add_words', { words: ['leaverword'] });
    const leaver = await newPerson(stage, { username: `leaver-${kind}` });
    await leaver.must('rooms/enter_room', { roomId, role: 'audience' });
    await leaver.must('auth_users/user_delete');
    stage.wait(120);
    const say = async (text: string, platform = 'iOS') =>
      (await askIm(stage, beforeGroup(roomId, leaver.userId, text), { platform })).ErrorCode;
    const inPrivate = async (platform: string) => {
      const body = { From_Account: leaver.userId, To_Account: mallory.userId, MsgBody: [textElement('hello')] };
      return (await askIm(stage, { CallbackCommand: 'C2C.CallbackBeforeSendMsg', ...body }, { platform })).ErrorCode;
    };
    expect([await say('hello'), await say('a leaverword'), await inPrivate('iOS')]).toEqual([0, 10100, 0]);
    await rules({ slowSeconds: 30 });
    expect([await say('one'), await say('two')]).toEqual([0, 10101]);
    await rules({ slowSeconds: 0, minSecondsInRoom: 10 });
    expect(await say('three')).toBe(10102);
    await rules({ minSecondsInRoom: 0, speak: 'admins' });
    expect(await say('four')).toBe(10102);
    // The team's own backend is unknown too: the rules of rooms are for viewers.
    expect(await say('news of the team', 'RESTAPI')).toBe(0);
    await rules({ speak: 'all' });
    await settings({ onFault: 'refuse' });
    expect([await say('five'), await inPrivate('iOS')]).toEqual([10110, 120001]);
    expect([await say('news of the team', 'RESTAPI'), await inPrivate('RESTAPI')]).toEqual([0, 0]);
    await settings({ onFault: 'pass', enabled: false });
  });

  test('who takes the name of a deleted account gets the id, and nothing else of it', async () => {
    const before = await newPerson(stage, { username: 'Phoenix' });
    await before.must('auth_users/user_update', { name: 'The first' });
    await goLive(before, { title: 'first-title' });
    await before.must('rooms/add_admin', { roomId: 'Phoenix', targetUserId: mallory.userId });
    await mallory.must('reports/report_room', {
      targetRoomId: 'Phoenix',
      reason: 'fraud',
      description: 'first-report',
    });
    const mute = { userId: 'Phoenix', reason: 'spam', seconds: 10 };
    await admin().must('mute_user', mute);
    await before.must('auth_users/user_delete');
    stage.wait(20);
    const after = await newPerson(stage, { username: 'Phoenix' });
    expect(after.userId).toBe('Phoenix');
    // Tokens of the first account prove nothing.
    for (const endpoint of ['auth_users/user_query', 'auth_users/user_keepalive', 'rooms/generate_roomid']) {
      expect([endpoint, await code(before, endpoint, {})]).toEqual([endpoint, 204]);
    }
    // It is gone, as a repeated deletion is told; the second account is not touched.
    expect(await code(before, 'auth_users/user_delete', {})).toBe(0);
    expect(await code(before, 'rooms/enter_room', { roomId: 'Phoenix', role: 'anchor' })).toBe(204);
    await work(0);
    expect(await code(mallory, 'rooms/enter_room', { roomId: 'phoenix', role: 'anchor' })).toBe(98);
    await goLive(after, { title: 'second-title' });
    expect(await after.must('rooms/list_admins', { roomId: 'Phoenix' })).toEqual([]);
    expect(await mallory.must('auth_users/user_query', { searchUserId: 'Phoenix' })).toMatchObject({ name: '' });
    stage.im.accounts(APP_ID).set('Phoenix', { nick: 'The first', faceUrl: '' });
    // What is done about the second account stays when the traces of the first are removed, an hour after its deletion.
    await admin().must('warn_room', { roomId: 'Phoenix', text: 'second-warning' });
    await work(HOUR + 60);
    const kept = JSON.stringify(await admin().must('audit', { userId: 'Phoenix', limit: 200 }));
    expect(kept).toContain('second-warning');
    for (const call of ['audit', 'reports', 'broadcasts', 'users']) {
      const text = JSON.stringify(await admin().must(call, { limit: 200 }));
      expect([call, text.match(/first-\w+/g)]).toEqual([call, null]);
    }
    expect(stage.im.accounts(APP_ID).get('Phoenix')).toMatchObject({ nick: '' });
    expect(await after.must('auth_users/user_query')).toMatchObject({ userId: 'Phoenix' });
    expect(await mallory.must('rooms/room_detail', { roomId: 'Phoenix' })).toMatchObject({ title: 'second-title' });
  });

  test('a ban comes back with the name, as it does for names that are no ids', async () => {
    const one = await newPerson(stage, { username: 'Banned-One' });
    await admin().must('ban_user', { userId: one.userId, reason: 'spam', seconds: 0 });
    await admin().must('delete_user', { userId: one.userId, reason: 'asked' });
    expect((await register('banned-one')).errorCode).toBe(0);
    await expect(signInAgain(stage, { username: 'banned-one', salt: md5('banned-one-password') })).rejects.toThrow(
      'spam',
    );
  });

  test('a mute holds for the id that IM names, in its own spelling', async () => {
    const { viewer, roomId } = await newLive(stage);
    await admin().must('mute_user', { userId: viewer.userId, reason: 'x', seconds: 0 });
    expect((await says(stage, roomId, viewer.userId, 'hello')).ErrorCode).toBeGreaterThan(0);
    expect((await says(stage, roomId, mallory.userId, 'hello')).ErrorCode).toBe(0);
  });

  test('the setting cannot be changed while there are accounts', async () => {
    const wrong = await startService(kind, { env: { USER_IDS: 'number' }, sameDatabaseAs: stage });
    try {
      expect(await wrong.call('oauth/register', { username: 'x', salt: 's'.repeat(32) })).toMatchObject({
        errorCode: 103,
      });
      const ready = await overHttp(wrong, { method: 'GET', path: '/readyz', headers: {} });
      expect([ready.status, ready.text]).toEqual([503, expect.stringContaining('USER_IDS')]);
      expect(wrong.lines.some((line) => line.includes('user_ids_changed'))).toBe(true);
    } finally {
      await wrong.close();
    }
    const right = await startService(kind, { env: { USER_IDS: 'username' }, sameDatabaseAs: stage });
    expect((await right.call('oauth/register', { username: 'y', salt: 's'.repeat(32) })).errorCode).toBe(0);
    await right.close();
  });

  test('the other way round too; before the first account it can', async () => {
    const numbers = await startService(kind);
    await numbers.services.database.check();
    const early = await startService(kind, { env: { USER_IDS: 'username' }, sameDatabaseAs: numbers });
    await early.services.database.check();
    await early.close();
    // Neither a name that is its number, nor a room under the own name, deceives it.
    await newPerson(numbers, { username: '1' });
    const person = await newPerson(numbers, { username: 'two' });
    await person.must('rooms/enter_room', { roomId: 'two', role: 'anchor' });
    const names = await startService(kind, { env: { USER_IDS: 'username' }, sameDatabaseAs: numbers });
    expect((await names.call('oauth/register', { username: 'x', salt: 's'.repeat(32) })).errorCode).toBe(103);
    await names.close();
    await numbers.close();
  });

  test('a tenant with names shares its application with no other', async () => {
    const shop = { apaasAppId: 'shop', sdkAppId: APP_ID, secret: 'a'.repeat(64), userIds: 'username' };
    const shared = await startService(kind, { env: { TENANTS: JSON.stringify([shop]) }, sameDatabaseAs: stage });
    expect(await shared.call('oauth/register', { username: 'x', salt: 's'.repeat(32) })).toMatchObject({
      errorCode: 99,
    });
    expect(shared.lines.join('')).toContain('tenant shop: userIds username needs an sdkAppId of its own');
    await shared.close();
  });
});
