/** Messages in the form of IM's callbacks, and the answers to them. */
import type { Params, Service } from '../../testkit/service';
import { type ImOptions, imCallback } from '../../testkit/vendor';

export interface ImAnswer {
  ActionStatus: string;
  ErrorCode: number;
  ErrorInfo: string;
  MsgBody?: { MsgType: string; MsgContent: Record<string, string> }[];
}

let random = 0;

export const textElement = (Text: string) => ({ MsgType: 'TIMTextElem', MsgContent: { Text } });
export const customElement = (Data: unknown) => ({
  MsgType: 'TIMCustomElem',
  MsgContent: { Data: typeof Data === 'string' ? Data : JSON.stringify(Data), Desc: '', Ext: '', Sound: '' },
});

export function beforeGroup(roomId: string, from: string, body: string | object[], more: Params = {}): object {
  random += 1;
  return {
    CallbackCommand: 'Group.CallbackBeforeSendMsg',
    GroupId: roomId,
    Type: 'AVChatRoom',
    From_Account: from,
    Operator_Account: from,
    Random: random,
    MsgId: `144115-${random}-402603`,
    OnlineOnlyFlag: 0,
    MsgBody: typeof body === 'string' ? [textElement(body)] : body,
    CloudCustomData: '',
    EventTime: 1_670_574_414_123,
    ...more,
  };
}

export async function askIm(stage: Service, message: object, options: ImOptions = {}): Promise<ImAnswer> {
  const { status, text } = await imCallback(stage, message, options);
  if (status !== 200) throw new Error(`IM got ${status}: ${text}`);
  // Each test states its expectation.
  return JSON.parse(text) as ImAnswer;
}

/** IM's callback for a text that a user writes in a room. */
export const says = (stage: Service, roomId: string, from: string, body: string | object[], more: Params = {}) =>
  askIm(stage, beforeGroup(roomId, from, body, more));

/** IM's callback after a message went out. */
export const afterOf = (message: object, seq: number) => ({
  ...message,
  CallbackCommand: 'Group.CallbackAfterSendMsg',
  MsgSeq: seq,
  MsgTime: 1_670_574_414,
});
