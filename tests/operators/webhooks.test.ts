/** Webhooks: signatures, order, retries, dead receivers, and forbidden addresses. */
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { firstOutside, isInside, problemOfUrl } from '../../src/rules/webhooks/targets';
import { startDelivering } from '../../src/rules/webhooks/timer';
import { lived, until } from '../../testkit/lived';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPeople, newPerson } from '../../testkit/people';
import { onBothDatabases, startService } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { type Got, type Receiver, startReceiver, unlikeContract, verifies } from './support/receiver';

onBothDatabases((kind) => {
  const env = { ADMIN_KEY, SIGN_UPS_PER_MINUTE: '0', WEBHOOK_ALLOW_PRIVATE: 'true' };
  const stage = useStage(kind, { env });
  const admin = () => operatorOf(stage());
  const receivers: Receiver[] = [];
  const deliver = () => createDeliverer(stage().services).deliverDue(() => true);

  async function newWebhook(events: string[] = []): Promise<{ receiver: Receiver; webhookId: string; secret: string }> {
    const receiver = await startReceiver();
    receivers.push(receiver);
    const added = await admin().must<{ webhookId: string; secret: string }>('add_webhook', {
      url: receiver.url,
      events,
    });
    return { receiver, ...added };
  }

  afterEach(async () => {
    expect(receivers.flatMap(({ got }) => got.flatMap(unlikeContract))).toEqual([]);
    const { items } = await admin().must<{ items: { webhookId: string }[] }>('webhooks', { limit: 200 });
    for (const { webhookId } of items) await admin().must('remove_webhook', { webhookId });
    await Promise.all(receivers.splice(0).map((receiver) => receiver.close()));
  });

  test('a pending event says for which earlier one of its room it waits', async () => {
    const { receiver, webhookId } = await newWebhook(['room.opened', 'room.ended']);
    receiver.answer = (reply) => reply.writeHead(503).end();
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('rooms/destroy_room', { roomId });
    await deliver();
    const { items } = await admin().must<{ items: { deliveryId: string; event: string }[] }>('deliveries', {
      webhookId,
    });
    const waits = items.map(async ({ deliveryId, event }) => {
      const { waitsFor } = await admin().must<{ waitsFor: string }>('delivery', { deliveryId });
      return [event, waitsFor];
    });
    expect(Object.fromEntries(await Promise.all(waits))).toEqual({ 'room.opened': '', 'room.ended': 'room.opened' });
  });

  test('WEBHOOK_MEMBER_PERCENT: of some viewers both events are sent, of the others none', async () => {
    const { receiver } = await newWebhook(['member.joined', 'member.left']);
    const some = await startService(kind, {
      env: { ...env, WEBHOOK_MEMBER_PERCENT: '50' },
      sameDatabaseAs: stage(),
      clock: stage().clock,
    });
    const { roomId } = await newLive(stage());
    const viewers = await newPeople(some, 30);
    for (const viewer of viewers) await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    for (const viewer of viewers) await viewer.must('rooms/leave_room', { roomId });
    await deliver();
    const ids = new Set(viewers.map(({ userId }) => userId));
    const of = (type: string) =>
      receiver.got.flatMap(({ event }) => (event.type === type ? [String(event.data['userId'])] : []));
    const joined = of('member.joined').filter((userId) => ids.has(userId));
    expect(of('member.left').sort()).toEqual(joined.sort());
    // Which ones depends on their ids and the room's; all or none of 30 by chance happens once in 500 million runs.
    expect(joined.length).toBeGreaterThan(0);
    expect(joined.length).toBeLessThan(30);
    await some.close();
  });

  test('events are signed as Standard Webhooks says, numbered per room, and say what happened', async () => {
    const { receiver, secret } = await newWebhook();
    const { anchor, viewer, roomId } = await newLive(stage());
    await viewer.must('reports/report_room', { targetRoomId: roomId, reason: 'fraud' });
    await viewer.must('rooms/leave_room', { roomId });
    await admin().must('end_room', { roomId, reason: 'enough' });
    await anchor.must('auth_users/user_delete');
    await deliver();
    for (const got of receiver.got) {
      expect(verifies(got, secret)).toBe(true);
      expect(verifies({ ...got, body: `${got.body} ` }, secret)).toBe(false);
      expect(got.headers['content-type']).toBe('application/json; charset=utf-8');
    }
    const ofRoom = receiver.got.map(({ event }) => event).filter(({ data }) => data['roomId'] === roomId);
    expect(ofRoom.map(({ type, data }) => [type, data['broadcastNo'], data['sequence']])).toEqual([
      ['room.opened', 1, 1],
      ['member.joined', 1, 2],
      ['report.created', 1, 3],
      ['member.left', 1, 4],
      ['room.ended', 1, 5],
    ]);
    expect(ofRoom.at(-1)).toMatchObject({ data: { endedBy: 'operator', reason: 'enough' }, tenant: '' });
    const types = receiver.got.map(({ event }) => event.type);
    expect(types.filter((type) => type === 'user.created')).toHaveLength(2);
    expect(types).toContain('user.deleted');
    expect(new Set(receiver.got.map(({ event }) => event.id)).size).toBe(receiver.got.length);
  });

  test('only the chosen events, and none for another tenant or a disabled webhook', async () => {
    const some = await newWebhook(['user.created']);
    const off = await newWebhook();
    await admin().must('change_webhook', { webhookId: off.webhookId, enabled: false });
    await newLive(stage());
    await deliver();
    expect(new Set(some.receiver.got.map(({ event }) => event.type))).toEqual(new Set(['user.created']));
    expect(off.receiver.got).toEqual([]);
  });

  test('a failed delivery delays later events of its room, and no others; then all come in order', async () => {
    const { receiver, webhookId } = await newWebhook(['room.opened', 'room.ended']);
    const one = await newLive(stage());
    const two = await newLive(stage());
    const isOne = ({ event }: Got) => event.data['roomId'] === one.roomId;
    receiver.answer = (reply) => {
      const last = receiver.got.at(-1);
      reply.writeHead(last && isOne(last) ? 500 : 200).end();
    };
    await deliver();
    const types = (of: (got: Got) => boolean) => receiver.got.filter(of).map(({ event }) => event.type);
    expect(types(isOne)).toEqual(['room.opened']);
    expect(types(({ event }) => event.data['roomId'] === two.roomId)).toEqual(['room.opened']);
    await admin().must('warn_room', { roomId: one.roomId, text: 'x' });
    await one.anchor.must('rooms/destroy_room', { roomId: one.roomId });
    await deliver();
    expect(types(isOne)).toEqual(['room.opened']);
    const failing = await admin().must<{ items: { failingSinceUtc: string; lastStatus: number }[] }>('webhooks');
    expect(failing.items[0]).toMatchObject({ lastStatus: expect.any(Number) });
    const delays: number[] = [];
    for (const seconds of [6, 34, 133, 661, 3_961, 3_961]) {
      stage().wait(seconds);
      const before = types(isOne).length;
      await deliver();
      delays.push(types(isOne).length - before);
    }
    expect(delays).toEqual([1, 1, 1, 1, 1, 1]);
    receiver.answer = (reply) => reply.writeHead(200).end();
    stage().wait(3_961);
    await deliver();
    expect(types(isOne).slice(-2)).toEqual(['room.opened', 'room.ended']);
    const { items } = await admin().must<{ items: { state: string }[] }>('deliveries', { webhookId });
    expect(new Set(items.map(({ state }) => state))).toEqual(new Set(['delivered']));
  });

  test('given up after a day, then the next one is sent; replayed by hand', async () => {
    const { receiver, webhookId } = await newWebhook(['room.opened', 'room.ended']);
    receiver.answer = (reply) => reply.writeHead(500).end();
    const { anchor, roomId } = await newLive(stage());
    await deliver();
    await anchor.must('rooms/destroy_room', { roomId });
    stage().wait(25 * 3_600);
    await deliver();
    const failed = await admin().must<{ items: { state: string; deliveryId: string; event: string }[] }>('deliveries', {
      webhookId,
      state: 'failed',
    });
    expect(failed.items.map(({ event }) => event)).toContain('room.opened');
    receiver.answer = (reply) => reply.writeHead(200).end();
    receiver.got.length = 0;
    await admin().must('replay_delivery', { deliveryId: failed.items.at(-1)?.deliveryId ?? '' });
    await deliver();
    expect(receiver.got.map(({ event }) => event.type)).toContain('room.opened');
  });

  test('410 switches a webhook off; a redirect, a huge answer and an interrupted one count as failures or do no harm', async () => {
    const gone = await newWebhook(['user.created']);
    const moved = await newWebhook(['user.created']);
    const huge = await newWebhook(['user.created']);
    const broken = await newWebhook(['user.created']);
    gone.receiver.answer = (reply) => reply.writeHead(410).end();
    moved.receiver.answer = (reply) => reply.writeHead(307, { location: huge.receiver.url }).end();
    huge.receiver.answer = (reply) => {
      reply.writeHead(200);
      reply.on('error', () => {});
      const more = () => {
        if (!reply.destroyed && reply.write(Buffer.alloc(65_536))) setImmediate(more);
        else if (!reply.destroyed) reply.once('drain', more);
      };
      more();
    };
    broken.receiver.answer = (_reply, request) => request.socket.destroy();
    await newPerson(stage());
    await deliver();
    const { items } = await admin().must<{ items: { webhookId: string; enabled: boolean; lastStatus: number }[] }>(
      'webhooks',
    );
    const of = (id: string) => items.find(({ webhookId }) => webhookId === id);
    expect(of(gone.webhookId)).toMatchObject({ enabled: false, lastStatus: 410 });
    expect(of(moved.webhookId)).toMatchObject({ enabled: true, lastStatus: 307 });
    expect(of(huge.webhookId)).toMatchObject({ enabled: true, lastStatus: 200 });
    expect(of(broken.webhookId)).toMatchObject({ enabled: true, lastStatus: 0 });
    expect(huge.receiver.got).toHaveLength(1);
  });

  test('a receiver that hangs delays no other, and a running process delivers immediately', async () => {
    const dead = await newWebhook(['user.created']);
    const alive = await newWebhook(['user.created']);
    dead.receiver.answer = () => {};
    const stop = startDelivering(stage().services);
    const times: number[] = [];
    for (let round = 0; round < 5; round += 1) {
      const before = alive.receiver.got.length;
      await newPerson(stage());
      times.push((await lived(until('it is delivered', () => alive.receiver.got.length > before))).ms);
    }
    stop();
    expect(alive.receiver.got).toHaveLength(5);
    expect(Math.max(...times)).toBeLessThan(3_000);
  });

  test('many deliveries share few connections, and a connection just closed by the receiver is no failure', async () => {
    const { receiver, webhookId } = await newWebhook(['user.created']);
    const people = 60;
    await Promise.all(Array.from({ length: people }, () => newPerson(stage())));
    expect(await deliver()).toBe(people);
    expect(receiver.connections).toBeLessThanOrEqual(16);
    // It takes the first request of each connection, and hangs up on the second.
    const served = new WeakSet<object>();
    receiver.answer = (reply, { socket }) => {
      if (served.has(socket)) socket.destroy();
      else reply.writeHead(204).end();
      served.add(socket);
    };
    await Promise.all(Array.from({ length: people }, () => newPerson(stage())));
    expect(await deliver()).toBe(people);
    expect(new Set(receiver.got.map(({ event }) => event.id)).size).toBe(2 * people);
    const failed = await admin().must<{ items: unknown[] }>('deliveries', { webhookId, state: 'failed' });
    const pending = await admin().must<{ items: unknown[] }>('deliveries', { webhookId, state: 'pending' });
    expect([failed.items, pending.items]).toEqual([[], []]);
  });

  test('two processes that read at the same moment share the work; each event is sent once', async () => {
    const { receiver } = await newWebhook(['user.created']);
    const people = 64;
    await Promise.all(Array.from({ length: people }, () => newPerson(stage())));
    const counts = await Promise.all(Array.from({ length: 4 }, deliver));
    // An event claimed by one process is no failure for the others.
    expect(counts.reduce((sum, count) => sum + count, 0)).toBeGreaterThanOrEqual(people);
    expect(receiver.got.map(({ event }) => event.id).sort()).toEqual(
      [...new Set(receiver.got.map(({ event }) => event.id))].sort(),
    );
    expect(receiver.got).toHaveLength(people);
  });

  test('events committed and not sent before the process died are sent by another', async () => {
    const { receiver } = await newWebhook(['user.created']);
    await newPerson(stage());
    expect(receiver.got).toHaveLength(0);
    const other = await startService(kind, { sameDatabaseAs: stage(), clock: stage().clock, env });
    await createDeliverer(other.services).deliverDue(() => true);
    expect(receiver.got).toHaveLength(1);
    await other.close();
  });

  test('a new secret immediately, once; an unknown webhook is 404; a wrong event or URL is 400', async () => {
    const { receiver, webhookId, secret } = await newWebhook(['user.created']);
    const rotated = await admin().must<{ secret: string }>('change_webhook', { webhookId, rotate: true });
    expect(rotated.secret).toMatch(/^whsec_/);
    expect(rotated.secret).not.toBe(secret);
    await newPerson(stage());
    await deliver();
    const [got] = receiver.got;
    if (!got) throw new Error('nothing came');
    expect([verifies(got, rotated.secret), verifies(got, secret)]).toEqual([true, false]);
    expect(await admin().call('change_webhook', { webhookId: '999', enabled: true })).toMatchObject({ status: 404 });
    expect(await admin().call('replay_delivery', { deliveryId: '999999' })).toMatchObject({ status: 404 });
    for (const bad of [{ events: ['room.exploded'] }, { url: 'ftp://x' }, { url: 'http://a:b@example.com/' }]) {
      const answer = await admin().call('add_webhook', { url: 'https://example.com/', ...bad });
      expect([bad, answer.status]).toEqual([bad, 400]);
    }
    await admin().must('change_webhook', { webhookId, description: 'for now' });
    await admin().must('change_webhook', { webhookId, description: '' });
    const { items: webhooks } = await admin().must<{ items: object[] }>('webhooks');
    expect(webhooks).toContainEqual(expect.objectContaining({ webhookId, description: '' }));
    const { items } = await admin().must<{ items: { after: string }[] }>('audit', { action: 'change_webhook' });
    expect(JSON.stringify(items)).not.toContain('whsec_');
  });

  test('addresses inside the internal network are refused: when added, by DNS, and when it changes later', async () => {
    const { receiver, webhookId } = await newWebhook(['user.created']);
    await admin().must('change_webhook', { webhookId, url: receiver.url.replace('127.0.0.1', 'localhost') });
    const strict = await startService(kind, {
      sameDatabaseAs: stage(),
      clock: stage().clock,
      env: { ADMIN_KEY, SIGN_UPS_PER_MINUTE: '0', WEBHOOK_ALLOW_PRIVATE: 'false' },
    });
    await newPerson(strict);
    await createDeliverer(strict.services).deliverDue(() => true);
    await admin().must('change_webhook', { webhookId, url: receiver.url });
    await newPerson(strict);
    await createDeliverer(strict.services).deliverDue(() => true);
    expect(receiver.got).toEqual([]);
    for (const url of [
      'http://127.0.0.1/',
      'http://localhost/',
      'http://[::1]/',
      'http://2130706433/',
      'http://0x7f.1/',
    ]) {
      const answer = await operatorOf(strict).call('add_webhook', { url });
      expect([url, answer.status, answer.errorMessage]).toEqual([
        url,
        400,
        'SystemVerifyError(98): url is inside the internal network; WEBHOOK_ALLOW_PRIVATE=true allows that',
      ]);
    }
    await strict.close();
  });
});

