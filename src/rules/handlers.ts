/** Which rule answers which endpoint. The types come from the contract: a missing or misshapen handler does not compile. */

import type { PreparedJson } from '../base/prepared-json';
import type { Contract, DataOf, EndpointName, InputOf } from '../contract';
import * as authUsers from './accounts/auth-users';
import * as oauth from './accounts/oauth';
import { cosConfig } from './accounts/upload-credentials';
import { gslb } from './codes/gslb';
import { userLoginCode } from './codes/login';
import { userVerifyByPicture } from './codes/send';
import type { CallerContext, ClaimedContext, Context, RecentCallerContext, UnprovedCallerContext } from './context';
import * as chatRules from './hosts/chat-rules';
import * as hosts from './hosts/host-sanctions';
import * as roomAdmins from './hosts/room-admins';
import { appeal } from './reports/appeal';
import { reportRoom } from './reports/report-room';
import { destroyRoom } from './rooms/destroy-room';
import { enterRoom } from './rooms/enter-room';
import { generateRoomid } from './rooms/generate-roomid';
import { leaveRoom } from './rooms/leave-room';
import { listUsers } from './rooms/list-users';
import { queryRoom, roomDetail } from './rooms/query-rooms';
import { updateRoom } from './rooms/update-room';

/** The data, or its finished JSON if it is shared. */
type Answer<N extends EndpointName> = DataOf<N> | (DataOf<N> extends undefined ? never : PreparedJson);

/** The context of a rule, by how the contract says that the session is proved. */
interface ContextOf {
  required: CallerContext;
  'own-statement': UnprovedCallerContext;
  recent: RecentCallerContext;
  optional: ClaimedContext;
  none: Context;
}

type Handler<N extends EndpointName> = (
  input: InputOf<N>,
  ctx: ContextOf[Contract[N]['session']],
) => Promise<Answer<N>>;

export const handlers: { [N in EndpointName]: Handler<N> } = {
  userLoginToken: authUsers.userLoginToken,
  userLogout: authUsers.userLogout,
  userDelete: authUsers.userDelete,
  userUpdate: authUsers.userUpdate,
  userQuery: authUsers.userQuery,
  userKeepalive: authUsers.userKeepalive,
  gslb,
  getUserInfoBatch: authUsers.getUserInfoBatch,
  moduleBlacklist: authUsers.moduleBlacklist,
  cosConfig,
  userVerifyByPicture,
  userLoginCode,
  register: oauth.register,
  signature: oauth.signature,
  exchange: oauth.exchange,
  queryRoom,
  roomDetail,
  generateRoomid,
  enterRoom,
  listUsers,
  leaveRoom,
  reportRoom,
  appeal,
  destroyRoom,
  updateRoom,
  kickUser: hosts.kickUser,
  muteUser: hosts.muteUser,
  unmuteUser: hosts.unmuteUser,
  unblockUser: hosts.unblockUser,
  listBlocked: hosts.listBlocked,
  addAdmin: roomAdmins.addAdmin,
  removeAdmin: roomAdmins.removeAdmin,
  listAdmins: roomAdmins.listAdmins,
  updateChat: chatRules.updateChat,
  chatRules: chatRules.chatRules,
};
