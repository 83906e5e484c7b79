/** Webhook events: signed, the same each time, in order per room, at least once for what was acknowledged, nothing made up. */
import {
  type Call,
  type Check,
  type Delivery,
  done,
  type Finding,
  fieldOf,
  groupBy,
  inTenant,
  maybe,
  named,
} from '../history';
import { know, targetOf } from './index-of';

function complain(text: string, calls: readonly Call[] = []): Finding {
  return { property: 'events', text, calls: calls.map(({ id }) => id) };
}

/** Each event at its first arrival. */
export function firstArrivals(deliveries: readonly Delivery[]): Delivery[] {
  const seen = new Set<string>();
  return deliveries.filter(({ id }) => !seen.has(id) && seen.add(id));
}

export const eventsAreGenuine: Check = ({ deliveries }) => {
  const findings: Finding[] = [];
  for (const { id, type, verified } of deliveries)
    if (!verified) findings.push(complain(`${type} ${id} has a signature that is not the webhook's`));
  for (const [id, those] of groupBy(deliveries, (delivery) => delivery.id)) {
    const texts = new Set(those.map(({ type, tenant, data }) => JSON.stringify([type, tenant, data])));
    if (texts.size > 1) findings.push(complain(`${id} came with ${texts.size} different contents`));
  }
  return findings;
};

const isOfMembers = ({ type }: Delivery) => type.startsWith('member.');

/** A room has two ordered streams, member.* and all else; each arrives in the order of its sequence. */
export const eventsAreInOrder: Check = ({ calls, deliveries }) => {
  // In 1.1.0 a room has one stream: until all processes are new, its members' events come in both.
  const hadOneStream = calls.some(({ isOlder }) => isOlder);
  const ofRooms = firstArrivals(deliveries).filter(
    (delivery) => delivery.data['sequence'] !== undefined && !(hadOneStream && isOfMembers(delivery)),
  );
  const streamOf = (delivery: Delivery) =>
    `${inTenant(delivery.tenant, fieldOf(delivery.data, 'roomId'))} ${isOfMembers(delivery) ? 'members' : 'room'}`;
  const findings: Finding[] = [];
  for (const [stream, those] of groupBy(ofRooms, streamOf)) {
    for (const [index, delivery] of those.entries()) {
      const before = those[index - 1];
      if (!before || Number(before.data['sequence']) < Number(delivery.data['sequence'])) continue;
      const numbers = `${fieldOf(before.data, 'sequence')}, then ${fieldOf(delivery.data, 'sequence')}`;
      findings.push(complain(`events of ${stream} came out of order: ${numbers}`));
    }
  }
  return findings;
};

function idsBy(
  deliveries: readonly Delivery[],
  type: string,
  keyOf: (delivery: Delivery) => string,
): Map<string, number> {
  const own = firstArrivals(deliveries).filter((delivery) => delivery.type === type);
  return new Map([...groupBy(own, keyOf)].map(([key, those]) => [key, those.length]));
}

const userOf = ({ tenant, data }: Delivery) => inTenant(tenant, fieldOf(data, 'userId'));
const sanctionOf = ({ tenant, data }: Delivery) => inTenant(tenant, fieldOf(data, 'sanctionId'));

/** What was acknowledged is told, by one event each. */
export const eventsArrive: Check = ({ calls, deliveries }) => {
  const { accountOf, deletions, userIdOf } = know(calls);
  const findings: Finding[] = [];
  const expectOne = (events: Map<string, number>, wanted: { key: string; what: string; calls: readonly Call[] }) => {
    const count = events.get(wanted.key) ?? 0;
    if (count !== 1) findings.push(complain(`${wanted.what} was told by ${count} events`, wanted.calls));
  };
  const created = idsBy(deliveries, 'user.created', userOf);
  for (const user of accountOf.keys()) expectOne(created, { key: user, what: `the making of user ${user}`, calls: [] });
  const deleted = idsBy(deliveries, 'user.deleted', userOf);
  for (const [by, those] of deletions) {
    const user = inTenant(those[0]?.tenant ?? '', userIdOf.get(by) ?? '');
    if (those.some(done)) expectOne(deleted, { key: user, what: `the deletion of user ${user}`, calls: those });
  }
  const sanctioned = idsBy(deliveries, 'sanction.created', sanctionOf);
  for (const call of named(calls, 'admin/ban_user', 'admin/kick_user', 'admin/mute_user').filter(done)) {
    const key = inTenant(call.tenant, fieldOf(call.data, 'sanctionId'));
    expectOne(sanctioned, { key, what: `sanction ${key}`, calls: [call] });
  }
  const lifted = idsBy(deliveries, 'sanction.lifted', sanctionOf);
  for (const call of named(calls, 'admin/lift_sanction').filter(done)) {
    const key = inTenant(call.tenant, String(call.params['sanctionId']));
    expectOne(lifted, { key, what: `the lifting of ${key}`, calls: [call] });
  }
  return findings;
};

/** How often each user may have done something in each room. */
function chances(calls: readonly Call[], name: string): Map<string, number> {
  const { userIdOf } = know(calls);
  const keyOf = (call: Call) =>
    `${inTenant(call.tenant, userIdOf.get(call.by) ?? '')} ${String(call.params['roomId'])}`;
  return new Map([...groupBy(named(calls, name).filter(maybe), keyOf)].map(([key, those]) => [key, those.length]));
}

const inRoom = (delivery: Delivery) => `${userOf(delivery)} ${fieldOf(delivery.data, 'roomId')}`;

/** Every event goes back to a call that may have caused it. */
export const eventsAreNotMadeUp: Check = ({ calls, deliveries }) => {
  const { accountOf } = know(calls);
  const findings: Finding[] = [];
  for (const [type, name] of [
    ['member.joined', 'rooms/enter_room'],
    ['member.left', 'rooms/leave_room'],
  ] as const) {
    const may = chances(calls, name);
    // Accounts that were made and never signed in have ids that no answer told.
    for (const [key, count] of idsBy(deliveries, type, inRoom))
      if (count > (may.get(key) ?? 0))
        findings.push(complain(`${type} of ${key}: ${count}, of ${may.get(key) ?? 0} calls`));
  }
  const reasons = new Set(
    named(calls, 'admin/ban_user', 'admin/kick_user', 'admin/mute_user')
      .filter(maybe)
      .map(({ params }) => String(params['reason'])),
  );
  for (const { type, id, data } of firstArrivals(deliveries))
    if (type === 'sanction.created' && !reasons.has(fieldOf(data, 'reason')))
      findings.push(complain(`${id}: a sanction that nobody asked for`));
  const unknownUsers = [...idsBy(deliveries, 'user.created', userOf).keys()].filter((user) => !accountOf.has(user));
  const signedIn = new Set(accountOf.values());
  const neverSeen = new Set(
    named(calls, 'oauth/register', 'auth_users/user_login_code')
      .filter((call) => maybe(call) && !signedIn.has(call.by))
      .map(({ by }) => by),
  );
  // A deleted phone number may come back as another user.
  const again = named(calls, 'auth_users/user_login_code').filter(({ outcome }) => outcome === 'unknown').length;
  if (unknownUsers.length > neverSeen.size + again)
    findings.push(complain(`users were made that nobody signed up: ${unknownUsers.join(', ')}`));
  return findings;
};

/** Used by the checks of rooms: who was told to have been sanctioned. */
export const banTargets = (calls: readonly Call[]): Set<string> =>
  new Set(named(calls, 'admin/ban_user').filter(maybe).map(targetOf));
