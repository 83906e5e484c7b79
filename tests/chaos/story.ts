/** A small correct history, made by hand. The checks run on it unchanged and with planted faults. */
import type { Call, Delivery, Group, History, Params } from '../../chaos/history';

/** A history whose parts may be changed. */
export interface Draft {
  calls: Record<string, Call>;
  deliveries: Delivery[];
  groups: Group[];
  leaks: string[];
}

interface Told {
  by: string;
  name: string;
  params?: Params;
  session?: string;
  data?: unknown;
  message?: string;
  code?: number;
  status?: number;
}

let clock = 0;

/** One call after the other, a second each; refused if it has a code. */
function call(
  id: number,
  { by, name, params = {}, session = '', data, message = '', code = 0, status = 200 }: Told,
): Call {
  clock += 1_000;
  const outcome = code === 0 ? 'done' : 'refused';
  const times = { began: clock, ended: clock + 500 };
  const told = { id, by, tenant: '', name, params, session, service: 0, isOlder: false, ...times };
  return { ...told, outcome, code, status, message, data, wrong: '' };
}

const ALICE = '/alice';
const BOB = '/bob';
const OPERATOR = 'operator';
const BANNED = 'SystemVerifyError(98): this account is banned permanently: because-20';

/** The calls in their order. Ids are places in the list, beginning with 1, so that the session of the second call is `s2`. */
const CALLS: Readonly<Record<string, Told>> = {
  registerAlice: { by: ALICE, name: 'oauth/register', params: { username: 'alice' } },
  signInAlice: { by: ALICE, name: 'oauth/signature', params: { username: 'alice' }, data: { userId: '1' } },
  registerBob: { by: BOB, name: 'oauth/register', params: { username: 'bob' } },
  signInBob: { by: BOB, name: 'oauth/signature', params: { username: 'bob' }, data: { userId: '2' } },
  rename: { by: ALICE, name: 'auth_users/user_update', params: { name: 'A' }, session: 's2' },
  readName: { by: ALICE, name: 'auth_users/user_query', session: 's2', data: { userId: '1', name: 'A' } },
  goLive: { by: ALICE, name: 'rooms/enter_room', params: { roomId: '1', role: 'anchor' }, session: 's2' },
  enter: { by: BOB, name: 'rooms/enter_room', params: { roomId: '1', role: 'audience' }, session: 's4' },
  generate: { by: BOB, name: 'rooms/generate_roomid', session: 's4', data: { roomId: '905449688' } },
  generateMore: { by: BOB, name: 'rooms/generate_roomid', session: 's4', data: { roomId: '905449689' } },
  secondSignIn: { by: BOB, name: 'oauth/signature', params: { username: 'bob' }, data: { userId: '2' } },
  signOut: { by: BOB, name: 'auth_users/user_logout', session: 's11' },
  afterSignOut: { by: BOB, name: 'auth_users/user_keepalive', session: 's11', code: 204 },
  enterAgain: { by: BOB, name: 'rooms/enter_room', params: { roomId: '1', role: 'audience' }, session: 's4' },
  kick: {
    by: OPERATOR,
    name: 'admin/kick_user',
    params: { userId: '2', roomId: '9', reason: 'because-15', seconds: 0 },
    data: { sanctionId: '1' },
  },
  enterKicked: {
    by: BOB,
    name: 'rooms/enter_room',
    params: { roomId: '9', role: 'audience' },
    session: 's4',
    code: 98,
    message: 'SystemVerifyError(98): you were kicked from this room permanently: because-15',
  },
  registerCarl: { by: '/carl', name: 'oauth/register', params: { username: 'carl' } },
  signInCarl: { by: '/carl', name: 'oauth/signature', params: { username: 'carl' }, data: { userId: '3' } },
  enterCarl: { by: '/carl', name: 'rooms/enter_room', params: { roomId: '1', role: 'audience' }, session: 's18' },
  ban: {
    by: OPERATOR,
    name: 'admin/ban_user',
    params: { userId: '3', reason: 'because-20', seconds: 0 },
    data: { sanctionId: '2' },
  },
  signInBanned: { by: '/carl', name: 'oauth/signature', params: { username: 'carl' }, code: 98, message: BANNED },
  lift: { by: OPERATOR, name: 'admin/lift_sanction', params: { sanctionId: '2', reason: 'because-22' } },
  signInLifted: { by: '/carl', name: 'oauth/signature', params: { username: 'carl' }, data: { userId: '3' } },
  addOperator: { by: OPERATOR, name: 'admin/add_operator', params: { name: 'operator-24' } },
  addWebhook: { by: OPERATOR, name: 'admin/add_webhook', params: { url: 'http://hooks/25' } },
  leaveCarl: { by: '/carl', name: 'rooms/leave_room', params: { roomId: '1' }, session: 's23' },
  rooms: { by: OPERATOR, name: 'admin/rooms', data: { items: [{ roomId: '1', ownBy: '1' }], cursor: '' } },
  detail: {
    by: 'observer',
    name: 'rooms/room_detail',
    params: { roomId: '1' },
    data: { roomId: '1', status: 1, nnUsers: 2, ownBy: '1' },
  },
  members: {
    by: 'observer',
    name: 'rooms/list_users',
    params: { roomId: '1' },
    data: [{ userId: '1' }, { userId: '2' }],
  },
  sanctions: {
    by: OPERATOR,
    name: 'admin/sanctions',
    data: {
      items: [
        { sanctionId: '1', reason: 'because-15' },
        { sanctionId: '2', reason: 'because-20' },
      ],
    },
  },
  audit: {
    by: OPERATOR,
    name: 'admin/audit',
    data: {
      items: [
        { auditId: '1', action: 'kick_user', reason: 'because-15', roomId: '9' },
        { auditId: '2', action: 'ban_user', reason: 'because-20', roomId: '' },
        { auditId: '3', action: 'lift_sanction', reason: 'because-22', roomId: '' },
      ],
    },
  },
  operators: { by: OPERATOR, name: 'admin/operators', data: { items: [{ name: 'operator-24' }] } },
  webhooks: { by: OPERATOR, name: 'admin/webhooks', data: { items: [{ webhookId: '1', url: 'http://hooks/25' }] } },
};

function event(type: string, data: Delivery['data']): Omit<Delivery, 'at' | 'id'> {
  return { type, tenant: '', data, verified: true };
}

const PLACE = { roomId: '1', broadcastNo: 1 };
const EVENTS = [
  event('user.created', { userId: '1' }),
  event('user.created', { userId: '2' }),
  event('user.created', { userId: '3' }),
  event('room.opened', { ...PLACE, sequence: 1, ownBy: '1' }),
  event('member.joined', { ...PLACE, sequence: 2, userId: '2' }),
  event('member.joined', { ...PLACE, sequence: 3, userId: '3' }),
  event('sanction.created', { sanctionId: '1', reason: 'because-15' }),
  event('sanction.created', { sanctionId: '2', reason: 'because-20' }),
  event('sanction.lifted', { sanctionId: '2', reason: 'because-20' }),
];

export function draft(): Draft {
  clock = 0;
  return {
    calls: Object.fromEntries(Object.entries(CALLS).map(([label, told], index) => [label, call(index + 1, told)])),
    deliveries: EVENTS.map((told, index) => ({ ...told, at: index * 1_000, id: `evt_${index}` })),
    groups: [{ tenant: '', groupId: '1' }],
    leaks: [],
  };
}

export function historyOf({ calls, deliveries, groups, leaks }: Draft): History {
  return { calls: Object.values(calls), deliveries, groups, leaks, faults: [], clockMs: 0 };
}
