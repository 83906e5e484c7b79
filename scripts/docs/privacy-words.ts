/** What each table is for and how long its rows are kept, for docs/privacy.md. A table without words does not compile. */
import type { PRIVACY } from '../../src/data/privacy';

interface Words {
  en: string;
  zh: string;
}

export interface TableWords extends Words {
  why: Words;
  keep: Words;
}

export const PRIVACY_WORDS: Readonly<Record<keyof typeof PRIVACY, TableWords>> = {
  webhooks: {
    en: 'Receivers of webhooks',
    zh: 'webhook 接收方',
    why: { en: 'where your servers receive events', zh: '你的服务器接收事件的地址' },
    keep: { en: 'until removed', zh: '直到移除' },
  },
  webhook_events: {
    en: 'Events for webhooks',
    zh: 'webhook 事件',
    why: { en: 'events until your servers have them, and for replay', zh: '事件，直到送达你的服务器；也用于重新投递' },
    keep: {
      en: 'WEBHOOK_KEEP_DAYS; those that name a deleted person a day at most',
      zh: 'WEBHOOK_KEEP_DAYS；涉及已注销用户的最长一天',
    },
  },
  deliveries: {
    en: 'Deliveries of webhooks',
    zh: 'webhook 投递',
    why: { en: 'what was delivered', zh: '投递结果' },
    keep: {
      en: 'WEBHOOK_KEEP_DAYS; of a deleted person a day at most',
      zh: 'WEBHOOK_KEEP_DAYS；涉及已注销用户的最长一天',
    },
  },
  throttles: {
    en: 'Counts of failed sign-ins and sign-ups, by keyed hash',
    zh: '登录失败和注册计数（带密钥的哈希）',
    why: { en: 'to slow down guessing', zh: '限制猜测密码' },
    keep: { en: 'two days', zh: '两天' },
  },
  sign_in_codes: {
    en: 'Sign-in codes, by keyed hash',
    zh: '登录验证码（带密钥的哈希）',
    why: { en: 'to check a code', zh: '核对验证码' },
    keep: { en: 'two days', zh: '两天' },
  },
  code_limits: {
    en: 'Counts of sent codes, by keyed hash',
    zh: '验证码发送计数（带密钥的哈希）',
    why: { en: 'to limit the number of codes', zh: '限制验证码数量' },
    keep: { en: 'two days', zh: '两天' },
  },
  addresses: {
    en: 'Verified phone numbers and mail addresses',
    zh: '已验证的手机号和邮箱',
    why: { en: 'sign-in by phone or mail', zh: '手机号和邮箱登录' },
    keep: { en: 'until the account is deleted', zh: '直到账号注销' },
  },
  samples: {
    en: 'Counts per minute, hour and day',
    zh: '每分钟、每小时、每天的计数',
    why: { en: 'statistics', zh: '统计' },
    keep: {
      en: 'STATISTICS_MINUTE_DAYS, STATISTICS_HOUR_DAYS, STATISTICS_DAY_DAYS',
      zh: 'STATISTICS_MINUTE_DAYS、STATISTICS_HOUR_DAYS、STATISTICS_DAY_DAYS',
    },
  },
  activity: {
    en: 'Counts of deleted sign-ins and entries',
    zh: '已删除的登录和进入的计数',
    why: { en: 'statistics', zh: '统计' },
    keep: { en: 'until they are counted', zh: '计入统计后删除' },
  },
  broadcasts: {
    en: 'Ended broadcasts',
    zh: '已结束的直播',
    why: { en: 'statistics, and the reason that a host reads', zh: '统计；向主播说明结束原因' },
    keep: {
      en: 'BROADCAST_DAYS; deleted an hour after the deletion of the account',
      zh: 'BROADCAST_DAYS；账号注销一小时后删除',
    },
  },
  operators: {
    en: 'Operators and keys (hashed)',
    zh: '运营账号及其密钥（哈希）',
    why: { en: 'who may moderate', zh: '谁可以运营' },
    keep: { en: 'until removed', zh: '直到移除' },
  },
  sanctions: {
    en: 'Bans, mutes and kicks',
    zh: '处罚',
    why: { en: 'to keep sanctioned people out', zh: '执行处罚' },
    keep: {
      en: 'SANCTION_KEEP_DAYS after the end; an hour after the deletion of the account only keyed hashes of name, phone number and mail address stay',
      zh: '结束后 SANCTION_KEEP_DAYS 天；账号注销一小时后只保留用户名、手机号和邮箱的带密钥哈希',
    },
  },
  audit: {
    en: 'What operators did',
    zh: '运营人员的操作',
    why: { en: 'to find out who did what', zh: '查明谁做了什么' },
    keep: {
      en: 'AUDIT_KEEP_DAYS; a deleted person is blanked after an hour',
      zh: 'AUDIT_KEEP_DAYS；被注销的用户一小时后清空',
    },
  },
  reports: {
    en: 'Reports by viewers',
    zh: '观众举报',
    why: { en: 'to moderate', zh: '处理举报' },
    keep: {
      en: 'REPORT_KEEP_DAYS; deleted an hour after the deletion of the account',
      zh: 'REPORT_KEEP_DAYS；账号注销一小时后删除',
    },
  },
  users: {
    en: 'Accounts',
    zh: '账号',
    why: { en: 'the account', zh: '账号' },
    keep: { en: 'until the account is deleted', zh: '直到账号注销' },
  },
  public_ids: {
    en: 'Which ids were ever given',
    zh: '已分配过的 ID',
    why: { en: 'no id is given twice', zh: '同一 ID 不会分配两次' },
    keep: {
      en: 'ids of accounts and rooms permanently, so that none is given twice; unused room ids 90 days',
      zh: '账号和房间的 ID 永久保留，避免重复分配；未使用的房间 ID 保留 90 天',
    },
  },
  sessions: {
    en: 'Sign-ins',
    zh: '登录会话',
    why: { en: 'to stay signed in', zh: '保持登录' },
    keep: { en: '30 days after the last sign-in', zh: '最后一次登录后 30 天' },
  },
  presence: {
    en: 'Who is online',
    zh: '在线状态',
    why: { en: 'who is online', zh: '在线状态' },
    keep: { en: 'until the account is deleted', zh: '直到账号注销' },
  },
  rooms: {
    en: 'Rooms and their texts',
    zh: '房间及其文字',
    why: { en: 'the rooms that apps show', zh: '客户端显示的房间' },
    keep: {
      en: 'until the next broadcast; deleted an hour after the deletion of the account',
      zh: '直到下一次开播；账号注销一小时后删除',
    },
  },
  kept_rooms: {
    en: 'Rooms that stay open',
    zh: '保持开播的房间',
    why: { en: 'rooms that your service keeps open', zh: '你的服务保持开播的房间' },
    keep: { en: 'until the broadcast ends', zh: '直到直播结束' },
  },
  members: {
    en: 'Who is in a room',
    zh: '房间成员',
    why: { en: 'who is in a room', zh: '谁在房间里' },
    keep: { en: 'a few minutes after the broadcast', zh: '直播结束后几分钟' },
  },
  outbox: {
    en: 'Work for IM and TRTC',
    zh: '待发送给 IM 和 TRTC 的任务',
    why: { en: 'calls to IM and TRTC that are still to be made', zh: '待执行的 IM 和 TRTC 调用' },
    keep: {
      en: 'until it is done, 24 hours at most; of deleted accounts 30 days at most if IM or COS cannot be reached',
      zh: '完成即删，最长 24 小时；IM 或 COS 无法访问时，注销账号的任务最长 30 天',
    },
  },
  jobs: {
    en: 'State of scheduled work',
    zh: '定时任务的状态',
    why: { en: 'scheduled work', zh: '定时任务' },
    keep: { en: 'one row per job; rows of old keys 90 days', zh: '每个任务一行；旧密钥的行保留 90 天' },
  },
  commits: {
    en: 'Random ids of transactions',
    zh: '事务的随机编号',
    why: { en: 'a transaction is committed once', zh: '事务只提交一次' },
    keep: { en: 'ten minutes', zh: '十分钟' },
  },
  im_said: {
    en: 'The last profile sent to IM, by hash',
    zh: '最近告知 IM 的内容（哈希）',
    why: { en: 'to call IM only if needed', zh: '减少对 IM 的调用' },
    keep: { en: 'a day', zh: '一天' },
  },
  user_notes: {
    en: 'Notes of operators on users',
    zh: '运营人员对用户的备注',
    why: { en: 'notes for other operators', zh: '供其他运营人员参考' },
    keep: { en: 'until an hour after the deletion of the account', zh: '直到账号注销一小时后' },
  },
  operator_reasons: {
    en: 'Reasons that operators use often',
    zh: '运营人员常用的原因',
    why: { en: 'texts to choose from', zh: '可选的原因' },
    keep: { en: 'until changed', zh: '直到修改' },
  },
  webhook_attempts: {
    en: 'Attempts of webhook deliveries',
    zh: 'webhook 投递的尝试记录',
    why: { en: 'to find out why a delivery failed', zh: '查明投递失败的原因' },
    keep: {
      en: 'WEBHOOK_KEEP_DAYS; of a deleted person a day at most',
      zh: 'WEBHOOK_KEEP_DAYS；涉及已注销用户的最长一天',
    },
  },
  review_settings: {
    en: 'Settings of message review',
    zh: '消息审核设置',
    why: { en: 'settings of each tenant', zh: '各租户的设置' },
    keep: { en: 'permanently, one row per tenant', zh: '永久保留，每个租户一行' },
  },
  words: {
    en: 'Word lists',
    zh: '词表',
    why: { en: 'to review texts', zh: '审核文本' },
    keep: { en: 'until removed', zh: '直到移除' },
  },
  held: {
    en: 'Messages that wait for review',
    zh: '待审核的消息',
    why: { en: 'texts that wait for a verdict', zh: '等待审核的文本' },
    keep: {
      en: 'as long as the chat log, a day at least; deleted an hour after the deletion of the account',
      zh: '与聊天记录相同，至少一天；账号注销一小时后删除',
    },
  },
  chat_log: {
    en: 'Texts of chats',
    zh: '聊天文字',
    why: { en: 'to moderate chats', zh: '处理聊天中的违规' },
    keep: {
      en: 'chatLogDays; the network address is deleted an hour after the deletion of the account',
      zh: 'chatLogDays；账号注销一小时后删除网络地址',
    },
  },
  appeals: {
    en: 'Appeals against sanctions',
    zh: '申诉',
    why: { en: 'to decide about appeals', zh: '处理申诉' },
    keep: {
      en: 'SANCTION_KEEP_DAYS; deleted an hour after the deletion of the account',
      zh: 'SANCTION_KEEP_DAYS；账号注销一小时后删除',
    },
  },
  room_admins: {
    en: 'Admins of rooms',
    zh: '房管',
    why: { en: 'who helps a host', zh: '房管' },
    keep: { en: 'until removed, or an hour after the deletion of the account', zh: '直到移除，或账号注销一小时后' },
  },
  chat_rules: {
    en: 'Chat rules of rooms',
    zh: '房间的聊天规则',
    why: { en: 'what may be written in a room', zh: '房间发言规则' },
    keep: { en: 'as long as the room', zh: '与房间相同' },
  },
};
