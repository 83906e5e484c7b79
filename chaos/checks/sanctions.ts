/** Sanctions: one that was acknowledged holds until it is taken back or over; one that is over keeps nobody out. */
import { type Call, type Check, done, type Finding, fieldOf, groupBy, inTenant, maybe, named } from '../history';
import { know, liftsOf, targetOf } from './index-of';

/** How long after its end a sanction may still be told of: seconds are whole, and a request began before. */
const SLACK_MS = 3_000;

const idOf = (call: Call) => inTenant(call.tenant, fieldOf(call.data, 'sanctionId'));

/** When it may have ended first: at its time, by the fastest clock, or when somebody began to lift it. */
function firstEnd(sanction: Call, lifts: readonly Call[], clockMs: number): number {
  const seconds = Number(sanction.params['seconds']);
  const over = seconds === 0 ? Number.POSITIVE_INFINITY : sanction.began + seconds * 1_000 - clockMs - SLACK_MS;
  return Math.min(over, ...lifts.map(({ began }) => began));
}

export const bansHold: Check = ({ calls, clockMs }) => {
  const { accountOf, signIns } = know(calls);
  const lifts = liftsOf(calls);
  const findings: Finding[] = [];
  for (const ban of named(calls, 'admin/ban_user').filter(done)) {
    const end = firstEnd(ban, lifts.get(idOf(ban)) ?? [], clockMs);
    const attempts = signIns.get(accountOf.get(targetOf(ban)) ?? '') ?? [];
    for (const attempt of attempts.filter((call) => done(call) && call.began > ban.ended && call.ended < end))
      findings.push({
        property: 'bans',
        text: `${attempt.by} signed in though a ban had been acknowledged`,
        calls: [ban.id, attempt.id],
      });
  }
  return findings;
};

export const kicksHold: Check = ({ calls, clockMs }) => {
  const { accountOf } = know(calls);
  const lifts = liftsOf(calls);
  const entries = groupBy(named(calls, 'rooms/enter_room').filter(done), ({ by }) => by);
  const findings: Finding[] = [];
  for (const kick of named(calls, 'admin/kick_user').filter(done)) {
    const end = firstEnd(kick, lifts.get(idOf(kick)) ?? [], clockMs);
    const own = entries.get(accountOf.get(targetOf(kick)) ?? '') ?? [];
    const through = own.filter(
      ({ began, ended, params }) => began > kick.ended && ended < end && params['roomId'] === kick.params['roomId'],
    );
    for (const entry of through)
      findings.push({
        property: 'kicks',
        text: `${entry.by} entered ${String(kick.params['roomId'])} though a kick had been acknowledged`,
        calls: [kick.id, entry.id],
      });
  }
  return findings;
};

const REFUSED = /(?:this account is banned|you were kicked from this room) .*: (because-\d+)$/;

/** A refusal names its reason, and that names one call of an operator: its sanction must be in force. */
export const refusalsAreMeant: Check = ({ calls, clockMs }) => {
  const lifts = liftsOf(calls);
  const byReason = new Map(
    named(calls, 'admin/ban_user', 'admin/kick_user').map((call) => [String(call.params['reason']), call]),
  );
  const findings: Finding[] = [];
  for (const refused of calls) {
    const reason = REFUSED.exec(refused.message)?.[1];
    if (reason === undefined) continue;
    const sanction = byReason.get(reason);
    const complain = (text: string, other: readonly Call[]) =>
      findings.push({
        property: 'refusals',
        text: `${refused.by} is kept out: ${text}`,
        calls: [refused.id, ...other.map(({ id }) => id)],
      });
    if (!sanction || !maybe(sanction) || sanction.began > refused.ended) {
      complain(`"${reason}" is the reason of nothing that was done`, sanction ? [sanction] : []);
      continue;
    }
    const lift = (lifts.get(idOf(sanction)) ?? []).find((call) => done(call) && call.ended < refused.began);
    if (done(sanction) && lift) complain('the sanction had been lifted', [sanction, lift]);
    const seconds = Number(sanction.params['seconds']);
    const over = sanction.ended + seconds * 1_000 + clockMs + SLACK_MS;
    if (done(sanction) && seconds > 0 && refused.began > over) complain('the sanction was over', [sanction]);
  }
  return findings;
};
