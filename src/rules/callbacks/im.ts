/**
 * IM webhooks (https://cloud.tencent.com/document/product/269/1522): who is on line, who is in a group, which group is
 * gone. A command that is not needed here is accepted and ignored, so that a console with everything on does no harm.
 */
import { type Fields, fieldsOf } from '../../base/fields';
import type { Tenant } from '../../config/config';
import { checkImSignature } from '../../tencent/callback-signatures';
import type { Context } from '../context';
import { groupDestroyed, membersSeen, userSeen } from '../presence/events';
import {
  ACCEPTED,
  type Callback,
  type CallbackOutcome,
  eventTime,
  parseBody,
  refused,
  tenantsOfApp,
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
  'Group.CallbackAfterGroupDestroyed': (ctx, { tenant, body, at }) =>
    groupDestroyed(ctx, tenant, { roomId: textOf(body['GroupId']), owner: textOf(body['Owner_Account']), at }),
};

/** Whose the callback is, of those that share the application; or why it is refused. */
function authenticate(ctx: Context, { query }: Callback): Tenant[] | CallbackOutcome {
  const tenants = tenantsOfApp(ctx.services, query.get('sdkappid') ?? '');
  if (tenants.length === 0) return refused('unknown_app');
  const withToken = tenants.filter((tenant) => tenant.imCallbackToken !== '');
  const [first] = tenants;
  if (withToken.length === 0) return refused('no_token_configured', first?.id);
  const sent = { sign: query.get('sign') ?? '', requestTime: query.get('requesttime') ?? '' };
  const verdicts = withToken.map((tenant) => ({
    tenant,
    verdict: checkImSignature(tenant.imCallbackToken, sent, ctx.now),
  }));
  const good = verdicts.filter(({ verdict }) => verdict === 'good').map(({ tenant }) => tenant);
  if (good.length > 0) return good;
  const stale = verdicts.some(({ verdict }) => verdict === 'stale');
  return refused(sent.sign === '' ? 'not_signed' : stale ? 'stale' : 'bad_signature', first?.id);
}

export async function imCallback(ctx: Context, callback: Callback): Promise<CallbackOutcome> {
  const tenants = authenticate(ctx, callback);
  if (!Array.isArray(tenants)) return tenants;
  const body = parseBody(callback.body);
  if (!body) return { result: 'malformed', reason: 'not_json', tenant: tenants[0]?.id ?? '' };
  const command = textOf(body['CallbackCommand']) || (callback.query.get('callbackcommand') ?? '');
  const act = Object.hasOwn(COMMANDS, command) ? COMMANDS[command] : undefined;
  const at = eventTime(timeOf(body['EventTime']), ctx.now);
  for (const tenant of act ? tenants : []) await act?.(ctx, { tenant, body, at });
  return ACCEPTED;
}
