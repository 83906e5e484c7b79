/** Parameters of a call for each endpoint with which operators change something, in an order in which all of them succeed. */
import type { ChangingCall, SteppedCall } from '../../../src/contract/admin';
import { operatorOf } from '../../../testkit/operator';
import { newPerson } from '../../../testkit/people';
import type { Service } from '../../../testkit/service';
import { newLive } from '../../../testkit/stage';
import { imCallback } from '../../../testkit/vendor';
import { afterOf, askIm, beforeGroup } from '../../review/support';

/** All calls but import_users, which takes lines. */
export type EveryChange = {
  [N in Exclude<ChangingCall | SteppedCall, 'importUsers'>]: () => Promise<Record<string, unknown>>;
};

/** `run` makes names that no other run has. Each function prepares what its call is about. */
export function everyChange(stage: Service, run: string): EveryChange {
  const admin = operatorOf(stage);
  const live = () => newLive(stage);
  const person = () => newPerson(stage);

  async function reported(): Promise<string | undefined> {
    const { viewer, roomId } = await live();
    await viewer.must('reports/report_room', { targetRoomId: roomId, reason: 'fraud' });
    const { items } = await admin.must<{ items: { reportId: string }[] }>('reports', { roomId });
    return items[0]?.reportId;
  }

  async function firstWebhook(): Promise<{ webhookId: string }> {
    const { items } = await admin.must<{ items: { webhookId: string }[] }>('webhooks');
    const [webhook] = items;
    if (!webhook) throw new Error('no webhook');
    return webhook;
  }

  async function firstWord(): Promise<{ wordId: string }> {
    const { items } = await admin.must<{ items: { wordId: string }[] }>('words');
    const [word] = items;
    if (!word) throw new Error('no word');
    return word;
  }

  async function someDelivery(): Promise<string> {
    const { webhookId } = await firstWebhook();
    await admin.must('change_webhook', { webhookId, enabled: true });
    await person();
    const { items } = await admin.must<{ items: { deliveryId: string }[] }>('deliveries', { webhookId });
    return items[0]?.deliveryId ?? '';
  }

  return {
    resolveAppeal: async () => {
      const one = await person();
      const mute = { userId: one.userId, reason: 'x', seconds: 60 };
      const { sanctionId } = await admin.must<{ sanctionId: string }>('mute_user', mute);
      await one.must('reports/appeal', { sanctionId, text: 'x' });
      const { items } = await admin.must<{ items: { appealId: string }[] }>('appeals', { userId: one.userId });
      return { appealId: items[0]?.appealId, verdict: 'upheld', reason: 'why' };
    },
    addWords: async () => ({ words: [`word${run}`] }),
    removeWords: async () => ({ wordIds: [(await firstWord()).wordId] }),
    changeReviewSettings: async () => ({ enabled: true }),
    decideHeld: async () => ({ heldIds: ['1'], verdict: 'refuse', reason: 'why' }),
    recallMessage: async () => {
      const { roomId, viewer } = await live();
      const message = beforeGroup(roomId, viewer.userId, 'hello');
      await askIm(stage, message);
      await imCallback(stage, afterOf(message, 7));
      await stage.services.review.chatLog.flush();
      const { items } = await admin.must<{ items: { messageId: string }[] }>('messages', { roomId });
      return { messageId: items[0]?.messageId, reason: 'why' };
    },
    changeChatRules: async () => ({ roomId: (await live()).roomId, slowSeconds: 5 }),
    endRoom: async () => ({ roomId: (await live()).roomId, reason: 'why' }),
    warnRoom: async () => ({ roomId: (await live()).roomId, text: 'why' }),
    watchRoom: async () => ({ roomId: (await live()).roomId }),
    kickUser: async () => {
      const { roomId, viewer } = await live();
      return { roomId, userId: viewer.userId, reason: 'why' };
    },
    muteUser: async () => ({ userId: (await person()).userId, reason: 'why', seconds: 60 }),
    banUser: async () => ({ userId: (await person()).userId, reason: 'why', seconds: 60 }),
    liftSanction: async () => {
      const { userId } = await person();
      const { sanctionId } = await admin.must<{ sanctionId: string }>('ban_user', {
        userId,
        reason: 'x',
        seconds: 0,
      });
      return { sanctionId, reason: 'why' };
    },
    addNote: async () => ({ userId: (await person()).userId, text: 'asked for a second chance' }),
    removeNote: async () => {
      const { userId } = await person();
      return admin.must<{ noteId: string }>('add_note', { userId, text: 'x' });
    },
    setReasons: async () => ({ reasons: ['spam'] }),
    signOutUser: async () => ({ userId: (await person()).userId, reason: 'why' }),
    resolveReport: async () => ({
      reportId: await reported(),
      verdict: 'dismissed',
      reason: 'why',
    }),
    addOperator: async () => ({ name: `walked-${run}`, scope: 'read' }),
    rotateOperator: async () => ({ name: `walked-${run}` }),
    removeOperator: async () => ({ name: `walked-${run}` }),
    addWebhook: async () => ({ url: 'https://example.com/hook' }),
    changeWebhook: async () => ({ webhookId: (await firstWebhook()).webhookId, enabled: false }),
    testWebhook: async () => ({ webhookId: (await firstWebhook()).webhookId }),
    replayDelivery: async () => ({ deliveryId: await someDelivery() }),
    removeWebhook: async () => ({ webhookId: (await firstWebhook()).webhookId }),
    issueToken: async () => ({ username: `issued-${run}` }),
    updateUser: async () => ({ userId: (await person()).userId, name: 'N' }),
    openRoom: async () => ({ ownerId: (await person()).userId }),
    updateRoomOf: async () => ({ roomId: (await live()).roomId, star: 1 }),
    closeRoom: async () => ({ roomId: (await live()).roomId, reason: 'why' }),
    exportUser: async () => ({ userId: (await person()).userId }),
    deleteUser: async () => ({ userId: (await person()).userId, reason: 'why' }),
  };
}
