/** Who is in a room in the end: those whose entering was acknowledged and whom nothing may have taken out, and no others. */
import {
  type Call,
  type Check,
  done,
  entriesOf,
  type Finding,
  fieldOf,
  groupBy,
  inTenant,
  latest,
  maybe,
  named,
} from '../history';
import { type Known, know } from './index-of';
import { type Causes, causesOf, finalRooms, isLive, roomOfCall } from './rooms';

interface Stay {
  readonly user: string;
  readonly entries: readonly Call[];
  /** What may have taken the person out of the room. A sign-out does, some seconds later. */
  readonly mayEnd: readonly Call[];
  /** Of these, what must have. */
  readonly mustEnd: readonly Call[];
}

const MAY_END: ReadonlySet<string> = new Set(['auth_users/user_logout', 'auth_users/user_delete']);
const OF_OPERATORS: ReadonlySet<string> = new Set(['admin/ban_user', 'admin/kick_user', 'admin/sign_out_user']);

function stayOf(known: Known, room: { tenant: string; roomId: unknown }, entries: readonly Call[]): Stay {
  const by = entries[0]?.by ?? '';
  const user = inTenant(room.tenant, known.userIdOf.get(by) ?? '');
  const own = known.byAccount.get(by) ?? [];
  const leaves = own.filter(({ name, params }) => name === 'rooms/leave_room' && params['roomId'] === room.roomId);
  const against = (known.againstUser.get(user) ?? []).filter(
    ({ name, params }) => OF_OPERATORS.has(name) && (name !== 'admin/kick_user' || params['roomId'] === room.roomId),
  );
  const mayEnd = [...own.filter(({ name }) => MAY_END.has(name)), ...leaves, ...against].filter(maybe);
  const mustEnd = [...leaves, ...against.filter(({ name }) => name !== 'admin/sign_out_user')].filter(done);
  return { user, entries, mayEnd, mustEnd };
}

/** Calls that may have ended the broadcast: whoever was in the room before is out. */
function endsOf(known: Known, { enders }: Causes, detail: Call): Call[] {
  const owner = inTenant(detail.tenant, fieldOf(detail.data, 'ownBy'));
  const account = known.accountOf.get(owner) ?? '';
  return [
    ...(enders.get(roomOfCall(detail)) ?? []),
    ...(known.deletions.get(account) ?? []),
    ...(known.againstUser.get(owner) ?? []),
  ];
}

interface Room {
  readonly list: Call;
  readonly detail: Call;
  readonly ends: readonly Call[];
  readonly entries: readonly Call[];
}

function checkRoom(known: Known, { list, detail, ends, entries }: Room): Finding[] {
  const findings: Finding[] = [];
  const room = roomOfCall(list);
  const members = entriesOf(list.data).map((entry) => inTenant(list.tenant, fieldOf(entry, 'userId')));
  const complain = (text: string, cause: readonly Call[]) =>
    findings.push({ property: 'members', text: `${room}: ${text}`, calls: [list.id, ...cause.map(({ id }) => id)] });
  for (const [by, own] of groupBy(entries, (call) => call.by)) {
    const { user, mayEnd, mustEnd } = stayOf(known, { tenant: list.tenant, roomId: list.params['roomId'] }, own);
    const isOut = (entry: Call) => [...mayEnd, ...ends].some((end) => latest(end) > entry.began);
    const entry = own.find((call) => done(call) && !isOut(call));
    if (entry && !members.includes(user)) complain(`${by} entered and is not there`, [entry]);
    const end = mustEnd.find((call) => !own.some((other) => latest(other) > call.began));
    if (end && members.includes(user)) complain(`${by} is there after ${end.name} had been acknowledged`, [end]);
  }
  const entered = new Set(entries.map(({ by }) => by));
  const strangers = members.filter((user) => !entered.has(known.accountOf.get(user) ?? ''));
  if (strangers.length > 0) complain(`${strangers.join(', ')} never entered`, []);
  const count = Number(fieldOf(detail.data, 'nnUsers'));
  if (count !== members.length) complain(`counts ${count} people and lists ${members.length}`, [detail]);
  return findings;
}

export const finalMembers: Check = ({ calls }) => {
  const known = know(calls);
  const causes = causesOf(calls);
  const details = finalRooms(calls);
  const entries = groupBy(named(calls, 'rooms/enter_room').filter(maybe), roomOfCall);
  const lists = named(calls, 'rooms/list_users').filter((call) => call.by === 'observer' && done(call));
  return lists.flatMap((list) => {
    const room = roomOfCall(list);
    const detail = details.get(room);
    if (!detail || !isLive(detail)) return [];
    return checkRoom(known, { list, detail, ends: endsOf(known, causes, detail), entries: entries.get(room) ?? [] });
  });
};
