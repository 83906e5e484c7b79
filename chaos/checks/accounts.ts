/** Accounts: what was acknowledged is there, a right password is right, ids are given once. */
import { type Call, type Check, done, type Finding, fieldOf, groupBy, inTenant, named } from '../history';
import { know, SIGN_INS } from './index-of';

const WRONG = /wrong username or signature/;
const TAKEN = /this username is taken/;

/** A sign-up that was acknowledged holds: its password is never called wrong, unless the account may be deleted. */
export const rightPasswords: Check = ({ calls }) => {
  const { deletions } = know(calls);
  const since = new Map<string, number>();
  for (const call of named(calls, 'oauth/register').filter(done)) {
    since.set(call.by, Math.min(call.ended, since.get(call.by) ?? Number.POSITIVE_INFINITY));
  }
  const isWrong = (call: Call) =>
    WRONG.test(call.message) &&
    (since.get(call.by) ?? Number.POSITIVE_INFINITY) < call.began &&
    !(deletions.get(call.by) ?? []).some((deletion) => deletion.began < call.ended);
  const wrong = named(calls, 'oauth/signature')
    .filter(isWrong)
    .map(({ by, id }) => ({
      property: 'right passwords',
      text: `the right password of ${by} was called wrong after its sign-up had been acknowledged`,
      calls: [id],
    }));
  const taken = named(calls, 'oauth/register')
    .filter(({ message }) => TAKEN.test(message))
    .map(({ by, id }) => ({
      property: 'right passwords',
      text: `the name of ${by}, used by nobody else, is taken`,
      calls: [id],
    }));
  return [...wrong, ...taken];
};

/** One account, one id; and no id for two accounts. */
export const accountIds: Check = ({ calls }) => {
  const { deletions } = know(calls);
  const findings: Finding[] = [];
  const signIns = named(calls, ...SIGN_INS).filter(done);
  const idOf = (call: Call) => inTenant(call.tenant, fieldOf(call.data, 'userId'));
  for (const [id, those] of groupBy(signIns, idOf)) {
    const accounts = new Set(those.map(({ by }) => by));
    if (accounts.size > 1)
      findings.push({
        property: 'ids',
        text: `${[...accounts].join(' and ')} are both user ${id}`,
        calls: those.map((call) => call.id),
      });
  }
  for (const [by, those] of groupBy(signIns, (call) => call.by)) {
    const ids = new Set(those.map(idOf));
    // A phone number whose account was deleted makes another one.
    if (ids.size > 1 && !deletions.has(by))
      findings.push({
        property: 'ids',
        text: `${by} is user ${[...ids].join(' and ')}`,
        calls: those.map((call) => call.id),
      });
  }
  const generated = groupBy(named(calls, 'rooms/generate_roomid').filter(done), (call) =>
    inTenant(call.tenant, fieldOf(call.data, 'roomId')),
  );
  for (const [id, those] of generated)
    if (those.length > 1)
      findings.push({ property: 'ids', text: `roomId ${id} was generated twice`, calls: those.map((call) => call.id) });
  return findings;
};

/** A profile shows the name that was acknowledged last, or one that was being set then. */
export const profiles: Check = ({ calls }) => {
  const findings: Finding[] = [];
  const updates = groupBy(named(calls, 'auth_users/user_update'), ({ by }) => by);
  for (const read of named(calls, 'auth_users/user_query').filter(done)) {
    const name = fieldOf(read.data, 'name');
    const own = updates.get(read.by) ?? [];
    const write = own.find(({ params }) => params['name'] === name);
    const since = write?.outcome === 'done' ? write.ended : Number.POSITIVE_INFINITY;
    const complain = (text: string, other: readonly Call[]) =>
      findings.push({
        property: 'profiles',
        text: `${read.by}: ${text}`,
        calls: [read.id, ...other.map(({ id }) => id)],
      });
    if (write?.outcome === 'refused' || (write && write.began > read.ended))
      complain(`shows "${name}", which was refused`, [write]);
    if (name !== '' && !write) complain(`shows "${name}", which nobody set`, []);
    const newer = own.find(
      (other) => done(other) && other.ended < read.began && (name === '' || other.began > since) && other !== write,
    );
    if (newer) complain(`shows "${name}" after "${String(newer.params['name'])}" had been acknowledged`, [newer]);
  }
  return findings;
};
