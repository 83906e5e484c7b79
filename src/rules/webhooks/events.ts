/**
 * Writes events in the transaction of their change: a rolled-back change publishes nothing. Which
 * webhooks exist is cached for a few seconds, so that without webhooks no statement is sent.
 */
import { createHash, randomBytes } from 'node:crypto';
import type { Config } from '../../config/config';
import { TEST_EVENT } from '../../contract/admin/webhooks';
import { EVENT_TYPES, type EventData, type EventType, type PlaceField } from '../../contract/events';
import type { Kept } from '../../data/engine/changes';
import type { Executor } from '../../data/engine/database';
import type { Joined } from '../../data/rooms/entering';
import { type MemberOfBroadcast, noteJoined, noteLeft } from '../../data/rooms/member-events';
import { addEvents, enabledWebhooks, nextSequence } from '../../data/webhooks/webhooks';
import type { Throttles } from '../accounts/throttles';

/** Delay until a webhook added by another process receives events (ms). */
const BELIEVED_MS = 3_000;

export interface Subscriptions extends Kept {
  /** The webhooks subscribed to this event; from the cache, or read with `db` if that is too old. */
  wanting(db: Executor, tenant: string, type: EventType): Promise<number[]>;
  /** Signals the delivery that something was written. */
  onWritten(listener: () => void): void;
  written(): void;
}

interface Known {
  at: number;
  webhooks: readonly { id: number; tenant: string; types: ReadonlySet<string> }[];
}

export function createSubscriptions(): Subscriptions {
  let known: Known | undefined;
  let listener: (() => void) | undefined;

  async function current(db: Executor): Promise<Known> {
    if (known && performance.now() - known.at < BELIEVED_MS) return known;
    const at = performance.now();
    const rows = await enabledWebhooks(db);
    const webhooks = rows.map(({ id, tenant, events }) => {
      return { id, tenant, types: new Set<string>(events === '' ? EVENT_TYPES : events.split(',')) };
    });
    known = { at, webhooks };
    return known;
  }

  return {
    async wanting(db, tenant, type) {
      const { webhooks } = await current(db);
      return webhooks.filter((one) => one.tenant === tenant && one.types.has(type)).map(({ id }) => id);
    },
    concernedBy: ['webhooks'],
    forget() {
      known = undefined;
    },
    onWritten: (announced) => {
      listener = announced;
    },
    written: () => listener?.(),
  };
}

interface EventPlace {
  id: number;
  roomId: string;
  broadcastNo: number;
}

/** The data of each event type as the contract declares it; the place is added. */
type EventOf<T extends EventType> = {
  type: T;
  tenant: string;
  data: Omit<EventData<T>, PlaceField>;
  /** Set if the event concerns a room: such events are numbered and sent in order. */
} & (EventData<T> extends { roomId: string } ? { room: EventPlace } : { room?: EventPlace });
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/** The services that writing an event needs. */
export interface Emitter {
  caches: { subscriptions: Subscriptions };
  clock: () => number;
}

const newEventId = () => `evt_${randomBytes(16).toString('base64url')}`;

/**
 * Deliveries of one stream go out one after the other. A room has two, distinguished by the sign, so that the end of a room and
 * sanctions never wait behind members who come and go. The sequence in the events is one for both.
 */
function streamOf(type: EventType, room: EventPlace | undefined): number {
  if (!room) return 0;
  return type === 'member.joined' || type === 'member.left' ? -room.id : room.id;
}

/** Events of one type and one room. Call it in a transaction. Writes nothing if no webhook is subscribed. */
export async function emit(tx: Executor, { caches, clock }: Emitter, ...events: readonly Event[]): Promise<void> {
  const [first] = events;
  if (!first) return;
  const { type, tenant, room } = first;
  const webhookIds = await caches.subscriptions.wanting(tx, tenant, type);
  if (webhookIds.length === 0) return;
  const now = clock();
  const sequence = room ? await nextSequence(tx, room.id, events.length) : 0;
  const rows = events.map(({ data }, index) => {
    const eventId = newEventId();
    const place = room && { roomId: room.roomId, broadcastNo: room.broadcastNo, sequence: sequence + index };
    return { eventId, body: bodyOf({ id: eventId, type, tenant, data: { ...place, ...data } }, now) };
  });
  await addEvents(tx, { tenant, type, events: rows, roomPk: streamOf(type, room), webhookIds, now });
  caches.subscriptions.written();
}

