/**
 * The traces of a deleted account in other tables go an hour after it, all but the texts of chats, which end with the
 * tenant's chatLogDays. Each statement may come twice. The content of each column is in privacy.ts.
 */
import type { Executor } from '../engine/database';
import {
  columns,
  computed,
  each,
  FOUND,
  int,
  ints,
  NOTHING,
  raw,
  read,
  type Sql,
  sql,
  text,
  type Write,
  write,
} from '../engine/sql';

export interface DeletedPerson {
  tenant: string;
  id: number;
  publicId: string;
  /** Since when the id belongs to another account (its name came back); FOREVER: to none. */
  until: number;
  /** The form of ids in public_ids (public-ids.ts). */
  keyOf: (id: string) => string;
  /** The id is the user name, which is personal, and free again. */
  named: boolean;
}

const OWN_ROOMS = sql`SELECT r.id FROM rooms r WHERE r.owner_id = ${int('id')}`;
/** The same for a statement that changes rows found by a text of the room. */
const OWN_ROOM_IDS = sql`SELECT r.room_id FROM rooms r WHERE r.owner_id = ${int('id')}`;

const UNFINISHED = read(
  'broadcasts.unfinished_of_owner',
  FOUND,
  sql`SELECT ${FOUND} FROM rooms r WHERE r.owner_id = ${int('id')} AND r.status <> 0
    UNION ALL SELECT 1 AS found FROM broadcasts b
      WHERE b.tenant = ${text('tenant')} AND b.owner_id = ${int('id')} AND b.clean_at > 0 LIMIT 1`,
);

/** Whether rooms of the person are still open, or have members who must be deleted first. */
export async function hasUnfinishedBroadcasts(db: Executor, person: DeletedPerson): Promise<boolean> {
  return (await db.query(UNFINISHED, { ...person })).length > 0;
}

/** The audit keeps that something happened, and when. */
const BLANK = raw("reason = '', before_text = '', after_text = ''");

const ABOUT_THE_PERSON = [
  write('members.forget', 'safe', sql`DELETE FROM members WHERE user_id = ${int('id')}`),
  write('user_notes.forget', 'safe', sql`DELETE FROM user_notes WHERE user_id = ${int('id')}`),
  write('room_admins.forget', 'safe', sql`DELETE FROM room_admins WHERE user_id = ${int('id')}`),
  write('appeals.forget', 'safe', sql`DELETE FROM appeals WHERE user_id = ${int('id')}`),
  write('held.forget', 'safe', sql`DELETE FROM held WHERE user_id = ${int('id')}`),
  write('reports.forget_author', 'safe', sql`DELETE FROM reports WHERE by_user = ${int('id')}`),
  write('reports.forget_target', 'safe', sql`DELETE FROM reports WHERE target_user = ${int('id')}`),
  write(
    'chat_log.forget',
    'safe',
    sql`UPDATE chat_log SET address = '', platform = '' WHERE tenant = ${text('tenant')} AND user_id = ${int('id')}`,
  ),
  // Who comes back is recognized by the keyed hashes.
  write(
    'sanctions.forget',
    'safe',
    sql`UPDATE sanctions SET user_id = 0, reason = '', address = '' WHERE user_id = ${int('id')}`,
  ),
  write(
    'sanctions.forget_maker',
    'safe',
    sql`UPDATE sanctions SET by_user = 0, reason = '' WHERE by_user = ${int('id')}`,
  ),
  write(
    'audit.forget',
    'safe',
    sql`UPDATE audit SET user_id = '', ${BLANK} WHERE tenant = ${text('tenant')} AND user_id = ${text('publicId')}
      AND at < ${int('until')}`,
  ),
  // Hosts and admins: rules/hosts/acting.ts.
  write(
    'audit.forget_actor',
    'safe',
    sql`UPDATE audit SET address = '', ${BLANK} WHERE tenant = ${text('tenant')} AND operator IN ('host', 'admin')
      AND INSTR(after_text, ${text('actor')}) > 0 AND at < ${int('until')}`,
  ),
  write(
    'outbox.forget',
    'safe',
    sql`DELETE FROM outbox WHERE tenant = ${text('tenant')} AND kind <> 'forget_user' AND created_at < ${int('until')} AND (payload = ${text('publicId')}
      OR INSTR(payload, ${text('quoted')}) > 0 OR (target = ${text('publicId')} AND kind IN ('im_account_import', 'im_kick')))`,
  ),
];

