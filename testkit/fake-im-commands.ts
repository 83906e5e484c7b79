/**
 * What the commands of the IM REST API do to an app's groups and accounts, with the error codes the vendor documents
 * (https://cloud.tencent.com/document/product/269/1671). Only what a live room needs. Transport and signatures: fake-im.ts.
 */
import { randomBytes } from 'node:crypto';

export interface FakeGroup {
  readonly groupId: string;
  /** "" where the group was made without an owner. */
  readonly owner: string;
  readonly type: string;
  name: string;
  readonly createdAt: number;
}

export interface SentMessage {
  readonly groupId: string;
  readonly from: string;
  readonly body: unknown;
  readonly customData: string;
}

export interface FakeAccount {
  readonly nick: string;
  readonly faceUrl: string;
}

export type OnlineStatus = 'Online' | 'PushOnline' | 'Offline';

export interface ImApp {
  readonly sdkAppId: number;
  readonly secret: string;
  readonly maxAvChatRooms: number;
  readonly requireAccounts: boolean;
  readonly clock: () => number;
  readonly groups: Map<string, FakeGroup>;
  readonly accounts: Map<string, FakeAccount>;
  /** Accounts that account_delete answers with this code, inside of an answer that succeeds. */
  readonly undeletable: Map<string, number>;
  readonly online: Map<string, OnlineStatus>;
  /** Users whose connections were ended, in order. */
  readonly kicked: string[];
  /** Who may not speak in which group ("group user"), and for how many seconds from when that was said. */
  readonly muted: Map<string, number>;
  /** The system notifications, in order. */
  readonly notices: { groupId: string; content: string }[];
  /** Messages sent in somebody's name, in order. */
  readonly sent: SentMessage[];
  /** Messages that were taken back: "group seq". */
  readonly recalled: string[];
}

export interface ImAnswer {
  readonly ActionStatus: 'OK' | 'FAIL';
  readonly ErrorCode: number;
  readonly ErrorInfo: string;
  readonly [field: string]: unknown;
}

type Body = Readonly<Record<string, unknown>>;
type Command = (app: ImApp, body: Body) => ImAnswer;

export function refusal(code: number, info: string): ImAnswer {
  return { ActionStatus: 'FAIL', ErrorCode: code, ErrorInfo: info };
}

function success(fields: Record<string, unknown> = {}): ImAnswer {
  return { ActionStatus: 'OK', ErrorCode: 0, ErrorInfo: '', ...fields };
}

/** The text of a field; "" where it is absent, undefined where it is something else or longer than `maxBytes`. */
function text(body: Body, field: string, maxBytes: number): string | undefined {
  const value = body[field] ?? '';
  return typeof value === 'string' && Buffer.byteLength(value) <= maxBytes ? value : undefined;
}

const groupTypes = ['Private', 'Work', 'Public', 'ChatRoom', 'Meeting', 'AVChatRoom', 'Community'];
const avChatRoom = 'AVChatRoom';

function isGroupId(id: string): boolean {
  return /^[\x21-\x7e]{1,48}$/.test(id) && !id.startsWith('@TGS#');
}

/** An unknown user, where the app insists on imported accounts. */
function isStranger(app: ImApp, userId: string): boolean {
  return app.requireAccounts && !app.accounts.has(userId);
}

const createGroup: Command = (app, body) => {
  const type = body['Type'];
  const name = text(body, 'Name', 30);
  const owner = text(body, 'Owner_Account', 32);
  const wanted = text(body, 'GroupId', 48);
  if (typeof type !== 'string' || !groupTypes.includes(type)) return refusal(10004, 'Type is invalid');
  if (name === undefined || name === '') return refusal(10004, 'Name is empty or longer than 30 bytes');
  if (owner === undefined) return refusal(10004, 'Owner_Account is invalid');
  if (wanted === undefined || (wanted !== '' && !isGroupId(wanted))) return refusal(10015, 'GroupId is invalid');
  if (text(body, 'Introduction', 240) === undefined) return refusal(10004, 'Introduction is longer than 240 bytes');
  if (text(body, 'Notification', 300) === undefined) return refusal(10004, 'Notification is longer than 300 bytes');
  if (text(body, 'FaceUrl', 100) === undefined) return refusal(10004, 'FaceUrl is longer than 100 bytes');
  if (type === avChatRoom && body['MemberList'] !== undefined) return refusal(10007, 'AVChatRoom takes no MemberList');
  if (owner !== '' && isStranger(app, owner)) return refusal(10019, 'Owner_Account does not exist');
  const existing = app.groups.get(wanted);
  if (existing !== undefined) {
    return owner !== '' && existing.owner === owner
      ? refusal(10025, 'group id has been used, and you are the owner')
      : refusal(10021, 'group id has been used by others');
  }
  const rooms = [...app.groups.values()].filter((group) => group.type === avChatRoom).length;
  if (type === avChatRoom && rooms >= app.maxAvChatRooms) return refusal(10036, 'too many AVChatRooms');
  const groupId = wanted === '' ? `@TGS#${randomBytes(6).toString('hex').toUpperCase()}` : wanted;
  app.groups.set(groupId, { groupId, owner, type, name, createdAt: app.clock() });
  return success({ GroupId: groupId });
};

