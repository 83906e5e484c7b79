/**
 * The calls of the IM REST API that the service needs (https://cloud.tencent.com/document/api/269/1519). How a call goes is
 * in im-call.ts.
 */
import { fieldsOf } from '../../base/fields';
import {
  BUDGET_MS,
  type CallIm,
  createImCaller,
  type ImApp,
  type ImCallOptions,
  ImError,
  type ImParts,
} from './im-call';

export interface ImGroup {
  groupId: string;
  owner: string;
  name: string;
}

export interface ImClient {
  /** Makes an AVChatRoom; one that exists already is fine. */
  createGroup(app: ImApp, group: ImGroup, options?: ImCallOptions): Promise<void>;
  /** Dissolves a group; one that is gone already is fine. */
  destroyGroup(app: ImApp, groupId: string, options?: ImCallOptions): Promise<void>;
  /** When a group was made (ms since 1970, whole seconds); undefined where there is none, or IM does not say. */
  groupCreatedAt(app: ImApp, groupId: string, options?: ImCallOptions): Promise<number | undefined>;
  /** Tells IM a user's name and picture; importing again is harmless. */
  importAccount(
    app: ImApp,
    user: { userId: string; nick?: string; faceUrl?: string },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Says something to everybody in a group, as the system; one that is gone hears nothing. */
  notifyGroup(app: ImApp, notice: { groupId: string; content: string }, options?: ImCallOptions): Promise<void>;
  /** Keeps a member of a group silent for so many seconds; 0 = not any more. A group that is gone is fine. */
  muteMember(
    app: ImApp,
    mute: { groupId: string; userId: string; seconds: number },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Ends a user's IM connections and the UserSigs they were made with; one that IM does not know is fine. */
  kickUser(app: ImApp, userId: string, options?: ImCallOptions): Promise<void>;
  /** Asks something harmless: ends well where IM is reachable and accepts our keys. */
  check(app: ImApp, options?: ImCallOptions): Promise<void>;
}

const IMPORT = 'im_open_login_svc/account_import';

const GROUP_EXISTS = new Set([10021, 10025]);
const GROUP_GONE = new Set([10010, 10015]);
const NO_SUCH_ACCOUNT = 10019;
/** The user is not known to IM, or is not in the group: there is nobody to silence or to send away. */
const NOBODY = new Set([10010, 10015, 10019, 70107]);
/** IM's "for ever" (https://cloud.tencent.com/document/product/269/1627). */
export const MUTE_FOREVER = 4_294_967_295;

/** Cuts a text so that its UTF-8 form has at most `bytes` bytes, between characters. */
function cutUtf8(text: string, bytes: number): string {
  let size = 0;
  let cut = '';
  for (const character of text) {
    size += Buffer.byteLength(character);
    if (size > bytes) break;
    cut += character;
  }
  return cut;
}

/** IM learns of a user at the first sign-in by its SDK; an owner it has never seen is introduced. */
async function createGroup(
  call: CallIm,
  app: ImApp,
  { group, budgetMs }: { group: ImGroup; budgetMs: number },
): Promise<void> {
  const deadline = performance.now() + budgetMs;
  const left = () => ({ budgetMs: Math.max(1, deadline - performance.now()) });
  const body = {
    Type: 'AVChatRoom',
    GroupId: group.groupId,
    Owner_Account: group.owner,
    // IM takes at most 30 bytes of name and insists on one.
    Name: cutUtf8(group.name, 30) || cutUtf8(group.groupId, 30),
  };
  const create = () =>
    call(app, { command: 'group_open_http_svc/create_group', body, fine: GROUP_EXISTS, options: left() });
  await create().catch(async (error: unknown) => {
    if (!(error instanceof ImError) || error.code !== NO_SUCH_ACCOUNT) throw error;
    await call(app, { command: IMPORT, body: { UserID: group.owner }, options: left() });
    await create();
  });
}

async function groupCreatedAt(
  call: CallIm,
  app: ImApp,
  { groupId, options }: { groupId: string; options?: ImCallOptions | undefined },
): Promise<number | undefined> {
  const body = { GroupIdList: [groupId], ResponseFilter: { GroupBaseInfoFilter: ['CreateTime'] } };
  const { GroupInfo } = await call(app, { command: 'group_open_http_svc/get_group_info', body, options });
  const seconds = fieldsOf(Array.isArray(GroupInfo) ? GroupInfo[0] : undefined)['CreateTime'];
  return typeof seconds === 'number' && seconds > 0 ? seconds * 1000 : undefined;
}

export function createImClient(parts: ImParts): ImClient {
  const call = createImCaller(parts);
  return {
    async importAccount(app, { userId, nick, faceUrl }, options) {
      const body = { UserID: userId, ...(nick && { Nick: nick }), ...(faceUrl && { FaceUrl: faceUrl }) };
      await call(app, { command: IMPORT, body, options });
    },
    async check(app, options) {
      await call(app, { command: 'openim/query_online_status', body: { To_Account: [app.imAdmin] }, options });
    },
    createGroup: (app, group, options) => createGroup(call, app, { group, budgetMs: options?.budgetMs ?? BUDGET_MS }),
    async destroyGroup(app, groupId, options) {
      const body = { GroupId: groupId };
      await call(app, { command: 'group_open_http_svc/destroy_group', body, fine: GROUP_GONE, options });
    },
    groupCreatedAt: (app, groupId, options) => groupCreatedAt(call, app, { groupId, options }),
    async notifyGroup(app, { groupId, content }, options) {
      const body = { GroupId: groupId, Content: content };
      await call(app, {
        command: 'group_open_http_svc/send_group_system_notification',
        body,
        fine: GROUP_GONE,
        options,
      });
    },
    async muteMember(app, { groupId, userId, seconds }, options) {
      const MuteTime = Math.min(Math.ceil(seconds), MUTE_FOREVER);
      const body = { GroupId: groupId, Members_Account: [userId], MuteTime };
      await call(app, { command: 'group_open_http_svc/forbid_send_msg', body, fine: NOBODY, options });
    },
    async kickUser(app, userId, options) {
      await call(app, { command: 'im_open_login_svc/kick', body: { UserID: userId }, fine: NOBODY, options });
    },
  };
}
