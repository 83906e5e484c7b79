/** Which row measures which endpoint. A new endpoint without a line here does not compile. */
import type { EndpointName } from '../src/contract';

/** The name of a row of `npm run bench -- api`, or a word that says where else, or why not. */
const MEASURED: Readonly<Record<EndpointName, string | { not: string }>> = {
  userKeepalive: 'user_keepalive',
  userQuery: 'user_query',
  getUserInfoBatch: 'getUserInfoBatch',
  userUpdate: 'user_update',
  register: 'register (again)',
  signature: 'signature',
  exchange: { not: 'depends on the identity provider' },
  userLoginToken: 'user_login_token',
  userLogout: 'signature, user_logout',
  userDelete: 'register, signature, user_delete',
  queryRoom: 'query_room',
  roomDetail: 'room_detail',
  listUsers: 'list_users',
  enterRoom: 'enter_room (join)',
  updateRoom: 'update_room',
  reportRoom: 'report_room',
  generateRoomid: 'generate_roomid',
  leaveRoom: 'leave_room',
  destroyRoom: 'destroy_room, enter_room (go live)',
  appeal: { not: 'rare' },
  kickUser: { not: 'rare, as the calls of operators' },
  muteUser: { not: 'rare' },
  unmuteUser: { not: 'rare' },
  unblockUser: { not: 'rare' },
  listBlocked: { not: 'rare' },
  addAdmin: { not: 'rare' },
  removeAdmin: { not: 'rare' },
  listAdmins: { not: 'rare' },
  updateChat: { not: 'rare' },
  chatRules: { not: 'rare' },
  gslb: 'gslb',
  moduleBlacklist: 'module_blacklist',
  userVerifyByPicture: { not: 'npm run bench -- codes' },
  userLoginCode: { not: 'npm run bench -- codes' },
  cosConfig: { not: 'asks the vendor each time' },
};

/** Throws if a named row is missing. */
export function checkCoverage(rows: readonly string[]): void {
  for (const [endpoint, row] of Object.entries(MEASURED)) {
    if (typeof row === 'string' && !rows.includes(row)) throw new Error(`${endpoint}: there is no row ${row}`);
  }
}