/** Runs `work` on the group that the body names, or refuses as the API does. */
function withGroup(work: (group: FakeGroup, app: ImApp, body: Body) => ImAnswer): Command {
  return (app, body) => {
    const groupId = body['GroupId'];
    if (typeof groupId !== 'string' || groupId === '') return refusal(10004, 'GroupId is missing');
    const group = app.groups.get(groupId);
    return group === undefined ? refusal(10010, 'group does not exist or was disbanded') : work(group, app, body);
  };
}

const destroyGroup = withGroup((group, app) => {
  app.groups.delete(group.groupId);
  return success();
});

const getGroupInfo: Command = (app, body) => {
  const ids = body['GroupIdList'];
  if (!Array.isArray(ids) || ids.length === 0 || ids.length > 50) return refusal(10004, 'GroupIdList is invalid');
  const describe = (id: unknown) => {
    const group = app.groups.get(String(id));
    if (group === undefined) return { GroupId: id, ErrorCode: 10010, ErrorInfo: 'group does not exist' };
    const { groupId, type, name, owner, createdAt } = group;
    const fields = { GroupId: groupId, Type: type, Name: name, Owner_Account: owner };
    return { ...fields, CreateTime: Math.floor(createdAt / 1000), ErrorCode: 0, ErrorInfo: '' };
  };
  return success({ GroupInfo: ids.map(describe) });
};

const modifyGroup = withGroup((group, _app, body) => {
  const name = text(body, 'Name', 30);
  if (name === undefined) return refusal(10004, 'Name is longer than 30 bytes');
  if (name !== '') group.name = name;
  return success();
});

const addMember = withGroup((group, _app, body) => {
  if (group.type === avChatRoom) return refusal(10007, 'AVChatRoom does not support adding members');
  const members = body['MemberList'];
  if (!Array.isArray(members) || members.length === 0) return refusal(10004, 'MemberList is missing');
  return success({ MemberList: members.map((member: object) => ({ ...member, Result: 1 })) });
});

/** AVChatRoom refuses it; the fake has no members to change in the other types. */
const avChatRoomRefuses = (code: number): Command =>
  withGroup((group) => (group.type === avChatRoom ? refusal(code, 'not for AVChatRoom') : success()));

const notifyGroup = withGroup((group, app, body) => {
  const content = body['Content'];
  if (typeof content !== 'string' || content === '') return refusal(10004, 'Content is missing');
  app.notices.push({ groupId: group.groupId, content });
  return success();
});

const FORBID = ['ForbidBeforeSendMsgCallback', 'ForbidAfterSendMsgCallback'];

const sendGroupMsg = withGroup((group, app, body) => {
  const { MsgBody, Random, From_Account, ForbidCallbackControl, CloudCustomData = '' } = body;
  if (!Array.isArray(MsgBody) || MsgBody.length === 0) return refusal(10004, 'MsgBody is missing');
  if (typeof Random !== 'number' || !Number.isInteger(Random) || Random < 0 || Random > 4_294_967_295) {
    return refusal(10004, 'Random must be a uint32');
  }
  const forbidden: readonly unknown[] = Array.isArray(ForbidCallbackControl) ? ForbidCallbackControl : [];
  if (forbidden.some((one) => !FORBID.includes(String(one)))) return refusal(10004, 'ForbidCallbackControl is invalid');
  if (isStranger(app, String(From_Account))) return refusal(10019, 'From_Account does not exist');
  if (app.muted.has(`${group.groupId} ${From_Account}`)) return refusal(10017, 'the sender is muted');
  app.sent.push({
    groupId: group.groupId,
    from: String(From_Account),
    body: MsgBody,
    customData: String(CloudCustomData),
  });
  return success({ MsgSeq: app.sent.length, MsgTime: Math.floor(app.clock() / 1000) });
});

