/** All properties, by name. */
import type { Check, Finding, History } from '../history';
import { accountIds, profiles, rightPasswords } from './accounts';
import { eventsAreGenuine, eventsAreInOrder, eventsAreNotMadeUp, eventsArrive } from './events';
import { finalMembers } from './members';
import { auditOnce, liftsOnce, operatorsOnce, sanctionsOnce, webhooksOnce } from './once';
import { answersFollowTheContract, groupsFollowRooms, logsHoldNoSecrets } from './outside';
import { broadcastsHaveCauses, broadcastsTakeTurns, finalStates } from './rooms';
import { bansHold, kicksHold, refusalsAreMeant } from './sanctions';
import { endedSessions, goodSessions } from './sessions';

/** These hold only once everything has come to rest: until then they are asked again and again. */
export const EVENTUALLY = { eventsArrive, groupsFollowRooms } as const satisfies Record<string, Check>;

export const CHECKS = {
  rightPasswords,
  accountIds,
  profiles,
  endedSessions,
  goodSessions,
  bansHold,
  kicksHold,
  refusalsAreMeant,
  sanctionsOnce,
  auditOnce,
  operatorsOnce,
  webhooksOnce,
  liftsOnce,
  eventsAreGenuine,
  eventsAreInOrder,
  eventsAreNotMadeUp,
  broadcastsTakeTurns,
  broadcastsHaveCauses,
  finalStates,
  finalMembers,
  logsHoldNoSecrets,
  answersFollowTheContract,
  ...EVENTUALLY,
} as const satisfies Record<string, Check>;

export type CheckName = keyof typeof CHECKS;

/** What follows from answers of an older version alone is that version's, and no finding. */
export function checkAll(history: History): Finding[] {
  const older = new Set(history.calls.filter(({ isOlder }) => isOlder).map(({ id }) => id));
  const isOfToday = ({ calls }: Finding) => calls.length === 0 || calls.some((id) => !older.has(id));
  return Object.values<Check>(CHECKS).flatMap((check) => check(history).filter(isOfToday));
}
