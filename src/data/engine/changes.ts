/**
 * Committed changes that stores announce, so that no process shows stale state: shared answers, cached
 * sessions, subscriptions. A store announces only real changes of a statement; a statement or commit whose outcome is
 * unknown announces 'anything'.
 */

/**
 * rooms: which rooms lists show, or how. { tenant, roomId }: the people of this room. sessions: some session ended.
 * webhooks: which events are subscribed to. review: settings, words, sanctions, chat rules or admins of rooms.
 */
export type Change = 'rooms' | 'sessions' | 'webhooks' | 'review' | 'anything' | { tenant: string; roomId: string };

/** `room`: of one room. */
export type ChangeKind = 'rooms' | 'room' | 'sessions' | 'webhooks' | 'review';

/** Values of the database that a process keeps for a moment. */
export interface Kept {
  /** The kinds of changes for which `forget` is called; it is called for 'anything' in any case. */
  readonly concernedBy: readonly ChangeKind[];
  forget(change: Change): void;
}

/** Passes changes on to the caches that they concern. */
export class Changes {
  private readonly all: Kept[] = [];
  private readonly byKind: Record<ChangeKind, Kept[]> = { rooms: [], room: [], sessions: [], webhooks: [], review: [] };

  add(kept: Kept): void {
    this.all.push(kept);
    for (const kind of kept.concernedBy) this.byKind[kind].push(kept);
  }

  announce(change: Change): void {
    const kind = typeof change === 'string' ? change : 'room';
    for (const kept of kind === 'anything' ? this.all : this.byKind[kind]) kept.forget(change);
  }
}
