/** Operators: looking users up, and signing one out everywhere. */
import { required, text } from '../fields';
import { LIMITS } from '../limits';
import { type AdminEndpoint, int, pageOf, v } from './endpoint';
import { PAGE, REASON, USER_ID } from './fields';
import { REPORT, REPORT_EXAMPLE, SANCTION, SANCTION_EXAMPLE } from './items';

const USER = {
  userId: v.string(),
  name: v.string(),
  username: v.string(),
  createUtc: v.string(),
  lastSeenUtc: v.string(),
  banned: v.boolean(),
};

const USER_EXAMPLE = {
  userId: '2',
  name: 'Bob',
  username: 'bob',
  createUtc: '2026-11-01 08:00:00',
  lastSeenUtc: '2026-11-23 12:00:00',
  banned: false,
};

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
      search: text(
        { max: LIMITS.username, numbers: true },
        { en: 'Id, name, user name, phone or mail.', zh: 'ID、昵称、用户名、手机号或邮箱。', example: 'bob' },
      ),
    },
    data: pageOf(v.strictObject(USER)),
    exampleData: { items: [USER_EXAMPLE], cursor: '' },
    errors: [],
  },
  user: {
    path: 'admin/user',
    summary: { en: 'One user', zh: '用户详情' },
    notes: {
      en: 'With the sessions, the rooms they own with their last broadcast, the sanctions, and the reports about them and by them.',
      zh: '包含会话、拥有的房间及最近一次直播、处罚，以及关于该用户和由该用户提交的举报。',
    },
    scope: 'read',
    changes: false,
    fields: { userId: required(USER_ID) },
    data: v.strictObject({
      ...USER,
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
      sessions: [{ createUtc: '2026-11-23 11:00:00', expireUtc: '2026-12-23 11:00:00', address: '203.0.113.7' }],
      broadcasts: [
        {
          roomId: '2',
          broadcastNo: 4,
          title: 'A live room',
          category: 'liveRoom',
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
    fields: { userId: required(USER_ID), reason: REASON },
    data: v.strictObject({ sessions: int }),
    exampleData: { sessions: 1 },
    errors: ['UserNotExists'],
  },
} as const satisfies Record<string, AdminEndpoint>;
