/** Reading calls of operators and monitors. Changing calls are rare, and not measured. */
import { adminContract, type ReadingCall } from '../src/contract/admin';
import type { Case } from './load';
import { OPERATOR_KEY } from './processes';

const DAY_MS = 86_400_000;
const utc = (at: number) => new Date(at).toISOString().slice(0, 19);

/** The parameters of each; a new call without a line here does not compile. null: not measured. */
function parametersOf({ userId, now }: { userId: string; now: number }): Record<ReadingCall, string | null> {
  const day = `fromUtc=${utc(now - DAY_MS)}&toUtc=${utc(now)}`;
  return {
    me: '',
    overview: '',
    settings: '',
    reasons: '',
    rooms: 'limit=20',
    room: `roomId=${userId}`,
    users: 'limit=20',
    user: `userId=${userId}`,
    sanctions: 'limit=20',
    reports: 'limit=20',
    broadcasts: 'limit=20',
    statistics: day,
    operators: '',
    audit: 'limit=20',
    webhooks: '',
    // Needs a webhook with an address outside this machine.
    deliveries: null,
    chatRules: `roomId=${userId}`,
    appeals: 'limit=20',
    words: 'limit=20',
    checkText: 'text=hello',
    reviewSettings: '',
    held: 'limit=20',
    messages: `roomId=${userId}`,
    roomAdmins: `roomId=${userId}`,
    delivery: null,
  };
}

/** `userId`: of a host who is live in the room of the same number. */
export function operatorCases(userId: string): Case[] {
  const given = Object.entries(parametersOf({ userId, now: Date.now() }));
  const calls = given.flatMap(([call, query]) => {
    // The keys are those of the type.
    const { path } = adminContract[call as ReadingCall];
    const headers = `authorization: Bearer ${OPERATOR_KEY}\r\n`;
    return query === null ? [] : [{ name: path, headers, next: () => `/base/v1/${path}?${query}` }];
  });
  return [...calls, { name: '/livez', next: () => '/livez' }, { name: '/readyz', next: () => '/readyz' }];
}
