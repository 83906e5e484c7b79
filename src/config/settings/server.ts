import { choice, flag, integer, secret, text } from '../setting';

export const server = {
  title: { en: 'Server', zh: '服务' },
  settings: {
    port: integer('PORT', 9000, {
      en: 'Listen port. 0 picks a free port.',
      zh: '监听端口；0 表示任意空闲端口。',
      min: 0,
      max: 65_535,
      local: true,
    }),
    host: text('HOST', null, {
      en: 'The address the server binds to. Demo mode shows sign-in codes, so there the default is 127.0.0.1.',
      zh: '监听地址。演示模式会显示验证码，因此演示模式下默认是 127.0.0.1。',
      shown: '0.0.0.0',
      local: true,
    }),
    logFormat: choice('LOG_FORMAT', 'auto', {
      of: ['auto', 'json', 'text'],
      en: 'Format of the log: json is one object per line, text is for people. auto: text in a terminal, json otherwise.',
      zh: '日志格式：json 每行一个对象，text 便于人阅读。auto：在终端中为 text，否则为 json。',
      local: true,
    }),
    console: flag('CONSOLE', null, {
      en: "on: the developers' console at /console. Always on in demo mode.",
      zh: 'on：在 /console 提供开发者控制台。演示模式下总是开启。',
      shown: 'off',
    }),
    deployedRelease: text('DEPLOYED_RELEASE', '', {
      en: 'Which release runs, set by sls deploy: answered at /, so that the end of a deploy can be seen.',
      zh: '正在运行的发布标记，由 sls deploy 设置，在 / 返回，用于确认部署已生效。',
      pattern: /^[0-9a-f]{16}$/,
      rule: 'must be 16 hex digits',
    }),
    metricsToken: secret('METRICS_TOKEN', '', {
      en: 'Bearer token for /metrics (Prometheus). Empty: /metrics is off.',
      zh: '以 "Authorization: Bearer …" 发送它的人可以读取 /metrics（Prometheus）。未设置则没有该页面。',
      min: 16,
    }),
    logClientAddress: flag('LOG_CLIENT_ADDRESS', false, {
      en: "true: each request's line in the log has the client's address. It is personal data.",
      zh: 'true：每个请求的日志行包含客户端地址。属于个人信息。',
    }),
    trustedProxies: integer('TRUSTED_PROXIES', 0, {
      en: 'Number of your own reverse proxies in front (nginx, CDN). Used to find the client address in X-Forwarded-For. Do not count the platform gateway.',
      zh: '前面有几层自己的反向代理（nginx、CDN），限流按客户端地址时相信它们在 X-Forwarded-For 中写入的地址。云端平台自己的网关不用计入。',
      min: 0,
      max: 10,
    }),
  },
};
