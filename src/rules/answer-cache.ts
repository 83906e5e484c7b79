/**
 * Answers that are the same for all who ask within a second: room lists, and the details of a room that thousands watch. An
 * answer is shared for at most a second, and only while no change of this process (data/engine/changes.ts) concerns it.
 */
import type { Change, Kept } from '../data/engine/changes';

/** People refresh a list by pulling at it; a second is not noticed. Milliseconds. */
const SHARED_MS = 1_000;
const MAX_ANSWERS = 2_000;
/** Rooms whose newest change is kept. At this number all are dropped, with every shared response. */
const MAX_CHANGED = 10_000;

export interface RoomName {
  tenant: string;
  roomId: string;
}

/** The rooms that an answer shows, or the tenant any of whose rooms a change may bring into it. */
export type Shown = readonly RoomName[] | { anyOf: string };

export interface AnswerToShare<T> {
  /** The service's clock. */
  now: number;
  load: () => Promise<T>;
  shows: (answer: T) => Shown;
}

export interface AnswerCache extends Kept {
  /** The answer under `key`, or the result of `load`. Failures are not shared. */
  get<T>(key: string, wanted: AnswerToShare<T>): Promise<T>;
}

interface Entry {
  at: number;
  /** Changes that had been announced when it was begun. */
  changes: number;
  answer: Promise<unknown>;
  /** Undefined until it is loaded: any change may concern it. */
  shows: readonly string[] | undefined;
}

const ofRoom = ({ tenant, roomId }: RoomName) => `${tenant} ${roomId}`;
/** No room id is empty. */
const ofAny = (tenant: string) => `${tenant} `;

function namesOf(shown: Shown): string[] {
  return 'anyOf' in shown ? [ofAny(shown.anyOf)] : shown.map(ofRoom);
}

class Answers implements AnswerCache {
  readonly concernedBy = ['rooms', 'room', 'review'] as const;
  /** Oldest first: a long answer must not stay in memory after its second. */
  private readonly entries = new Map<string, Entry>();
  /** Changes announced so far, the number of the newest one of each room, and of the newest one for all rooms. */
  private changes = 0;
  private readonly changed = new Map<string, number>();
  private allChanged = 0;

  get<T>(key: string, { now, load, shows }: AnswerToShare<T>): Promise<T> {
    const known = this.entries.get(key);
    // A clock that was set back must not keep an answer. Under a key is only ever the result of that key's `load`.
    if (known && Math.abs(now - known.at) < SHARED_MS && this.isValid(known)) return known.answer as Promise<T>;
    this.entries.delete(key);
    this.makeRoom(now);
    const answer = load();
    const entry: Entry = { at: now, changes: this.changes, answer, shows: undefined };
    this.entries.set(key, entry);
    answer.then(
      (loaded) => {
        // A change during the load: its content is unknown, so it is dropped.
        if (this.isValid(entry)) entry.shows = namesOf(shows(loaded));
      },
      () => this.entries.get(key) === entry && this.entries.delete(key),
    );
    return answer;
  }

  forget(change: Change): void {
    this.changes += 1;
    if (typeof change !== 'string' && this.changed.size < MAX_CHANGED) {
      this.changed.set(ofRoom(change), this.changes).set(ofAny(change.tenant), this.changes);
      return;
    }
    this.changed.clear();
    this.allChanged = this.changes;
  }

  private isValid({ changes, shows }: Entry): boolean {
    if (!shows) return changes === this.changes;
    return changes >= this.allChanged && shows.every((name) => (this.changed.get(name) ?? 0) <= changes);
  }

  private makeRoom(now: number): void {
    for (const [key, { at }] of this.entries) {
      if (this.entries.size < MAX_ANSWERS && Math.abs(now - at) < SHARED_MS) return;
      this.entries.delete(key);
    }
  }
}

export function createAnswerCache(): AnswerCache {
  return new Answers();
}