const recallGroupMsg = withGroup((group, app, body) => {
  const list = body['MsgSeqList'];
  if (!Array.isArray(list) || list.length === 0 || list.length > 10) return refusal(10004, 'MsgSeqList is invalid');
  const results = list.map((entry: unknown) => {
    const seq = typeof entry === 'object' && entry !== null ? Reflect.get(entry, 'MsgSeq') : undefined;
    app.recalled.push(`${group.groupId} ${seq}`);
    return { MsgSeq: seq, RetCode: 0 };
  });
  return success({ RecallRetList: results });
});

const FOREVER = 4_294_967_295;

const forbidSendMsg = withGroup((group, app, body) => {
  const members = body['Members_Account'];
  const time = body['MuteTime'];
  if (!Array.isArray(members) || members.length === 0) return refusal(10004, 'Members_Account is missing');
  if (members.length > 500) return refusal(10005, 'too many members');
  const isTime = typeof time === 'number' && Number.isInteger(time) && time >= 0 && time <= FOREVER;
  if (!isTime) return refusal(10004, 'MuteTime must be a uint32');
  for (const member of members) {
    if (isStranger(app, String(member))) return refusal(10019, 'the member does not exist');
    const key = `${group.groupId} ${member}`;
    if (time === 0) app.muted.delete(key);
    else app.muted.set(key, time);
  }
  return success();
});

const importAccount: Command = (app, body) => {
  const userId = text(body, 'UserID', 32);
  const nick = text(body, 'Nick', 500);
  const faceUrl = text(body, 'FaceUrl', 500);
  if (userId === undefined || userId === '') return refusal(70402, 'UserID is missing or longer than 32 bytes');
  if (nick === undefined || faceUrl === undefined) return refusal(40601, 'Nick or FaceUrl is longer than 500 bytes');
  app.accounts.set(userId, { nick, faceUrl });
  return success();
};

const kick: Command = (app, body) => {
  const userId = text(body, 'UserID', 32);
  if (userId === undefined || userId === '') return refusal(70402, 'UserID is missing');
  if (isStranger(app, userId)) return refusal(70107, 'the user does not exist');
  app.kicked.push(userId);
  return success();
};

const queryOnlineStatus: Command = (app, body) => {
  const users = body['To_Account'];
  if (!Array.isArray(users) || users.length === 0 || users.length > 500) return refusal(90003, 'To_Account is invalid');
  const unknown = users.filter((user) => isStranger(app, String(user)));
  const known = users.filter((user) => !unknown.includes(user));
  return success({
    QueryResult: known.map((user) => ({ To_Account: user, Status: app.online.get(String(user)) ?? 'Offline' })),
    ErrorList: unknown.map((user) => ({ To_Account: user, ErrorCode: 70107 })),
  });
};

/** https://cloud.tencent.com/document/product/269/36443 */
const deleteAccount: Command = (app, body) => {
  const items = Array.isArray(body['DeleteItem']) ? body['DeleteItem'] : [];
  const ids = items.map((item: unknown) => String((item as Record<string, unknown>)['UserID'] ?? ''));
  if (ids.length === 0 || ids.length > 100) return refusal(90_001, 'DeleteItem');
  const results = ids.map((UserID) => {
    const code = app.undeletable.get(UserID);
    if (code !== undefined) return { UserID, ResultCode: code, ResultInfo: 'Err_TIMEOUT' };
    const known = app.accounts.delete(UserID);
    app.online.delete(UserID);
    return { UserID, ResultCode: known ? 0 : 70_107, ResultInfo: '' };
  });
  return success({ ResultItem: results });
};

const group = 'v4/group_open_http_svc';

/** The commands by path. */
export const commands: Readonly<Record<string, Command>> = {
  [`${group}/create_group`]: createGroup,
  [`${group}/destroy_group`]: destroyGroup,
  [`${group}/get_group_info`]: getGroupInfo,
  [`${group}/modify_group_base_info`]: modifyGroup,
  [`${group}/add_group_member`]: addMember,
  [`${group}/delete_group_member`]: avChatRoomRefuses(10004),
  [`${group}/change_group_owner`]: avChatRoomRefuses(10007),
  [`${group}/get_group_member_info`]: avChatRoomRefuses(10007),
  [`${group}/send_group_system_notification`]: notifyGroup,
  [`${group}/forbid_send_msg`]: forbidSendMsg,
  [`${group}/send_group_msg`]: sendGroupMsg,
  [`${group}/group_msg_recall`]: recallGroupMsg,
  'v4/im_open_login_svc/account_import': importAccount,
  'v4/im_open_login_svc/account_delete': deleteAccount,
  'v4/im_open_login_svc/kick': kick,
  'v4/openim/query_online_status': queryOnlineStatus,
};
