import { checkDataKeys, type DataKey } from '../data-keys';
import { flag, integer, isPlaceholder, json, type Setting, SettingError, secret } from '../setting';
import { TENANT_SETTINGS } from './application';

/** Like `secret`, with its own check. */
const dataKeys: Setting<readonly DataKey[]> = {
  ...secret('DATA_KEYS', '', {
    en: 'Encryption at rest for password hashes (salts) and webhook secrets: id:key, newest first; a key is 32 bytes, for example from `openssl rand -hex 32`. To rotate, put the new key first, wait for the log event "salts_sealed", then remove the old key. If a key is lost, its users cannot sign in with a salt and its webhooks are not sent.',
    zh: '加密数据库中的 salt 和 webhook 密钥：id:key，新的在前；密钥为 32 字节，例如 `openssl rand -hex 32`。更换时把新密钥放在最前，等日志出现 "salts_sealed" 后再去掉旧的。丢失密钥则无法用 salt 登录，也无法发送 webhook。',
  }),
  fallback: [],
  check: checkDataKeys,
};

const MOST_TOKEN_SECRETS = 5;

function checkTokenSecrets(value: unknown): readonly string[] {
  const secrets = String(value)
    .split(',')
    .map((one) => one.trim());
  const good = secrets.length <= MOST_TOKEN_SECRETS && secrets.every((one) => one.length >= 16 && !isPlaceholder(one));
  if (good) return secrets;
  throw new SettingError(
    `must be 1 to ${MOST_TOKEN_SECRETS} secrets of 16 characters or more, with commas between them`,
  );
}

const tokenSecrets: Setting<readonly string[]> = {
  ...secret('TOKEN_SECRETS', '', {
    en: 'Rotates TOKEN_SECRET without a sign-out: secrets with commas between them, newest first. The first signs, tokens of all of them are valid, and those of TOKEN_SECRET too if it is set. With several processes, restart all of them with the new secret at the end first, then with it in front. A secret can be removed 30 days later.',
    zh: '更换 TOKEN_SECRET 而不让用户重新登录：以逗号分隔，新的在前。用第一个签发，所有密钥（以及已设置的 TOKEN_SECRET）签发的 token 都有效。有多个进程时，先把新密钥放在最后并全部重启，再把它移到最前。30 天后可以去掉旧密钥。',
  }),
  fallback: [],
  check: checkTokenSecrets,
};

export const accounts = {
  title: { en: 'Accounts', zh: '账号' },
  settings: {
    tokenSecret: secret('TOKEN_SECRET', '', {
      en: 'Key that signs tokens. Default: derived from TRTC_TIM_SECRET. Changing it signs out all users; TOKEN_SECRETS does not.',
      zh: '用于签发 token；留空则由 TRTC_TIM_SECRET 派生。修改后所有人需要重新登录；用 TOKEN_SECRETS 更换则不必。',
      min: 16,
    }),
    tokenSecrets,
    dataKeys,
    // null: open for the tenants that have no tag secrets.
    registrationOpen: flag('OAUTH_REGISTER', null, {
      en: 'Whether oauth/register is open. Default: true if neither OAUTH_TAG_SECRETS nor an identity provider is set, otherwise false: your own users could find their names taken.',
      zh: '是否开放 oauth/register。默认：未设置 OAUTH_TAG_SECRETS 和身份提供方时为 true，否则为 false，以免自有用户的用户名被抢注。',
    }),
    userIds: TENANT_SETTINGS.userIds,
    tagSecrets: TENANT_SETTINGS.tagSecrets,
    customByApps: TENANT_SETTINGS.customByApps,
    requireTs: TENANT_SETTINGS.requireTs,
    signatureWindowSeconds: integer('OAUTH_TS_WINDOW_SECONDS', 86_400, {
      en: 'How far the clock of a phone may be off when it signs in, in seconds. 0 = ts is not checked, and a signature with ts signs in again and again, as one without.',
      zh: '登录时允许手机时钟偏差的秒数。0 表示不检查 ts，带 ts 的签名也可以反复登录。',
      min: 0,
      max: 31_536_000,
    }),
    userQueryPerMinute: integer('USER_QUERY_LIMIT_PER_MINUTE', 600, {
      en: 'How often one user may look up others per minute; 0 = no limit.',
      zh: '每个用户每分钟查询他人的次数；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    signUpsPerMinute: integer('SIGN_UPS_PER_MINUTE', 120, {
      en: 'How many accounts one client address may make in a minute; 0 = no limit.',
      zh: '每个客户端地址每分钟可注册的账号数；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    signUpsPerDay: integer('SIGN_UPS_PER_DAY', 2_000, {
      en: 'How many in a day; 0 = no limit. Whole towns may share an address.',
      zh: '每个客户端地址每天可注册的账号数；0 表示不限。整个城区可能共用一个地址。',
      min: 0,
      max: 10_000_000,
    }),
    signInFailuresPerMinute: integer('SIGN_IN_FAILURES_PER_MINUTE', 60, {
      en: 'Failed sign-ins per client address and minute; a tenth of it per user name. 0 = no limit. A user who signed in from the same address before is not limited.',
      zh: '每个客户端地址每分钟允许的密码错误次数，同一用户名为其十分之一；0 表示不限。曾从同一地址登录成功的用户不受影响。',
      min: 0,
      max: 1_000_000,
    }),
    sessionsPerUser: integer('SESSIONS_PER_USER', 20, {
      en: 'Sessions per user; the least recently renewed one ends. Sessions of an address bound less than 7 days ago are counted separately. 0 = no limit.',
      zh: '同一用户同时有效的登录数，超过时最久未更新的登录失效；绑定未满 7 天的号码登录的会话单独计数。0 表示不限。',
      min: 0,
      max: 10_000,
    }),
    // Read in ../tenants.ts, by the schema of a tenant.
    tenants: json<unknown>('TENANTS', undefined, {
      en: `More tenants: [{"apaasAppId":"shop","sdkAppId":1400000001,"secret":"..."}]; optional per tenant: ${Object.keys(TENANT_SETTINGS).slice(2).join(', ')}.`,
      zh: `更多租户：[{"apaasAppId":"shop","sdkAppId":1400000001,"secret":"..."}]；每个租户可以有自己的 ${Object.keys(TENANT_SETTINGS).slice(2).join('、')}。`,
      secret: true,
      check: (value) => value,
    }),
  },
};
