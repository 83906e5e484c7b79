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

export type ChangeListener = (change: Change) => void;
