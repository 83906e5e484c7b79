/** The contract of /base/v1/auth_users: tokens, profiles and the keepalive. */
import { CODE_DIGITS, CODE_EMAIL, CODE_PHONE, CODE_SESSION } from './codes';
import { CUSTOM, CUSTOM_DATA } from './custom';
import { type Endpoint, v } from './endpoint';
import { type Field, pictureAddress, text } from './fields';
import { LIMITS } from './limits';
import { SALT, SIGN_IN_DATA, SIGN_IN_EXAMPLE } from './oauth';

const PROFILE = {
  userId: v.string(),
  apaasUserId: v.string(),
  name: v.string(),
  avatar: v.string(),
};

/** No examples: a profile example has no matching code. */
const withoutExample = (field: Field<string, false>): Field<string, false> => ({
  ...field,
  docs: { ...field.docs, example: '' },
});
const CODE_PHONE_TO_BIND = withoutExample(CODE_PHONE);
const CODE_SESSION_TO_BIND = withoutExample(CODE_SESSION);
const CODE_DIGITS_TO_BIND = withoutExample(CODE_DIGITS);
const NEW_SALT = withoutExample(SALT);

const tagField = (en: string, zh: string, example: string) => text({ max: LIMITS.tag }, { en, zh, example });

export const authUsersContract = {
  userLoginToken: {
    path: 'auth_users/user_login_token',
    summary: { en: 'Sign in with a token', zh: 'Token 登录' },
    notes: {
      en: 'Call it when the app starts. Returns a new token for 30 days; the old one stays valid until it expires.',
      zh: '应用启动时调用。返回新的 token（30 天有效）；旧的 token 在过期前仍然有效。',
    },
    session: 'own-statement',
    costs: { unknown: 4 },
    fields: {},
    data: SIGN_IN_DATA,
    exampleData: SIGN_IN_EXAMPLE,
    okMessage: 'login done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  userLogout: {
    path: 'auth_users/user_logout',
    summary: { en: 'Sign out', zh: '退出登录' },
    notes: {
      en: 'Ends the session with all its tokens. Answers success for an expired or unknown token too.',
      zh: '结束会话，该会话的 token 全部失效。Token 过期或不存在也返回成功。',
    },
    session: 'optional',
    costs: { rows: { activity: [1, 'once'] } },
    fields: {},
    okMessage: 'user logout ok',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  userDelete: {
    path: 'auth_users/user_delete',
    summary: { en: 'Delete the account', zh: '删除用户' },
    notes: {
      en: "Removes the user, the sessions and the memberships and ends the user's rooms. Success too if the user is gone already.",
      zh: '删除用户、会话和房间成员信息，并结束该用户的房间。用户不存在也返回成功。',
    },
    session: 'optional',
    costs: {
      rows: { activity: ['sessions'], broadcasts: ['openRooms'] },
      // The IM account goes an hour later.
      calls: { im: [['openRooms'], [1, 'once']], trtc: ['openRooms'] },
      events: { 'room.ended': ['openRooms'], 'user.deleted': [1, 'once'] },
      unknown: 8,
    },
    fields: {},
    okMessage: 'user delete ok',
    invalid: 'SystemVerifyError',
    errors: ['UserTokenExpired', 'UserTokenInvalid'],
  },
  userUpdate: {
    path: 'auth_users/user_update',
    summary: { en: 'Change the profile', zh: '修改用户信息' },
    notes: {
      en: 'At least one of the fields. Idempotent. phone or email need sessionId and code (user_verify_by_picture) and then belong to the account; sign in by signature, or by code to an address that is bound already, within SALT_RESET_SECONDS (600) before. salt replaces a lost password: only within SALT_RESET_SECONDS after a sign-in by a code to an address that created the account or has been bound for 7 days, and it ends all other sessions.',
      zh: '至少传一个字段；和之前一致也返回成功。传 phone 或 email 时需要 sessionId 和 code（user_verify_by_picture），成功后绑定到该账号；须在此前 SALT_RESET_SECONDS（600）秒内用签名登录，或用发送到已绑定号码的验证码登录。salt 用于找回密码：仅在验证码登录后 SALT_RESET_SECONDS 秒内有效，且该手机号或邮箱须为创建账号时所用，或已绑定满 7 天；成功后其他会话结束。',
    },
    session: 'own-statement',
    costs: {
      rows: {
        addresses: [1, 'codesOfClient'],
        code_limits: [3, 'codeFailuresOfClient', 'codeFailuresOfContact'],
        chat_log: [1, 'chatLog'],
        // An avatar for the reviewing vendor: one call now, and one a minute later.
        im_said: [1, 'once'],
        outbox: [2, 'once'],
      },
      calls: { mail: [1, 'codesOfContact', 'codesOfClient'] },
      failures: ['codeTries', 'codeFailuresOfClient', 'codeFailuresOfContact'],
      unknown: 4,
    },
    fields: {
      name: text(
        { max: LIMITS.name },
        { en: 'Display name.', zh: '用户名，昵称，限制 125 个字符。', example: 'Alice' },
      ),
      tag: tagField('Label of the user.', '用户标签。', 'im'),
      tag2: tagField('Second label.', '用户标签 2。', 'mlvb'),
      avatar: pictureAddress(
        { max: LIMITS.avatar },
        { en: 'URL of a picture.', zh: '头像地址。', example: 'https://example.com/a.png' },
      ),
      custom: CUSTOM,
      phone: CODE_PHONE_TO_BIND,
      email: CODE_EMAIL,
      sessionId: CODE_SESSION_TO_BIND,
      code: CODE_DIGITS_TO_BIND,
      salt: NEW_SALT,
    },
    okMessage: 'update ok',
    invalid: 'SystemVerifyError',
    errors: [
      'UseInfoEmpty',
      'UserCodeInvalid',
      'UserCodeExpired',
      'UserCodeConsumed',
      'UserEmailInvalid',
      'UserQueryLimit',
    ],
  },
  userQuery: {
    path: 'auth_users/user_query',
    summary: { en: "Get your own or another user's profile", zh: '获取用户信息' },
    notes: {
      en: 'Without a search parameter, returns your own profile. Never returns phone or email.',
      zh: '不传查询参数时返回自己的信息。该接口不返回 phone 和 email。',
    },
    session: 'own-statement',
    costs: { answers: ['searches'] },
    fields: {
      searchUserId: text(
        { max: 32, numbers: true, pattern: /^[A-Za-z0-9_-]+$/, patternText: 'must be a user id' },
        { en: 'Another user, by userId.', zh: '按用户 ID 查询。', example: '2' },
      ),
      searchPhone: text(
        // An unescaped + in a URL arrives as a space. A text of spaces would match every user without a phone number.
        {
          max: LIMITS.phone,
          numbers: true,
          pattern: /^[+ ]?[0-9]([0-9 -]*[0-9])?$/,
          patternText: 'must be a phone number',
        },
        { en: 'Another user, by phone number.', zh: '按手机号查询。', example: '+8618500002222' },
      ),
    },
    data: v.strictObject({ ...PROFILE, tag: v.string(), tag2: v.string(), custom: v.optional(CUSTOM_DATA) }),
    exampleData: { userId: '2', apaasUserId: '2', name: 'Bob', avatar: 'https://example.com/b.png', tag: '', tag2: '' },
    okMessage: 'query done',
    invalid: 'UserQueryParams',
    errors: ['UserNotExists', 'UserQueryLimit'],
  },
  userKeepalive: {
    path: 'auth_users/user_keepalive',
    summary: { en: 'Say that the app is alive (every 10 s)', zh: '心跳和保活（每 10 秒）' },
    notes: {
      en: 'A room leaves the list after OWNER_TIMEOUT_SECONDS (90) without a heartbeat of its host, and returns with the next one.',
      zh: '主播超过 OWNER_TIMEOUT_SECONDS（90 秒）没有心跳，房间会从列表中消失；恢复心跳后重新出现。',
    },
    session: 'own-statement',
    costs: {},
    fields: {},
    data: v.strictObject({ updateUtc: v.string() }),
    exampleData: { updateUtc: '2026-11-23 12:00:00' },
    okMessage: 'keep alive done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
} as const satisfies Record<string, Endpoint>;
