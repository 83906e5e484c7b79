/**
 * IM webhooks (https://cloud.tencent.com/document/product/269/1522): who is on line, who is in a group, which group is
 * gone, and whether a message may be sent. A command that is not needed here is accepted and ignored, so that a console with everything on
 * does no harm.
 */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { checkImSignature } from '../../vendors/tencent/callback-signatures';
import type { Context } from '../context';
import { groupDestroyed, membersSeen, userSeen } from '../presence/events';
import { beforeC2cMessage } from '../review/private-message';
import { reviewedByIm } from '../review/reviewed-by-im';
import { afterGroupMessage, beforeGroupMessage } from '../review/room-message';
import { ACCEPTED, authenticate, type Callback, type CallbackOutcome, eventTime, parseBody, textOf } from './callback';

interface ImEvent {
  tenant: Tenant;
  body: Fields;
  /** When it happened (ms). */
  at: number;
}

function accountsIn(list: unknown): string[] {
  return Array.isArray(list) ? list.map((entry: unknown) => textOf(fieldsOf(entry)['Member_Account'])) : [];
}

async function stateChanged(ctx: Context, { tenant, body, at }: ImEvent): Promise<void> {
  const { Action: action, To_Account: account } = fieldsOf(body['Info']);
  if (action !== 'Login' && action !== 'Logout' && action !== 'Disconnect') return;
  await userSeen(ctx, tenant, { userId: textOf(account), online: action === 'Login', at });
}

function members(list: string, online: (body: Fields) => boolean, goodbye: (body: Fields) => boolean) {
  return (ctx: Context, { tenant, body, at }: ImEvent) =>
    membersSeen(ctx, tenant, {
      roomId: textOf(body['GroupId']),
      userIds: accountsIn(body[list]),
      online: online(body),
      goodbye: goodbye(body),
      at,
    });
}

const EVENTS: ReadonlyMap<string, (ctx: Context, event: ImEvent) => Promise<void>> = new Map([
  ['State.StateChange', stateChanged],
  [
    'Group.CallbackAfterNewMemberJoin',
    members(
      'NewMemberList',
      () => true,
      () => false,
    ),
  ],
  // Leaving on purpose or being thrown out: there is no connection to wait for.
  [
    'Group.CallbackAfterMemberExit',
    members(
      'ExitMemberList',
      () => false,
      () => true,
    ),
  ],
  [
    'Group.CallbackOnMemberStateChange',
    members(
      'MemberList',
      (body) => body['EventType'] === 'Online',
      (body) => body['EventCause'] === 'Quit',
    ),
  ],
  ['Group.CallbackAfterSendMsg', (ctx, { tenant, body }) => afterGroupMessage(ctx, tenant, body)],
  ['ContentCallback.ResultNotify', (ctx, { tenant, body }) => reviewedByIm(ctx, tenant, body)],
  [
    'Group.CallbackAfterGroupDestroyed',
    (ctx, { tenant, body, at }) =>
      groupDestroyed(ctx, tenant, { roomId: textOf(body['GroupId']), owner: textOf(body['Owner_Account']), at }),
  ],
]);

type Answer = (
  ctx: Context,
  tenants: readonly Tenant[],
  asked: { callback: Callback; body: Fields },
) => Promise<CallbackOutcome>;

/** IM waits with a message: the answer decides what becomes of it. */
const QUESTIONS: ReadonlyMap<string, Answer> = new Map([
  ['Group.CallbackBeforeSendMsg', beforeGroupMessage],
  ['C2C.CallbackBeforeSendMsg', beforeC2cMessage],
]);

export async function imCallback(ctx: Context, callback: Callback): Promise<CallbackOutcome> {
  const { query } = callback;
  const sent = { sign: query.get('sign') ?? '', requestTime: query.get('requesttime') ?? '' };
  const tenants = authenticate(ctx.services, {
    sdkAppId: query.get('sdkappid'),
    sign: sent.sign,
    secret: 'imCallbackToken',
    check: (token) => checkImSignature(token, sent, ctx.now),
  });
  if (!Array.isArray(tenants)) return tenants;
  const body = parseBody(callback.body);
  if (!body) return { result: 'malformed', reason: 'not_json', tenant: tenants[0]?.id ?? '' };
  const command = textOf(body['CallbackCommand']) || (query.get('callbackcommand') ?? '');
  const answer = QUESTIONS.get(command);
  if (answer) return answer(ctx, tenants, { callback, body });
  const act = EVENTS.get(command);
  if (!act) return ACCEPTED;
  const at = eventTime(body['EventTime'], ctx.now);
  for (const tenant of tenants) await act(ctx, { tenant, body, at });
  return ACCEPTED;
}
