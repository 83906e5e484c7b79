/** Writes docs/privacy.md (.zh-CN.md) from the declarations of src/data/privacy.ts and the words for each table. */
import { keysOf } from '../../src/base/fields';
import { type Destination, PRIVACY, type TablePrivacy } from '../../src/data/privacy';
import { PRIVACY_WORDS } from './privacy-words';

type Language = 'en' | 'zh';

const WORDS = {
  en: {
    title: 'Data stored about people',
    other: '[中文](privacy.zh-CN.md)',
    made: 'Made from `src/data/privacy.ts` by `npm run docs`. A column that is not declared there does not compile.',
    deletion: [
      '## Deleting a person',
      '`auth_users/user_delete` (the app) and `admin/delete_user` (for people who cannot sign in) do the same:',
      '- Immediately: account, sessions, presence, phone number, mail address and memberships; rooms end.',
      '- An hour later, since shipped apps still use it until then: the IM account (`IM_ACCOUNT_DELETE`), pictures in your bucket (`COS_BUCKET`), rooms, broadcasts, reports, appeals, held texts, notes, and the network addresses of the chat log. Of the audit stays that something happened, and when.',
      '- Within a day: events of webhooks that name the person. Receivers that were down have had them until then, `user.deleted` too.',
      '- When `chatLogDays` are over: texts of chats.',
      '- What stays: the ids, so that none is given twice, and of sanctions keyed hashes (HMAC) of user name, phone number and mail address: a banned person who comes back with one of them is banned. The key is derived from the newest of `TOKEN_SECRETS`, else from `TRTC_TIM_SECRET`. What was hashed with a secret that is in neither any more no longer applies.',
      '',
      'IM or the bucket that cannot be reached is tried again for 30 days; the log says `outbox_failed`, and `outbox_gave_up` after that. Copies are yours to delete: backups, logs, what your servers have received.',
      '',
      '`admin/export_user` gives everything about one person by table, without secrets and hashes.',
    ],
    tables: '## Tables',
    head: ['what', 'why', 'how long', 'sent to', 'columns about a person', 'secrets and hashes'],
    to: {
      im: 'Tencent IM',
      trtc: 'TRTC',
      cos: 'COS',
      sms: 'SMS',
      mail: 'mail',
      webhooks: 'your webhooks',
      logs: 'logs (the id only)',
    },
    logs: '## Logs\n\nLogs name users by their ids. The network address is in them only with `LOG_CLIENT_ADDRESS`. Texts, names, phone numbers, mail addresses, tokens and signatures are never written. How long they are kept is set where they are collected.',
  },
  zh: {
    title: '存储了哪些个人信息',
    other: '[English](privacy.md)',
    made: '由 `npm run docs` 从 `src/data/privacy.ts` 生成。未在其中声明的列无法通过编译。',
    deletion: [
      '## 删除一个人的数据',
      '`auth_users/user_delete`（客户端调用）和 `admin/delete_user`（用于无法登录的用户）效果相同：',
      '- 立即删除：账号、会话、在线状态、手机号、邮箱和房间成员关系；房间随之结束。',
      '- 一小时后删除（已发布的客户端在此之前仍会使用）：IM 账号（`IM_ACCOUNT_DELETE`）、存储桶中的图片（`COS_BUCKET`）、房间、直播记录、举报、申诉、待审核的文本、备注，以及聊天记录中的网络地址。操作日志只保留发生过的操作和时间。',
      '- 一天内删除：涉及该用户的 webhook 事件。在此之前仍会投递给暂时不可用的接收方，包括 `user.deleted`。',
      '- `chatLogDays` 到期后删除：聊天文字。',
      '- 保留：ID（同一 ID 不会分配两次），以及处罚中用户名、手机号和邮箱的带密钥哈希（HMAC）：被封禁的人用其中任何一个回来仍然被封禁。密钥由最新的 `TOKEN_SECRETS` 派生，未设置时由 `TRTC_TIM_SECRET` 派生。用已不在两者中的密钥计算的哈希不再生效。',
      '',
      'IM 或存储桶无法访问时会重试 30 天，日志为 `outbox_failed`，之后为 `outbox_gave_up`。备份、日志和你的服务器收到的数据需要自行删除。',
      '',
      '`admin/export_user` 按表返回一个人的全部数据，不含密钥和哈希。',
    ],
    tables: '## 数据表',
    head: ['内容', '用途', '保留时间', '发送到', '个人信息列', '密钥和哈希列'],
    to: {
      im: '腾讯云 IM',
      trtc: 'TRTC',
      cos: 'COS',
      sms: '短信',
      mail: '邮件',
      webhooks: '你的 webhook',
      logs: '日志（仅 ID）',
    },
    logs: '## 日志\n\n日志只用 ID 指代用户，只有设置 `LOG_CLIENT_ADDRESS` 才包含网络地址。文字、名称、手机号、邮箱、令牌和签名从不写入日志。保留时间由收集日志的地方决定。',
  },
} as const;

function columnsOf({ columns }: TablePrivacy, privacy: string): string {
  const names = Object.entries(columns).filter(([, one]) => one === privacy);
  return names.map(([name]) => `\`${name}\``).join(', ') || '–';
}

function row(name: keyof typeof PRIVACY, language: Language): string {
  const { to } = WORDS[language];
  const table: TablePrivacy = PRIVACY[name];
  const words = PRIVACY_WORDS[name];
  const places = table.to.map((one: Destination) => to[one]).join(', ') || '–';
  const cells = [`${words[language]} (\`${name}\`)`, words.why[language], words.keep[language], places];
  return `| ${[...cells, columnsOf(table, 'person'), columnsOf(table, 'secret')].join(' | ')} |\n`;
}

export function createPrivacy(language: Language): string {
  const words = WORDS[language];
  const rows = keysOf(PRIVACY).map((name) => row(name, language));
  const head = `| ${words.head.join(' | ')} |\n|${' --- |'.repeat(words.head.length)}\n`;
  const parts = [`# ${words.title}`, words.other, words.made, words.deletion.join('\n'), words.logs, words.tables];
  return `${parts.join('\n\n')}\n\n${head}${rows.join('')}`;
}
