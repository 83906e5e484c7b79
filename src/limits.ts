/**
 * Every limit, once: the bounded calls, its number, the place of the count, and the effect when it is reached. Each number is
 * the setting or the constant that the code uses. docs/limits.md is made from this list, and the walk over all endpoints
 * (tests/attacks/walk.test.ts) checks the service against it. No part of the running service reads it.
 */
import type { ErrorName } from './base/errors';
import { REQUEST_MS } from './base/request-budget';
import type { Setting, Words } from './config/setting';
import { GROUPS } from './config/settings';
import type { LimitName } from './contract/costs';
import { MAX_ROOM_ADMINS } from './contract/hosts';
import { MAX_BODY } from './contract/limits';
import { PAUSE_MS } from './data/outbox/said';
import { MAX_JOINS } from './data/rooms/member-events';
import { MAX_ARRIVING, MAX_IN_FLIGHT, MAX_UNSENT, MAX_WAITING } from './http/node/bounds';
import { NAME_PART } from './rules/accounts/guesses';
import { CALLS_AT_ONCE } from './rules/accounts/places';
import { ACTS_PER_DAY, ACTS_PER_MINUTE } from './rules/hosts/acting';
import { FAILURES_PER_ADDRESS } from './rules/operators/access';
import { PER_MINUTE } from './rules/review/chat-log';
import { HELD_AT_A_TIME } from './rules/review/words-and-vendor';
import { JOINED_EVENTS_PER_DAY } from './rules/webhooks/events';
import { ASK_AGAIN_MS } from './vendors/identity/jwks';

/** The subject of a count. `address`: an IPv4 address, an IPv6 /64, and its /48 with twice the number. */
export type Subject =
  | 'account'
  | 'room'
  | 'address'
  | 'name'
  | 'contact'
  | 'tenant'
  | 'provider'
  | 'key'
  | 'connection'
  | 'process';

/** Time for which a hit counts; `stock`: the number that exists at a time; `call`: a bound of every single call. */
export type Within = 'interval' | 'half minute' | 'minute' | 'hour' | 'day' | 'stock' | 'call';

/**
 * database: exact for any number of processes. soon: each process counts in memory, and in the database as well once a
 * subject becomes suspicious; each process lets its requests in flight pass. process: each process separately.
 */
export type Counted = 'database' | 'soon' | 'process';

export interface Limit {
  of: Words;
  per: Subject;
  /** null: no number of this service. Of settings 0 means no limit. */
  most: Setting<number> | number | null;
  /** A share of the number. */
  part?: number;
  unit?: Words;
  within: Within;
  counted: Counted;
  /** The error of a call beyond it; without one the call succeeds. */
  error?: ErrorName;
  instead?: Words;
}

const { accounts, rooms, operators, uploads, codeLimits } = GROUPS;
const LATER: Words = { en: 'sent a minute later, the newest value only', zh: '一分钟后再通知，只通知最新值' };
const refused = { error: 'UserQueryLimit' } as const;

