/** Sessions: one that was ended stays ended for every call that began later; one that nothing ended works. */
import { contract } from '../../src/contract';
import { type Call, type Check, done, type Finding, groupBy, maybe, named } from '../history';
import { type Known, know, SIGN_INS, targetOf } from './index-of';

/** A read may believe for two seconds that a session is there (SessionProof `recent` of the contract). */
const BELIEVED_MS = 2_500;
const RECENT: ReadonlySet<string> = new Set(
  Object.values(contract)
    .filter(({ session }) => session === 'recent')
    .map(({ path }) => path),
);
/** These answer 0 also for a session that has ended. */
const LENIENT: ReadonlySet<string> = new Set(['auth_users/user_logout', 'auth_users/user_delete']);
const ENDED: ReadonlySet<number> = new Set([203, 204]);
const ENDS_ALL: ReadonlySet<string> = new Set(['admin/ban_user', 'admin/sign_out_user']);

interface Session {
  readonly label: string;
  readonly begun: Call;
  readonly uses: readonly Call[];
}

function sessionsOf(calls: readonly Call[]): Session[] {
  const uses = groupBy(calls, ({ session }) => (session === '' ? undefined : session));
  return named(calls, ...SIGN_INS)
    .filter(done)
    .map((begun) => ({ label: `s${begun.id}`, begun, uses: uses.get(`s${begun.id}`) ?? [] }));
}

/** Calls that may have ended the session. A ban or a deletion ends those that were there when it happened. */
function endings({ begun, uses }: Session, known: Known): Call[] {
  const user = targetOf({ ...begun, params: { userId: known.userIdOf.get(begun.by) ?? '' } });
  const byOperators = (known.againstUser.get(user) ?? []).filter(({ name }) => ENDS_ALL.has(name));
  const others = [...(known.deletions.get(begun.by) ?? []), ...byOperators];
  return [...uses.filter(({ name }) => name === 'auth_users/user_logout'), ...others].filter(maybe);
}

export const endedSessions: Check = ({ calls }) => {
  const known = know(calls);
  const findings: Finding[] = [];
  for (const session of sessionsOf(calls)) {
    // It was there before the call began, so that call has ended it.
    const ends = endings(session, known).filter((end) => done(end) && end.began > session.begun.ended);
    for (const use of session.uses.filter((call) => done(call) && !LENIENT.has(call.name))) {
      const believed = RECENT.has(use.name) ? BELIEVED_MS : 0;
      const end = ends.find(({ ended }) => ended + believed < use.began);
      if (end)
        findings.push({
          property: 'ended sessions',
          text: `${use.name} of ${use.by} worked though ${end.name} had ended its session`,
          calls: [session.begun.id, end.id, use.id],
        });
    }
  }
  return findings;
};

export const goodSessions: Check = ({ calls }) => {
  const known = know(calls);
  const findings: Finding[] = [];
  for (const session of sessionsOf(calls)) {
    const ends = endings(session, known);
    for (const use of session.uses.filter(({ code }) => ENDED.has(code))) {
      if (ends.some((end) => end.began < use.ended && end !== use)) continue;
      findings.push({
        property: 'good sessions',
        text: `${use.name} of ${use.by} was answered ${use.code}, though nothing had ended its session`,
        calls: [session.begun.id, use.id],
      });
    }
  }
  return findings;
};
