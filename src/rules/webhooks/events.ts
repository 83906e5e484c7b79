/**
 * Writing events, in the transaction of what they tell: what is committed is told, what is taken back never was. Which
 * webhooks there are is remembered for a few seconds, so that where there are none, nothing is asked.
 */
import { randomBytes } from 'node:crypto';
import { EVENT_TYPES, type EventData, type EventType, type PlaceField } from '../../contract/events';
import type { Change } from '../../data/engine/changes';
import type { Executor } from '../../data/engine/database';
import { addEvent, enabledWebhooks, nextSequence } from '../../data/webhooks/webhooks';

/** A webhook that another process has added hears of what happens from so much later on (ms). */
const BELIEVED_MS = 3_000;

export interface Subscriptions {
  /** Who wants to hear of this. Asks in the transaction, where what is remembered is too old. */
  wanting(db: Executor, tenant: string, type: EventType): Promise<number[]>;
  /** Whether anybody may want to; without asking, where that is known. */
  anybody(db: Executor, tenant: string, type: EventType): Promise<boolean>;
  /** This process has changed them. */
  forget(change: Change): void;
  /** Something was written: whoever delivers is told. */
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

  async function wanting(db: Executor, tenant: string, type: EventType): Promise<number[]> {
    const { webhooks } = await current(db);
    return webhooks.filter((one) => one.tenant === tenant && one.types.has(type)).map(({ id }) => id);
  }

  return {
    wanting,
    anybody: async (db, tenant, type) => (await wanting(db, tenant, type)).length > 0,
    forget(change) {
      if (change === 'webhooks' || change === 'anything') known = undefined;
    },
    onWritten: (heard) => {
      listener = heard;
    },
    written: () => listener?.(),
  };
}

interface EventPlace {
  id: number;
  roomId: string;
  broadcastNo: number;
}

/** Of each type its own data, as the contract declares it; the place is filled in. */
type EventOf<T extends EventType> = {
  type: T;
  tenant: string;
  data: Omit<EventData<T>, PlaceField>;
  /** Where it is about a room: such events are numbered, and go out one after the other. */
} & (EventData<T> extends { roomId: string } ? { room: EventPlace } : { room?: EventPlace });
export type Event = { [T in EventType]: EventOf<T> }[EventType];

/** The services that writing an event needs. */
export interface Telling {
  subscriptions: Subscriptions;
  clock: () => number;
}

/** Inside a transaction. Nothing is written where nobody wants to hear of it. */
export async function emit(tx: Executor, { subscriptions, clock }: Telling, event: Event): Promise<void> {
  const { type, tenant, room } = event;
  const webhookIds = await subscriptions.wanting(tx, tenant, type);
  if (webhookIds.length === 0) return;
  const now = clock();
  const eventId = `evt_${randomBytes(16).toString('base64url')}`;
  const place = room && {
    roomId: room.roomId,
    broadcastNo: room.broadcastNo,
    sequence: await nextSequence(tx, room.id),
  };
  const createdUtc = new Date(now).toISOString().slice(0, 19).replace('T', ' ');
  const body = JSON.stringify({ id: eventId, type, createdUtc, tenant, data: { ...place, ...event.data } });
  await addEvent(tx, { eventId, tenant, type, body, roomPk: room?.id ?? 0, webhookIds, now });
  subscriptions.written();
}
