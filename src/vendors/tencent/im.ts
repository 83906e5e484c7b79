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

export interface FoundGroup {
  /** ms since 1970, whole seconds. */
  createdAt: number;
  /** A user; '' if an administrator made it without an owner. */
  owner: string;
}

export interface ImClient {
  /** Creates an AVChatRoom. Succeeds if it exists and its owner is this one or an administrator; else ImError(10021). */
  createGroup(app: ImApp, group: ImGroup, options?: ImCallOptions): Promise<void>;
  /** Dissolves a group. Succeeds if it is gone already. */
  destroyGroup(app: ImApp, groupId: string, options?: ImCallOptions): Promise<void>;
  /** undefined if there is no such group, or IM does not say. */
  findGroup(app: ImApp, groupId: string, options?: ImCallOptions): Promise<FoundGroup | undefined>;
  /** Imports a user's name and picture into IM. Idempotent. */
  importAccount(
    app: ImApp,
    user: { userId: string; nick?: string; faceUrl?: string },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Sends a system notification to a group. Succeeds if the group is gone. */
  notifyGroup(app: ImApp, notice: { groupId: string; content: string }, options?: ImCallOptions): Promise<void>;
  /** Mutes a member of a group for this many seconds; 0 unmutes. Succeeds if the group is gone. */
  muteMember(
    app: ImApp,
    mute: { groupId: string; userId: string; seconds: number },
    options?: ImCallOptions,
  ): Promise<void>;
  /**
   * Sends a message to a group in a user's name, without callbacks and without IM's own review. Repeating it with the same
   * `random` and body within five minutes sends it once (https://cloud.tencent.com/document/product/269/1629).
   */
  sendGroupMessage(
    app: ImApp,
    message: { groupId: string; from: string; random: number; body: unknown; customData: string },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Recalls a message of the last hour by its number in the group; succeeds if IM does not know it. */
  recallMessage(
    app: ImApp,
    message: { groupId: string; seq: number; reason: string },
    options?: ImCallOptions,
  ): Promise<void>;
  /** Ends a user's IM connections and revokes their UserSigs. Succeeds if IM does not know the user. */
  kickUser(app: ImApp, userId: string, options?: ImCallOptions): Promise<void>;
  /** Deletes the account with its messages and memberships. Succeeds if IM does not know it. */
  deleteAccount(app: ImApp, userId: string, options?: ImCallOptions): Promise<void>;
  /** A harmless call that succeeds if IM is reachable and accepts our keys. */
  check(app: ImApp, options?: ImCallOptions): Promise<void>;
}

const IMPORT = 'im_open_login_svc/account_import';

/** The id is taken: by another user, by a user that IM does not name, or by the calling owner. */
export const GROUP_OF_ANOTHER = 10021;
const GROUP_EXISTS = new Set([GROUP_OF_ANOTHER, 10025]);
const GROUP_GONE = new Set([10010, 10015]);
const NO_SUCH_ACCOUNT = 10019;
/** IM does not know the user, or the user is not in the group: nothing to mute or remove. */
const NOBODY = new Set([10010, 10015, 10019, 70107]);
/** https://cloud.tencent.com/document/product/269/36443 */
const NO_ACCOUNT = new Set([70107]);
/** IM's value for "permanently" (https://cloud.tencent.com/document/product/269/1627). */
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
  const create = async () => {
    const command = 'group_open_http_svc/create_group';
    const { ErrorCode } = await call(app, { command, body, fine: GROUP_EXISTS, options: left() });
    if (ErrorCode !== GROUP_OF_ANOTHER) return;
    // IM says so too of a group that the owner's app made itself.
    const found = await findGroup(call, app, { groupId: group.groupId, options: left() });
    const isOurs = found === undefined || [group.owner, app.imAdmin, ''].includes(found.owner);
    if (!isOurs) throw new ImError('refused', GROUP_OF_ANOTHER);
  };
  await create().catch(async (error: unknown) => {
    if (!(error instanceof ImError) || error.code !== NO_SUCH_ACCOUNT) throw error;
    await call(app, { command: IMPORT, body: { UserID: group.owner }, options: left() });
    await create();
  });
}

async function findGroup(
  call: CallIm,
  app: ImApp,
  { groupId, options }: { groupId: string; options?: ImCallOptions | undefined },
): Promise<FoundGroup | undefined> {
  const body = { GroupIdList: [groupId], ResponseFilter: { GroupBaseInfoFilter: ['CreateTime', 'Owner_Account'] } };
  const { GroupInfo } = await call(app, { command: 'group_open_http_svc/get_group_info', body, options });
  const { CreateTime, Owner_Account: owner = '' } = fieldsOf(Array.isArray(GroupInfo) ? GroupInfo[0] : undefined);
  if (typeof CreateTime !== 'number' || CreateTime <= 0) return undefined;
  return { createdAt: CreateTime * 1000, owner: typeof owner === 'string' ? owner : '' };
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
    findGroup: (app, groupId, options) => findGroup(call, app, { groupId, options }),
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
    async sendGroupMessage(app, { groupId, from, random, body, customData }, options) {
      const message = {
        GroupId: groupId,
        From_Account: from,
        Random: random,
        MsgBody: body,
        CloudCustomData: customData,
        ForbidCallbackControl: ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'],
        SendMsgControl: ['NoMsgCheck'],
      };
      await call(app, { command: 'group_open_http_svc/send_group_msg', body: message, fine: GROUP_GONE, options });
    },
    async recallMessage(app, { groupId, seq, reason }, options) {
      const body = { GroupId: groupId, MsgSeqList: [{ MsgSeq: seq }], Reason: reason };
      await call(app, { command: 'group_open_http_svc/group_msg_recall', body, fine: GROUP_GONE, options });
    },
    async deleteAccount(app, userId, options) {
      const body = { DeleteItem: [{ UserID: userId }] };
      const command = 'im_open_login_svc/account_delete';
      const { ErrorCode, ResultItem } = await call(app, { command, body, fine: NO_ACCOUNT, options });
      if (typeof ErrorCode === 'number' && NO_ACCOUNT.has(ErrorCode)) return;
      // The call succeeds although the account may have failed: each has its own code.
      const { ResultCode } = fieldsOf(Array.isArray(ResultItem) ? ResultItem[0] : undefined);
      if (ResultCode === 0 || (typeof ResultCode === 'number' && NO_ACCOUNT.has(ResultCode))) return;
      throw new ImError('nonsense', typeof ResultCode === 'number' ? ResultCode : 0);
    },
    async kickUser(app, userId, options) {
      await call(app, { command: 'im_open_login_svc/kick', body: { UserID: userId }, fine: NOBODY, options });
    },
  };
}
