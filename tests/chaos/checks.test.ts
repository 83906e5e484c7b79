/** The checker of histories is checked: a right history passes, and each planted fault is found by the check that is for it. */
import { CHECKS, type CheckName, checkAll } from '../../chaos/checks/all';
import type { Call } from '../../chaos/history';
import { PLANTS } from '../../chaos/plants';
import { type Draft, draft, historyOf } from './story';

/** Changes one call of the story. */
function change(story: Draft, label: string, changes: Partial<Call>): void {
  const call = story.calls[label];
  if (!call) throw new Error(`the story has no call ${label}`);
  story.calls[label] = { ...call, ...changes };
}

const refused = { outcome: 'refused', code: 98 } as const;

interface Planted {
  fault: string;
  by: CheckName;
  plant: (story: Draft) => void;
}

const FAULTS: readonly Planted[] = [
  {
    fault: 'a right password is called wrong',
    by: 'rightPasswords',
    plant: (story) =>
      change(story, 'secondSignIn', { ...refused, message: 'SystemVerifyError(98): wrong username or signature' }),
  },
  {
    fault: 'an unused name is refused as taken',
    by: 'rightPasswords',
    plant: (story) =>
      change(story, 'registerBob', { ...refused, message: 'SystemVerifyError(98): this username is taken' }),
  },
  {
    fault: 'two accounts have one id',
    by: 'accountIds',
    plant: (story) => change(story, 'signInBob', { data: { userId: '1' } }),
  },
  {
    fault: 'an account has two ids',
    by: 'accountIds',
    plant: (story) => change(story, 'secondSignIn', { data: { userId: '4' } }),
  },
  {
    fault: 'a roomId is generated twice',
    by: 'accountIds',
    plant: (story) => change(story, 'generateMore', { data: { roomId: '905449688' } }),
  },
  {
    fault: 'a name that was acknowledged is not shown',
    by: 'profiles',
    plant: (story) => change(story, 'readName', { data: { userId: '1', name: '' } }),
  },
  {
    fault: 'a name is shown that no call set',
    by: 'profiles',
    plant: (story) => change(story, 'readName', { data: { userId: '1', name: 'B' } }),
  },
  {
    fault: 'a session works after its sign-out',
    by: 'endedSessions',
    plant: (story) => change(story, 'afterSignOut', { outcome: 'done', code: 0 }),
  },
  {
    fault: 'a session that nothing ended is refused',
    by: 'goodSessions',
    plant: (story) => change(story, 'enterAgain', { outcome: 'refused', code: 204 }),
  },
  {
    fault: 'a user signs in during a ban',
    by: 'bansHold',
    plant: (story) => change(story, 'signInBanned', { outcome: 'done', code: 0, message: '', data: { userId: '3' } }),
  },
  {
    fault: 'a user enters a room after a kick',
    by: 'kicksHold',
    plant: (story) => change(story, 'enterKicked', { outcome: 'done', code: 0, message: '' }),
  },
  {
    fault: 'a lifted ban keeps a user out',
    by: 'refusalsAreMeant',
    plant: (story) =>
      change(story, 'signInLifted', {
        ...refused,
        message: 'SystemVerifyError(98): this account is banned permanently: because-20',
      }),
  },
  {
    fault: 'a ban keeps a user out after its end',
    by: 'refusalsAreMeant',
    plant: (story) => {
      change(story, 'ban', { params: { userId: '3', reason: 'because-20', seconds: 2 }, began: 0, ended: 100 });
      change(story, 'signInBanned', { began: 30_000, ended: 30_100 });
    },
  },
  {
    fault: 'a ban is there twice',
    by: 'sanctionsOnce',
    plant: (story) =>
      change(story, 'sanctions', {
        data: { items: ['1', '2'].map((sanctionId) => ({ sanctionId, reason: 'because-20' })) },
      }),
  },
  {
    fault: 'a ban was refused and is there',
    by: 'sanctionsOnce',
    plant: (story) => change(story, 'ban', { ...refused, data: undefined }),
  },
  {
    fault: 'the answered id is not that of the ban',
    by: 'sanctionsOnce',
    plant: (story) => change(story, 'ban', { data: { sanctionId: '3' } }),
  },
  {
    fault: 'a kick is in the audit twice',
    by: 'auditOnce',
    plant: (story) => {
      const row = { action: 'kick_user', reason: 'because-15', roomId: '9' };
      change(story, 'audit', { data: { items: ['1', '4'].map((auditId) => ({ auditId, ...row })) } });
    },
  },
  {
    fault: 'a change is not in the audit',
    by: 'auditOnce',
    plant: (story) => change(story, 'audit', { data: { items: [] } }),
  },
  {
    fault: 'a change that was refused is in the audit',
    by: 'auditOnce',
    plant: (story) => change(story, 'lift', refused),
  },
  {
    fault: 'the name of a new operator is taken',
    by: 'operatorsOnce',
    plant: (story) => change(story, 'addOperator', { ...refused, status: 409 }),
  },
  {
    fault: 'an operator who was added is not there',
    by: 'operatorsOnce',
    plant: (story) => change(story, 'operators', { data: { items: [] } }),
  },
  {
    fault: 'a webhook is there twice',
    by: 'webhooksOnce',
    plant: (story) =>
      change(story, 'webhooks', {
        data: { items: ['1', '2'].map((webhookId) => ({ webhookId, url: 'http://hooks/25' })) },
      }),
  },
  {
    fault: 'the first lift of a ban comes too late',
    by: 'liftsOnce',
    plant: (story) => change(story, 'lift', { ...refused, status: 409 }),
  },
  {
    fault: 'a signature is not the webhook’s',
    by: 'eventsAreGenuine',
    plant: (story) => story.deliveries.push({ ...at(story, 0), verified: false }),
  },
  {
    fault: 'an event comes again with other contents',
    by: 'eventsAreGenuine',
    plant: (story) => story.deliveries.push({ ...at(story, 0), data: { userId: '9' } }),
  },
  {
    fault: 'events of a room come in the wrong order',
    by: 'eventsAreInOrder',
    plant: (story) => story.deliveries.splice(4, 2, at(story, 5), at(story, 4)),
  },
  {
    fault: 'a sign-up has no event',
    by: 'eventsArrive',
    plant: (story) => story.deliveries.splice(1, 1),
  },
  {
    fault: 'a sanction has no event',
    by: 'eventsArrive',
    plant: (story) => story.deliveries.splice(6, 1),
  },
  {
    fault: 'a lift has two events',
    by: 'eventsArrive',
    plant: (story) => story.deliveries.push({ ...at(story, 8), id: 'evt_other' }),
  },
  {
    fault: 'an event says that a user joined who did not',
    by: 'eventsAreNotMadeUp',
    plant: (story) =>
      story.deliveries.push({ ...at(story, 5), id: 'evt_x', data: { ...at(story, 5).data, userId: '1', roomId: '9' } }),
  },
  {
    fault: 'an event names a user who never signed up',
    by: 'eventsAreNotMadeUp',
    plant: (story) => story.deliveries.push({ ...at(story, 0), id: 'evt_x', data: { userId: '77' } }),
  },
  {
    fault: 'an event names a sanction that no call asked for',
    by: 'eventsAreNotMadeUp',
    plant: (story) =>
      story.deliveries.push({ ...at(story, 6), id: 'evt_x', data: { sanctionId: '8', reason: 'because-99' } }),
  },
  {
    fault: 'a second broadcast begins while the first is live',
    by: 'broadcastsTakeTurns',
    plant: (story) =>
      story.deliveries.push({
        ...at(story, 3),
        id: 'evt_x',
        data: { ...at(story, 3).data, broadcastNo: 2, sequence: 9 },
      }),
  },
  {
    fault: 'a broadcast ends that was not live',
    by: 'broadcastsTakeTurns',
    plant: (story) =>
      story.deliveries.push({
        ...at(story, 3),
        id: 'evt_x',
        type: 'room.ended',
        data: { roomId: '1', broadcastNo: 3, sequence: 9 },
      }),
  },
  {
    fault: 'a room has a second owner',
    by: 'broadcastsTakeTurns',
    plant: (story) =>
      story.deliveries.push({ ...at(story, 3), id: 'evt_x', data: { ...at(story, 3).data, ownBy: '2', sequence: 9 } }),
  },
  {
    fault: 'a broadcast ends without a call that ends it',
    by: 'broadcastsHaveCauses',
    plant: (story) =>
      story.deliveries.push({
        ...at(story, 3),
        id: 'evt_x',
        type: 'room.ended',
        data: { roomId: '1', broadcastNo: 1, sequence: 9, endedBy: 'absence', reason: '' },
      }),
  },
  {
    fault: 'a broadcast begins though its owner did not go live',
    by: 'broadcastsHaveCauses',
    plant: (story) => change(story, 'goLive', refused),
  },
  {
    fault: 'a room is not live after going live',
    by: 'finalStates',
    plant: (story) => change(story, 'detail', { ...refused, code: 2004, data: undefined }),
  },
  {
    fault: 'a room is live after its end',
    by: 'finalStates',
    plant: (story) => {
      change(story, 'goLive', { began: 0, ended: 1 });
      change(story, 'leaveCarl', { by: '/alice', name: 'rooms/destroy_room' });
    },
  },
  {
    fault: 'a user who entered is missing',
    by: 'finalMembers',
    plant: (story) => {
      // Signing out takes people out too, and so it is left out.
      change(story, 'signOut', refused);
      change(story, 'members', { data: [{ userId: '1' }] });
    },
  },
  {
    fault: 'a user who left is still listed',
    by: 'finalMembers',
    plant: (story) => change(story, 'members', { data: [{ userId: '1' }, { userId: '2' }, { userId: '3' }] }),
  },
  {
    fault: 'the count is not that of the list',
    by: 'finalMembers',
    plant: (story) => change(story, 'detail', { data: { roomId: '1', status: 1, nnUsers: 7, ownBy: '1' } }),
  },
  {
    fault: 'IM has the group of a room that is not live',
    by: 'groupsFollowRooms',
    plant: (story) => story.groups.push({ tenant: '', groupId: '9' }),
  },
  { fault: 'a live room has no IM group', by: 'groupsFollowRooms', plant: (story) => story.groups.splice(0) },
  { fault: 'a log line contains a token', by: 'logsHoldNoSecrets', plant: (story) => story.leaks.push('token') },
  {
    fault: 'an answer is not one of the contract',
    by: 'answersFollowTheContract',
    plant: (story) => change(story, 'readName', { wrong: 'data.name is missing' }),
  },
  {
    fault: 'an answer is SystemError(99)',
    by: 'answersFollowTheContract',
    plant: (story) => change(story, 'readName', { code: 99 }),
  },
];

