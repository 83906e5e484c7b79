/** generate_roomid: a new room id that only the caller may open. */

import type { InputOf } from '../../contract';
import { tokenInvalid } from '../accounts/caller';
import type { UnprovedCallerContext } from '../context';
import { newRoomId } from './limits';

/** Category and title do not affect the id. They are validated so that a mistake shows here and not in enter_room. */
export async function generateRoomid(_input: InputOf<'generateRoomid'>, ctx: UnprovedCallerContext) {
  const roomId = await newRoomId(ctx);
  if (roomId === undefined) throw tokenInvalid();
  return { roomId };
}
