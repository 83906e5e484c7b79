import { integer, secret } from '../setting';

export const operators = {
  title: { en: 'Operators', zh: '运营管理' },
  settings: {
    adminKey: secret('ADMIN_KEY', null, {
      en: 'Key of the first operator (all tenants, everything allowed), who adds the others by /base/v1/admin/add_operator. Without it and without an operator in the database, /base/v1/admin/* answers 404.',
      zh: '第一个管理员的密钥（全部租户、全部权限），由其通过 /base/v1/admin/add_operator 添加其他管理员。不设置且数据库中没有管理员时，/base/v1/admin/* 返回 404。',
      min: 16,
    }),
    auditKeepDays: integer('AUDIT_KEEP_DAYS', 0, {
      en: 'Rows of the audit older than this are deleted; 0 = never.',
      zh: '删除早于这么多天的审计记录；0 表示永久保留。',
      min: 0,
      max: 36_500,
    }),
    reportsPerHour: integer('REPORTS_PER_HOUR', 20, {
      en: 'How many broadcasts one person may report per hour; 0 = no limit.',
      zh: '每个用户每小时最多举报多少场直播；0 表示不限。',
      min: 0,
      max: 100_000,
    }),
  },
};
