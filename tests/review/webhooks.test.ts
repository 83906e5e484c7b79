/** Webhooks of review and of rooms that are run by their hosts: each is received once, signed, and in the order of its room. */
import { createDeliverer } from '../../src/rules/webhooks/deliver';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { imCallback } from '../../testkit/vendor';
import { type Receiver, startReceiver, unlikeContract, verifies } from '../operators/support/receiver';
import { afterOf, askIm, beforeGroup, says } from './support';

const EVENTS = [
  ...(['admin.added', 'admin.removed', 'chat_rules.changed'] as const),
  ...(['message.held', 'message.decided', 'message.recalled'] as const),
];

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' } });
  const admin = () => operatorOf(stage());
  let receiver: Receiver;
  let secret: string;

  beforeAll(async () => {
    receiver = await startReceiver();
    await admin().must('change_review_settings', { enabled: true, language: 'en' });
    await admin().must('add_words', { words: ['holdword'], action: 'hold' });
    ({ secret } = await admin().must<{ secret: string }>('add_webhook', { url: receiver.url, events: [...EVENTS] }));
  });
  afterAll(() => receiver.close());
  beforeEach(() => receiver.got.splice(0));

  const deliver = () => createDeliverer(stage().services).deliverDue(() => true);
  const nextHeld = async (roomId: string) => {
    const { items } = await admin().must<{ items: { heldId: string }[] }>('held', { roomId });
    return items[0]?.heldId ?? '';
  };

  /** Everything that these webhooks tell about, in one room. */
  async function evening() {
    const { anchor, viewer, roomId } = await newLive(stage());
    const moderator = await newPerson(stage());
    const target = { roomId, targetUserId: moderator.userId };
    const write = (text: string) => says(stage(), roomId, viewer.userId, text);
    await anchor.must('rooms/add_admin', target);
    await anchor.must('rooms/add_admin', target);
    await moderator.must('rooms/update_chat', { roomId, slowSeconds: 3 });
    await admin().must('change_chat_rules', { roomId, slowSeconds: 0 });
    await admin().must('change_chat_rules', { roomId, slowSeconds: 0 });
    await write('one holdword');
    const passed = await nextHeld(roomId);
    await admin().must('decide_held', { heldIds: [passed], verdict: 'pass', reason: 'harmless' });
    await write('another holdword');
    const refused = await nextHeld(roomId);
    await admin().must('decide_held', { heldIds: [refused], verdict: 'refuse' });
    const message = beforeGroup(roomId, viewer.userId, 'hello');
    await askIm(stage(), message);
    await imCallback(stage(), afterOf(message, 7));
    await stage().services.review.chatLog.flush();
    const { items } = await admin().must<{ items: { messageId: string }[] }>('messages', { roomId });
    const messageId = items[0]?.messageId ?? '';
    await admin().must('recall_message', { messageId, reason: 'insult' });
    await anchor.must('rooms/remove_admin', target);
    return { anchor, viewer, moderator, roomId, passed, refused, messageId };
  }

  test('each change is sent once, in order, with who did it; saying the same again sends nothing', async () => {
    const { anchor, viewer, moderator, roomId, passed, refused, messageId } = await evening();
    await deliver();
    const events = receiver.got.map(({ event }) => event);
    const userId = viewer.userId;
    const own = { userId: moderator.userId, byUserId: anchor.userId };
    expect(events.map(({ type, data }) => [type, data])).toMatchObject([
      ['admin.added', own],
      ['chat_rules.changed', { slowSeconds: 3, by: 'admin', byUserId: moderator.userId }],
      ['chat_rules.changed', { slowSeconds: 0, by: 'admin', byUserId: '' }],
      ['message.held', { heldId: passed, userId, source: 'word' }],
      ['message.decided', { heldId: passed, userId, verdict: 'pass', reason: 'harmless', by: 'admin' }],
      ['message.held', { heldId: refused, userId, source: 'word' }],
      ['message.decided', { heldId: refused, userId, verdict: 'refuse', reason: '' }],
      ['message.recalled', { messageId, userId, reason: 'insult', by: 'admin' }],
      ['admin.removed', own],
    ]);
    const sequences = events.map(({ data }) => Number(data['sequence']));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(new Set(sequences).size).toBe(sequences.length);
    expect(new Set(events.map(({ data }) => `${data['roomId']} ${data['broadcastNo']}`))).toEqual(
      new Set([`${roomId} 1`]),
    );
    expect(new Set(events.map(({ type }) => type))).toEqual(new Set(EVENTS));
    expect(receiver.got.flatMap(unlikeContract)).toEqual([]);
    for (const got of receiver.got) {
      expect(verifies(got, secret)).toBe(true);
      expect(verifies({ ...got, body: got.body.replace('"type"', '"Type"') }, secret)).toBe(false);
    }
  });

  test('no event has a text that was written; a receiver that fails gets the rest of the room after it, in order', async () => {
    receiver.answer = (reply) => reply.writeHead(receiver.got.length === 1 ? 500 : 204).end();
    await evening();
    await deliver();
    expect(receiver.got.map(({ event }) => event.type)).toEqual(['admin.added']);
    stage().wait(60);
    await deliver();
    const types = receiver.got.map(({ event }) => event.type);
    expect(types.slice(0, 2)).toEqual(['admin.added', 'admin.added']);
    expect(types).toHaveLength(10);
    const sequences = receiver.got.slice(1).map(({ event }) => Number(event.data['sequence']));
    expect(sequences).toEqual([...sequences].sort((a, b) => a - b));
    expect(receiver.got.filter(({ body }) => /holdword|hello/.test(body))).toEqual([]);
  });
});
