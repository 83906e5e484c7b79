/** State of a person of the console, until the tab is closed: a reload continues with it. */
import type { SavedSession } from '../../client/src/index';

export interface Kept extends Partial<SavedSession> {
  username: string;
  /** Password of a try-out account, for this tab only: it is needed to sign in again. */
  password: string;
  /** The room that is watched. */
  roomId?: string;
}

const keyOf = (who: string) => `live-room.person.${who}`;

export function keep(who: string, kept: Kept): void {
  try {
    sessionStorage.setItem(keyOf(who), JSON.stringify(kept));
  } catch {
    // A browser without storage: the next load starts empty.
  }
}

export function readKept(who: string): Kept | undefined {
  try {
    const parsed: unknown = JSON.parse(sessionStorage.getItem(keyOf(who)) ?? 'null');
    const { userId, token, username, password, roomId } = Object(parsed);
    if (typeof username !== 'string' || typeof password !== 'string') return undefined;
    const session = typeof userId === 'string' && typeof token === 'string' ? { userId, token } : {};
    return { username, password, ...session, ...(typeof roomId === 'string' && { roomId }) };
  } catch {
    return undefined;
  }
}
