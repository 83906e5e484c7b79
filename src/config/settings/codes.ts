/** Sign-in by a code that comes as SMS or mail. The defaults of the limits are those of docs/sign-in-by-code.md. */
import { choice, endpoint, flag, integer, list, secret, text } from '../setting';

const HOUR_LIMIT = { min: 0, max: 1_000_000 };

export const captcha = {
  title: {
    en: 'Sign-in by code, the human check: https://console.cloud.tencent.com/captcha',
    zh: '验证码登录，人机验证：https://console.cloud.tencent.com/captcha',
  },
  settings: {
    captcha: choice('CAPTCHA', 'required', {
      of: ['required', 'off'],
      en: 'off: codes are sent without a human check, and the limits per client address and tenant are a tenth.',
      zh: 'off：发送验证码不做人机验证，按客户端地址和租户的限额降为十分之一。',
    }),
    captchaAppId: integer('CAPTCHA_APP_ID', null, {
      en: 'CaptchaAppId of the web captcha. Without it and its key no code is sent (102).',
      zh: '网页验证码的 CaptchaAppId。没有它和密钥则不发送验证码（102）。',
      min: 1,
      max: 4_294_967_295,
    }),
    captchaSecret: secret('CAPTCHA_SECRET', '', {
      en: 'Its AppSecretKey.',
      zh: '其 AppSecretKey。',
      needs: 'CAPTCHA_APP_ID',
    }),
    captchaMiniAppId: integer('CAPTCHA_MINI_APP_ID', null, {
      en: 'The same for the captcha of a WeChat mini program.',
      zh: '微信小程序验证码的 CaptchaAppId。',
      min: 1,
      max: 4_294_967_295,
    }),
    captchaMiniSecret: secret('CAPTCHA_MINI_SECRET', '', {
      en: 'Its AppSecretKey.',
      zh: '其 AppSecretKey。',
      needs: 'CAPTCHA_MINI_APP_ID',
    }),
    captchaWhenDown: choice('CAPTCHA_WHEN_DOWN', 'admit', {
      of: ['admit', 'refuse'],
      en: 'Behaviour while the captcha service fails. admit: users continue under a tenth of the limits.',
      zh: '验证码服务本身故障时：admit 表示在十分之一的限额内放行，refuse 表示拒绝。',
    }),
    captchaFallbackTickets: flag('CAPTCHA_FALLBACK_TICKETS', false, {
      en: 'true: tickets that apps create when the captcha script cannot load (terror_…, trerror_…) are admitted under a tenth of the limits.',
      zh: 'true：在十分之一的限额内接受客户端在验证码脚本无法加载时自行生成的票据（terror_…、trerror_…）。',
    }),
    captchaEndpoint: endpoint('CAPTCHA_ENDPOINT', 'https://captcha.tencentcloudapi.com', {
      en: 'The captcha cloud API.',
      zh: '验证码云 API。',
    }),
  },
};

