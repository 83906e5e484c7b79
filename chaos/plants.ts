/**
 * Planted faults: for each property a way in which a service could break it, done by a liar between the clients and the
 * service, by the webhook receiver, or in the log. A run with a plant must end with a finding of that property.
 */
import type { CheckName } from './checks/all';
import type { Forwarded, Plant } from './plant';

/** A plant, and the check that must find it. */
export interface NamedPlant extends Plant {
  readonly found: CheckName;
}

/** Every so many of the calls that it is about; the others go through. */
function every(count: number): () => boolean {
  let seen = 0;
  return () => {
    seen += 1;
    return seen % count === 0;
  };
}

const HEADERS = {
  'content-type': 'application/json; charset=utf-8',
  'cache-control': 'no-store',
  'access-control-allow-origin': '*',
};

function answer(errorCode: number, errorMessage: string, more: object = {}): Promise<Forwarded> {
  const envelope = { errorCode, errorMessage, requestId: 'planted', version: '0', ...more };
  return Promise.resolve({ status: 200, headers: HEADERS, text: JSON.stringify(envelope) });
}

/** Acknowledges some calls and does nothing. */
function acknowledging(
  found: CheckName,
  endpoint: string,
  options: { message: string; data?: object; one?: number },
): NamedPlant {
  const isChosen = every(options.one ?? 3);
  return {
    found,
    answer: ({ name }) => {
      if (name !== endpoint || !isChosen()) return undefined;
      return answer(0, options.message, options.data === undefined ? {} : { data: options.data });
    },
  };
}

/** Does some calls twice and tells of the second time. */
function twice(found: CheckName, endpoint: string): NamedPlant {
  return {
    found,
    answer: ({ name, forward }) => (name === endpoint ? forward().then(forward) : undefined),
  };
}

const notTheFirst = every(5);
const sometimes = every(4);
const rarely = every(6);

export const PLANTS: Readonly<Record<string, NamedPlant>> = {
  'a sign-up is acknowledged and lost': acknowledging('rightPasswords', 'oauth/register', { message: 'register ok' }),
  'a right password is called wrong': {
    found: 'rightPasswords',
    answer: ({ name }) =>
      name === 'oauth/signature' && rarely()
        ? answer(98, 'SystemVerifyError(98): wrong username or signature', { codeStr: 'SystemVerifyError' })
        : undefined,
  },
  'a profile is acknowledged and lost': acknowledging('profiles', 'auth_users/user_update', { message: 'update ok' }),
  'a sign-out is acknowledged and lost': acknowledging('endedSessions', 'auth_users/user_logout', {
    message: 'user logout ok',
    one: 2,
  }),
  'a good session is refused': {
    found: 'goodSessions',
    answer: ({ name }) =>
      name === 'auth_users/user_keepalive' && sometimes()
        ? answer(204, 'UserTokenInvalid(204): please sign in again', { codeStr: 'UserTokenInvalid' })
        : undefined,
  },
  'a ban is acknowledged and lost': acknowledging('bansHold', 'admin/ban_user', {
    message: '',
    data: { sanctionId: '999999', endedRooms: [], pending: [] },
    one: 1,
  }),
  'a kick is acknowledged and lost': acknowledging('kicksHold', 'admin/kick_user', {
    message: '',
    data: { sanctionId: '999998', pending: [] },
    one: 1,
  }),
  'a lift is acknowledged and lost': acknowledging('refusalsAreMeant', 'admin/lift_sanction', { message: '', one: 1 }),
  'a ban is made twice': twice('sanctionsOnce', 'admin/ban_user'),
  'a kick is written twice into the audit': twice('auditOnce', 'admin/kick_user'),
  'an operator is added twice': twice('operatorsOnce', 'admin/add_operator'),
  'a webhook is added twice': twice('webhooksOnce', 'admin/add_webhook'),
  'a sanction is lifted twice': twice('liftsOnce', 'admin/lift_sanction'),
  'going live is acknowledged and lost': {
    found: 'finalStates',
    answer: ({ name, body }) => {
      if (name !== 'rooms/enter_room' || !body.includes('mlvb-show-live')) return undefined;
      const roomId: unknown = Reflect.get(JSON.parse(body), 'roomId');
      return answer(0, '', { data: { roomId, role: 'anchor' } });
    },
  },
  'ending a room is acknowledged and lost': acknowledging('finalStates', 'rooms/destroy_room', { message: '', one: 1 }),
  'leaving is acknowledged and lost': acknowledging('finalMembers', 'rooms/leave_room', { message: '', one: 1 }),
  'an event is lost': {
    found: 'eventsArrive',
    delivery: (delivery) => (delivery.type === 'user.created' && notTheFirst() ? [] : [delivery]),
  },
  'an event is made up': {
    found: 'eventsAreNotMadeUp',
    delivery: (delivery) => [
      delivery,
      ...(delivery.type === 'member.joined' ? [1, 2, 3].map((n) => ({ ...delivery, id: `${delivery.id}-${n}` })) : []),
    ],
  },
  'events come in the wrong order': {
    found: 'eventsAreInOrder',
    delivery: (delivery) => {
      const { id, data } = delivery;
      if (data['sequence'] === undefined) return [delivery];
      return [{ ...delivery, id: `${id}-early`, data: { ...data, sequence: Number(data['sequence']) + 2 } }, delivery];
    },
  },
  'an event is signed by somebody else': {
    found: 'eventsAreGenuine',
    delivery: (delivery) => [{ ...delivery, verified: delivery.type !== 'room.opened' && delivery.verified }],
  },
  'two broadcasts at a time': {
    found: 'broadcastsTakeTurns',
    delivery: (delivery) => (delivery.type === 'room.ended' ? [] : [delivery]),
  },
  'a broadcast ends by itself': {
    found: 'broadcastsHaveCauses',
    delivery: (delivery) => [
      delivery.type === 'room.ended' ? { ...delivery, data: { ...delivery.data, endedBy: 'absence' } } : delivery,
    ],
  },
  'an IM group is left over': {
    found: 'groupsFollowRooms',
    groups: (groups) => [...groups, { tenant: '', groupId: 'left-over' }],
  },
  'a live room has no IM group': { found: 'groupsFollowRooms', groups: () => [] },
  'a token is in the log': {
    found: 'logsHoldNoSecrets',
    answer: ({ name, body, recorder }) => {
      if (name === 'auth_users/user_keepalive') recorder.heard(0, `${body.replaceAll('"', ' ')}\n`);
      return undefined;
    },
  },
  'an answer is not of the contract': {
    found: 'answersFollowTheContract',
    answer: ({ name }) => (name === 'auth_users/user_keepalive' && sometimes() ? answer(0, 'fine') : undefined),
  },
  'one id for two accounts': {
    found: 'accountIds',
    answer: ({ name, forward }) =>
      name === 'oauth/signature'
        ? forward().then((told) => ({ ...told, text: told.text.replace(/"userId":"\d+"/, '"userId":"7"') }))
        : undefined,
  },
};
