/** The calls of the operators' pages: who a key is, states of rooms, notes, reasons, watching, keys that expire, attempts. */
import { createServer, type Server } from 'node:http';
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { newLive, type Stage, startStage } from '../../testkit/stage';

const DAY_SECONDS = 86_400;

onBothDatabases((kind) => {
  let stage: Stage;
  let receiver: Server;
  let url: string;
  beforeAll(async () => {
    receiver = createServer((request, reply) =>
      request.resume().on('end', () => reply.writeHead(503, { 'x-why': 'busy' }).end('try later')),
    );
    await new Promise<void>((resolve) => receiver.listen(0, '127.0.0.1', resolve));
    const address = receiver.address();
    url = `http://127.0.0.1:${typeof address === 'object' && address ? address.port : 0}/`;
    stage = await startStage(kind, { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true', SIGN_UPS_PER_MINUTE: '0' } });
  });
  afterAll(async () => {
    await stage?.close();
    receiver?.closeAllConnections();
    receiver?.close();
  });
  const admin = () => operatorOf(stage);

  test('an expired key is refused, and rotate_operator gives a valid one', async () => {
    const { key } = await admin().must<{ key: string }>('add_operator', { name: 'eve', scope: 'read', validDays: 1 });
    expect(await operatorOf(stage, key).must('me')).toMatchObject({ name: 'eve', scope: 'read', watch: 'trtc' });
    stage.wait(DAY_SECONDS + 1);
    const refused = await operatorOf(stage, key).call('me');
    expect([refused.status, refused.errorMessage]).toEqual([401, expect.stringContaining('the key has expired')]);
    const { items } = await admin().must<{ items: { name: string; expired: boolean }[] }>('operators');
    expect(items.find(({ name }) => name === 'eve')?.expired).toBe(true);
    const next = await admin().must<{ key: string }>('rotate_operator', { name: 'eve' });
    expect(await operatorOf(stage, next.key).must('me')).toMatchObject({ expireUtc: '' });
  });

  test('a room is live, and ended with its end once it is over', async () => {
    const { roomId } = await newLive(stage);
    const shown = async () =>
      (await admin().must<{ room: { state: string; endUtc: string } }>('room', { roomId })).room;
    expect(await shown()).toMatchObject({ state: 'live', endUtc: '' });
    await admin().must('end_room', { roomId, reason: 'x' });
    expect(await shown()).toMatchObject({ state: 'ended', endUtc: expect.stringMatching(/^2026-/) });
  });

  test('a UserSig to watch a room is for an id that no user has, needs moderate, and is in the audit', async () => {
    const { roomId } = await newLive(stage);
    const { key } = await newOperator(stage, { name: 'looker', scope: 'read' });
    expect((await operatorOf(stage, key).call('watch_room', { roomId })).status).toBe(403);
    const seen = await admin().must<{ userId: string; userSig: string }>('watch_room', { roomId });
    expect(seen).toMatchObject({ roomId, url: '', userId: expect.stringMatching(/^operator-[0-9a-f]{12}$/) });
    const { items } = await admin().must<{ items: object[] }>('audit', { roomId, action: 'watch_room', count: true });
    expect(items).toHaveLength(1);
    expect(JSON.stringify(items)).not.toContain(seen.userSig);
  });

  test('a note is deleted by its author or by manage, and goes with the account', async () => {
    const { viewer } = await newLive(stage);
    const { userId } = viewer;
    const { key } = await newOperator(stage, { name: 'writer', scope: 'moderate' });
    const { key: other } = await newOperator(stage, { name: 'other', scope: 'moderate' });
    const { noteId } = await operatorOf(stage, key).must<{ noteId: string }>('add_note', { userId, text: 'careful' });
    expect((await operatorOf(stage, other).call('remove_note', { noteId })).status).toBe(403);
    expect(await admin().must('user', { userId })).toMatchObject({
      notes: [{ noteId, by: 'writer', text: 'careful' }],
    });
    await viewer.must('auth_users/user_delete');
    expect((await admin().call('remove_note', { noteId })).status).toBe(404);
  });

  test('a user shows each sanction once, those in force first, and the reports about them and by them', async () => {
    const { anchor, viewer, roomId } = await newLive(stage);
    const { userId } = viewer;
    const sanction = (call: string) =>
      admin().must<{ sanctionId: string }>(call, { roomId, userId, reason: call, seconds: 60 });
    const muted = await sanction('mute_user');
    await admin().must('lift_sanction', { sanctionId: muted.sanctionId, reason: 'a mistake' });
    const kicked = await sanction('kick_user');
    await anchor.must('reports/report_room', { targetRoomId: roomId, targetUserId: userId, reason: 'about' });
    await viewer.must('reports/report_room', { targetRoomId: roomId, targetUserId: anchor.userId, reason: 'by' });
    const shown = await admin().must<{ sanctions: object[]; reports: object[] }>('user', { userId });
    expect(shown.sanctions).toEqual([
      expect.objectContaining({ sanctionId: kicked.sanctionId, kind: 'kick', roomId, liftedUtc: '' }),
      expect.objectContaining({
        sanctionId: muted.sanctionId,
        kind: 'mute',
        liftedUtc: expect.stringMatching(/^2026-/),
      }),
    ]);
    expect(shown.reports).toEqual([
      expect.objectContaining({ reason: 'about', roomId, byUserId: anchor.userId, targetUserId: userId }),
      expect.objectContaining({ reason: 'by', roomId, byUserId: userId, targetUserId: anchor.userId }),
    ]);
  });

  test('reasons keep their commas and their order, and too many are refused', async () => {
    const reasons = ['mind the rules, please', 'spam'];
    await admin().must('set_reasons', { reasons });
    expect(await admin().must('reasons')).toEqual({ reasons });
    const many = Array.from({ length: 21 }, (_, index) => `reason ${index}`);
    expect((await admin().call('set_reasons', { reasons: many })).status).toBe(400);
  });

  test('a test event goes to one webhook, and its attempt shows the response without the signature', async () => {
    const { webhookId } = await admin().must<{ webhookId: string }>('add_webhook', { url, events: ['room.ended'] });
    await admin().must('test_webhook', { webhookId });
    await createDeliverer(stage.services).deliverDue(() => true);
    const { items } = await admin().must<{ items: { deliveryId: string }[] }>('deliveries', { webhookId });
    const delivery = await admin().must('delivery', { deliveryId: items[0]?.deliveryId });
    expect(delivery).toMatchObject({
      event: 'webhook.test',
      state: 'pending',
      waitsFor: '',
      attempts: [{ number: 1, status: 503, fault: '', responseBody: 'try later' }],
    });
    const text = JSON.stringify(delivery);
    expect([text.includes('x-why: busy'), text.includes('webhook-id: '), text.includes('v1,')]).toEqual([
      true,
      true,
      false,
    ]);
  });

  test('settings show values, and of secrets only that they are set', async () => {
    const { items } = await admin().must<{ items: { name: string; value: string; isSet: boolean }[] }>('settings');
    const of = (name: string) => items.find((one) => one.name === name);
    expect(of('WEBHOOK_ALLOW_PRIVATE')).toMatchObject({ value: 'true', isSet: true, isDefault: false });
    expect(of('ADMIN_KEY')).toMatchObject({ value: '', isSet: true, secret: true });
    expect(JSON.stringify(items)).not.toContain(ADMIN_KEY);
  });
});
