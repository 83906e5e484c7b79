/** The live rooms, polled while a person is signed in, and the people of one of them. */
import { computed, signal } from '@preact/signals';
import type { ListUsersEntry, Room } from '../../client/src/index';
import { now } from '../shared/format';
import { host, people, viewer } from './person';

const REFRESH_MS = 3_000;
const STALE_MS = 3 * REFRESH_MS;
export const MAX_SHOWN = 100;

export type Order = 'createUtc' | 'totalJoined';

export const order = signal<Order>('createUtc');
export const rooms = signal<readonly Room[]>([]);
export const members = signal<readonly ListUsersEntry[]>([]);
/** The room whose people are shown; undefined = the host's, else the watched one. */
export const chosen = signal<string | undefined>(undefined);
/** When the list was answered, milliseconds since 1970; 0 = not yet. */
export const listedAt = signal(0);
const failing = signal(false);
/** Questions may overtake each other: an answer to an older one than was answered last does not count. */
const asked = { last: 0, answered: 0 };

/** The current rooms are unknown: the last list is old, or the last request failed. */
export const stale = computed(() => failing.value || (listedAt.value > 0 && now.value - listedAt.value > STALE_MS));

export const asker = () => people.find((person) => person.session.value);

export const shownRoom = computed(
  () => rooms.value.find(({ roomId }) => roomId === chosen.value) ?? host.room.value ?? viewer.room.value,
);

async function ask(): Promise<void> {
  asked.last += 1;
  const mine = asked.last;
  const person = asker();
  if (!person) {
    asked.answered = mine;
    rooms.value = [];
    members.value = [];
    listedAt.value = 0;
    failing.value = false;
    return;
  }
  const { api } = person.background;
  const listed = await api.queryRoom({ limit: MAX_SHOWN, orderBy: order.peek() });
  if (mine < asked.answered) return;
  asked.answered = mine;
  rooms.value = listed;
  listedAt.value = Date.now();
  failing.value = false;
  await Promise.all(people.map((person) => person.follow(rooms.value)));
  const room = shownRoom.peek();
  // A room that has ended in between has no members; the list is still valid.
  members.value = room ? await api.listUsers({ roomId: room.roomId, limit: MAX_SHOWN }).catch(() => []) : [];
}

/** Asks the service now; the list of calls shows what went wrong. */
export async function refresh(): Promise<void> {
  await ask().catch(() => {
    failing.value = true;
  });
}

export function keepRefreshing(): void {
  setInterval(() => {
    if (!document.hidden) void refresh();
  }, REFRESH_MS);
}
