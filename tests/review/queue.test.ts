/** Held texts, the log of chats and recall: what operators see, and what becomes of it at IM. */
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { APP_ID, onBothDatabases } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { imCallback } from '../../testkit/vendor';
import { afterOf, askIm, beforeGroup, says, textElement } from './support';

interface Held {
  heldId: string;
  text: string;
  state: string;
}
interface Message {
  messageId: string;
  text: string;
  outcome: string;
  code: number;
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });
  const admin = () => operatorOf(stage());
  const held = async (params: Record<string, unknown>) => (await admin().must<{ items: Held[] }>('held', params)).items;
  const messages = async (params: Record<string, unknown>) => {
    await stage().services.review.chatLog.flush();
    return (await admin().must<{ items: Message[] }>('messages', params)).items;
  };
  const decide = (heldIds: string[], verdict: string) =>
    admin().must<{ done: number; failed: { heldId: string; why: string }[] }>('decide_held', { heldIds, verdict });

  beforeAll(async () => {
    await admin().must('change_review_settings', { enabled: true, language: 'en' });
    for (const action of ['refuse', 'mask', 'hold'])
      await admin().must('add_words', { words: [`${action}word`], action });
  });

  const doubtful = async () => {
    const live = await newLive(stage());
    const { viewer, roomId } = live;
    expect((await says(stage(), roomId, viewer.userId, 'a holdword text')).ErrorCode).toBe(10103);
    const [item] = await held({ roomId });
    if (!item) throw new Error('nothing is held');
    return { ...live, item };
  };

  test('what passes is sent once in the name of the author, with a mark and without callbacks', async () => {
    const { viewer, roomId, item } = await doubtful();
    expect(item).toMatchObject({ userId: viewer.userId, source: 'word', hits: ['holdword'], state: 'open', roomId });
    expect(await decide([item.heldId, item.heldId], 'pass')).toMatchObject({ done: 1 });
    const sent = stage()
      .im.sent(APP_ID)
      .filter((message) => message.groupId === roomId);
    expect(sent).toMatchObject([{ from: viewer.userId, body: [textElement('a holdword text')] }]);
    expect(sent[0]?.customData).toMatch(/"heldId":"\d+","mark":"[\w-]{43}"/);
    const call = stage().im.calls.find(({ command }) => command === 'send_group_msg');
    expect(call?.body).toMatchObject({
      ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
      SendMsgControl: ['NoMsgCheck'],
    });
    expect(await held({ roomId })).toEqual([]);
    expect(await held({ roomId, state: 'passed' })).toMatchObject([{ heldId: item.heldId, state: 'passed' }]);
    expect(await decide([item.heldId], 'refuse')).toMatchObject({ done: 0, failed: [{ heldId: item.heldId }] });
  });

  test('of two operators concurrently, one decides', async () => {
    const { roomId, item } = await doubtful();
    const verdicts = await Promise.all([decide([item.heldId], 'pass'), decide([item.heldId], 'refuse')]);
    expect(verdicts.map(({ done }) => done).sort()).toEqual([0, 1]);
    const [passed, refused] = [await held({ roomId, state: 'passed' }), await held({ roomId, state: 'refused' })];
    expect(passed.length + refused.length).toBe(1);
    const sent = stage()
      .im.sent(APP_ID)
      .filter((message) => message.groupId === roomId);
    expect(sent).toHaveLength(passed.length);
  });

  test('a text is not sent if its author is muted by then, its broadcast has ended, or ten minutes are over', async () => {
    const muted = await doubtful();
    await muted.anchor.must('rooms/mute_user', {
      roomId: muted.roomId,
      targetUserId: muted.viewer.userId,
      seconds: 60,
    });
    const ended = await doubtful();
    await ended.anchor.must('rooms/destroy_room', { roomId: ended.roomId });
    const failure = (heldId: string, en: string, zh: string) => ({ heldId, why: en, detail: { en, zh } });
    const result = await decide([muted.item.heldId, ended.item.heldId, '999999'], 'pass');
    expect(result).toEqual({
      done: 0,
      failed: [
        failure(muted.item.heldId, 'the author is muted, kicked or banned', '发送者已被禁言、踢出或封禁'),
        failure(ended.item.heldId, 'the broadcast has ended', '直播已结束'),
        failure('999999', 'there is no such text', '内容不存在，可能已过期'),
      ],
    });
    const late = await doubtful();
    stage().wait(601);
    expect(await decide([late.item.heldId], 'pass')).toMatchObject({ done: 0, failed: [{ why: 'it has expired' }] });
    expect(await held({ roomId: late.roomId, state: 'expired' })).toMatchObject([{ state: 'expired' }]);
    await stage().maintain();
    expect(await held({ roomId: late.roomId, state: 'expired' })).toMatchObject([{ state: 'expired' }]);
  });

  test('the chat of a room is shown with refused messages, by person and time, and as a file', async () => {
    const { viewer, roomId } = await newLive(stage());
    for (const text of ['hello', 'a maskword', 'refuseword', 'holdword']) {
      await says(stage(), roomId, viewer.userId, text);
      stage().wait(1);
    }
    const all = await messages({ roomId });
    expect(all.map(({ text, outcome, code }) => [text, outcome, code])).toEqual([
      ['holdword', 'held', 10103],
      ['refuseword', 'refused', 10100],
      ['a ********', 'masked', 0],
      ['hello', 'passed', 0],
    ]);
    expect(all[0]).toMatchObject({ address: '127.0.0.1', platform: 'iOS', userId: viewer.userId, roomId });
    expect(await messages({ userId: viewer.userId, limit: 1 })).toHaveLength(1);
    const file = await admin().raw('messages', { roomId, format: 'csv' });
    expect(file.text.split('\r\n')).toHaveLength(6);
    expect(file.text).toContain('hello');
    const { items } = await admin().must<{ items: unknown[] }>('audit', { action: 'messages', roomId });
    expect(items).toHaveLength(2);
    expect(await admin().call('messages')).toMatchObject({ status: 400 });
  });

  test('a message that went out is rolled back by its number at IM, once and within the hour', async () => {
    const { viewer, roomId } = await newLive(stage());
    const message = beforeGroup(roomId, viewer.userId, 'an insult');
    await askIm(stage(), message);
    const [first] = await messages({ roomId });
    const recall = (messageId: string | undefined) => admin().call('recall_message', { messageId, reason: 'insult' });
    expect(await recall(first?.messageId)).toMatchObject({ status: 409 });
    expect((await imCallback(stage(), afterOf(message, 77))).status).toBe(200);
    await stage().services.review.chatLog.flush();
    expect(await recall(first?.messageId)).toMatchObject({ status: 200, data: { pending: [] } });
    expect(stage().im.recalled(APP_ID)).toContain(`${roomId} 77`);
    expect(await messages({ roomId })).toMatchObject([{ outcome: 'recalled' }]);
    expect(await recall(first?.messageId)).toMatchObject({ status: 409 });
    const old = beforeGroup(roomId, viewer.userId, 'an old insult');
    await askIm(stage(), old);
    await imCallback(stage(), afterOf(old, 78));
    const [newest] = await messages({ roomId });
    stage().wait(3_601);
    expect(await recall(newest?.messageId)).toMatchObject({ status: 409 });
  });

  test('texts are kept for the tenant’s number of days, and not at all for 0', async () => {
    const { viewer, roomId } = await newLive(stage());
    await says(stage(), roomId, viewer.userId, 'hello');
    expect(await messages({ roomId })).toHaveLength(1);
    await admin().must('change_review_settings', { chatLogDays: 1 });
    stage().wait(86_401);
    await stage().maintain();
    expect(await messages({ roomId })).toEqual([]);
    await admin().must('change_review_settings', { chatLogDays: 0 });
    await says(stage(), roomId, viewer.userId, 'hello');
    expect(await messages({ roomId })).toEqual([]);
    await admin().must('change_review_settings', { chatLogDays: 60 });
  });

  test("results of IM's own review are stored: refused texts are in the queue, passed ones are not", async () => {
    const { viewer, roomId } = await newLive(stage());
    const result = (CtxcbSuggestion: string) => ({
      CallbackCommand: 'ContentCallback.ResultNotify',
      Scene: 'Group',
      From_Account: viewer.userId,
      ContactItem: { ContactType: 2, ToGroupId: roomId },
      ContentType: 'Text',
      TextContent: ['an ad'],
      MsgID: '1',
      CtxcbSuggestion,
      CtxcbLabel: 'Ad',
      CtxcbKeywords: ['ad'],
    });
    for (const suggestion of ['Pass', 'Block']) await imCallback(stage(), result(suggestion));
    expect(await held({ roomId })).toMatchObject([{ text: 'an ad', source: 'vendor', label: 'Ad', hits: ['ad'] }]);
  });

  test('scopes: reading is for read, verdicts for moderate, words and settings for manage', async () => {
    const { item } = await doubtful();
    const [reader, moderator] = [
      await newOperator(stage(), { name: `reader-${kind}`, scope: 'read' }),
      await newOperator(stage(), { name: `moderator-${kind}`, scope: 'moderate' }),
    ];
    const verdict = { heldIds: [item.heldId], verdict: 'refuse' };
    expect(await reader.call('decide_held', verdict)).toMatchObject({ status: 403 });
    for (const call of ['words', 'held', 'review_settings'])
      expect(await reader.call(call)).toMatchObject({ status: 200 });
    for (const [call, params] of [
      ['add_words', { words: ['x'] }],
      ['remove_words', { wordIds: ['1'] }],
      ['change_review_settings', { enabled: false }],
    ] as const) {
      expect(await moderator.call(call, params)).toMatchObject({ status: 403 });
    }
    expect(await moderator.call('decide_held', verdict)).toMatchObject({ status: 200 });
  });

  test('lastCallbackUtc shows that IM asks', async () => {
    const { viewer, roomId } = await newLive(stage());
    stage().wait(120);
    await says(stage(), roomId, viewer.userId, 'hello');
    await stage().services.review.chatLog.flush();
    const { lastCallbackUtc } = await admin().must<{ lastCallbackUtc: string }>('review_settings');
    expect(Date.parse(`${lastCallbackUtc.replace(' ', 'T')}Z`)).toBe(Math.floor(stage().clock.now() / 1000) * 1000);
  });
});
