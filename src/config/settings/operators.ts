import { flag, integer, secret, text } from '../setting';

export const operators = {
  title: { en: 'Operators', zh: '运营管理' },
  settings: {
    adminKey: secret('ADMIN_KEY', null, {
      en: 'Key of the first operator (all tenants, everything allowed), who adds the others by /base/v1/admin/add_operator. Without it and without an operator in the database, /base/v1/admin/* answers 404. Choose 24 characters or more: a shorter key is refused for a minute after 20 wrong ones from the same address.',
      zh: '超级管理员密钥（全部租户、全部权限），用于通过 /base/v1/admin/add_operator 添加运营账号。不设置且数据库中没有运营账号时，/base/v1/admin/* 返回 404。建议至少 24 个字符：更短的密钥在同一地址连续 20 次错误后会被拒绝一分钟。',
      min: 16,
    }),
    operatorCallsPerMinute: integer('OPERATOR_CALLS_PER_MINUTE', 600, {
      en: 'How many calls of /base/v1/admin/ one key may make per minute, in each process; a key of a service makes ten times as many. 0 = no limit.',
      zh: '每个密钥每分钟最多调用 /base/v1/admin/ 多少次（每个进程分别计数），服务密钥为十倍；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    auditKeepDays: integer('AUDIT_KEEP_DAYS', 730, {
      en: 'Rows of the audit older than this are deleted; 0 = never.',
      zh: '删除早于这么多天的操作日志；0 表示永久保留。',
      min: 0,
      max: 36_500,
    }),
    reportKeepDays: integer('REPORT_KEEP_DAYS', 400, {
      en: 'Reports by viewers older than this are deleted; 0 = never.',
      zh: '删除早于这么多天的举报；0 表示永久保留。',
      min: 0,
      max: 36_500,
    }),
    sanctionKeepDays: integer('SANCTION_KEEP_DAYS', 400, {
      en: 'Sanctions that ended or were lifted this long ago are deleted, and appeals this old; 0 = never. Permanent sanctions stay.',
      zh: '删除已结束或解除超过这么多天的处罚，以及超过这么多天的申诉；0 表示永久保留。永久处罚不删除。',
      min: 0,
      max: 36_500,
    }),
    operatorsWatchUrl: text('OPERATORS_WATCH_URL', '', {
      en: 'Address of your player for operators who watch a room, with {roomId} in it: https://play.example.com/?room={roomId}. Empty: the operators’ page plays the room with TRTC.',
      zh: '运营人员观看直播间时使用的播放器地址，包含 {roomId}：https://play.example.com/?room={roomId}。为空时在运营后台中通过 TRTC 播放。',
      pattern: /^https?:\/\/\S*\{roomId\}\S*$/,
      rule: 'must be an http or https URL with {roomId} in it',
    }),
    reportsPerHour: integer('REPORTS_PER_HOUR', 20, {
      en: 'How many broadcasts one person may report per hour; 0 = no limit.',
      zh: '每个用户每小时最多举报多少场直播；0 表示不限。',
      min: 0,
      max: 100_000,
    }),
    webhookAllowPrivate: flag('WEBHOOK_ALLOW_PRIVATE', false, {
      en: 'Whether webhooks may be sent to private, loopback and link-local addresses.',
      zh: 'webhook 是否可以发送到内网、本机和链路本地地址。',
    }),
    webhookMemberPercent: integer('WEBHOOK_MEMBER_PERCENT', 100, {
      en: 'Percentage of users whose member.joined and member.left events are published. Each such event locks its room briefly: lower it for large rooms.',
      zh: '每一百人中，有多少人的 member.joined 和 member.left 会发送给 webhook。每个事件会短暂锁定房间，房间很大时请调低。',
      min: 0,
      max: 100,
    }),
    webhookKeepDays: integer('WEBHOOK_KEEP_DAYS', 7, {
      en: 'Days to keep deliveries for viewing and replay.',
      zh: '投递记录保留的天数，期间可以查看和重新投递。',
      min: 1,
      max: 3_650,
    }),
  },
};
