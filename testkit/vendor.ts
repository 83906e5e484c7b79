/** Sends webhooks as IM and TRTC do, signed, over a real socket; and says what they answered. */
import { createHash, createHmac } from 'node:crypto';
import { APP_ID, type Service } from './service';
import { type Answer, overHttp } from './ways';

export const IM_TOKEN = 'im-callback-token-1';
export const TRTC_KEY = 'trtcCallbackKey1';
export const CALLBACK_ENV = { IM_CALLBACK_TOKEN: IM_TOKEN, TRTC_CALLBACK_KEY: TRTC_KEY } as const;

export interface ImOptions {
  token?: string;
  sdkAppId?: number;
  /** Seconds; default the service's present. */
  requestTime?: number;
  signed?: boolean;
  path?: string;
  rawBody?: string;
  /** Who asked IM; RESTAPI: a backend. */
  platform?: string;
}

export function imCallback(service: Service, body: object, options: ImOptions = {}): Promise<Answer> {
  const { token = IM_TOKEN, sdkAppId = APP_ID, signed = true, path = '/base/v1/callbacks/im' } = options;
  const requestTime = String(options.requestTime ?? Math.floor(service.clock.now() / 1000));
  const sign = createHash('sha256').update(`${token}${requestTime}`).digest('hex');
  const command = String(Reflect.get(body, 'CallbackCommand') ?? '');
  const query: [string, string][] = [
    ['SdkAppid', String(sdkAppId)],
    ['CallbackCommand', command],
    ['contenttype', 'json'],
    ['ClientIP', '127.0.0.1'],
    ['OptPlatform', options.platform ?? 'iOS'],
  ];
  if (signed) query.push(['Sign', sign], ['RequestTime', requestTime]);
  const headers = { 'content-type': 'application/json' };
  return overHttp(service, { method: 'POST', path, query, headers, body: options.rawBody ?? JSON.stringify(body) });
}

export function stateChange(userId: string, action: 'Login' | 'Logout' | 'Disconnect', at: number): object {
  const reason = { Login: 'Register', Logout: 'Unregister', Disconnect: 'LinkClose' }[action];
  return {
    CallbackCommand: 'State.StateChange',
    Info: { Action: action, To_Account: userId, Reason: reason },
    EventTime: at,
  };
}

export interface GroupState {
  roomId: string;
  userIds: string[];
  cause: 'HeartbeatInterrupt' | 'HeartbeatRecover' | 'Join' | 'Quit';
  at: number;
}

export function memberStateChange({ roomId, userIds, cause, at }: GroupState): object {
  const there = cause === 'Join' || cause === 'HeartbeatRecover';
  return {
    CallbackCommand: 'Group.CallbackOnMemberStateChange',
    GroupId: roomId,
    EventType: there ? 'Online' : 'Offline',
    EventCause: cause,
    MemberList: userIds.map((id) => ({ Member_Account: id })),
    EventTime: at,
  };
}

export function groupDestroyed(roomId: string, owner: string, at: number): object {
  return {
    CallbackCommand: 'Group.CallbackAfterGroupDestroyed',
    GroupId: roomId,
    Type: 'AVChatRoom',
    Owner_Account: owner,
    Name: 'x',
    MemberList: [],
    EventTime: at,
  };
}

export interface TrtcOptions {
  key?: string;
  sdkAppId?: number;
  sign?: string;
  path?: string;
  rawBody?: string;
}

export function trtcCallback(service: Service, body: object, options: TrtcOptions = {}): Promise<Answer> {
  const { key = TRTC_KEY, sdkAppId = APP_ID, path = '/base/v1/callbacks/trtc' } = options;
  // As TRTC writes it, with tabs: whoever verifies parsed and printed JSON fails.
  const text = options.rawBody ?? JSON.stringify(body, null, '\t');
  const sign = options.sign ?? createHmac('sha256', key).update(text).digest('base64');
  const headers = { 'content-type': 'application/json', sdkappid: String(sdkAppId), ...(sign !== '' && { sign }) };
  return overHttp(service, { method: 'POST', path, headers, body: text });
}

export interface RoomEvent {
  type: 101 | 102 | 103 | 104 | 105;
  roomId: string | number;
  userId?: string;
  reason?: number;
  at: number;
  /** When TRTC sent it; default when it happened. */
  sentAt?: number;
}

export function roomEvent({ type, roomId, userId, reason = 1, at, sentAt = at }: RoomEvent): object {
  return {
    EventGroupId: 1,
    EventType: type,
    CallbackTs: sentAt,
    EventInfo: {
      RoomId: roomId,
      EventTs: Math.floor(at / 1000),
      EventMsTs: at,
      ...(userId !== undefined && { UserId: userId, Role: 20, TerminalType: 2, UserType: 3, Reason: reason }),
    },
  };
}
