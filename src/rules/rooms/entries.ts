/**
 * Entering in one statement where nothing stands in the way: those who enter at the same moment are one batch
 * (data/engine/batcher.ts). Whoever it leaves out is looked at one by one (enter.ts).
 */
import type { Config } from '../../config/config';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import { type Entered, type Entrant, enterRooms } from '../../data/rooms/entering';
import type { UnprovedCallerContext } from '../context';
import { attendanceUntil, onlineCutoffs } from '../presence/presence';
import { isSampled } from '../webhooks/members';
import { type EnterRoomRequest, isAnchor, roleOf } from './entry-decision';

export type Entries = Batcher<Entrant & { tenant: string }, Entered>;

export function createEntries(
  parts: BatcherParts,
  { config, clock }: { config: Config; clock: () => number },
): Entries {
  return createBatcher(parts, {
    name: 'entries',
    keyOf: ({ session }) => session.userId,
    run: async (db, entrants) => {
      const now = clock();
      const cutoffs = onlineCutoffs(config.presence, now);
      const times = { now, onlineUntil: attendanceUntil(config.presence, now), cutoffs };
      const entered = new Map<number, Entered>();
      for (const tenant of new Set(entrants.map((entrant) => entrant.tenant))) {
        const of = entrants.filter((entrant) => entrant.tenant === tenant);
        const results = await enterRooms(db, { tenant, of }, times);
        for (const [index, { session }] of of.entries()) entered.set(session.userId, results[index]);
      }
      return entrants.map(({ session }) => entered.get(session.userId));
    },
  });
}

/** Who may be about to open a room; for an audience there is nothing to open. */
function mayHost({ role, roomId, title }: EnterRoomRequest, publicId: string): boolean {
  return role === undefined ? title !== undefined || roomId === publicId : isAnchor(role) || roomId === publicId;
}

/** The caller's role; undefined where this is not the way, or did not work, and the room has to be looked at. */
export async function enterAtOnce(ctx: UnprovedCallerContext, request: EnterRoomRequest): Promise<string | undefined> {
  const { budget, caller, db, services } = ctx;
  const tenant = caller.tenant.id;
  const { roomId } = request;
  if (services.config.strictEntry || mayHost(request, caller.publicId)) return undefined;
  const member = { tenant, roomId, userId: caller.publicId };
  if (isSampled(services.config, member) && (await services.subscriptions.anybody(db, tenant, 'member.joined'))) {
    return undefined;
  }
  const role = roleOf(request, false);
  const entrant = { tenant, session: caller.session, roomId, role, address: ctx.clientAddress ?? '' };
  const entered = await services.entries(entrant, budget);
  // Offline, the caller was missing in other rooms too, and the own ones were hidden.
  if (entered?.cameBack) services.answers.clear();
  return entered && role;
}