export const delivery = {
  title: { en: 'Sign-in by code, sending it', zh: '验证码登录，发送' },
  note: {
    en: 'SMS and SES take the same API key as TRTC (TRTC_SECRET_ID), or the role of an event function.',
    zh: 'SMS 和 SES 使用与 TRTC 相同的 API 密钥（TRTC_SECRET_ID），或事件函数的角色。',
  },
  settings: {
    codeDelivery: choice('CODE_DELIVERY', 'vendor', {
      of: ['vendor', 'log'],
      en: 'log: nothing is sent; the code is written to standard error, as in demo mode.',
      zh: 'log：不发送，验证码写到标准错误输出，与演示模式相同。',
    }),
    smsAppId: text('SMS_APP_ID', '', {
      en: 'SdkAppId of the SMS application: https://console.cloud.tencent.com/smsv2',
      zh: '短信应用的 SdkAppId：https://console.cloud.tencent.com/smsv2',
      pattern: /^\d{5,20}$/,
      rule: 'must be a number',
    }),
    smsSign: text('SMS_SIGN', '', {
      en: 'Approved signature, its text (needed for +86).',
      zh: '已审核的签名内容（+86 必填）。',
      needs: 'SMS_APP_ID',
    }),
    smsTemplate: text('SMS_TEMPLATE_ID', '', {
      en: 'Approved template for +86.',
      zh: '已审核的国内短信模板 ID。',
      needs: 'SMS_APP_ID',
    }),
    smsTemplateAbroad: text('SMS_TEMPLATE_ID_ABROAD', '', {
      en: 'Approved international template; without it nothing is sent abroad.',
      zh: '已审核的国际短信模板 ID；没有则不发送到境外。',
      needs: 'SMS_APP_ID',
    }),
    smsParams: list('SMS_TEMPLATE_PARAMS', ['code', 'minutes'], {
      en: 'Variables of the template, in order: code, minutes.',
      zh: '模板变量的顺序：code（验证码）、minutes（有效分钟数）。',
      pattern: /^(code|minutes)$/,
      rule: 'must be code and minutes, in the order of the template',
    }),
    smsRegion: text('SMS_REGION', 'ap-guangzhou', { en: 'Region of the SMS API.', zh: '短信 API 的地域。' }),
    smsEndpoint: endpoint('SMS_ENDPOINT', 'https://sms.tencentcloudapi.com', { en: 'The SMS API.', zh: '短信 API。' }),
    mailUrl: secret('MAIL_URL', '', {
      en: 'SMTP server: smtps://user:password@smtp.example.com:465, or smtp://… with STARTTLS.',
      zh: 'SMTP 服务器：smtps://user:password@smtp.example.com:465，或 smtp://…（STARTTLS）。',
      conflicts: 'SES_TEMPLATE_ID',
    }),
    mailFrom: text('MAIL_FROM', '', {
      en: 'Sender of the mails, for SMTP and SES: Live Room <no-reply@mail.example.com>',
      zh: '发件人，SMTP 和 SES 共用：Live Room <no-reply@mail.example.com>',
    }),
    mailSubject: text('MAIL_SUBJECT', 'Verification code 验证码', {
      en: 'Their subject.',
      zh: '邮件主题。',
    }),
    sesTemplate: integer('SES_TEMPLATE_ID', null, {
      en: 'Approved template of Tencent SES with {{code}} and {{minutes}}: https://console.cloud.tencent.com/ses',
      zh: '腾讯云邮件推送中已审核的模板 ID，变量为 {{code}} 和 {{minutes}}：https://console.cloud.tencent.com/ses',
      min: 1,
      max: 2_147_483_647,
      needs: 'MAIL_FROM',
    }),
    sesRegion: text('SES_REGION', 'ap-guangzhou', {
      en: 'Region of SES: ap-guangzhou or ap-hongkong.',
      zh: '邮件推送的地域：ap-guangzhou 或 ap-hongkong。',
    }),
    sesEndpoint: endpoint('SES_ENDPOINT', 'https://ses.tencentcloudapi.com', {
      en: 'The SES API.',
      zh: '邮件推送 API。',
    }),
  },
};

