/** The contract of sign-in by code: captcha, sending a code, signing in with it. */

import type { LimitName } from './costs';
import { type Endpoint, v } from './endpoint';
import { required, text } from './fields';
import { SIGN_IN_DATA, SIGN_IN_EXAMPLE } from './oauth';

const APAAS_APP_ID = text(
  { max: 64, numbers: true },
  { en: 'Tenant; absent means the default one.', zh: '租户；默认租户可以不传。', example: '' },
);

/** Accepts more than the rule does: rules/codes/contact.ts knows all spellings and the error of each. */
export const CODE_PHONE = text(
  { max: 32, numbers: true },
  {
    en: 'Phone number: +8613800000001, 8613800000001, or 13800000001 for mainland China.',
    zh: '手机号：+8613800000001、8613800000001，中国大陆也可以是 13800000001。',
    example: '+8613800000001',
  },
);

export const CODE_EMAIL = text(
  { max: 254 },
  { en: 'Mail address, in place of the phone number.', zh: '邮箱，代替手机号。', example: '' },
);

export const CODE_SESSION = text(
  { max: 64 },
  {
    en: 'sessionId of user_verify_by_picture.',
    zh: 'user_verify_by_picture 返回的 sessionId。',
    example: '8JwVfJ2mQk6m0V1sZ4nY3A',
  },
);

export const CODE_DIGITS = text(
  { max: 64, numbers: true, label: 'the number from the message' },
  { en: 'The code from the message.', zh: '收到的验证码。', example: '123456' },
);

/** What bounds the messages, and so everything that a code makes. */
const CODES = [
  'codeInterval',
  'codesOfContact',
  'codesOfContactDay',
  'codesOfClient',
  'codesOfClientDay',
  'codesOfTenant',
] as const satisfies readonly LimitName[];

export const codesContract = {
  gslb: {
    path: 'gslb',
    summary: { en: 'Get the service address and the captcha app id', zh: '全局调度，获取验证码应用' },
    notes: {
      en: 'Call it before showing a captcha. 0: no captcha application is set.',
      zh: '应用显示验证码之前调用。0 表示没有设置验证码应用。',
    },
    session: 'none',
    costs: { unknown: 0 },
    fields: {},
    withoutDatabase: true,
    data: v.strictObject({
      service: v.string(),
      captcha_web_appid: v.pipe(v.number(), v.integer()),
      captcha_wxmini_appid: v.pipe(v.number(), v.integer()),
    }),
    exampleData: { service: 'https://example.com', captcha_web_appid: 190000000, captcha_wxmini_appid: 0 },
    okMessage: 'gslb done',
    invalid: 'SystemVerifyError',
    errors: [],
  },
  userVerifyByPicture: {
    path: 'auth_users/user_verify_by_picture',
    // Every time a message goes out, and costs.
    notRepeatable: true,
    summary: { en: 'Send a code by SMS or mail', zh: '图片验证并发送验证码' },
    notes: {
      en: 'Give phone or email. The ticket and randstr are those of the captcha whose app id gslb gives. A newer code replaces an older one; the response is the same whether or not an account has the address.',
      zh: '传 phone 或 email。ticket 和 randstr 来自 gslb 返回的验证码应用。新的验证码会替换旧的；无论该号码是否注册，返回结果都相同。',
    },
    session: 'none',
    costs: {
      // Each is made before it is known whether all limits have room.
      rows: { sign_in_codes: [1, 'captchaChecks'], code_limits: [9, 'captchaChecks'] },
      calls: {
        captcha: [1, 'captchaChecks'],
        sms: [1, ...CODES],
        mail: [1, ...CODES],
      },
      unknown: 3,
    },
    fields: {
      phone: CODE_PHONE,
      email: CODE_EMAIL,
      ticket: text({ max: 4096 }, { en: 'Ticket of the captcha.', zh: '验证码票据。', example: 't03...' }),
      randstr: text(
        { max: 128 },
        {
          en: 'Random text of the captcha; mini programs have none.',
          zh: '验证码随机串；小程序没有。',
          example: '@abc',
        },
      ),
      type: text(
        { max: 16 },
        { en: 'wxmini: the captcha of a WeChat mini program.', zh: 'wxmini 表示微信小程序验证码。', example: '' },
      ),
      apaasAppId: APAAS_APP_ID,
    },
    data: v.strictObject({ sessionId: v.string() }),
    exampleData: { sessionId: '8JwVfJ2mQk6m0V1sZ4nY3A' },
    okMessage: 'verify done',
    invalid: 'SystemVerifyError',
    errors: ['ServiceSmsFailed', 'ServiceUnknownError', 'UserEmailInvalid', 'UserQueryLimit'],
  },
  userLoginCode: {
    path: 'auth_users/user_login_code',
    // A code works once.
    notRepeatable: true,
    summary: { en: 'Sign in with a code', zh: '验证码登录' },
    notes: {
      en: 'The account is made at the first sign-in, with an empty name. A code is valid for CODE_SECONDS (300) and CODE_TRIES (5) attempts, and works once.',
      zh: '首次登录时创建账号，昵称为空。验证码在 CODE_SECONDS（300 秒）内有效，最多尝试 CODE_TRIES（5）次，只能使用一次。',
    },
    session: 'none',
    costs: {
      rows: {
        users: [1, ...CODES],
        public_ids: [1, ...CODES],
        presence: [1, ...CODES],
        addresses: [1, ...CODES],
        // Rows of a deleted account with this address.
        sanctions: [2, ...CODES],
        review_settings: [1, 'oncePerTenant'],
        sessions: [1, 'sessions'],
        activity: [1, 'swept'],
        code_limits: [3, 'codeFailuresOfClient', 'codeFailuresOfContact'],
      },
      calls: { mail: [1, ...CODES] },
      events: { 'user.created': [1, ...CODES] },
      failures: ['codeTries', 'codeFailuresOfClient', 'codeFailuresOfContact'],
      unknown: 12,
    },
    fields: {
      phone: CODE_PHONE,
      email: CODE_EMAIL,
      sessionId: required(CODE_SESSION),
      code: required(CODE_DIGITS),
      apaasAppId: APAAS_APP_ID,
    },
    data: SIGN_IN_DATA,
    exampleData: { ...SIGN_IN_EXAMPLE, phone: '+8613800000001' },
    okMessage: 'login done',
    invalid: 'SystemVerifyError',
    errors: ['UserCodeInvalid', 'UserCodeExpired', 'UserCodeConsumed', 'UserEmailInvalid', 'UserQueryLimit'],
  },
} as const satisfies Record<string, Endpoint>;
