/** Which rule answers which endpoint. The types come from the contract: a missing or misshapen handler does not compile. */

import type { PreparedJson } from '../base/prepared-json';
import type { Contract, DataOf, EndpointName, InputOf } from '../contract';
import * as authUsers from './accounts/auth-users';
import type { CallerVerdict, Claimed } from './accounts/caller';
import * as oauth from './accounts/oauth';
import type { CallerContext, Context } from './context';
import { enterRoom } from './rooms/entering';
import * as rooms from './rooms/rooms';

/** The data itself, or its finished JSON where it is shared. */
type Answer<N extends EndpointName> = DataOf<N> | (DataOf<N> extends undefined ? never : PreparedJson);

type Handler<N extends EndpointName> = Contract[N]['auth'] extends 'token'
  ? (input: InputOf<N>, ctx: CallerContext) => Promise<Answer<N>>
  : Contract[N]['auth'] extends 'lenient'
    ? (input: InputOf<N>, ctx: Context, verdict: CallerVerdict, claimed: Claimed) => Promise<Answer<N>>
    : (input: InputOf<N>, ctx: Context) => Promise<Answer<N>>;

export const handlers: { [N in EndpointName]: Handler<N> } = {
  userLoginToken: authUsers.userLoginToken,
  userLogout: authUsers.userLogout,
  userDelete: authUsers.userDelete,
  userUpdate: authUsers.userUpdate,
  userQuery: authUsers.userQuery,
  userKeepalive: authUsers.userKeepalive,
  register: oauth.register,
  signature: oauth.signature,
  queryRoom: rooms.queryRoom,
  roomDetail: rooms.roomDetail,
  generateRoomid: rooms.generateRoomid,
  enterRoom,
  listUsers: rooms.listUsers,
  leaveRoom: rooms.leaveRoom,
  destroyRoom: rooms.destroyRoom,
  updateRoom: rooms.updateRoom,
};

/** Handlers whose own statement checks the session: one round trip less. */
export const CHECKS_SESSION_ITSELF: ReadonlySet<EndpointName> = new Set([
  'userKeepalive',
  'userQuery',
  'userLoginToken',
  'enterRoom',
]);

/** Reads believe a session that this process has just seen; whatever writes asks for it. */
export const READS: ReadonlySet<EndpointName> = new Set(['queryRoom', 'roomDetail', 'listUsers']);

/** After these a room list may look different. */
export const CHANGES_LISTS: ReadonlySet<EndpointName> = new Set([
  'enterRoom',
  'leaveRoom',
  'destroyRoom',
  'updateRoom',
  'userLogout',
  'userDelete',
]);

/** After these a session may have ended. */
export const ENDS_SESSIONS: ReadonlySet<EndpointName> = new Set(['userLogout', 'userDelete']);
