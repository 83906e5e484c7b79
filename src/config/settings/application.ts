/** The TRTC and IM application, and the cloud APIs. Most of these each tenant has for itself. */
import {
  choice,
  endpoint,
  flag,
  integer,
  isPlaceholder,
  json,
  type Setting,
  SettingError,
  secret,
  setting,
  text,
} from '../setting';
import { IDENTITY_SETTINGS } from './identity';

const MIN_TAG_SECRET = 16;

function checkSdkAppId(value: unknown): number {
  if (/^[1-9]\d{0,9}$/.test(String(value)) && Number(value) <= 4_294_967_295) return Number(value);
  throw new SettingError('must be the SDKAppID of your TRTC application');
}

function checkSecretKey(value: unknown): string {
  if (typeof value === 'string' && /^[\x21-\x7e]{16,128}$/.test(value) && !isPlaceholder(value)) return value;
  throw new SettingError('must be the key of your TRTC application');
}

function checkTagSecrets(value: unknown): ReadonlyMap<string, string> {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    throw new SettingError('must be a JSON object of tag and secret');
  }
  const entries: [string, unknown][] = Object.entries(value);
  const good = entries.filter(
    (entry): entry is [string, string] =>
      entry[0] !== '' && typeof entry[1] === 'string' && entry[1].length >= MIN_TAG_SECRET,
  );
  if (good.length < entries.length) {
    throw new SettingError(`needs for every tag a secret of at least ${MIN_TAG_SECRET} characters`);
  }
  // The signed text username-tag-ts-nonce-secret must have exactly one reading.
  if (good.some(([tag]) => tag.includes('-'))) throw new SettingError('needs tags without a -');
  const endsWith = (end: string) => good.some(([, given]) => given.endsWith(`-${end}`));
  if (good.some(([, given]) => endsWith(given))) {
    throw new SettingError('needs secrets of which none ends with - and another one');
  }
  return new Map(good);
}

function checkTimeZone(value: unknown): string {
  try {
    return new Intl.DateTimeFormat('en', { timeZone: String(value) }).resolvedOptions().timeZone;
  } catch {
    throw new SettingError('must be the name of a time zone, such as Asia/Shanghai');
  }
}

const APP_ID = {
  en: 'SDKAppID of the application. IM uses the same application.',
  zh: 'TRTC 的 SDKAppID，IM 使用同一个。',
  mistakenFor: ['TRTC_APPID', 'TRTC_SDKAPPID', 'TRTC_SDK_APP_ID', 'SDKAPPID', 'TIM_APPID', 'IM_APPID'],
};
const APP_KEY = {
  en: 'Its key (密钥).',
  zh: '该 SDKAppID 的密钥。',
  mistakenFor: ['TRTC_SECRET', 'TRTC_SECRETKEY', 'TRTC_SECRET_KEY', 'SECRETKEY', 'TIM_SECRET', 'IM_SECRET'],
};

/** Like `integer` and `secret`, with their own checks; null means "not given". */
const sdkAppId: Setting<number | null> = {
  ...integer('TRTC_TIM_APPID', null, { ...APP_ID, min: 1, max: 4_294_967_295, shown: 'xxxxxxxxxxxxxxxx' }),
  check: checkSdkAppId,
};
const appSecret: Setting<string | null> = {
  ...secret('TRTC_TIM_SECRET', null, { ...APP_KEY, min: 16, shown: 'xxxxxxxxxxxxxxxx' }),
  check: checkSecretKey,
};

/** The settings of a tenant. The keys are the fields of a TENANTS entry; the variables set the default tenant. */
export const TENANT_SETTINGS = {
  sdkAppId,
  secret: appSecret,
  imAdmin: text('TIM_ADMIN', 'administrator', {
    en: 'Administrator account of the IM application, as in the IM console. The server calls the IM REST API as this user.',
    zh: 'IM 控制台中的管理员账号，服务用它调用 IM REST API。',
  }),
  tagSecrets: json<ReadonlyMap<string, string>>('OAUTH_TAG_SECRETS', new Map(), {
    en: 'Fixed secrets by tag, for a backend that signs for its own users: {"mybackend":"a long secret"}',
    zh: '按 tag 的固定密钥，供自有后台为自己的用户签名：{"mybackend":"a long secret"}',
    secret: true,
    check: checkTagSecrets,
  }),
  requireTs: flag('OAUTH_REQUIRE_TS', false, {
    en: 'Whether oauth/signature requires ts. A signature with ts signs in once; without ts it signs in again and again, like a password. Set it if all your apps send ts, which is optional.',
    zh: 'oauth/signature 是否必须带 ts。带 ts 的签名只能登录一次；不带 ts 的签名可以反复登录，等同于密码。ts 是可选参数，仅当你的客户端都会发送时才设置。',
  }),
  imCallbackToken: secret('IM_CALLBACK_TOKEN', '', {
    en: 'IM console → callback configuration → authentication token. URL: https://<your address>/base/v1/callbacks/im',
    zh: 'IM 控制台 → 回调配置 → 鉴权 Token。回调地址：https://<你的地址>/base/v1/callbacks/im',
  }),
  trtcCallbackKey: secret('TRTC_CALLBACK_KEY', '', {
    en: 'TRTC console → callback configuration → key. URL: https://<your address>/base/v1/callbacks/trtc',
    zh: 'TRTC 控制台 → 回调配置 → 密钥。回调地址：https://<你的地址>/base/v1/callbacks/trtc',
  }),
  customByApps: flag('CUSTOM_BY_APPS', false, {
    en: 'Whether apps may set `custom` of their own user and room (user_update, enter_room, update_room); if false, their values are ignored and only your service sets it.',
    zh: '客户端是否可以设置自己的用户和房间的 `custom`（user_update、enter_room、update_room）；为 false 时忽略，仅自有服务可以设置。',
  }),
  userIds: choice('USER_IDS', 'number', {
    of: ['number', 'username'],
    en: 'Ids of users in the API, IM and TRTC: numbers, which the XiaoZhiBo apps need, or the user names of your own system. Choose before the first account; with accounts, the service refuses a change.',
    zh: '用户在 API、IM 和 TRTC 中的 ID：数字（小直播客户端需要数字），或自有系统的用户名。须在第一个账号产生之前选定；已有账号时服务拒绝修改。',
  }),
  messageLanguage: choice('MESSAGE_LANGUAGE', 'en', {
    of: ['en', 'zh'],
    en: 'Language of the text in errorMessage, which apps show to their users. Name(code) stays as it is.',
    zh: 'errorMessage 中说明文字的语言，客户端会显示给用户。Name(code) 不变。',
  }),
  timeZone: setting({
    name: 'TIME_ZONE',
    fallback: 'UTC',
    check: checkTimeZone,
    range: { en: 'a name such as Asia/Shanghai', zh: '时区名称，例如 Asia/Shanghai' },
    about: {
      en: 'Time zone of the end of a ban or kick in errorMessage. Fields that end with Utc stay in UTC.',
      zh: 'errorMessage 中封禁、踢出结束时间的时区。名称以 Utc 结尾的字段不变。',
    },
  }),
  ...IDENTITY_SETTINGS,
};

