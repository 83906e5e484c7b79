/** The chat of the sample people: IM's callbacks before and after a message, the words of the tenant, an appeal. */
import { randomInt } from 'node:crypto';
import type { App } from '../http/app';
import { callAs, callAsIm, callService, type ImApp, type Person } from './calls';
import { APPEAL, CHAT, WORDS } from './texts';

export interface ReviewParts {
  app: App;
  /** Key of the demo's operator. */
  key: string;
  tenant: ImApp;
}

/** Switches review on, with some words; both are as they were after a restart. */
export async function startReview({ app, key }: ReviewParts): Promise<void> {
  const admin = (call: string, params: object) =>
    callService(app, `admin/${call}`, { params, address: '198.18.0.1', key });
  await admin('change_review_settings', { enabled: true });
  for (const words of WORDS) await admin('add_words', words);
}

let lines = 0;

/** Sends the next line of the chat, by this person. After a passed message comes IM's number of it. */
export async function say({ app, tenant }: ReviewParts, person: Person, roomId: string): Promise<void> {
  const text = CHAT[lines % CHAT.length];
  lines += 1;
  const { userId, address } = person;
  const message = {
    GroupId: roomId,
    Type: 'AVChatRoom',
    From_Account: userId,
    Operator_Account: userId,
    Random: randomInt(2 ** 32 - 1),
    MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: text } }],
  };
  const before = { ...message, CallbackCommand: 'Group.CallbackBeforeSendMsg', MsgId: `sample-${message.Random}` };
  const { ErrorCode } = Object(await callAsIm(app, tenant, { body: before, address }));
  if (ErrorCode !== 0) return;
  const after = { ...before, CallbackCommand: 'Group.CallbackAfterSendMsg', MsgSeq: lines };
  await callAsIm(app, tenant, { body: after, address });
}

/** The person appeals against the sanction that is in force. */
export async function appeal({ app, key }: ReviewParts, person: Person): Promise<void> {
  const params = { userId: person.userId, limit: 1 };
  const { data } = await callService(app, 'admin/sanctions', { params, address: '198.18.0.1', key });
  const [sanction] = Object(data).items ?? [];
  if (sanction) await callAs(app, person, 'reports/appeal', { sanctionId: sanction.sanctionId, text: APPEAL });
}
