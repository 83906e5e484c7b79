import { flag, integer, json, secret } from '../setting';
import { TENANT_SETTINGS } from './application';

export const accounts = {
  title: { en: 'Accounts', zh: '账号' },
  settings: {
    tokenSecret: secret('TOKEN_SECRET', '', {
      en: 'Signs the tokens; without it a key is derived from TRTC_TIM_SECRET. Changing it signs everybody out.',
      zh: '用于签发 token；留空则由 TRTC_TIM_SECRET 派生。修改后所有人需要重新登录。',
      min: 16,
    }),
    registrationOpen: flag('OAUTH_REGISTER', true, {
      en: 'Whether oauth/register is open. Close it when your own backend signs its users in (OAUTH_TAG_SECRETS).',
      zh: '是否开放 oauth/register。由自有后台登录用户（OAUTH_TAG_SECRETS）时请关闭。',
    }),
    tagSecrets: TENANT_SETTINGS.tagSecrets,
    signatureWindowSeconds: integer('OAUTH_TS_WINDOW_SECONDS', 86_400, {
      en: 'How far the clock of a phone may be off when it signs in, in seconds; 0 = any time.',
      zh: '登录时允许手机时钟偏差的秒数；0 表示不检查。',
      min: 0,
      max: 31_536_000,
    }),
    userQueryPerMinute: integer('USER_QUERY_LIMIT_PER_MINUTE', 600, {
      en: 'How often one user may look up others per minute; 0 = no limit.',
      zh: '每个用户每分钟查询他人的次数；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    // Read in ../tenants.ts, by the schema of a tenant.
    tenants: json<unknown>('TENANTS', undefined, {
      en: `More tenants: [{"apaasAppId":"shop","sdkAppId":1400000001,"secret":"..."}]; each may have ${Object.keys(TENANT_SETTINGS).slice(2).join(', ')} of its own.`,
      zh: `更多租户：[{"apaasAppId":"shop","sdkAppId":1400000001,"secret":"..."}]；每个租户可以有自己的 ${Object.keys(TENANT_SETTINGS).slice(2).join('、')}。`,
      secret: true,
      check: (value) => value,
    }),
  },
};
