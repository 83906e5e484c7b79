/**
 * IM webhooks (https://cloud.tencent.com/document/product/269/1522): who is on line, who is in a group, which group is
 * gone. A command that is not needed here is accepted and ignored, so that a console with everything on does no harm.
 */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { checkImSignature } from '../../vendors/tencent/callback-signatures';
import type { Context } from '../context';
import { groupDestroyed, membersSeen, userSeen } from '../presence/events';
import { beforeC2cMessage } from '../review/private-message';
import { reviewedByIm } from '../review/reviewed-by-im';
import { afterGroupMessage, beforeGroupMessage } from '../review/room-message';
import {
  ACCEPTED,
  authenticate,
  type Callback,
  type CallbackOutcome,
  eventTime,
  parseBody,
  textOf,
  timeOf,
} from './callback';

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
  const info = fieldsOf(body['Info']);
  const action = textOf(info['Action']);
  if (action !== 'Login' && action !== 'Logout' && action !== 'Disconnect') return;
  await userSeen(ctx, tenant, { userId: textOf(info['To_Account']), online: action === 'Login', at });
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

const COMMANDS: Readonly<Record<string, (ctx: Context, event: ImEvent) => Promise<void>>> = {
  'State.StateChange': stateChanged,
  'Group.CallbackAfterNewMemberJoin': members(
    'NewMemberList',
    () => true,
    () => false,
  ),
  // Leaving on purpose or being thrown out: there is no connection to wait for.
  'Group.CallbackAfterMemberExit': members(
    'ExitMemberList',
    () => false,
    () => true,
  ),
  'Group.CallbackOnMemberStateChange': members(
    'MemberList',
    (body) => body['EventType'] === 'Online',
    (body) => body['EventCause'] === 'Quit',
  ),
  'Group.CallbackAfterSendMsg': (ctx, { tenant, body }) => afterGroupMessage(ctx, [tenant], body),
  'ContentCallback.ResultNotify': (ctx, { tenant, body }) => reviewedByIm(ctx, tenant, body),
  'Group.CallbackAfterGroupDestroyed': (ctx, { tenant, body, at }) =>
    groupDestroyed(ctx, tenant, { roomId: textOf(body['GroupId']), owner: textOf(body['Owner_Account']), at }),
};

type Ask = (
  ctx: Context,
  tenants: readonly Tenant[],
  asked: { callback: Callback; body: Fields },
) => Promise<CallbackOutcome>;

/** Commands that IM waits for with a message: the answer decides what becomes of it. */
const QUESTIONS: Readonly<Record<string, Ask>> = {
  'Group.CallbackBeforeSendMsg': beforeGroupMessage,
  'C2C.CallbackBeforeSendMsg': beforeC2cMessage,
};

function tenantsOf(ctx: Context, { query }: Callback): Tenant[] | CallbackOutcome {
  const sent = { sign: query.get('sign') ?? '', requestTime: query.get('requesttime') ?? '' };
  return authenticate(ctx.services, {
    sdkAppId: query.get('sdkappid'),
    sign: sent.sign,
    keyOf: (tenant) => tenant.imCallbackToken,
    keyMissing: 'no_token_configured',
    check: (token) => checkImSignature(token, sent, ctx.now),
  });
}

export async function imCallback(ctx: Context, callback: Callback): Promise<CallbackOutcome> {
  const tenants = tenantsOf(ctx, callback);
  if (!Array.isArray(tenants)) return tenants;
  const body = parseBody(callback.body);
  if (!body) return { result: 'malformed', reason: 'not_json', tenant: tenants[0]?.id ?? '' };
  const command = textOf(body['CallbackCommand']) || (callback.query.get('callbackcommand') ?? '');
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  const at = eventTime(timeOf(body['EventTime']), ctx.now);
  const ask = Object.hasOwn(QUESTIONS, command) ? QUESTIONS[command] : undefined;
  if (ask) return ask(ctx, tenants, { callback, body });
  for (const tenant of act ? tenants : []) await act?.(ctx, { tenant, body, at });
  return ACCEPTED;
}
