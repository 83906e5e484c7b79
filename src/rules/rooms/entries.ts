/**
 * Entering with one statement, if nothing stands in the way (data/rooms/entering.ts). Every caller that it leaves out takes the
 * longer way through a look at the room (enter.ts).
 */
import { enterOpenRoom } from '../../data/rooms/entering';
import type { UnprovedCallerContext } from '../context';
import { joiningTimes } from '../presence/presence';
import { isSampled } from '../webhooks/members';
import { type EnterRoomRequest, isAnchor, roleOf } from './entry-decision';

/** Who may be about to open a room; for an audience there is nothing to open. */
function mayHost({ role, roomId, title }: EnterRoomRequest, publicId: string): boolean {
  return role === undefined ? title !== undefined || roomId === publicId : isAnchor(role) || roomId === publicId;
}

/** The caller's role; undefined where this is not the way, or did not work, and the room has to be looked at. */
export async function enterAtOnce(ctx: UnprovedCallerContext, request: EnterRoomRequest): Promise<string | undefined> {
  const { caller, db, services } = ctx;
  const tenant = caller.tenant.id;
  const { roomId } = request;
  if (services.config.strictEntry || mayHost(request, caller.publicId)) return undefined;
  const member = { tenant, roomId, userId: caller.publicId };
  if (isSampled(services.config, member) && (await services.subscriptions.anybody(db, tenant, 'member.joined'))) {
    return undefined;
  }
  const role = roleOf(request, false);
  const entrant = { tenant, session: caller.session, roomId, role, address: ctx.clientAddress ?? '' };
  const entered = await enterOpenRoom(db, { ...entrant, times: joiningTimes(services) });
  return entered && role;
}
