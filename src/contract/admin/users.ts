/** Operators: looking users up, and signing one out everywhere. */
import { required, text } from '../fields';
import { LIMITS } from '../limits';
import { type AdminEndpoint, countedPageOf, int, v } from './endpoint';
import { COUNT, PAGE, REASON, USER_ID } from './fields';
import { REPORT, REPORT_EXAMPLE, SANCTION, SANCTION_EXAMPLE } from './items';

const USER = {
  userId: v.string(),
  name: v.string(),
  username: v.string(),
  createUtc: v.string(),
  lastSeenUtc: v.string(),
  banned: v.boolean(),
  online: v.boolean(),
};

const USER_EXAMPLE = {
  userId: '2',
  name: 'Bob',
  username: 'bob',
  createUtc: '2026-11-01 08:00:00',
  lastSeenUtc: '2026-11-23 12:00:00',
  banned: false,
  online: true,
};

const NOTE = v.strictObject({ noteId: v.string(), text: v.string(), by: v.string(), createUtc: v.string() });
const NOTE_TEXT = text(
  { max: 500 },
  { en: 'The note; users never see it.', zh: '备注内容，用户不可见。', example: 'asked for a second chance' },
);

export const adminUsers = {
  users: {
    path: 'admin/users',
    summary: { en: 'Users', zh: '用户列表' },
    notes: {
      en: 'Newest first. A search finds an id, a user name, a phone number or a mail address exactly, and display names by their beginning.',
      zh: '按注册时间降序。搜索：ID、用户名、手机号、邮箱精确匹配，昵称按前缀匹配。',
    },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      search: text(
        { max: LIMITS.username, numbers: true },
        { en: 'Id, name, user name, phone or mail.', zh: 'ID、昵称、用户名、手机号或邮箱。', example: 'bob' },
      ),
    },
    data: countedPageOf(v.strictObject(USER)),
    exampleData: { items: [USER_EXAMPLE], cursor: '' },
    errors: [],
  },
  user: {
    path: 'admin/user',
    summary: { en: 'One user', zh: '用户详情' },
    notes: {
      en: 'With the rooms they are in now, the notes by operators, the sessions, the rooms they own with their last broadcast, the sanctions, and the reports about them and by them.',
      zh: '包含当前所在直播间、运营备注、会话、拥有的房间及最近一次直播、处罚，以及关于该用户和由该用户提交的举报。',
    },
    scope: 'read',
    changes: false,
    fields: { userId: required(USER_ID) },
    data: v.strictObject({
      ...USER,
      rooms: v.array(
        v.strictObject({ roomId: v.string(), title: v.string(), role: v.string(), joinedUtc: v.string() }),
      ),
      notes: v.array(NOTE),
      sessions: v.array(v.strictObject({ createUtc: v.string(), expireUtc: v.string(), address: v.string() })),
      broadcasts: v.array(
        v.strictObject({
          roomId: v.string(),
          broadcastNo: int,
          title: v.string(),
          category: v.string(),
          startUtc: v.string(),
          endUtc: v.string(),
        }),
      ),
      sanctions: v.array(SANCTION),
      reports: v.array(REPORT),
    }),
    exampleData: {
      ...USER_EXAMPLE,
      rooms: [{ roomId: '1', title: 'A live room', role: 'audience', joinedUtc: '2026-11-23 12:00:00' }],
      notes: [{ noteId: '5', text: 'asked for a second chance', by: 'alice', createUtc: '2026-11-22 09:00:00' }],
      sessions: [{ createUtc: '2026-11-23 11:00:00', expireUtc: '2026-12-23 11:00:00', address: '203.0.113.7' }],
      broadcasts: [
        {
          roomId: '2',
          broadcastNo: 4,
          title: 'A live room',
          category: 'mlvb-show-live',
          startUtc: '2026-11-23 12:00:00',
          endUtc: '',
        },
      ],
      sanctions: [SANCTION_EXAMPLE],
      reports: [REPORT_EXAMPLE],
    },
    errors: ['UserNotExists'],
  },
  signOutUser: {
    path: 'admin/sign_out_user',
    summary: { en: 'Sign a user out everywhere', zh: '强制下线' },
    notes: {
      en: 'Every token answers 204 afterwards. They may sign in again.',
      zh: '所有 token 失效（204），可以重新登录。',
    },
    scope: 'moderate',
    changes: true,
    costs: { rows: { activity: ['swept'] } },
    fields: { userId: required(USER_ID), reason: REASON },
    data: v.strictObject({ sessions: int }),
    exampleData: { sessions: 1 },
    errors: ['UserNotExists'],
  },
  addNote: {
    path: 'admin/add_note',
    summary: { en: 'Add a note on a user', zh: '添加用户备注' },
    notes: {
      en: 'For other operators; it is part of the user call. 100 notes per user; one more returns 409.',
      zh: '供其他运营人员查看，在 user 接口中返回。每个用户最多 100 条，超出返回 409。',
    },
    scope: 'moderate',
    changes: true,
    costs: { rows: { user_notes: [1, 'keyCalls'] } },
    fields: { userId: required(USER_ID), text: required(NOTE_TEXT) },
    data: v.strictObject({ noteId: v.string() }),
    exampleData: { noteId: '5' },
    errors: ['UserNotExists'],
  },
  removeNote: {
    path: 'admin/remove_note',
    summary: { en: 'Delete a note', zh: '删除用户备注' },
    notes: {
      en: 'Operators delete their own notes; the scope manage deletes all of them.',
      zh: '运营人员可删除自己的备注，manage 权限可删除全部备注。',
    },
    scope: 'moderate',
    changes: true,
    costs: {},
    fields: {
      noteId: required(
        text(
          { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be an id' },
          { en: 'The note.', zh: '备注 ID。', example: '5' },
        ),
      ),
    },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