function bodyOf(event: { id: string; type: string; tenant: string; data: object }, now: number): string {
  const { id, type, tenant, data } = event;
  const createdUtc = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  return JSON.stringify({ id, type, createdUtc, tenant, data });
}

/** An event for one webhook, regardless of its subscriptions; returns its id. Runs in a transaction. */
export async function emitTest(
  tx: Executor,
  { caches, clock }: Emitter,
  to: { tenant: string; webhookId: number },
): Promise<string> {
  const { tenant, webhookId } = to;
  const now = clock();
  const eventId = newEventId();
  const body = bodyOf({ id: eventId, type: TEST_EVENT, tenant, data: { message: 'a test event' } }, now);
  const events = [{ eventId, body }];
  await addEvents(tx, { tenant, type: TEST_EVENT, events, roomPk: 0, webhookIds: [webhookId], now });
  caches.subscriptions.written();
  return eventId;
}

/** member.joined of one person in a day, over all rooms. */
export const JOINED_EVENTS_PER_DAY = 2_000;

export interface MemberName {
  tenant: string;
  roomId: string;
  userId: string;
}

/** Whether a webhook receives this event: of WEBHOOK_MEMBER_PERCENT of a room's users, the same ones for both events. */
export async function isHeard(
  { db, services }: { db: Executor; services: { config: Config; caches: Emitter['caches'] } },
  type: 'member.joined' | 'member.left',
  { tenant, roomId, userId }: MemberName,
): Promise<boolean> {
  const percent = services.config.webhookMemberPercent;
  if (percent < 100) {
    const hash = createHash('sha256').update(`${roomId} ${userId}`).digest();
    if (hash.readUInt32BE(0) % 100 >= percent) return false;
  }
  return (await services.caches.subscriptions.wanting(db, tenant, type)).length > 0;
}

interface MemberAt extends MemberName, MemberOfBroadcast {}

function placeOf({ tenant, roomId, room }: MemberAt) {
  return { tenant, room: { id: room.id, roomId, broadcastNo: room.broadcast_no } };
}

/** The members of each room, in the order of the rooms' numbers. */
function byRoom(joined: readonly Joined[]): (readonly [Joined, ...Joined[]])[] {
  const rooms = new Map<number, [Joined, ...Joined[]]>();
  for (const one of joined) {
    const known = rooms.get(one.room.id);
    if (known) known.push(one);
    else rooms.set(one.room.id, [one]);
  }
  return [...rooms.values()].sort(([one], [other]) => one.room.id - other.room.id);
}

/** Runs in the transaction that put the members in at `now`. In the order of the rooms, which it locks. */
export async function tellJoined(
  tx: Executor,
  emitter: Emitter & { throttles: Pick<Throttles, 'memberEventsOfDay'> },
  { joined, now }: { joined: readonly Joined[]; now: number },
): Promise<void> {
  const { memberEventsOfDay } = emitter.throttles;
  const mayBe = (user: number) => memberEventsOfDay.get(String(user), now) < JOINED_EVENTS_PER_DAY;
  for (const [first, ...others] of byRoom(joined)) {
    const members = [first, ...others];
    const { room } = first;
    const announced = await noteJoined(tx, room, { users: members.map(({ user }) => user), now, mayBe });
    const included = members.filter(({ user }) => announced.has(user));
    for (const { user } of included) memberEventsOfDay.add(String(user), now);
    const events = included.map(({ role, ...member }) => {
      return { type: 'member.joined' as const, ...placeOf(member), data: { userId: member.userId, role } };
    });
    await emit(tx, emitter, ...events);
  }
}

/** Runs in the transaction that took the member out. */
export async function tellLeft(tx: Executor, emitter: Emitter, member: MemberAt): Promise<void> {
  if (!(await noteLeft(tx, member))) return;
  await emit(tx, emitter, { type: 'member.left', ...placeOf(member), data: { userId: member.userId } });
}
