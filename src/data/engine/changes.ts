/**
 * What stores announce once it is committed, so that no process goes on showing what it remembers: shared answers, believed
 * sessions, subscriptions. A store announces only what a statement has changed; a statement or commit whose outcome is
 * unknown announces 'anything'.
 */

/**
 * rooms: which rooms lists show, or how. { tenant, roomId }: the people of this room. sessions: some session ended.
 * webhooks: which events are subscribed to. review: settings, words, sanctions, chat rules or admins of rooms.
 */
export type Change = 'rooms' | 'sessions' | 'webhooks' | 'review' | 'anything' | { tenant: string; roomId: string };

export type ChangeListener = (change: Change) => void;
