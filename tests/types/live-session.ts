/**
 * Code that must not compile: writing on a caller's behalf without a session that a statement has found. Checked by
 * `npm run typecheck`; a line that begins to compile fails it.
 */

import { updateProfile } from '../../src/data/accounts/accounts';
import { type LiveSession, proveSession, type RecentSession, type SessionKey } from '../../src/data/accounts/sessions';
import { createSession } from '../../src/data/accounts/sign-ins';
import type { Database } from '../../src/data/engine/database';
import { addReport } from '../../src/data/reports/reports';
import { createRoom, handOver, noteReturn, type Room } from '../../src/data/rooms/rooms';
import { bindAddress } from '../../src/rules/codes/bind';
import type { CallerContext, RecentCallerContext, UnprovedCallerContext } from '../../src/rules/context';
import type { handlers } from '../../src/rules/handlers';
import { goLive } from '../../src/rules/rooms/open';

declare const db: Database;
declare const key: SessionKey;
declare const recent: RecentSession;
declare const unproved: UnprovedCallerContext;
declare const reader: RecentCallerContext;
declare const proved: CallerContext;
declare const stored: Room;
const lookup = { session: undefined, idOwner: undefined, room: undefined, ownSlots: [] };
const room = { tenant: '', roomId: 'r', now: 0 };

export async function storesDemandAProvedSession(): Promise<void> {
  const live: LiveSession | undefined = await proveSession(db, key);
  const fresh = await createSession(db, { address: '', userId: 1, now: 0, expiresAt: 1, salt: null });
  // @ts-expect-error the account may have another owner by now
  await updateProfile(db, fresh, { now: 0 });
  if (!fresh) return;
  await updateProfile(db, fresh, { now: 0 });
  // @ts-expect-error a session found earlier may have ended
  await updateProfile(db, live, { now: 0 });
  // @ts-expect-error the claims of a token
  await updateProfile(db, key, { now: 0 });
  // @ts-expect-error found a moment ago is enough to read only
  await updateProfile(db, recent, { now: 0 });
  // @ts-expect-error no other account by its number
  await updateProfile(db, { id: 's', userId: 1 }, { now: 0 });
  const report = { tenant: '', roomPk: 1, broadcastNo: 1, targetUser: 0, reason: 'spam', description: '', now: 0 };
  // @ts-expect-error
  await addReport(db, { ...report, by: recent });
  const lease = { holder: '', until: 0 };
  // @ts-expect-error
  await createRoom(db, { ...room, by: key, lease, slot: 1, hostPending: false });
  // @ts-expect-error
  await handOver(db, stored, { by: key, slot: 1, sanctionNo: 0 });
  // @ts-expect-error
  await noteReturn(db, recent, { id: 1, imGroup: true });
}

export async function rulesThatWriteDemandAProvedCaller(): Promise<void> {
  await bindAddress({}, proved);
  // @ts-expect-error
  await bindAddress({}, unproved);
  // @ts-expect-error
  await bindAddress({}, reader);
  const request = { roomId: 'r', role: '', category: undefined, title: undefined };
  // @ts-expect-error
  await goLive(unproved, { lookup, holder: '', request });
}

/** A rule that writes needs a contract that proves a session. */
export const misplaced: Pick<typeof handlers, 'queryRoom' | 'enterRoom'> = {
  // @ts-expect-error the contract says `recent`
  queryRoom: async (_input, ctx: CallerContext) => (ctx ? [] : []),
  // @ts-expect-error the contract says `own-statement`
  enterRoom: async (_input, _ctx: CallerContext) => ({ roomId: '', role: '' }),
};
