/** One person does everything there is and deletes the account. A day later, no value of theirs is found anywhere. */
import { createServer } from 'node:http';
import md5 from 'md5';
import { computed, raw, sql } from '../../src/data/engine/sql';
import { PRIVACY, type TablePrivacy } from '../../src/data/privacy';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { UNLIMITED } from '../../testkit/codes';
import { type FakeCos, startFakeCos } from '../../testkit/fake-cos';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, type Person, personOf, type SignIn, sign, succeeded } from '../../testkit/people';
import { APP_ID, jsonAsk, onBothDatabases, type Params } from '../../testkit/service';
import { CLOUD_KEY, type Stage, startStage } from '../../testkit/stage';
import { look, meddle } from '../../testkit/statements';
import { imCallback } from '../../testkit/vendor';
import { afterOf, askIm, beforeGroup } from '../review/support';

const ADDRESS = '198.51.100.77';
const HOUR = 3_600;
const CHAT_DAYS = 3;

interface Known {
  person: Person;
  /** Texts that only this person has, or that others wrote about them. */
  values: readonly string[];
  phone: string;
  mail: string;
}

onBothDatabases((kind) => {
  let stage: Stage;
  let cos: FakeCos;
  let receiver: ReturnType<typeof createServer>;
  const written: string[] = [];
  const bodies: string[] = [];
  const admin = () => operatorOf(stage);
  let people = 0;
  /** The second receiver answers 503. */
  let down = true;
  let pause: (enabled: boolean) => Promise<unknown>;

  beforeAll(async () => {
    cos = await startFakeCos(CLOUD_KEY);
    receiver = createServer((request, reply) => {
      let body = '';
      request.on('data', (part) => {
        body += part;
      });
      request.on('end', () => {
        if (request.url === '/good') bodies.push(body);
        // The answer of a receiver is stored with the attempt.
        reply.writeHead(request.url === '/good' || !down ? 200 : 503).end(body);
      });
    });
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const env = {
      ...UNLIMITED,
      ADMIN_KEY,
      TRUSTED_PROXIES: '1',
      WEBHOOK_ALLOW_PRIVATE: 'true',
      COS_BUCKET: 'covers-1250000000',
      COS_ENDPOINT: cos.url,
      CUSTOM_BY_APPS: 'true',
    };
    stage = await startStage(kind, { env, writeCode: (line) => written.push(line) });
    await stage.services.database.check();
    // Ids that no other column has by chance.
    const columns = 'id, tenant, username, username_key';
    await meddle(database(), `INSERT INTO users (${columns}) VALUES (98765, 'none', 'none', 'none')`);
    const address = receiver.address();
    const url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}`;
    await admin().must('add_webhook', { url: `${url}/good` });
    const { webhookId } = await admin().must<{ webhookId: string }>('add_webhook', { url: `${url}/bad` });
    // Its events wait until it is enabled again.
    pause = async (enabled) => admin().must('change_webhook', { webhookId, enabled });
    await admin().must('change_review_settings', { enabled: true, chatLogDays: CHAT_DAYS, language: 'en' });
    await admin().must('add_words', { words: ['holdword'], action: 'hold' });
  });
  afterAll(async () => {
    await stage.close();
    receiver.closeAllConnections();
    await Promise.all([new Promise((resolve) => receiver.close(resolve)), cos.stop()]);
  });

  const database = () => stage.services.database.forRequest();
  const deliver = () => createDeliverer(stage.services).deliverDue(() => true);

  async function from<T>(endpoint: string, params: Params): Promise<T> {
    const ask = jsonAsk(endpoint, params);
    const headers = { ...ask.headers, 'x-forwarded-for': ADDRESS };
    return succeeded<T>(await stage.ask('http', { ...ask, headers }));
  }

  async function codeFor(contact: { phone: string } | { email: string }) {
    const to = 'phone' in contact ? contact.phone : contact.email;
    const { sessionId } = await from<{ sessionId: string }>('auth_users/user_verify_by_picture', contact);
    const line = written.findLast((one) => one.startsWith(`sign-in code for ${to}: `)) ?? '';
    return { ...contact, sessionId, code: /: (\d{6})\n$/.exec(line)?.[1] ?? '' };
  }

  /** Runs the scheduled work until nothing changes: some of it waits for other work. */
  async function work(seconds: number): Promise<void> {
    stage.wait(seconds);
    for (let run = 0; run < 3; run += 1) {
      await stage.maintain();
      stage.wait(60);
    }
  }

  async function live(): Promise<Known> {
    people += 1;
    const mark = `${kind}${people}`;
    const username = `zoe-secret-${mark}`;
    const [phone, mail] = [`+861390000${kind === 'mysql' ? 1 : 2}00${people}`, `zoe-${mark}@example.org`];
    const account = { username, salt: md5(`${username}-password`) };
    await from('oauth/register', account);
    const signature = sign({ username, secret: account.salt });
    const picture = `https://example.org/zoe-${mark}.png`;
    const given = { username, signature, nickname: `Nick of ${mark}`, avatar: picture };
    const person = personOf(stage, account, await from<SignIn>('oauth/signature', given));
    const me = { userId: person.userId, token: person.token };
    await from('auth_users/user_update', {
      ...me,
      name: `Zoe ${mark}`,
      tag: `tag-${mark}`,
      custom: `{"c":"own-${mark}"}`,
    });
    await from('auth_users/user_update', { ...me, ...(await codeFor({ phone })) });
    await from('auth_users/user_update', { ...me, ...(await codeFor({ email: mail })) });
    await from('auth_users/user_login_code', await codeFor({ phone }));
    for (const n of [1, 2, 3]) cos.objects.set(`live-room/${person.userId}/cover${n}.jpg`, 'x');
    await inOwnRoom(person, mark);
    await inAnotherRoom(person, mark);
    await operatorsAct(person, mark);
    // A ban ends sessions.
    await from('oauth/signature', { username, signature });
    const values = [
      username,
      `Nick of ${mark}`,
      picture,
      `Zoe ${mark}`,
      `tag-${mark}`,
      `own-${mark}`,
      phone,
      mail,
      `title-${mark}`,
      `subject-${mark}`,
      `description-${mark}`,
      `cover-${mark}`,
      `room-${mark}`,
      `complaint-${mark}`,
      `rude-${mark}`,
      `appeal-${mark}`,
      `note-${mark}`,
      `why-${mark}`,
      `held-${mark}`,
    ];
    return { person, values, phone, mail };
  }

  async function inOwnRoom(person: Person, mark: string): Promise<void> {
    const [viewer, helper] = [await newPerson(stage), await newPerson(stage)];
    const texts = { title: `title-${mark}`, category: `cat-${mark}`, cover: `https://example.org/cover-${mark}.png` };
    const more = { subject: `subject-${mark}`, description: `description-${mark}`, custom: `{"r":"room-${mark}"}` };
    const own = { userId: person.userId, token: person.token };
    for (const roomId of [
      person.userId,
      await person.must<{ roomId: string }>('rooms/generate_roomid').then((one) => one.roomId),
    ]) {
      await from('rooms/enter_room', { ...own, roomId, role: 'anchor', ...texts });
      await from('rooms/update_room', { ...own, roomId, ...texts, ...more });
      for (const one of [viewer, helper]) await one.must('rooms/enter_room', { roomId, role: 'audience' });
      await from('rooms/add_admin', { ...own, roomId, targetUserId: helper.userId });
      await from('rooms/update_chat', { ...own, roomId, slowSeconds: 5 });
      await from('rooms/mute_user', {
        ...own,
        roomId,
        targetUserId: viewer.userId,
        seconds: 600,
        reason: `rude-${mark}`,
      });
      await viewer.must('reports/report_room', {
        targetRoomId: roomId,
        targetUserId: person.userId,
        reason: 'fraud',
        description: `complaint-${mark}`,
      });
      await from('rooms/destroy_room', { ...own, roomId });
      await person.must('rooms/enter_room', { roomId, role: 'anchor', ...texts });
    }
  }

  async function inAnotherRoom(person: Person, mark: string): Promise<void> {
    const host = await newPerson(stage);
    const roomId = host.userId;
    const own = { userId: person.userId, token: person.token };
    await host.must('rooms/enter_room', { roomId, role: 'anchor', category: 'x' });
    await from('rooms/enter_room', { ...own, roomId, role: 'audience' });
    for (const text of [`chat-${mark}`, `held-${mark} holdword`]) {
      const message = beforeGroup(roomId, person.userId, text);
      await askIm(stage, message);
      await imCallback(stage, afterOf(message, 7));
    }
    await stage.services.review.chatLog.flush();
    await from('reports/report_room', { ...own, targetRoomId: roomId, reason: 'x', description: `complaint-${mark}` });
    await host.must('rooms/add_admin', { roomId, targetUserId: person.userId });
    const other = await newPerson(stage);
    await other.must('rooms/enter_room', { roomId, role: 'audience' });
    await from('rooms/kick_user', { ...own, roomId, targetUserId: other.userId, reason: `rude-${mark}` });
    await host.must('rooms/remove_admin', { roomId, targetUserId: person.userId });
    await host.must('rooms/mute_user', { roomId, targetUserId: person.userId, reason: `why-${mark}`, seconds: 60 });
  }

  async function operatorsAct({ userId, must }: Person, mark: string): Promise<void> {
    const mute = { userId, reason: `why-${mark}`, seconds: 0 };
    const { sanctionId } = await admin().must<{ sanctionId: string }>('mute_user', mute);
    await must('reports/appeal', { sanctionId, text: `appeal-${mark}` });
    await admin().must('add_note', { userId, text: `note-${mark}` });
    await admin().must('warn_room', { roomId: userId, text: `why-${mark}` });
    await admin().must('update_user', { userId, custom: { c: `own-${mark}` } });
    await admin().must('ban_user', { userId, reason: `why-${mark}`, seconds: 1, withAddress: true });
    stage.wait(2);
  }

  /** Muted with a phone number; the mail address is bound after it. Deleted by now. */
  async function newMuted() {
    people += 1;
    const number = people;
    const person = await newPerson(stage);
    const [phone, mail] = [
      `+861380000${String(number).padStart(3, '0')}${kind === 'mysql' ? 1 : 2}`,
      `muted-${kind}${number}@example.org`,
    ];
    await person.must('auth_users/user_update', await codeFor({ phone }));
    await admin().must('mute_user', { userId: person.userId, reason: 'rude', seconds: 0 });
    await person.must('auth_users/user_update', await codeFor({ email: mail }));
    await person.must('auth_users/user_delete');
    return { person, phone, mail };
  }

  /** Places with a value of the person. */
  async function traces({ person, values }: Known, { but = [] as string[] } = {}): Promise<string[]> {
    const found: string[] = [];
    const id = new RegExp(`(^|[^0-9A-Za-z])${person.userId}($|[^0-9A-Za-z])`);
    const isThere = (value: unknown) => [...values, ADDRESS].some((text) => String(value).includes(text));
    const namesThem = (value: unknown) => isThere(value) || id.test(String(value));
    for (const [table, { columns }] of Object.entries<TablePrivacy>(PRIVACY)) {
      if (but.includes(table)) continue;
      const names = Object.keys(columns);
      const row = computed<Record<string, unknown>>(Object.fromEntries(names.map((name) => [name, raw(`t.${name}`)])));
      const rows = await look(database(), row, sql`SELECT ${row} FROM ${raw(table)} t`);
      for (const one of rows)
        for (const name of names) if (namesThem(one[name])) found.push(`${table}.${name}: ${one[name]}`);
    }
    const im = [stage.im.accounts(APP_ID), stage.im.groups(APP_ID)];
    for (const map of im) for (const entry of map) if (namesThem(JSON.stringify(entry))) found.push(`IM: ${entry[0]}`);
    for (const key of cos.objects.keys()) if (namesThem(key)) found.push(`bucket: ${key}`);
    // The log names users only by their ids.
    for (const line of stage.lines) if (isThere(line)) found.push(`log: ${line}`);
    return found;
  }

  async function remove(how: string, { person }: Known): Promise<void> {
    if (how === 'delete_user') {
      const answer = await admin().must('delete_user', { userId: person.userId, reason: 'asked by mail' });
      expect(answer).toEqual({ pending: [] });
      return;
    }
    const signature = sign({ username: person.username, secret: person.salt });
    const { userId, token } = await from<SignIn>('oauth/signature', { username: person.username, signature });
    await from('auth_users/user_delete', { userId, token });
  }

  test.each(['user_delete', 'delete_user'])(
    '%s: a day later nothing is left but the texts of chats, which end with their days',
    async (how) => {
      await pause(true);
      const known = await live();
      const other = await newPerson(stage);
      cos.objects.set(`live-room/${other.userId}/cover.jpg`, 'x');
      await deliver();
      await pause(false);
      const before = await traces(known);
      const places = new Set(before.map((place) => place.replace(/[.:].*/s, '')));
      for (const place of [
        'users',
        'addresses',
        'sessions',
        'rooms',
        'broadcasts',
        'members',
        'sanctions',
        'reports',
        'appeals',
      ]) {
        expect([place, places.has(place)]).toEqual([place, true]);
      }
      for (const place of [
        'audit',
        'user_notes',
        'held',
        'chat_log',
        'webhook_events',
        'webhook_attempts',
        'bucket',
        'IM',
      ]) {
        expect([place, places.has(place)]).toEqual([place, true]);
      }
      await remove(how, known);
      await deliver();
      // Apps still edit the IM account for a moment.
      expect(stage.im.accounts(APP_ID).has(known.person.userId)).toBe(true);
      stage.im.undeletable(APP_ID).set(known.person.userId, 70_169);
      await work(HOUR);
      expect(stage.im.accounts(APP_ID).has(known.person.userId)).toBe(true);
      stage.im.undeletable(APP_ID).clear();
      await work(HOUR);
      expect(stage.im.accounts(APP_ID).has(known.person.userId)).toBe(false);
      const pending = new Set(
        (await traces(known, { but: ['public_ids', 'chat_log'] })).map((one) => one.split('.')[0]),
      );
      // A receiver that is down still gets its events.
      expect([...pending].sort()).toEqual(['outbox', 'webhook_attempts', 'webhook_events']);
      // The events are what is left to do: IM is not asked again.
      const deletions = () => stage.im.calls.filter(({ command }) => command === 'account_delete').length;
      const deleted = deletions();
      expect(deleted).toBeGreaterThan(0);
      await work(22 * HOUR);
      expect(deletions()).toBe(deleted);
      expect(await traces(known, { but: ['public_ids', 'chat_log'] })).toEqual([]);
      expect(
        (await traces(known, { but: ['public_ids'] })).every((place) => /^chat_log\.(user_id|message): /.test(place)),
      ).toBe(true);
      expect(cos.objects.has(`live-room/${other.userId}/cover.jpg`)).toBe(true);
      expect(bodies.some((body) => body.includes('user.deleted') && body.includes(`"${known.person.userId}"`))).toBe(
        true,
      );
      const { items } = await admin().must<{ items: { action: string }[] }>('audit', { limit: 200 });
      expect(items.map(({ action }) => action)).toEqual(
        expect.arrayContaining(['mute_user', 'ban_user', 'update_user', 'warn_room']),
      );
      await work(CHAT_DAYS * 24 * HOUR);
      expect(await traces(known, { but: ['public_ids'] })).toEqual([]);
      expect(await other.call('auth_users/user_query')).toMatchObject({ errorCode: 0 });
    },
  );

  test('an event that a receiver gets late is gone an hour later', async () => {
    // A receiver that is disabled gets no events of that time.
    await pause(true);
    const person = await newPerson(stage);
    const known = { person, values: [person.username], phone: '-', mail: '-' };
    const left = async () => (await traces(known, { but: ['public_ids'] })).map((one) => one.split('.')[0]);
    await pause(false);
    await person.must('auth_users/user_delete');
    await deliver();
    await work(2 * HOUR);
    expect(await left()).toContain('webhook_events');
    down = false;
    await pause(true);
    await deliver();
    down = true;
    await work(HOUR);
    expect(await left()).toEqual([]);
  });

  test('a muted person who comes back by name, phone or mail is muted, before and after the traces are gone', async () => {
    for (const later of [0, 2 * HOUR]) {
      const muted = await Promise.all(['name', 'phone', 'mail'].map(async (by) => ({ by, ...(await newMuted()) })));
      if (later > 0) await work(later);
      for (const { by, person, phone, mail } of muted) {
        const code = () => codeFor(by === 'phone' ? { phone } : { email: mail });
        const again =
          by === 'name'
            ? await newPerson(stage, { username: person.username })
            : personOf(stage, person, await from<SignIn>('auth_users/user_login_code', await code()));
        expect(again.userId).not.toBe(person.userId);
        const { items } = await admin().must<{ items: { kind: string }[] }>('sanctions', { userId: again.userId });
        expect([by, later, items]).toMatchObject([by, later, [{ kind: 'mute' }]]);
      }
    }
  });
});