const ROLES = [
  write('room_admins.forget_rooms', 'safe', sql`DELETE FROM room_admins WHERE room_pk IN (${OWN_ROOMS})`),
  write('chat_rules.forget_rooms', 'safe', sql`DELETE FROM chat_rules WHERE room_pk IN (${OWN_ROOMS})`),
  write('kept_rooms.forget_rooms', 'safe', sql`DELETE FROM kept_rooms WHERE room_pk IN (${OWN_ROOMS})`),
];

const TRACES_OF_ROOMS = [
  write('reports.forget_rooms', 'safe', sql`DELETE FROM reports WHERE room_pk IN (${OWN_ROOMS})`),
  write('sanctions.forget_rooms', 'safe', sql`DELETE FROM sanctions WHERE room_pk IN (${OWN_ROOMS})`),
  write(
    'audit.forget_rooms',
    'safe',
    sql`UPDATE audit SET room_id = '', ${BLANK} WHERE tenant = ${text('tenant')} AND room_id IN (${OWN_ROOM_IDS})`,
  ),
];

/** The rooms last: the others find theirs by them. */
const THEIR_ROOMS = [
  write(
    'broadcasts.forget',
    'safe',
    sql`DELETE FROM broadcasts WHERE tenant = ${text('tenant')} AND owner_id = ${int('id')}`,
  ),
  write('rooms.forget', 'safe', sql`DELETE FROM rooms WHERE owner_id = ${int('id')}`),
];

const FREE_NAME = write(
  'public_ids.forget_name',
  'safe',
  sql`DELETE FROM public_ids WHERE tenant = ${text('tenant')} AND public_id = ${text('key')} AND owner_id = ${int('id')}`,
);

/** Call it after hasUnfinishedBroadcasts has said false. Ids of rooms stay taken, and numbers of users: public_ids. */
export async function forgetPerson(tx: Executor, person: DeletedPerson): Promise<void> {
  const { tenant, id, publicId, until } = person;
  const quoted = JSON.stringify(publicId);
  const values = { tenant, id, publicId, quoted, actor: `"byUserId":${quoted}`, until };
  const all: Write<typeof values>[] = [...ABOUT_THE_PERSON, ...ROLES, ...TRACES_OF_ROOMS, ...THEIR_ROOMS];
  for (const statement of all) await tx.execute(statement, values);
  if (person.named) await tx.execute(FREE_NAME, { tenant, id, key: person.keyOf(publicId) });
}

/** Admins and rules of the person's rooms. */
export async function forgetRolesOf(tx: Executor, { id }: Pick<DeletedPerson, 'id'>): Promise<void> {
  for (const statement of ROLES) await tx.execute(statement, { id });
}

/** Reports, sanctions and texts of the audit about the person's rooms. */
export async function forgetTracesOfRooms(tx: Executor, person: Pick<DeletedPerson, 'id' | 'tenant'>): Promise<void> {
  const { tenant, id } = person;
  for (const statement of TRACES_OF_ROOMS) await tx.execute(statement, { tenant, id });
}

const EVENT = computed<{ id: number; body: string; pending: number }>({
  id: raw('e.id'),
  body: raw('e.body'),
  pending: raw('(SELECT COUNT(*) FROM deliveries d WHERE d.event_pk = e.id AND d.state = 0)'),
});
const BOUNDS = computed<{ first: number | null; last: number | null }>({
  first: raw('MIN(e.id)'),
  last: raw('MAX(e.id)'),
});
const ALL_EVENTS = read('webhook_events.bounds', BOUNDS, sql`SELECT ${BOUNDS} FROM webhook_events e`);

