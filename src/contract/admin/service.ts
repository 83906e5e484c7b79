/** Calls of a team's own service: accounts and rooms on behalf of users. */
import { CUSTOM, CUSTOM_DATA } from '../custom';
import { integer, pictureAddress, required, text } from '../fields';
import { LIMITS } from '../limits';
import { SIGN_IN_DATA, SIGN_IN_EXAMPLE, USERNAME } from '../oauth';
import { CLOSE, DELETE } from './costs';
import { type AdminEndpoint, int, PENDING, v } from './endpoint';
import { flag, REASON, ROOM_ID, USER_ID } from './fields';

const NAME = text({ max: LIMITS.name }, { en: 'Display name.', zh: '昵称。', example: 'Guest' });
const AVATAR = pictureAddress(
  { max: LIMITS.avatar },
  { en: 'URL of a picture.', zh: '头像地址。', example: 'https://example.com/a.png' },
);
const clearable = (max: number, en: string, zh: string, multiline = false) =>
  text({ max, multiline, allowEmpty: true }, { en, zh });

const ROOM_FIELDS = {
  category: text(
    { max: LIMITS.category, pattern: /^\S(.*\S)?$/u, patternText: 'must not begin or end with a space' },
    { en: 'Kind of room.', zh: '房间分类。', example: 'liveRoom' },
  ),
  title: clearable(LIMITS.title, 'Title.', '房间标题。'),
  cover: pictureAddress(
    { max: LIMITS.cover, allowEmpty: true },
    { en: 'URL of the cover; empty removes it.', zh: '房间封面，空字符串表示清除。' },
  ),
  subject: clearable(LIMITS.subject, 'Subject.', '房间主题。'),
  description: clearable(LIMITS.description, 'Description.', '房间详细描述。', true),
  custom: CUSTOM,
  keepOpen: flag({
    en: 'The room stays live and listed while its owner is away; default false.',
    zh: '主播不在时房间保持直播和可见；默认 false。',
  }),
};

const NAMED = {
  userId: USER_ID,
  username: text({ max: LIMITS.username }, { en: 'User name, instead of userId.', zh: '用户名，可代替 userId。' }),
};

/** Limits of one import. */
export const MAX_LINES = 10_000;

export const USER_DATA = v.strictObject({
  userId: v.string(),
  username: v.string(),
  name: v.string(),
  avatar: v.string(),
  tag: v.string(),
  tag2: v.string(),
  custom: v.optional(CUSTOM_DATA),
});