export const codeLimits = {
  title: { en: 'Sign-in by code, limits (0 = off)', zh: '验证码登录，限额（0 表示不限）' },
  settings: {
    codeSeconds: integer('CODE_SECONDS', 300, {
      en: 'Lifetime of a verification code in seconds.',
      zh: '验证码的有效期（秒）。',
      min: 30,
      max: 3600,
    }),
    codeTries: integer('CODE_TRIES', 5, {
      en: 'How often a code may be tried.',
      zh: '一个验证码可以尝试的次数。',
      min: 1,
      max: 10,
    }),
    codeIntervalSeconds: integer('CODE_INTERVAL_SECONDS', 55, {
      en: 'Seconds between two codes to one phone number or mail address.',
      zh: '同一手机号或邮箱两次发送的间隔（秒）。',
      min: 0,
      max: 3600,
    }),
    codesPerAddressHour: integer('CODE_SENDS_PER_ADDRESS_HOUR', 5, {
      en: 'Codes to one phone number or mail address per hour.',
      zh: '同一手机号或邮箱每小时的发送次数。',
      ...HOUR_LIMIT,
    }),
    codesPerAddressDay: integer('CODE_SENDS_PER_ADDRESS_DAY', 10, {
      en: 'The same per day.',
      zh: '每天的发送次数。',
      ...HOUR_LIMIT,
    }),
    codesPerIpHour: integer('CODE_SENDS_PER_IP_HOUR', 20, {
      en: 'Codes per client address (IPv6: per /64) and hour; a tenth if the captcha is off.',
      zh: '同一客户端地址（IPv6 为 /64）每小时的发送次数；没有人机验证时为十分之一。',
      ...HOUR_LIMIT,
    }),
    codesPerIpDay: integer('CODE_SENDS_PER_IP_DAY', 50, {
      en: 'The same per day.',
      zh: '每天的发送次数。',
      ...HOUR_LIMIT,
    }),
    codesPerDay: integer('CODE_SENDS_PER_DAY', 1000, {
      en: 'Codes per tenant and day; a tenth if the captcha is off.',
      zh: '一个租户每天的发送次数；没有人机验证时为十分之一。',
      ...HOUR_LIMIT,
    }),
    codeCountries: list('CODE_COUNTRIES', ['+86'], {
      en: 'Country codes, or longer beginnings of phone numbers, that codes are sent to: +86,+852. * = all.',
      zh: '允许发送的国家码或号码前缀：+86,+852。* 表示全部。',
      pattern: /^(\+[1-9]\d{0,9}|\*)$/,
      rule: 'must be beginnings of phone numbers such as +86, between commas',
    }),
    codePumpedPercent: integer('CODE_PUMPED_PERCENT', 20, {
      en: 'Minimum percentage of used codes among the last 50 of a block of phone numbers (all but the last four digits). Below it, for a day, only numbers with an account and ten others an hour get codes.',
      zh: '某个号段（除最后四位外相同）最近 50 个验证码的使用率低于该百分比时，一天内只发给已有账号的号码，以及每小时十个其他号码。',
      min: 0,
      max: 100,
    }),
    captchasPerIpHour: integer('CAPTCHA_CHECKS_PER_IP_HOUR', 60, {
      en: 'Human checks for one client address per hour; each is paid for.',
      zh: '同一客户端地址每小时的人机验证次数（每次都计费）。',
      ...HOUR_LIMIT,
    }),
    codeFailuresPerAddress: integer('CODE_FAILURES_PER_ADDRESS_HOUR', 10, {
      en: 'Wrong codes for one phone number or mail address per hour; beyond it each code gets one try.',
      zh: '同一手机号或邮箱每小时的错误次数；超过后每个验证码只能尝试一次。',
      ...HOUR_LIMIT,
    }),
    codeFailuresPerIp: integer('CODE_FAILURES_PER_IP_HOUR', 30, {
      en: 'Wrong codes from one client address per hour.',
      zh: '同一客户端地址每小时的错误次数。',
      ...HOUR_LIMIT,
    }),
    saltResetSeconds: integer('SALT_RESET_SECONDS', 600, {
      en: 'Seconds after a sign-in during which its session may bind a phone number or mail address and, if it was by code, set a new salt (a lost password). 0 = no new salt, and 600 for binding.',
      zh: '登录后可以绑定手机号或邮箱的时间（秒）；验证码登录的会话还可以设置新 salt（找回密码）。0 表示不允许设置新 salt，绑定仍为 600 秒。',
      min: 0,
      max: 86_400,
    }),
  },
};