test.each([
  '0.0.0.0',
  '9.134.0.1',
  '11.0.0.1',
  '30.0.0.1',
  '192.88.99.1',
  '::ffff:0:7f00:1',
  '10.1.2.3',
  '100.64.0.1',
  '127.0.0.1',
  '127.255.255.254',
  '169.254.169.254',
  '172.16.0.1',
  '172.31.255.255',
  '192.168.1.1',
  '198.18.0.1',
  '224.0.0.1',
  '255.255.255.255',
  '::',
  '::1',
  '::ffff:127.0.0.1',
  '::ffff:10.0.0.1',
  '64:ff9b::7f00:1',
  '2002:7f00:1::',
  'fc00::1',
  'fd12::1',
  'fe80::1',
  'ff02::1',
  'nonsense',
])('%s is inside', (address) => {
  expect(isInside(address)).toBe(true);
});

test.each(['1.1.1.1', '8.8.8.8', '100.63.255.255', '172.32.0.1', '193.0.0.1', '2606:4700:4700::1111'])(
  '%s is outside',
  (address) => {
    expect(isInside(address)).toBe(false);
  },
);

test('one address inside refuses the whole name, in any position', () => {
  const of = (...addresses: string[]) =>
    addresses.map((address) => ({ address, family: address.includes(':') ? 6 : 4 }));
  expect(firstOutside(of('1.1.1.1', '8.8.8.8'))).toEqual({ address: '1.1.1.1', family: 4 });
  for (const mixed of [
    of('1.1.1.1', '10.0.0.1'),
    of('10.0.0.1', '1.1.1.1'),
    of('1.1.1.1', '2606:4700:4700::1111', '::1'),
    of('127.0.0.1'),
    [],
  ]) {
    expect(firstOutside(mixed)).toBeUndefined();
  }
});

test('a bad URL is refused with its fault', () => {
  expect(problemOfUrl('https://example.com/hook', false)).toBeUndefined();
  expect(problemOfUrl('https://printer.local/', false)).toMatch(/^is inside the internal network/);
  expect(problemOfUrl('https://localhost./', false)).toMatch(/^is inside the internal network/);
  expect(problemOfUrl('http://10.0.0.1/', true)).toBeUndefined();
});
