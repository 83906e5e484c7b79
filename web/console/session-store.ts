/** Keeps a sign-in until the tab is closed, so that a reload goes on with it (and asks for a fresh token). */
import type { SavedSession } from '../../client/src/client';

export interface KeptSession extends SavedSession {
  username: string;
}

const keyOf = (who: string) => `live-room.session.${who}`;

export function keepSession(who: string, session: KeptSession | undefined): void {
  try {
    if (session) sessionStorage.setItem(keyOf(who), JSON.stringify(session));
    else sessionStorage.removeItem(keyOf(who));
  } catch {
    // A browser that keeps nothing: the next load starts signed out.
  }
}

export function keptSession(who: string): KeptSession | undefined {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(keyOf(who)) ?? 'null');
    const { userId, token, username } = Object(parsed);
    if ([userId, token, username].every((value) => typeof value === 'string')) return { userId, token, username };
  } catch {
    // As if nothing had been kept.
  }
  return undefined;
}
