/** The contract of /base/v1/auth_users: tokens, profiles and the keepalive. */
import { CODE_DIGITS, CODE_EMAIL, CODE_PHONE, CODE_SESSION } from './codes';
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

/** Without examples: an example of a profile has no code to go with it. */
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
    session: 'own-statement',
    changes: [],
    fields: {},
    data: SIGN_IN_DATA,
    exampleData: SIGN_IN_EXAMPLE,
    okMessage: 'login done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  userLogout: {
    path: 'auth_users/user_logout',
    summary: { en: 'Sign out', zh: '注销登录' },
    session: 'optional',
    changes: ['lists', 'sessions'],
    fields: {},
    okMessage: 'user logout ok',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  userDelete: {
    path: 'auth_users/user_delete',
    summary: { en: 'Delete the account', zh: '删除用户' },
    session: 'optional',
    changes: ['lists', 'sessions'],
    fields: {},
    okMessage: 'user delete ok',
    invalid: 'SystemVerifyError',
    errors: ['UserTokenExpired', 'UserTokenInvalid'],
  },
  userUpdate: {
    path: 'auth_users/user_update',
    summary: { en: 'Change the profile', zh: '修改用户信息' },
    session: 'required',
    changes: [],
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
    summary: { en: "Read one's own or another profile", zh: '获取用户信息' },
    session: 'own-statement',
    changes: [],
    fields: {
      searchUserId: text(
        { max: 32, numbers: true, pattern: /^[A-Za-z0-9_-]+$/, patternText: 'must be a user id' },
        { en: 'Somebody else, by userId.', zh: '按用户 ID 查询。', example: '2' },
      ),
      searchPhone: text(
        // A + that was not escaped in a URL arrives as a space. Spaces alone would match every user without a phone number.
        {
          max: LIMITS.phone,
          numbers: true,
          pattern: /^[+ ]?[0-9]([0-9 -]*[0-9])?$/,
          patternText: 'must be a phone number',
        },
        { en: 'Somebody else, by phone number.', zh: '按手机号查询。', example: '+8618500002222' },
      ),
    },
    data: v.strictObject({ ...PROFILE, tag: v.string(), tag2: v.string() }),
    exampleData: { userId: '2', apaasUserId: '2', name: 'Bob', avatar: 'https://example.com/b.png', tag: '', tag2: '' },
    okMessage: 'query done',
    invalid: 'UserQueryParams',
    errors: ['UserNotExists', 'UserQueryLimit'],
  },
  userKeepalive: {
    path: 'auth_users/user_keepalive',
    summary: { en: 'Say that the app is alive (every 10 s)', zh: '心跳和保活（每 10 秒）' },
    session: 'own-statement',
    changes: [],
    fields: {},
    data: v.strictObject({ updateUtc: v.string() }),
    exampleData: { updateUtc: '2026-11-23 12:00:00' },
    okMessage: 'keep alive done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
} as const satisfies Record<string, Endpoint>;