export const LIMITS_IN_FORCE: { readonly [N in LimitName]: Limit } = {
  once: {
    of: {
      en: 'One row or effect for all calls: a repeat finds it done',
      zh: '所有调用只产生一行或一次效果，重复调用不再增加',
    },
    per: 'account',
    most: 1,
    within: 'stock',
    counted: 'database',
  },
  oncePerRoom: {
    of: { en: 'The same for each room', zh: '每个房间一次' },
    per: 'room',
    most: 1,
    within: 'stock',
    counted: 'database',
  },
  oncePerTenant: {
    of: { en: 'The same for each tenant', zh: '每个租户一次' },
    per: 'tenant',
    most: 1,
    within: 'stock',
    counted: 'database',
  },
  sessions: {
    of: { en: 'Sessions', zh: '会话' },
    per: 'account',
    most: accounts.settings.sessionsPerUser,
    within: 'stock',
    counted: 'soon',
    instead: { en: 'the least recently renewed session ends', zh: '最久未续期的会话失效' },
  },
  signIns: {
    of: {
      en: 'Sign-ins being carried out; others wait for up to 5 s',
      zh: '正在处理的登录；其他登录最多等待 5 秒',
    },
    per: 'account',
    most: 1,
    within: 'stock',
    counted: 'process',
    ...refused,
  },
  openRooms: {
    of: { en: 'Open rooms', zh: '同时开启的房间' },
    per: 'account',
    most: rooms.settings.roomsPerOwner,
    within: 'stock',
    counted: 'database',
    ...refused,
  },
  openings: {
    of: { en: 'Broadcasts started', zh: '开播次数' },
    per: 'account',
    most: rooms.settings.roomOpeningsPerMinute,
    within: 'minute',
    counted: 'process',
    ...refused,
  },
  openingsOfDay: {
    of: { en: 'Broadcasts started', zh: '开播次数' },
    per: 'account',
    most: rooms.settings.roomOpeningsPerDay,
    within: 'day',
    counted: 'soon',
    ...refused,
  },
  roomIds: {
    of: { en: 'Generated roomIds not used yet', zh: '已生成且未使用的 roomId' },
    per: 'account',
    most: rooms.settings.roomIdsPerDay,
    within: 'day',
    counted: 'database',
    ...refused,
  },
  searches: {
    of: { en: 'Profiles of other users asked for', zh: '查询其他用户的次数' },
    per: 'account',
    most: accounts.settings.userQueryPerMinute,
    within: 'minute',
    counted: 'process',
    ...refused,
  },
  hostActs: {
    of: {
      en: 'Calls of a host or admin: kick, mute, admins, chat rules',
      zh: '主播和房管的操作：踢出、禁言、房管、发言规则',
    },
    per: 'account',
    most: ACTS_PER_MINUTE,
    within: 'minute',
    counted: 'process',
    ...refused,
  },
  hostActsOfDay: {
    of: { en: 'The same calls', zh: '同上' },
    per: 'account',
    most: ACTS_PER_DAY,
    within: 'day',
    counted: 'soon',
    ...refused,
  },
  roomAdmins: {
    of: { en: 'Admins', zh: '房管' },
    per: 'room',
    most: MAX_ROOM_ADMINS,
    within: 'stock',
    counted: 'database',
    ...refused,
  },
  reports: {
    of: { en: 'Broadcasts reported', zh: '举报的直播场次' },
    per: 'account',
    most: operators.settings.reportsPerHour,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  uploads: {
    of: { en: 'Upload credentials', zh: '上传凭证' },
    per: 'account',
    most: uploads.settings.uploadsPerDay,
    within: 'day',
    counted: 'database',
    ...refused,
  },
  profileTellings: {
    of: { en: 'Calls that send a name or picture to IM', zh: '向 IM 同步昵称和头像的调用' },
    per: 'account',
    most: 60_000 / PAUSE_MS,
    within: 'minute',
    counted: 'database',
    instead: LATER,
  },
  muteTellings: {
    of: { en: 'Calls that mute an entering user in IM', zh: '用户进房时向 IM 同步禁言的调用' },
    per: 'room',
    most: 60_000 / PAUSE_MS,
    within: 'minute',
    counted: 'database',
    instead: LATER,
  },
  memberEvents: {
    of: {
      en: 'member.joined of one member, and the same number of member.left',
      zh: '同一成员的 member.joined，以及同样多的 member.left',
    },
    per: 'room',
    most: MAX_JOINS,
    within: 'minute',
    counted: 'database',
    instead: { en: 'the event and the member.left after it are dropped', zh: '该事件及其后的 member.left 不再推送' },
  },
  memberEventsOfDay: {
    of: { en: 'The same, of all rooms', zh: '同上，所有房间合计' },
    per: 'account',
    most: JOINED_EVENTS_PER_DAY,
    within: 'day',
    counted: 'process',
    instead: { en: 'the event and the member.left after it are dropped', zh: '该事件及其后的 member.left 不再推送' },
  },
  held: {
    of: { en: 'Messages held for review in ten minutes', zh: '十分钟内待审核的消息' },
    per: 'account',
    most: HELD_AT_A_TIME,
    within: 'stock',
    counted: 'process',
    instead: { en: 'the message is refused', zh: '拒绝该消息' },
  },
  chatLog: {
    of: { en: 'Texts that the log of chats keeps', zh: '聊天记录保存的文本' },
    per: 'account',
    most: PER_MINUTE,
    within: 'minute',
    counted: 'process',
    instead: { en: 'the text is judged and not kept', zh: '仍然审核，但不保存' },
  },
  swept: {
    of: { en: 'Rows that the scheduled work deletes after ten minutes', zh: '定时任务十分钟后删除的行' },
    per: 'account',
    most: null,
    within: 'stock',
    counted: 'database',
  },
  signUps: {
    of: { en: 'Accounts made', zh: '注册的账号' },
    per: 'address',
    most: accounts.settings.signUpsPerMinute,
    within: 'minute',
    counted: 'soon',
    ...refused,
  },
  signUpsOfDay: {
    of: { en: 'Accounts made', zh: '注册的账号' },
    per: 'address',
    most: accounts.settings.signUpsPerDay,
    within: 'day',
    counted: 'soon',
    ...refused,
  },
  signInFailures: {
    of: { en: 'Wrong signatures and salts', zh: '错误的签名和 salt' },
    per: 'address',
    most: accounts.settings.signInFailuresPerMinute,
    within: 'minute',
    counted: 'soon',
    ...refused,
  },
  signInFailuresOfName: {
    of: {
      en: 'Wrong signatures and salts; not for a client that signed in from the same address before',
      zh: '错误的签名和 salt；曾从同一地址登录成功的客户端不受影响',
    },
    per: 'name',
    most: accounts.settings.signInFailuresPerMinute,
    part: NAME_PART,
    within: 'minute',
    counted: 'soon',
    ...refused,
  },
  signInFailuresOfStrangers: {
    of: {
      en: 'The same after that: first tries from addresses that have no session of the account',
      zh: '达到上述限制之后，没有该账号会话的地址的首次尝试',
    },
    per: 'name',
    most: accounts.settings.signInFailuresPerMinute,
    within: 'minute',
    counted: 'soon',
    ...refused,
  },
  codesOfClient: {
    of: { en: 'Codes sent; a tenth without a captcha', zh: '发送的验证码；没有人机验证时为十分之一' },
    per: 'address',
    most: codeLimits.settings.codesPerIpHour,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  codesOfClientDay: {
    of: { en: 'Codes sent; a tenth without a captcha', zh: '发送的验证码；没有人机验证时为十分之一' },
    per: 'address',
    most: codeLimits.settings.codesPerIpDay,
    within: 'day',
    counted: 'database',
    ...refused,
  },
  captchaChecks: {
    of: { en: 'Captcha tickets checked', zh: '人机验证次数' },
    per: 'address',
    most: codeLimits.settings.captchasPerIpHour,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  codeFailuresOfClient: {
    of: { en: 'Wrong codes', zh: '错误的验证码' },
    per: 'address',
    most: codeLimits.settings.codeFailuresPerIp,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  codeInterval: {
    of: { en: 'Codes sent within CODE_INTERVAL_SECONDS', zh: 'CODE_INTERVAL_SECONDS 内发送的验证码' },
    per: 'contact',
    most: 1,
    within: 'interval',
    counted: 'database',
    ...refused,
  },
  codesOfContact: {
    of: { en: 'Codes sent', zh: '发送的验证码' },
    per: 'contact',
    most: codeLimits.settings.codesPerAddressHour,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  codesOfContactDay: {
    of: { en: 'Codes sent', zh: '发送的验证码' },
    per: 'contact',
    most: codeLimits.settings.codesPerAddressDay,
    within: 'day',
    counted: 'database',
    ...refused,
  },
  codeFailuresOfContact: {
    of: { en: 'Wrong codes', zh: '错误的验证码' },
    per: 'contact',
    most: codeLimits.settings.codeFailuresPerAddress,
    within: 'hour',
    counted: 'database',
    ...refused,
  },
  codeTries: {
    of: { en: 'Attempts with one code', zh: '一个验证码的尝试次数' },
    per: 'contact',
    most: codeLimits.settings.codeTries,
    within: 'stock',
    counted: 'database',
    error: 'UserCodeConsumed',
  },
  codesOfTenant: {
    of: { en: 'Codes sent; a tenth without a captcha', zh: '发送的验证码；没有人机验证时为十分之一' },
    per: 'tenant',
    most: codeLimits.settings.codesPerDay,
    within: 'day',
    counted: 'database',
    ...refused,
  },
  providerKeys: {
    of: { en: 'Reads of the key set of an identity provider', zh: '读取身份提供方公钥集的次数' },
    per: 'provider',
    most: 30_000 / ASK_AGAIN_MS,
    within: 'half minute',
    counted: 'process',
    instead: { en: 'the keys read before decide', zh: '使用已读取的公钥' },
  },
  vouched: {
    of: {
      en: 'Accounts of users signed in by your backend (a tag secret) or your identity provider',
      zh: '自有后台（标签密钥）或身份提供方担保的用户',
    },
    per: 'tenant',
    most: null,
    within: 'stock',
    counted: 'database',
  },
  bodies: {
    of: { en: 'Body of a request', zh: '请求体' },
    per: 'connection',
    most: MAX_BODY,
    unit: { en: 'bytes', zh: '字节' },
    within: 'call',
    counted: 'process',
    error: 'SystemVerifyError',
  },
  callsAtOnce: {
    of: {
      en: 'Calls with a valid token in flight; more wait for about five seconds',
      zh: '带有效 token、正在处理的调用；超出的排队约五秒',
    },
    per: 'account',
    most: CALLS_AT_ONCE,
    within: 'stock',
    counted: 'process',
    error: 'UserQueryLimit',
  },
  pipelined: {
    of: { en: 'Requests of one connection in flight', zh: '一个连接上处理中的请求' },
    per: 'connection',
    most: MAX_IN_FLIGHT,
    within: 'stock',
    counted: 'process',
    instead: { en: 'the connection is not read', zh: '暂停读取该连接' },
  },
  waiting: {
    of: { en: 'Requests that one packet may bring beyond those', zh: '同一个包带来的额外请求' },
    per: 'connection',
    most: MAX_WAITING,
    within: 'stock',
    counted: 'process',
    instead: { en: 'the connection is closed', zh: '关闭该连接' },
  },
  arriving: {
    of: { en: 'Bodies of requests that have not arrived completely', zh: '尚未完整到达的请求体' },
    per: 'process',
    most: MAX_ARRIVING,
    unit: { en: 'bytes', zh: '字节' },
    within: 'stock',
    counted: 'process',
    instead: { en: 'the connection that has waited longest ends', zh: '关闭等待最久的连接' },
  },
  unsent: {
    of: { en: 'Responses that clients have not read', zh: '客户端未读取的响应' },
    per: 'process',
    most: MAX_UNSENT,
    unit: { en: 'bytes', zh: '字节' },
    within: 'stock',
    counted: 'process',
    instead: { en: 'the connection that has waited longest ends', zh: '关闭等待最久的连接' },
  },
  requestTime: {
    of: { en: 'Time of a request', zh: '请求的处理时间' },
    per: 'connection',
    most: REQUEST_MS,
    unit: { en: 'ms', zh: '毫秒' },
    within: 'call',
    counted: 'process',
    instead: { en: '103, or 100 if a vendor was waited for', zh: '103；等待服务商时为 100' },
  },
  operatorKeys: {
    of: { en: 'Wrong operator keys', zh: '错误的管理密钥' },
    per: 'address',
    most: FAILURES_PER_ADDRESS,
    within: 'minute',
    counted: 'process',
    ...refused,
  },
  keyCalls: {
    of: {
      en: 'Calls with the key of an operator; of a service ten times the number',
      zh: '一个管理密钥的调用；服务密钥为十倍',
    },
    per: 'key',
    most: operators.settings.operatorCallsPerMinute,
    within: 'minute',
    counted: 'process',
    ...refused,
  },
  memberships: {
    of: { en: 'Rooms that a banned or deleted user is in', zh: '被封禁或删除的用户所在的房间' },
    per: 'account',
    most: null,
    within: 'stock',
    counted: 'database',
  },
};
