/**
 * Answers that are the same for everybody who asks at the same moment: room lists, and what is in a room that thousands
 * look at. Each is shared for at most a second, and dropped as soon as this process changes anything that it shows: all
 * of them, or, where only one room changes for its audience, those that show this room.
 */

/** People refresh a list by pulling at it; a second is not noticed. Milliseconds. */
const SHARED_MS = 1_000;
const MAX_ANSWERS = 2_000;

export interface RoomName {
  tenant: string;
  roomId: string;
}

/** What an answer shows: some rooms, or whatever a change of any room of the tenant may bring into it. */
export type Shown = readonly RoomName[] | { anyOf: string };

export interface AnswerToShare<T> {
  /** The service's clock. */
  now: number;
  load: () => Promise<T>;
  shows: (answer: T) => Shown;
}

export interface AnswerCache {
  /** The answer under `key`, or what `load` gives. Failures are not shared. */
  get<T>(key: string, wanted: AnswerToShare<T>): Promise<T>;
  /** The room has other people in it: what shows it may look different from now on. */
  clearRoom(room: RoomName): void;
  /** Answers may look different from now on. */
  clear(): void;
}

interface Entry {
  at: number;
  answer: Promise<unknown>;
  /** Undefined while nobody knows: until it is loaded. */
  shows: readonly string[] | undefined;
}

const ofRoom = ({ tenant, roomId }: RoomName) => `${tenant} ${roomId}`;
/** No room id is empty. */
const ofAny = (tenant: string) => `${tenant} `;

function namesOf(shown: Shown): string[] {
  return 'anyOf' in shown ? [ofAny(shown.anyOf)] : shown.map(ofRoom);
}

class Answers implements AnswerCache {
  /** Oldest first: a long one must not stay in memory after its second. */
  private readonly entries = new Map<string, Entry>();
  /** The keys of those that are being loaded, and of those that show a room. */
  private readonly loading = new Set<string>();
  private readonly showing = new Map<string, Set<string>>();

  get<T>(key: string, { now, load, shows }: AnswerToShare<T>): Promise<T> {
    const known = this.entries.get(key);
    // Also a clock that was set back must not keep an answer. What is under a key is what that key's `load` gave.
    if (known && Math.abs(now - known.at) < SHARED_MS) return known.answer as Promise<T>;
    this.drop(key);
    this.makeRoom(now);
    const answer = load();
    const entry: Entry = { at: now, answer, shows: undefined };
    this.entries.set(key, entry);
    this.loading.add(key);
    answer.then(
      (loaded) => this.loaded(key, entry, namesOf(shows(loaded))),
      () => this.entries.get(key) === entry && this.drop(key),
    );
    return answer;
  }

  clearRoom(room: RoomName): void {
    // Whoever waits for an answer begun before keeps waiting for it; nobody who comes later sees it.
    for (const key of this.loading) this.drop(key);
    for (const name of [ofRoom(room), ofAny(room.tenant)]) {
      for (const key of this.showing.get(name) ?? []) this.drop(key);
    }
  }

  clear(): void {
    this.entries.clear();
    this.loading.clear();
    this.showing.clear();
  }

  private loaded(key: string, entry: Entry, names: readonly string[]): void {
    // Something has changed meanwhile.
    if (this.entries.get(key) !== entry) return;
    this.loading.delete(key);
    entry.shows = names;
    for (const name of names) {
      const keys = this.showing.get(name) ?? new Set();
      this.showing.set(name, keys.add(key));
    }
  }

  private drop(key: string): void {
    const entry = this.entries.get(key);
    if (!entry) return;
    this.entries.delete(key);
    this.loading.delete(key);
    for (const name of entry.shows ?? []) {
      const keys = this.showing.get(name);
      keys?.delete(key);
      if (keys?.size === 0) this.showing.delete(name);
    }
  }

  private makeRoom(now: number): void {
    for (const [key, { at }] of this.entries) {
      if (this.entries.size < MAX_ANSWERS && Math.abs(now - at) < SHARED_MS) return;
      this.drop(key);
    }
  }
}

export function createAnswerCache(): AnswerCache {
  return new Answers();
}
