/** What operators do happens once: found by the reason, name or URL that only that one call had. */
import {
  type Call,
  type Check,
  done,
  entriesOf,
  type Fields,
  type Finding,
  fieldOf,
  groupBy,
  inTenant,
  maybe,
  named,
} from '../history';

const SANCTIONING = ['admin/ban_user', 'admin/kick_user', 'admin/mute_user'] as const;
const AUDITED = [...SANCTIONING, 'admin/lift_sanction', 'admin/end_room', 'admin/sign_out_user'] as const;

/** Everything that lists of this name ever showed, each entry once. */
function listed(calls: readonly Call[], name: string, idField: string): Map<string, Fields> {
  const entries = new Map<string, Fields>();
  for (const call of named(calls, name).filter(done)) {
    for (const entry of entriesOf(call.data)) entries.set(inTenant(call.tenant, fieldOf(entry, idField)), entry);
  }
  return entries;
}

function complain(call: Call, text: string): Finding {
  return { property: 'once', text: `${call.name} ${text}`, calls: [call.id] };
}

/** One call, at most one row; no row of a call that was refused; and the acknowledged id is that of the row. */
export const sanctionsOnce: Check = ({ calls }) => {
  const rows = groupBy(listed(calls, 'admin/sanctions', 'sanctionId'), ([, row]) => fieldOf(row, 'reason'));
  const findings: Finding[] = [];
  for (const call of named(calls, ...SANCTIONING)) {
    const own = rows.get(String(call.params['reason'])) ?? [];
    if (own.length > 1) findings.push(complain(call, `made ${own.length} sanctions`));
    if (call.outcome === 'refused' && own.length > 0) findings.push(complain(call, 'was refused and made a sanction'));
    const id = inTenant(call.tenant, fieldOf(call.data, 'sanctionId'));
    if (done(call) && own.length > 0 && !own.some(([key]) => key === id))
      findings.push(complain(call, `told sanction ${id}, and made another one`));
  }
  return findings;
};

/** One row of the audit for one change. */
export const auditOnce: Check = ({ calls }) => {
  const read = named(calls, 'admin/audit').filter(done);
  if (read.length === 0) return [];
  const rows = groupBy(listed(calls, 'admin/audit', 'auditId').values(), (row) => fieldOf(row, 'reason'));
  const findings: Finding[] = [];
  for (const call of named(calls, ...AUDITED)) {
    const own = rows.get(String(call.params['reason'])) ?? [];
    // A ban's row and that of the room which it ended have the same reason.
    const actions = groupBy(own, (row) => `${fieldOf(row, 'action')} ${fieldOf(row, 'roomId')}`);
    for (const [action, twice] of actions)
      if (twice.length > 1) findings.push(complain(call, `has ${twice.length} rows in the audit (${action})`));
    if (call.outcome === 'refused' && own.length > 0)
      findings.push(complain(call, `was refused (${call.message}) and is in the audit`));
    if (done(call) && own.length === 0) findings.push(complain(call, 'was acknowledged and is not in the audit'));
  }
  return findings;
};

/** An operator has a name that only one call had: it is added once, and nobody is told that the name is taken. */
export const operatorsOnce: Check = ({ calls }) => {
  const added = named(calls, 'admin/add_operator');
  const final = named(calls, 'admin/operators').filter(done);
  const names = new Set(final.flatMap(({ data }) => entriesOf(data).map((entry) => fieldOf(entry, 'name'))));
  const refused = added
    .filter(({ status }) => status === 409)
    .map((call) => complain(call, 'says that the name is taken'));
  if (final.length === 0) return refused;
  const lost = added
    .filter((call) => done(call) && !names.has(String(call.params['name'])))
    .map((call) => complain(call, 'was acknowledged, and the operator is not there'));
  return [...refused, ...lost];
};

export const webhooksOnce: Check = ({ calls }) => {
  const urls = groupBy(listed(calls, 'admin/webhooks', 'webhookId').values(), (row) => fieldOf(row, 'url'));
  return named(calls, 'admin/add_webhook')
    .filter(maybe)
    .filter((call) => (urls.get(String(call.params['url'])) ?? []).length > 1)
    .map((call) => complain(call, 'left two webhooks behind'));
};

/** A sanction that lasts until it is lifted is lifted by the first call that asks for it. */
export const liftsOnce: Check = ({ calls }) => {
  const lasting = new Set(
    named(calls, ...SANCTIONING)
      .filter((call) => done(call) && call.params['seconds'] === 0)
      .map((call) => inTenant(call.tenant, fieldOf(call.data, 'sanctionId'))),
  );
  const lifts = groupBy(named(calls, 'admin/lift_sanction'), (call) =>
    inTenant(call.tenant, String(call.params['sanctionId'])),
  );
  return [...lifts].flatMap(([sanction, those]) =>
    those
      .filter((call) => call.status === 409 && lasting.has(sanction))
      .filter((call) => !those.some((other) => other !== call && maybe(other) && other.began < call.ended))
      .map((call) => complain(call, 'says that it was lifted before, and nobody had')),
  );
};
