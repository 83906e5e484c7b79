/** The contract of /base/v1/oauth: registering a name and signing in with a signature. */
import type { Costs, LimitName } from './costs';
import { type Endpoint, v } from './endpoint';
import { pictureAddress, required, text } from './fields';
import { LIMITS } from './limits';

export const USERNAME = text(
  { max: LIMITS.username },
  { en: 'Name, mail address or phone number.', zh: '用户名，也可以是邮箱或手机号。', example: 'alice' },
);

export const SALT = text(
  { max: LIMITS.salt, min: 16, pattern: /^[\x21-\x7e]+$/, patternText: 'must be printable ASCII' },
  {
    en: 'md5(username-password), made by the client.',
    zh: '客户端用密码生成，例如 md5(username-password)。',
    example: '1e80a39bf9e1cb8e97cdaee2ace85281',
  },
);

const APAAS_APP_ID = text(
  { max: 64, numbers: true },
  { en: 'Tenant; absent means the default one.', zh: '租户；默认租户可以不传。', example: '' },
);

const PROFILE = {
  nickname: text({ max: LIMITS.name }, { en: 'Display name.', zh: '用户昵称。', example: 'Guest' }),
  avatar: pictureAddress(
    { max: LIMITS.avatar },
    { en: 'URL of a picture.', zh: '用户头像地址。', example: 'https://example.com/a.png' },
  ),
};

const NONCE = text(
  { max: 128, numbers: true },
  { en: 'Random text, part of the signature.', zh: '随机字符串，参与签名。', example: 'o29dmek' },
);

/** The result of a sign-in. It has both sdkUserSig (README) and userSig (read by the iOS app). */
export const SIGN_IN_DATA = v.strictObject({
  userId: v.string(),
  apaasUserId: v.string(),
  apaasAppId: v.string(),
  sdkAppId: v.pipe(v.number(), v.integer()),
  sdkUserSig: v.string(),
  userSig: v.string(),
  token: v.string(),
  expire: v.string(),
  phone: v.string(),
  email: v.string(),
  name: v.string(),
  avatar: v.string(),
});

export const SIGN_IN_EXAMPLE = {
  userId: '1',
  apaasUserId: '1',
  apaasAppId: '',
  sdkAppId: 1400544182,
  sdkUserSig: 'eJwtjMEKwjA...',
  userSig: 'eJwtjMEKwjA...',
  token: 'eyJhbGciOi...',
  expire: '2026-12-23 06:42:54',
  phone: '',
  email: '',
  name: '',
  avatar: 'https://imgcache.qq.com/operation/dianshi/other/1.724142271f4e811457eee00763e63f454af52d13.png',
};

const GUESSES = [
  'signInFailures',
  'signInFailuresOfName',
  'signInFailuresOfStrangers',
] as const satisfies readonly LimitName[];
/** Accounts are created here only for users signed in by the tenant's backend or identity provider. */
const SIGN_IN_COSTS = {
  rows: {
    users: [1, 'vouched'],
    public_ids: [1, 'vouched'],
    presence: [1, 'vouched'],
    sessions: [1, 'sessions'],
    activity: [1, 'swept'],
    // The work of the profile for IM, and of the avatar for the reviewing vendor: one call now, and one a minute later.
    im_said: [2, 'once'],
    outbox: [4, 'once'],
    chat_log: [1, 'chatLog'],
  },
  calls: { im: [1, 'profileTellings'] },
  events: { 'user.created': [1, 'vouched'] },
} as const satisfies Costs;

