/** Which rule answers which endpoint. The types come from the contract: a missing or misshapen handler does not compile. */
import type { Contract, DataOf, EndpointName, InputOf } from './contract';
import * as authUsers from './modules/auth/auth-users';
import type { CallerVerdict, Claimed } from './modules/auth/caller';
import type { CallerContext, Context } from './modules/context';
import * as oauth from './modules/oauth/oauth';
import { enterRoom } from './modules/rooms/entering';
import * as rooms from './modules/rooms/rooms';

type Handler<N extends EndpointName> = Contract[N]['auth'] extends 'token'
  ? (input: InputOf<N>, ctx: CallerContext) => Promise<DataOf<N>>
  : Contract[N]['auth'] extends 'lenient'
    ? (input: InputOf<N>, ctx: Context, verdict: CallerVerdict, claimed: Claimed) => Promise<DataOf<N>>
    : (input: InputOf<N>, ctx: Context) => Promise<DataOf<N>>;

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
]);
