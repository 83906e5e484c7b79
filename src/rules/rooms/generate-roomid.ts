/** generate_roomid: a new room id that only the caller may open. enter_room takes one too if it gets none. */

import { ApiError } from '../../base/errors';
import type { InputOf } from '../../contract';
import { generateRoomId } from '../../data/accounts/public-ids';
import { proveSession } from '../../data/accounts/sessions';
import { DAY_MS } from '../accounts/throttles';
import { tokenInvalid, type UnprovedCallerContext } from '../context';

/** A new roomId for the caller, unless too many are unused; undefined if the session has ended. */
export async function newRoomId(ctx: UnprovedCallerContext): Promise<string | undefined> {
  const { caller, db, now } = ctx;
  const { session } = caller;
  const tenant = caller.tenant.id;
  const max = ctx.services.config.roomIdsPerDay;
  const limit = max === 0 ? {} : { unless: { since: now - DAY_MS, max } };
  const ownName = ctx.services.userIds.isNamed(tenant) && {
    ownName: ctx.services.userIds.key(tenant, caller.publicId),
  };
  const id = await generateRoomId(db, session, { tenant, now, ...limit, ...ownName });
  if (id === undefined && max > 0 && (await proveSession(db, session))) {
    throw new ApiError('UserQueryLimit', `limit reached: ${max} unused roomIds in 24 hours`);
  }
  return id;
}

/** Category and title do not affect the id. They are validated so that a mistake shows here and not in enter_room. */
export async function generateRoomid(_input: InputOf<'generateRoomid'>, ctx: UnprovedCallerContext) {
  const roomId = await newRoomId(ctx);
  if (roomId === undefined) throw tokenInvalid();
  return { roomId };
}