export const oauthContract = {
  register: {
    path: 'oauth/register',
    summary: { en: 'Register a user name', zh: '用户签名注册' },
    notes: {
      en: 'Idempotent for the same salt. The same name with another salt is rejected.',
      zh: '用相同的 salt 重复注册返回成功（例如第一次的结果丢失了）；用户名已被别人使用则失败。',
    },
    session: 'none',
    costs: {
      rows: {
        users: [1, 'signUps', 'signUpsOfDay'],
        public_ids: [1, 'signUps', 'signUpsOfDay'],
        presence: [1, 'signUps', 'signUpsOfDay'],
        throttles: [
          [4, 'signUps', 'signUpsOfDay'],
          [4, ...GUESSES],
        ],
      },
      events: { 'user.created': [1, 'signUps', 'signUpsOfDay'] },
      failures: GUESSES,
      // Registration is open.
      unknown: 12,
    },
    fields: {
      username: required(USERNAME),
      salt: required(SALT),
      apaasAppId: APAAS_APP_ID,
    },
    okMessage: 'register ok',
    invalid: 'UserOAuthParams',
    errors: ['SystemVerifyError', 'UserOAuthParams', 'UserQueryLimit'],
  },
  signature: {
    path: 'oauth/signature',
    summary: { en: 'Sign in with a signature', zh: '用户签名登录' },
    notes: {
      en: 'Returns everything that the IM and TRTC SDKs need. A wrong signature and an unknown name return the same error. userSig and sdkUserSig are the same text, since some apps read one and some the other. With ts a signature signs in once: within 15 seconds a repeat from the same address gets the same session, later or from elsewhere 98, and a sign-out ends older signatures. Without ts it signs in again and again, so keep it like a password; OAUTH_REQUIRE_TS refuses it.',
      zh: '返回 IM 和 TRTC SDK 需要的全部信息。签名错误和用户不存在返回相同的错误。userSig 和 sdkUserSig 内容相同，不同的客户端读取不同的字段。带 ts 的签名只能登录一次：15 秒内从同一地址重复发送返回同一会话，之后或从其他地址返回 98；退出登录使更早的签名失效。不带 ts 的签名可以反复登录，请像密码一样保管；OAUTH_REQUIRE_TS 可拒绝这种签名。',
    },
    session: 'none',
    costs: {
      ...SIGN_IN_COSTS,
      rows: { ...SIGN_IN_COSTS.rows, throttles: [4, ...GUESSES] },
      failures: GUESSES,
      unknown: 4,
    },
    fields: {
      username: required(USERNAME),
      signature: required(
        text(
          { max: 128 },
          {
            en: 'hash(username-tag-ts-nonce-secret) in lower-case hex; absent parts are empty.',
            zh: 'hash(username-tag-ts-nonce-secret)，小写十六进制；没有的部分为空。',
            example: 'b081b396acc4948019e124294c313396',
          },
        ),
      ),
      tag: text({ max: LIMITS.tag }, { en: 'Chooses a fixed secret.', zh: '签名 secret 的标签。', example: 'player' }),
      ts: text(
        { max: 32, numbers: true },
        {
          en: 'Time of signing, in milliseconds (or seconds). With it the signature signs in once.',
          zh: '签名时的时间戳（毫秒）。带上它则该签名只能登录一次。',
          example: '1634543466000',
        },
      ),
      nonce: NONCE,
      hash: text(
        { max: 16 },
        { en: 'md5 (default) or sha256.', zh: '签名算法：md5（默认）或 sha256。', example: 'md5' },
      ),
      ...PROFILE,
      apaasAppId: APAAS_APP_ID,
    },
    data: SIGN_IN_DATA,
    exampleData: SIGN_IN_EXAMPLE,
    okMessage: 'signature ok',
    invalid: 'UserOAuthParams',
    errors: ['SystemVerifyError', 'UserOAuthParams', 'UserQueryLimit'],
  },
  exchange: {
    path: 'oauth/exchange',
    summary: { en: 'Sign in with a token of your identity provider', zh: '用身份提供方的 token 登录' },
    notes: {
      en: 'Takes an OIDC ID token, or a JWT that your backend signs with HS256 (AUTH_ISSUER, AUTH_AUDIENCE, AUTH_JWKS_URL or AUTH_JWT_SECRET). The user claim is the user name; the account is created at the first sign-in. Anything registered under that name before loses its salt and its sessions. 203: this token has expired, get a new one from the provider.',
      zh: '接受 OIDC 的 ID token，或自有后台用 HS256 签发的 JWT（AUTH_ISSUER、AUTH_AUDIENCE、AUTH_JWKS_URL 或 AUTH_JWT_SECRET）。用户 claim 即用户名，首次登录时创建账号；此前以该用户名注册的 salt 和会话失效。203：该 token 已过期，请向提供方重新获取。',
    },
    session: 'none',
    costs: {
      ...SIGN_IN_COSTS,
      calls: { ...SIGN_IN_COSTS.calls, identity: [1, 'providerKeys'] },
      unknown: 0,
    },
    fields: {
      idToken: required(
        text(
          { max: LIMITS.idToken, pattern: /^[\w.-]+$/, patternText: 'must be a JWT' },
          { en: 'The JWT.', zh: 'JWT。', example: 'eyJhbGciOiJSUzI1NiIs...' },
        ),
      ),
      ...PROFILE,
      apaasAppId: APAAS_APP_ID,
    },
    data: SIGN_IN_DATA,
    exampleData: SIGN_IN_EXAMPLE,
    okMessage: 'exchange ok',
    invalid: 'UserOAuthParams',
    errors: ['SystemVerifyError', 'UserOAuthParams', 'UserTokenExpired', 'UserQueryLimit', 'ServiceUnavailable'],
  },
} as const satisfies Record<string, Endpoint>;