function at({ deliveries }: Draft, index: number) {
  const delivery = deliveries[index];
  if (!delivery) throw new Error(`the story has no event ${index}`);
  return delivery;
}

test('a history in which everything is right has no findings', () => {
  expect(checkAll(historyOf(draft()))).toEqual([]);
});

test.each(FAULTS.map((planted) => [planted.fault, planted] as const))('it is found that %s', (_, { by, plant }) => {
  const story = draft();
  plant(story);
  const findings = CHECKS[by](historyOf(story));
  expect(findings.length).toBeGreaterThan(0);
});

test('every check has a planted fault here, and one in a run', () => {
  const all = Object.keys(CHECKS).sort();
  expect([...new Set(FAULTS.map(({ by }) => by))].sort()).toEqual(all);
  expect([...new Set(Object.values(PLANTS).map(({ found }) => found))].sort()).toEqual(all);
});

test('a call without an answer may have happened: its effects are no finding', () => {
  const story = draft();
  // The sign-out may or may not have ended the session, and the sign-up may or may not be there.
  change(story, 'signOut', { outcome: 'unknown', code: -1 });
  change(story, 'afterSignOut', { outcome: 'done', code: 0 });
  change(story, 'registerBob', { outcome: 'unknown', code: 103 });
  change(story, 'secondSignIn', { ...refused, message: 'SystemVerifyError(98): wrong username or signature' });
  const findings = ['endedSessions', 'rightPasswords'] as const;
  for (const name of findings) expect(CHECKS[name](historyOf(story))).toEqual([]);
});

test('a fault of an older version alone is no finding, a loss by an upgrade is one', () => {
  const story = draft();
  const wrong = { ...refused, message: 'SystemVerifyError(98): wrong username or signature' };
  change(story, 'secondSignIn', { ...wrong, isOlder: true });
  expect(checkAll(historyOf(story))).toEqual([]);
  change(story, 'secondSignIn', { outcome: 'done', code: 0, message: '', data: { userId: '4' } });
  expect(checkAll(historyOf(story)).map(({ property }) => property)).toContain('ids');
});