export const application = {
  title: { en: 'TRTC / IM application: https://console.cloud.tencent.com/trtc/app', zh: 'TRTC / IM 应用' },
  settings: {
    sdkAppId: TENANT_SETTINGS.sdkAppId,
    secret: TENANT_SETTINGS.secret,
    imAdmin: TENANT_SETTINGS.imAdmin,
    messageLanguage: TENANT_SETTINGS.messageLanguage,
    timeZone: TENANT_SETTINGS.timeZone,
    imEndpoint: endpoint('TIM_ENDPOINT', 'https://console.tim.qq.com', {
      en: 'IM REST API of your region, or off. China https://console.tim.qq.com, Singapore https://adminapisgp.im.qcloud.com',
      zh: '所在地域的 IM REST API，或 off。中国 https://console.tim.qq.com，新加坡 https://adminapisgp.im.qcloud.com',
    }),
    imAccountDelete: flag('IM_ACCOUNT_DELETE', true, {
      en: 'Whether the IM account is deleted an hour after the user.',
      zh: '用户注销一小时后是否删除其 IM 账号。',
    }),
    trtcEndpoint: endpoint('TRTC_ENDPOINT', 'https://trtc.tencentcloudapi.com', {
      en: "TRTC cloud API, or off: ends a room's video when the room ends.",
      zh: 'TRTC 云 API，或 off：房间结束时结束其音视频。',
    }),
    trtcRegion: text('TRTC_REGION', 'ap-guangzhou', {
      en: 'Region of the TRTC cloud API.',
      zh: 'TRTC 云 API 的地域。',
    }),
    cloudSecretId: text('TRTC_SECRET_ID', '', {
      en: 'An API key of your Tencent Cloud account, for TRTC and the other cloud APIs; if empty, a cloud function uses its role.',
      zh: '腾讯云账号的 API 密钥，用于 TRTC 等云 API；在云端留空则使用函数的角色。',
      needs: 'TRTC_SECRET_KEY',
    }),
    cloudSecretKey: secret('TRTC_SECRET_KEY', '', {
      en: 'The secret half of that key.',
      zh: '该密钥的 SecretKey。',
      needs: 'TRTC_SECRET_ID',
    }),
    trtcRole: flag('TRTC_ROLE', false, {
      en: 'true: another process (the scheduled function) has TRTC credentials and makes these calls. Set by sls deploy.',
      zh: 'true：另一个进程持有该密钥并完成本进程留下的工作（定时函数；由 sls deploy 设置）。',
    }),
    userSigSeconds: integer('USERSIG_EXPIRE_SECONDS', 172_800, {
      en: 'Lifetime of a UserSig in seconds.',
      zh: 'UserSig 的有效期（秒）。',
      min: 60,
      max: 15_552_000,
    }),
  },
};

export const callbacks = {
  title: { en: 'Webhooks: refused while their secret is not set', zh: '回调：未设置密钥时拒绝' },
  settings: { imCallbackToken: TENANT_SETTINGS.imCallbackToken, trtcCallbackKey: TENANT_SETTINGS.trtcCallbackKey },
};

export const identity = {
  title: { en: 'Sign-in by your identity provider', zh: '通过自己的身份提供方登录' },
  note: {
    en: 'Set AUTH_ISSUER, AUTH_AUDIENCE and one of AUTH_JWKS_URL and AUTH_JWT_SECRET. Open registration is then off unless OAUTH_REGISTER=true.',
    zh: '设置 AUTH_ISSUER、AUTH_AUDIENCE，以及 AUTH_JWKS_URL 或 AUTH_JWT_SECRET 之一。此后默认关闭开放注册，除非 OAUTH_REGISTER=true。',
  },
  settings: IDENTITY_SETTINGS,
};