export const adminService = {
  issueToken: {
    path: 'admin/issue_token',
    summary: { en: 'Sign a user in', zh: '为用户签发登录' },
    notes: {
      en: 'The answer is that of oauth/signature; pass it to your app. With username, the account is created if it is missing (create=false: 404 instead), and anything registered under that name before loses its salt and its sessions.',
      zh: '返回与 oauth/signature 相同的数据，交给你的客户端使用。传 username 时，账号不存在则创建（create=false 则返回 404），此前以该用户名注册的 salt 和会话失效。',
    },
    scope: 'service',
    changes: true,
    costs: {
      rows: {
        users: [1, 'keyCalls'],
        public_ids: [1, 'keyCalls'],
        presence: [1, 'keyCalls'],
        sessions: [1, 'keyCalls'],
        activity: ['swept'],
        // IM, and the vendor that reviews pictures: now, and again a minute later.
        im_said: [2, 'keyCalls'],
        outbox: [4, 'keyCalls'],
        chat_log: [1, 'keyCalls'],
      },
      calls: { im: [1, 'keyCalls'] },
      events: { 'user.created': [1, 'keyCalls'] },
    },
    inSteps: true,
    fields: {
      ...NAMED,
      username: { ...USERNAME, docs: NAMED.username.docs },
      nickname: NAME,
      avatar: AVATAR,
      create: flag({ en: 'Create a missing account; default true.', zh: '账号不存在时创建；默认 true。' }),
    },
    data: SIGN_IN_DATA,
    exampleData: SIGN_IN_EXAMPLE,
    errors: ['UserNotExists'],
  },
  updateUser: {
    path: 'admin/update_user',
    summary: { en: 'Change a user', zh: '修改用户' },
    notes: { en: 'Changes only the given fields.', zh: '只修改传入的字段。' },
    scope: 'service',
    changes: true,
    costs: {
      rows: { im_said: [2, 'keyCalls'], outbox: [4, 'keyCalls'], chat_log: [1, 'keyCalls'] },
      calls: { im: [1, 'keyCalls'] },
    },
    fields: {
      userId: required(USER_ID),
      name: { ...NAME, allowEmpty: true },
      avatar: { ...AVATAR, allowEmpty: true },
      tag: clearable(LIMITS.tag, 'Label.', '用户标签。'),
      tag2: clearable(LIMITS.tag, 'Second label.', '用户标签 2。'),
      custom: CUSTOM,
    },
    data: USER_DATA,
    exampleData: {
      userId: '2',
      username: 'bob',
      name: 'Bob',
      avatar: 'https://example.com/b.png',
      tag: '',
      tag2: '',
      custom: { level: 7 },
    },
    errors: ['UserNotExists'],
  },
  openRoom: {
    path: 'admin/open_room',
    summary: { en: 'Open a room for a user', zh: '为用户开播' },
    notes: {
      en: 'The same as if the owner had entered as anchor. Repeating it changes the given fields of the live room.',
      zh: '等同于主播以 anchor 进入房间。重复调用则修改直播中房间的相应字段。',
    },
    scope: 'service',
    changes: true,
    costs: {
      rows: {
        public_ids: [1, 'keyCalls'],
        rooms: [1, 'keyCalls'],
        members: [1, 'keyCalls'],
        throttles: [1, 'keyCalls'],
        im_said: [1, 'keyCalls'],
        chat_log: [3, 'keyCalls'],
        // The session in which the service acts, until the answer.
        sessions: [1, 'keyCalls'],
      },
      calls: { im: [3, 'keyCalls'] },
      events: { 'room.opened': [1, 'keyCalls'], 'member.joined': [1, 'keyCalls'] },
    },
    inSteps: true,
    fields: {
      ownerId: required({ ...USER_ID, docs: { ...USER_ID.docs, en: 'The owner.', zh: '主播。' } }),
      roomId: { ...ROOM_ID, docs: { ...ROOM_ID.docs, en: "Default: the owner's id.", zh: '默认为主播的 ID。' } },
      ...ROOM_FIELDS,
    },
    data: v.strictObject({ roomId: v.string(), pending: PENDING }),
    exampleData: { roomId: '1', pending: [] },
    errors: ['UserNotExists'],
  },
  updateRoomOf: {
    path: 'admin/update_room',
    summary: { en: 'Change a live room', zh: '修改房间' },
    notes: {
      en: 'Changes only the given fields. `star` is the number that query_room can order by.',
      zh: '只修改传入的字段。query_room 可以按 `star` 排序。',
    },
    scope: 'service',
    changes: true,
    costs: { rows: { chat_log: [3, 'keyCalls'] } },
    fields: {
      roomId: required(ROOM_ID),
      ...ROOM_FIELDS,
      star: integer({ min: 0, max: 999_999_999 }, { en: 'Ranking number.', zh: '用于排序的数值。', example: 100 }),
    },
    data: v.strictObject({ roomId: v.string() }),
    exampleData: { roomId: '1' },
    errors: ['RoomNotExists'],
  },
  closeRoom: {
    path: 'admin/close_room',
    summary: { en: 'End a room', zh: '结束直播' },
    notes: {
      en: 'Success if it has ended already. endedBy is `service`.',
      zh: '已结束也返回成功。endedBy 为 `service`。',
    },
    scope: 'service',
    changes: true,
    costs: CLOSE,
    fields: { roomId: required(ROOM_ID), reason: { ...REASON, required: false } },
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: ['RoomNotExists'],
  },
  importUsers: {
    path: 'admin/import_users',
    summary: { en: 'Import users', zh: '导入用户' },
    notes: {
      en: 'The body is NDJSON (content-type application/x-ndjson): one JSON object per line with username (required), userId, name, avatar, phone, email, custom; at most 10,000 lines or 8 MiB. The tenant is a query parameter. Existing users are not changed, so the call can be repeated; refused lines are listed with the reason.',
      zh: '请求体为 NDJSON（content-type application/x-ndjson）：每行一个 JSON 对象，字段 username（必填）、userId、name、avatar、phone、email、custom；最多 10,000 行或 8 MiB。租户用查询参数 tenant 指定。已有用户不会被修改，可以重复调用；被拒绝的行连同原因一起返回。',
    },
    scope: 'service',
    changes: true,
    costs: {
      rows: {
        users: [MAX_LINES, 'keyCalls'],
        public_ids: [MAX_LINES, 'keyCalls'],
        presence: [MAX_LINES, 'keyCalls'],
        addresses: [2 * MAX_LINES, 'keyCalls'],
        // Former sanctions of the person, by each address.
        sanctions: ['swept'],
      },
      events: { 'user.created': [MAX_LINES, 'keyCalls'] },
    },
    inSteps: true,
    lines: true,
    fields: {},
    data: v.strictObject({
      added: int,
      known: int,
      refused: v.array(v.strictObject({ line: int, why: v.string() })),
    }),
    exampleData: { added: 1, known: 0, refused: [{ line: 2, why: 'username is required' }] },
    errors: [],
  },
  exportUser: {
    path: 'admin/export_user',
    summary: { en: 'Export everything stored about one person', zh: '导出某个用户的全部数据' },
    notes: {
      en: 'By table, without secrets and their hashes. Either userId or username. Written to the audit.',
      zh: '按表返回，不含密钥及其哈希。传 userId 或 username 之一。会写入操作日志。',
    },
    scope: 'manage',
    changes: true,
    costs: {},
    fields: NAMED,
    data: v.record(v.string(), v.array(v.record(v.string(), v.unknown()))),
    exampleData: { users: [{ id: 2, username: 'bob', name: 'Bob' }] },
    errors: ['UserNotExists'],
  },
  deleteUser: {
    path: 'admin/delete_user',
    summary: { en: 'Delete a person', zh: '删除用户' },
    notes: {
      en: 'The same as user_delete, for people who cannot sign in. The IM account is deleted an hour later.',
      zh: '等同于 user_delete，用于无法登录的用户。IM 账号在一小时后删除。',
    },
    scope: 'manage',
    changes: true,
    costs: DELETE,
    fields: { userId: required(USER_ID), reason: REASON },
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: ['UserNotExists'],
  },
} as const satisfies Record<string, AdminEndpoint>;