/** Event numbers that one statement goes through, and of how many ids it searches the texts itself. */
const EVENTS_AT_ONCE = 5_000;
const MOST_SEARCHED = 16;
/** Fields of an event that name a user or a room. */
const NAMING = ['userId', 'byUserId', 'targetUserId', 'ownBy', 'roomId'];

function names(body: string, ids: ReadonlySet<string>, { keyOf }: DeletedPerson): boolean {
  const { data }: { data?: Record<string, unknown> } = JSON.parse(body);
  return NAMING.some((field) => ids.has(keyOf(String(data?.[field] ?? ''))));
}

const ID = columns('public_ids', 'i', ['public_id']);
const IDS = read(
  'public_ids.of_owner',
  ID,
  sql`SELECT ${ID} FROM public_ids i WHERE i.tenant = ${text('tenant')} AND i.owner_id = ${int('id')}`,
);

/** The ids of the user and of all rooms that were the user's. */
async function idsOf(db: Executor, { tenant, id, publicId, keyOf }: DeletedPerson): Promise<ReadonlySet<string>> {
  const rows = await db.query(IDS, { tenant, id });
  return new Set([keyOf(publicId), ...rows.map(({ public_id }) => public_id)]);
}

const OF_EVENTS = sql`event_pk IN (${ints('ids')})`;
const DELETE_EVENTS = [
  write(
    'webhook_attempts.forget',
    'safe',
    sql`DELETE FROM webhook_attempts WHERE delivery_id IN (SELECT id FROM deliveries WHERE ${OF_EVENTS})`,
  ),
  write('deliveries.forget', 'safe', sql`DELETE FROM deliveries WHERE ${OF_EVENTS}`),
  write('webhook_events.forget', 'safe', sql`DELETE FROM webhook_events WHERE id IN (${ints('ids')})`),
];

function naming<P>(filter: Sql<P>) {
  return read(
    'webhook_events.naming',
    EVENT,
    sql`SELECT ${EVENT} FROM webhook_events e WHERE e.id > ${int('from')} AND e.id <= ${int('until')}
    AND e.tenant = ${text('tenant')} AND e.created_at < ${int('before')} ${filter} ORDER BY e.id`,
  );
}

const ALL_OF_TENANT = naming(NOTHING);
const NAMING_ONE = naming(sql`AND (${each('mentions', sql`INSTR(LOWER(e.body), ${text('mention')}) > 0`, ' OR ')})`);

/** `after`: where to continue; undefined at the end. `kept`: how many are not delivered yet. */
export interface ForgottenEvents {
  after: number | undefined;
  kept: number;
}

/** Deletes events that name the person, with their deliveries, from number `after` on. */
export async function forgetEvents(
  db: Executor,
  person: DeletedPerson,
  { after, keepPending }: { after: number; keepPending: boolean },
): Promise<ForgottenEvents> {
  const [bounds] = await db.query(ALL_EVENTS);
  if (bounds?.first == null || bounds.last === null || after >= bounds.last) return { after: undefined, kept: 0 };
  const from = Math.max(after, bounds.first - 1);
  const until = from + EVENTS_AT_ONCE;
  const searched = await idsOf(db, person);
  const values = { from, until, tenant: person.tenant, before: person.until };
  const mentions = [...searched].map((id) => ({ mention: JSON.stringify(id.toLowerCase()) }));
  const rows = await (searched.size > MOST_SEARCHED
    ? db.query(ALL_OF_TENANT, values)
    : db.query(NAMING_ONE, { ...values, mentions }));
  const found = rows.filter(({ body }) => names(body, searched, person));
  const kept = keepPending ? found.filter(({ pending }) => pending > 0) : [];
  const ids = found.filter((event) => !kept.includes(event)).map(({ id }) => id);
  if (ids.length > 0) for (const statement of DELETE_EVENTS) await db.execute(statement, { ids });
  return { after: until >= bounds.last ? undefined : until, kept: kept.length };
}
