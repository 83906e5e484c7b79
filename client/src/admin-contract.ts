/** Made from src/contract/admin by `npm run docs`; a test fails when it differs. Not to be edited. */

export interface MeInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface OverviewInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface SettingsInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ReasonsInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface SetReasonsInput {
  /** The texts. 原因列表。 */
  reasons?: readonly string[];
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RoomsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** The order, descending; viewers by default. 排序（降序），默认 viewers。 */
  orderBy?: 'viewers' | 'newest' | 'joined';
  /** Only this category. 只查询该分类。 */
  category?: string;
  /** The user. 用户 ID。 */
  ownBy?: string;
  /** Part of a title, or a room or owner id. 标题的一部分，或房间、主播 ID。 */
  search?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface EndRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Also bans the host, for this many seconds; 0 = permanently; absent = no ban. 同时封禁主播的时长（秒）；0 表示永久；不传表示不封禁。 */
  banOwnerSeconds?: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface WarnRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The warning sent to the room. 发送给房间的警告内容。 */
  text: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface WatchRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface KickUserInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The user. 用户 ID。 */
  userId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Seconds during which the user cannot rejoin this room; absent = until this broadcast ends; 0 = permanently. 禁止再次进入的时长（秒）；不传表示到本次直播结束；0 表示永久。 */
  seconds?: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface MuteUserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** Duration in seconds; 0 = permanent. 时长（秒）；0 表示永久。 */
  seconds: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface BanUserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Duration in seconds; 0 = permanent. 时长（秒）；0 表示永久。 */
  seconds: number;
  /** Also bans the last network address of the user: all sign-ins and entries from it are rejected. 同时封禁其最近使用的网络地址：该地址不能登录，也不能进入房间。 */
  withAddress?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface LiftSanctionInput {
  /** The sanction. 处罚 ID。 */
  sanctionId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface SanctionsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** The user. 用户 ID。 */
  userId?: string;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** Only this kind. 只查询该类型。 */
  kind?: 'ban' | 'mute' | 'kick';
  /** Only those in force (true, the default), or only those that are over (false). 只查询生效中的（true，默认）或已结束的（false）。 */
  active?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface UsersInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** Id, name, user name, phone or mail. ID、昵称、用户名、手机号或邮箱。 */
  search?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface UserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface SignOutUserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AddNoteInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** The note; users never see it. 备注内容，用户不可见。 */
  text: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RemoveNoteInput {
  /** The note. 备注 ID。 */
  noteId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ReportsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** Only those. 状态。 */
  state?: 'open' | 'done';
  /** The room. 房间 ID。 */
  roomId?: string;
  /** The user. 用户 ID。 */
  userId?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ResolveReportInput {
  /** The report. 举报 ID。 */
  reportId: string;
  /** Whether it was right. 结论。 */
  verdict: 'dismissed' | 'upheld';
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Action to take with the decision: the name of the call with its parameters, {"kick_user": {…}}. 同时执行的操作：调用名及其参数，例如 {"kick_user": {…}}。 */
  action?: Readonly<Record<string, unknown>>;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface WebhooksInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AddWebhookInput {
  /** Where events are sent. 接收事件的地址。 */
  url: string;
  /** Which events; absent or empty = all. 事件类型；不传或为空表示全部。 */
  events?: readonly string[];
  /** For people. 备注。 */
  description?: string;
  /** Whether events are sent; true by default. 是否发送，默认 true。 */
  enabled?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ChangeWebhookInput {
  /** The webhook. webhook ID。 */
  webhookId: string;
  /** Where events are sent. 接收事件的地址。 */
  url?: string;
  /** Which events; absent or empty = all. 事件类型；不传或为空表示全部。 */
  events?: readonly string[];
  /** For people. 备注。 */
  description?: string;
  /** Whether events are sent; true by default. 是否发送，默认 true。 */
  enabled?: boolean;
  /** A new secret. 更换密钥。 */
  rotate?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RemoveWebhookInput {
  /** The webhook. webhook ID。 */
  webhookId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface DeliveriesInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** The webhook. webhook ID。 */
  webhookId: string;
  /** Only those. 状态。 */
  state?: 'pending' | 'delivered' | 'failed';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface DeliveryInput {
  /** The delivery. 推送记录 ID。 */
  deliveryId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface TestWebhookInput {
  /** The webhook. webhook ID。 */
  webhookId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ReplayDeliveryInput {
  /** The delivery. 推送记录 ID。 */
  deliveryId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface OperatorsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AddOperatorInput {
  /** Name of the operator, as the audit shows it. 运营账号名称，显示在操作日志中。 */
  name: string;
  /** Permissions of the key. 权限。 */
  scope: 'read' | 'moderate' | 'service' | 'manage';
  /** Whose rooms and users they may see; * = all tenants; absent = the default one. 可管理的租户；* 表示全部；不传表示默认租户。 */
  tenant?: string;
  /** Days until the key expires; absent = it does not. 密钥有效天数；不传表示长期有效。 */
  validDays?: number;
}

export interface RotateOperatorInput {
  /** Name of the operator, as the audit shows it. 运营账号名称，显示在操作日志中。 */
  name: string;
  /** Days until the key expires; absent = it does not. 密钥有效天数；不传表示长期有效。 */
  validDays?: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RemoveOperatorInput {
  /** Name of the operator, as the audit shows it. 运营账号名称，显示在操作日志中。 */
  name: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AuditInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** The user. 用户 ID。 */
  userId?: string;
  /** Only this operator. 只查询该运营账号。 */
  operator?: string;
  /** Only this call. 只查询该操作。 */
  action?: string;
  /** At this time or later, UTC. 起始时间（UTC）。 */
  fromUtc?: string;
  /** Before this time, UTC. 结束时间（UTC，不含）。 */
  toUtc?: string;
  /** A file instead of a page. 导出为文件。 */
  format?: 'json' | 'csv';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface StatisticsInput {
  /** At this time or later, UTC. 起始时间（UTC）。 */
  fromUtc: string;
  /** Before this time, UTC. 结束时间（UTC，不含）。 */
  toUtc: string;
  /** How long a step is. 粒度。 */
  step?: '1m' | '1h' | '1d';
  /** Which of them; all by default. 需要的序列，默认全部。 */
  series?: readonly string[];
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface BroadcastsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** true: total is the length of the list, up to 10000; beyond that totalIsMore is true. A search has no total. true：返回总数 total，最多 10000，超过时 totalIsMore 为 true。搜索时不返回。 */
  count?: boolean;
  /** The user. 用户 ID。 */
  ownBy?: string;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** At this time or later, UTC. 起始时间（UTC）。 */
  fromUtc?: string;
  /** Before this time, UTC. 结束时间（UTC，不含）。 */
  toUtc?: string;
  /** A file instead of a page. 导出为文件。 */
  format?: 'json' | 'csv';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ChatRulesInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ChangeChatRulesInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Who may write: all, admins (the owner and the admins) or nobody. 谁可以发言：all 所有人，admins 主播和房管，nobody 全员禁言。 */
  speak?: 'all' | 'admins' | 'nobody';
  /** Slow mode: seconds between two messages of one person, 3 to 120; 0 switches it off. 慢速模式：同一用户两条消息之间的秒数，3 到 120；0 表示关闭。 */
  slowSeconds?: number;
  /** true: no message twice in a row by the same person. true：同一用户不能连续发送相同的消息。 */
  unique?: boolean;
  /** false: messages with a link are refused. false：拒绝带链接的消息。 */
  links?: boolean;
  /** Seconds that a viewer has to be in the room before the first message, up to 3600. 进入房间多少秒后才能发言，最多 3600。 */
  minSecondsInRoom?: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RoomAdminsInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface WordsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** Part of a word. 词中包含的文字。 */
  search?: string;
  /** Only with this tag. 标签。 */
  tag?: string;
  /** Only this action. 处理方式。 */
  action?: 'refuse' | 'silent' | 'mask' | 'hold' | 'allow';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AddWordsInput {
  /** Words, up to 1,000. 词，最多 1,000 个。 */
  words: readonly string[];
  /** Action for a text with the word: refuse, silent (only the sender sees it), mask (*), hold for a verdict; allow cancels the hits inside of it. 含有该词的文本如何处理：refuse 拒绝，silent 仅发送者可见，mask 替换为 *，hold 待审核；allow 表示放行，其覆盖的命中无效。 */
  action?: 'refuse' | 'silent' | 'mask' | 'hold' | 'allow';
  /** For your own order. 标签，供自己分类。 */
  tag?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RemoveWordsInput {
  /** The words. 词 ID。 */
  wordIds: readonly string[];
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface CheckTextInput {
  /** The text. 文本。 */
  text: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ReviewSettingsInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ChangeReviewSettingsInput {
  /** Whether texts are reviewed and logged. 是否审核并记录文本。 */
  enabled?: boolean;
  /** Action for a message that cannot be reviewed. 无法审核时放行（pass）还是拒绝（refuse）。 */
  onFault?: 'pass' | 'refuse';
  /** Who is asked about texts. 第三方审核服务。 */
  vendor?: 'none' | 'tms';
  /** suspects: texts with contacts, links or hits. all: every text. suspects：含联系方式、链接或命中的文本；all：全部文本。 */
  vendorScope?: 'suspects' | 'all';
  /** Action for the vendor's Review. 服务商返回 Review 时的处理方式。 */
  vendorReview?: 'refuse' | 'silent' | 'hold' | 'pass';
  /** Whether covers and avatars are reviewed by Tencent IMS (docs/review.md). 是否用腾讯云图片内容安全（IMS）审核封面与头像（见 docs/review.md）。 */
  vendorPictures?: boolean;
  /** Names of texts in the JSON of custom messages, for apps that chat by them. Without it custom messages (gifts, likes) pass. 自定义消息 JSON 中文本字段的名称，用于以自定义消息聊天的应用。为空时自定义消息（礼物、点赞）直接放行。 */
  customKeys?: readonly string[];
  /** Days to keep texts; 0 keeps none. 文本保留天数；0 表示不保留。 */
  chatLogDays?: number;
  /** Language of what people read whose message did not go out. 提示语言。 */
  language?: 'zh' | 'en';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface HeldInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** open by default. 状态，默认 open。 */
  state?: 'open' | 'passed' | 'refused' | 'expired';
  /** The room. 房间 ID。 */
  roomId?: string;
  /** The user. 用户 ID。 */
  userId?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface DecideHeldInput {
  /** The texts, up to 50. 文本 ID，最多 50 个。 */
  heldIds: readonly string[];
  /** pass or refuse. 通过或拒绝。 */
  verdict: 'pass' | 'refuse';
  /** Why; kept in the audit. 原因，写入操作日志。 */
  reason?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface MessagesInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** The user. 用户 ID。 */
  userId?: string;
  /** At this time or later, UTC. 起始时间（UTC）。 */
  fromUtc?: string;
  /** Before this time, UTC. 结束时间（UTC，不含）。 */
  toUtc?: string;
  /** A file with all of them. 导出全部。 */
  format?: 'json' | 'csv';
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface RecallMessageInput {
  /** The message. 消息 ID。 */
  messageId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface IssueTokenInput {
  /** The user. 用户 ID。 */
  userId?: string;
  /** User name, instead of userId. 用户名，可代替 userId。 */
  username?: string;
  /** Display name. 昵称。 */
  nickname?: string;
  /** URL of a picture. 头像地址。 */
  avatar?: string;
  /** Create a missing account; default true. 账号不存在时创建；默认 true。 */
  create?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface UpdateUserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Display name. 昵称。 */
  name?: string;
  /** URL of a picture. 头像地址。 */
  avatar?: string;
  /** Label. 用户标签。 */
  tag?: string;
  /** Second label. 用户标签 2。 */
  tag2?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: Readonly<Record<string, unknown>>;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface OpenRoomInput {
  /** The owner. 主播。 */
  ownerId: string;
  /** Default: the owner's id. 默认为主播的 ID。 */
  roomId?: string;
  /** Kind of room. 房间分类。 */
  category?: string;
  /** Title. 房间标题。 */
  title?: string;
  /** URL of the cover; empty removes it. 房间封面，空字符串表示清除。 */
  cover?: string;
  /** Subject. 房间主题。 */
  subject?: string;
  /** Description. 房间详细描述。 */
  description?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: Readonly<Record<string, unknown>>;
  /** The room stays live and listed while its owner is away; default false. 主播不在时房间保持直播和可见；默认 false。 */
  keepOpen?: boolean;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface UpdateRoomOfInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Kind of room. 房间分类。 */
  category?: string;
  /** Title. 房间标题。 */
  title?: string;
  /** URL of the cover; empty removes it. 房间封面，空字符串表示清除。 */
  cover?: string;
  /** Subject. 房间主题。 */
  subject?: string;
  /** Description. 房间详细描述。 */
  description?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: Readonly<Record<string, unknown>>;
  /** The room stays live and listed while its owner is away; default false. 主播不在时房间保持直播和可见；默认 false。 */
  keepOpen?: boolean;
  /** Ranking number. 用于排序的数值。 */
  star?: number;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface CloseRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ImportUsersInput {
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ExportUserInput {
  /** The user. 用户 ID。 */
  userId?: string;
  /** User name, instead of userId. 用户名，可代替 userId。 */
  username?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface DeleteUserInput {
  /** The user. 用户 ID。 */
  userId: string;
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface AppealsInput {
  /** Page size, 1 to 200. Default 50. 最多返回的条数，默认 50。 */
  limit?: number;
  /** The cursor of the previous response. 上一次返回的 cursor。 */
  cursor?: string;
  /** open by default. 状态，默认 open。 */
  state?: 'open' | 'done';
  /** The user. 用户 ID。 */
  userId?: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export interface ResolveAppealInput {
  /** The appeal. 申诉 ID。 */
  appealId: string;
  /** upheld or lifted. 维持或解除。 */
  verdict: 'upheld' | 'lifted';
  /** Reason; recorded in the audit log and shown to the user. 原因；写入操作日志，并告知当事人。 */
  reason: string;
  /** Which tenant, for operators of all of them; absent = the default one. 租户（仅限可管理全部租户的运营账号）；不传表示默认租户。 */
  tenant?: string;
}

export type LiveRoom = {
  roomId: string;
  title: string;
  category: string;
  cover: string;
  ownBy: string;
  ownerName: string;
  state: 'live' | 'hostAway' | 'ended';
  startUtc: string;
  endUtc: string;
  viewers: number;
  joined: number;
  reports: number;
  warned: boolean;
  broadcastNo: number;
};

export type Sanction = {
  sanctionId: string;
  kind: 'ban' | 'mute' | 'kick';
  userId: string;
  userName: string;
  address: string;
  roomId: string;
  roomTitle: string;
  reason: string;
  by: string;
  byUserId: string;
  createUtc: string;
  untilUtc: string;
  untilBroadcastEnds: boolean;
  liftedUtc: string;
  liftedBy: string;
};

export type Report = {
  reportId: string;
  roomId: string;
  roomTitle: string;
  broadcastNo: number;
  byUserId: string;
  byName: string;
  targetUserId: string;
  targetName: string;
  reason: string;
  description: string;
  createUtc: string;
  state: 'open' | 'done';
  verdict: 'dismissed' | 'upheld' | '';
  resolvedBy: string;
};

export type AuditEntry = {
  auditId: string;
  atUtc: string;
  operator: string;
  action: string;
  roomId: string;
  roomTitle: string;
  userId: string;
  userName: string;
  reason: string;
  before: string;
  after: string;
  requestId: string;
  address: string;
};

export type Broadcast = {
  roomId: string;
  broadcastNo: number;
  ownBy: string;
  ownerName: string;
  title: string;
  category: string;
  startUtc: string;
  endUtc: string;
  endedBy: 'owner' | 'operator' | 'absence' | 'account' | 'im' | 'service';
  reason: string;
  peak: number;
  joined: number;
};

export type MeData = {
  name: string;
  scope: 'read' | 'moderate' | 'service' | 'manage';
  tenant: string;
  expireUtc: string;
  im: boolean;
  covers: string;
  watch: 'trtc' | 'url' | 'off';
};

export type OverviewData = {
  now: {
    rooms: number;
    viewers: number;
    online: number | null;
    openReports: number;
  };
  yesterday: {
    rooms: number | null;
    viewers: number | null;
    online: number | null;
  };
  reports: {
    today: number;
    yesterday: number;
  };
  health: {
    database: {
      state: 'ok' | 'failed' | 'waiting' | 'off';
      detail: string;
    };
    im: {
      state: 'ok' | 'failed' | 'waiting' | 'off';
      detail: string;
    };
    trtc: {
      state: 'ok' | 'failed' | 'waiting' | 'off';
      detail: string;
    };
    webhooks: {
      state: 'ok' | 'failed' | 'waiting' | 'off';
      detail: string;
    };
    codes: {
      state: 'ok' | 'failed' | 'waiting' | 'off';
      detail: string;
    };
  };
};

export type SettingsData = {
  items: {
    name: string;
    value: string;
    secret: boolean;
    isSet: boolean;
    isDefault: boolean;
    en: string;
    zh: string;
  }[];
  cursor: string;
};

export type ReasonsData = {
  reasons: string[];
};

export type SetReasonsData = {
  reasons: string[];
};

export type RoomsData = {
  items: LiveRoom[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type RoomData = {
  room: LiveRoom;
  members: {
    userId: string;
    name: string;
    role: string;
    joinedUtc: string;
  }[];
  timeline: {
    atUtc: string;
    kind: string;
    userId: string;
    userName: string;
    text: string;
  }[];
  sanctions: Sanction[];
  reports: Report[];
};

export type EndRoomData = {
  pending: ('im' | 'trtc')[];
};

export type WarnRoomData = {
  pending: ('im' | 'trtc')[];
};

export type WatchRoomData = {
  roomId: string;
  url: string;
  sdkAppId: number;
  userId: string;
  userSig: string;
  expireUtc: string;
};

export type KickUserData = {
  sanctionId: string;
  pending: ('im' | 'trtc')[];
};

export type MuteUserData = {
  sanctionId: string;
  pending: ('im' | 'trtc')[];
};

export type BanUserData = {
  sanctionId: string;
  endedRooms: string[];
  pending: ('im' | 'trtc')[];
};

export type SanctionsData = {
  items: Sanction[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type UsersData = {
  items: {
    userId: string;
    name: string;
    username: string;
    createUtc: string;
    lastSeenUtc: string;
    banned: boolean;
    online: boolean;
  }[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type UserData = {
  userId: string;
  name: string;
  username: string;
  createUtc: string;
  lastSeenUtc: string;
  banned: boolean;
  online: boolean;
  rooms: {
    roomId: string;
    title: string;
    role: string;
    joinedUtc: string;
  }[];
  notes: {
    noteId: string;
    text: string;
    by: string;
    createUtc: string;
  }[];
  sessions: {
    createUtc: string;
    expireUtc: string;
    address: string;
  }[];
  broadcasts: {
    roomId: string;
    broadcastNo: number;
    title: string;
    category: string;
    startUtc: string;
    endUtc: string;
  }[];
  sanctions: Sanction[];
  reports: Report[];
};

export type SignOutUserData = {
  sessions: number;
};

export type AddNoteData = {
  noteId: string;
};

export type ReportsData = {
  items: Report[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type ResolveReportData = {
  pending: ('im' | 'trtc')[];
  sanctionId?: string;
  endedRooms?: string[];
};

export type WebhooksData = {
  items: {
    webhookId: string;
    url: string;
    events: (
      | 'room.opened'
      | 'room.ended'
      | 'member.joined'
      | 'member.left'
      | 'user.created'
      | 'user.deleted'
      | 'sanction.created'
      | 'sanction.lifted'
      | 'admin.added'
      | 'admin.removed'
      | 'chat_rules.changed'
      | 'message.held'
      | 'message.decided'
      | 'message.recalled'
      | 'picture.removed'
      | 'report.created'
    )[];
    description: string;
    enabled: boolean;
    lastStatus: number;
    failingSinceUtc: string;
  }[];
  cursor: string;
};

export type AddWebhookData = {
  webhookId: string;
  secret: string;
};

export type ChangeWebhookData = {
  secret?: string;
};

export type DeliveriesData = {
  items: {
    deliveryId: string;
    eventId: string;
    event: string;
    atUtc: string;
    attempts: number;
    state: 'pending' | 'delivered' | 'failed';
    lastStatus: number;
    nextUtc: string;
  }[];
  cursor: string;
};

export type DeliveryData = {
  deliveryId: string;
  eventId: string;
  event: string;
  atUtc: string;
  attempts: {
    number: number;
    atUtc: string;
    ms: number;
    status: number;
    fault: string;
    requestHeaders: string;
    responseHeaders: string;
    responseBody: string;
  }[];
  state: 'pending' | 'delivered' | 'failed';
  lastStatus: number;
  nextUtc: string;
  webhookId: string;
  payload: string;
  waitsFor: string;
  attemptCount: number;
};

export type TestWebhookData = {
  eventId: string;
};

export type ReplayDeliveryData = {
  waitsFor: string;
};

export type OperatorsData = {
  items: {
    name: string;
    scope: 'read' | 'moderate' | 'service' | 'manage';
    tenant: string;
    createUtc: string;
    lastUsedUtc: string;
    expireUtc: string;
    expired: boolean;
  }[];
  cursor: string;
};

export type AddOperatorData = {
  name: string;
  key: string;
};

export type RotateOperatorData = {
  name: string;
  key: string;
};

export type AuditData = {
  items: AuditEntry[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type StatisticsData = {
  step: '1m' | '1h' | '1d';
  atUtc: string[];
  series: {
    rooms?: (number | null)[];
    viewers?: (number | null)[];
    online?: (number | null)[];
    signIns?: (number | null)[];
    signUps?: (number | null)[];
    entries?: (number | null)[];
  };
  peaks: {
    rooms?: {
      value: number;
      atUtc: string;
    };
    viewers?: {
      value: number;
      atUtc: string;
    };
    online?: {
      value: number;
      atUtc: string;
    };
    signIns?: {
      value: number;
      atUtc: string;
    };
    signUps?: {
      value: number;
      atUtc: string;
    };
    entries?: {
      value: number;
      atUtc: string;
    };
  };
};

export type BroadcastsData = {
  items: Broadcast[];
  cursor: string;
  total?: number;
  totalIsMore?: boolean;
};

export type ChatRulesData = {
  speak: 'all' | 'admins' | 'nobody';
  slowSeconds: number;
  unique: boolean;
  links: boolean;
  minSecondsInRoom: number;
};

export type ChangeChatRulesData = {
  speak: 'all' | 'admins' | 'nobody';
  slowSeconds: number;
  unique: boolean;
  links: boolean;
  minSecondsInRoom: number;
};

export type RoomAdminsData = {
  userId: string;
  name: string;
  avatar: string;
  createUtc: string;
}[];

export type WordsData = {
  items: {
    wordId: string;
    text: string;
    action: 'refuse' | 'silent' | 'mask' | 'hold' | 'allow';
    tag: string;
    by: string;
    createUtc: string;
  }[];
  cursor: string;
};

export type AddWordsData = {
  added: number;
  changed: number;
  refused: {
    text: string;
    why: string;
    detail: {
      en: string;
      zh: string;
    };
  }[];
};

export type RemoveWordsData = {
  removed: number;
};

export type CheckTextData = {
  verdict: 'pass' | 'refuse' | 'silent' | 'mask' | 'hold';
  text: string;
  hits: {
    wordId: string;
    text: string;
    start: number;
    end: number;
    action: 'refuse' | 'silent' | 'mask' | 'hold' | 'allow';
  }[];
};

export type ReviewSettingsData = {
  enabled: boolean;
  onFault: 'pass' | 'refuse';
  vendor: 'none' | 'tms';
  vendorScope: 'suspects' | 'all';
  vendorReview: 'refuse' | 'silent' | 'hold' | 'pass';
  vendorPictures: boolean;
  customKeys: string[];
  chatLogDays: number;
  language: 'zh' | 'en';
  lastCallbackUtc: string;
};

export type ChangeReviewSettingsData = {
  enabled: boolean;
  onFault: 'pass' | 'refuse';
  vendor: 'none' | 'tms';
  vendorScope: 'suspects' | 'all';
  vendorReview: 'refuse' | 'silent' | 'hold' | 'pass';
  vendorPictures: boolean;
  customKeys: string[];
  chatLogDays: number;
  language: 'zh' | 'en';
  lastCallbackUtc: string;
};

export type HeldData = {
  items: {
    heldId: string;
    roomId: string;
    roomTitle: string;
    broadcastNo: number;
    userId: string;
    name: string;
    text: string;
    source: 'word' | 'vendor';
    picture: '' | 'cover' | 'avatar';
    label: string;
    hits: string[];
    createUtc: string;
    expiresUtc: string;
    state: 'open' | 'passed' | 'refused' | 'expired';
    decidedBy: string;
  }[];
  cursor: string;
};

export type DecideHeldData = {
  done: number;
  failed: {
    heldId: string;
    why: string;
    detail: {
      en: string;
      zh: string;
    };
  }[];
};

export type MessagesData = {
  items: {
    messageId: string;
    roomId: string;
    broadcastNo: number;
    userId: string;
    name: string;
    text: string;
    atUtc: string;
    address: string;
    platform: string;
    outcome: 'passed' | 'masked' | 'refused' | 'silent' | 'held' | 'recalled';
    code: number;
  }[];
  cursor: string;
};

export type RecallMessageData = {
  pending: ('im' | 'trtc')[];
};

export type IssueTokenData = {
  userId: string;
  apaasUserId: string;
  apaasAppId: string;
  sdkAppId: number;
  sdkUserSig: string;
  userSig: string;
  token: string;
  expire: string;
  phone: string;
  email: string;
  name: string;
  avatar: string;
};

export type UpdateUserData = {
  userId: string;
  username: string;
  name: string;
  avatar: string;
  tag: string;
  tag2: string;
  custom?: Record<string, unknown>;
};

export type OpenRoomData = {
  roomId: string;
  pending: ('im' | 'trtc')[];
};

export type UpdateRoomOfData = {
  roomId: string;
};

export type CloseRoomData = {
  pending: ('im' | 'trtc')[];
};

export type ImportUsersData = {
  added: number;
  known: number;
  refused: {
    line: number;
    why: string;
  }[];
};

export type ExportUserData = Record<string, unknown>;

export type DeleteUserData = {
  pending: ('im' | 'trtc')[];
};

export type AppealsData = {
  items: {
    appealId: string;
    sanctionId: string;
    userId: string;
    name: string;
    text: string;
    createUtc: string;
    state: 'open' | 'done';
    verdict: 'upheld' | 'lifted' | '';
    reason: string;
    resolvedBy: string;
  }[];
  cursor: string;
};

export type ResolveAppealData = {
  pending: ('im' | 'trtc')[];
};

/** Every call by its name: its parameters and its `data`. */
export interface AdminCalls {
  /** The operator whose key this is. tenant '*' = all of them. im: whether messages reach rooms. covers: beginning of the addresses of uploaded covers, '' without a bucket. watch: how watch_room works here. */
  me: { input: MeInput; data: MeData };
  /** Overview. Members and users of this moment; yesterday is the same minute a day ago, null without a sample. online is from the last sample, null without one. reports counts new ones of 24 hours and of the 24 hours before, 2,000 in all. health: waiting = calls that failed and are retried; codes fails while a block of phone numbers is stopped (CODE_PUMPED_PERCENT). */
  overview: { input: OverviewInput; data: OverviewData };
  /** Settings in force. Every setting in the order of docs/settings.md. Of secrets only whether they are set. Only for operators of all tenants. */
  settings: { input: SettingsInput; data: SettingsData };
  /** Reasons that are used often. Texts of this tenant, in its order. */
  reasons: { input: ReasonsInput; data: ReasonsData };
  /** Set the reasons that are used often. Replaces the list: 20 at most, 100 characters each; empty = none. */
  setReasons: { input: SetReasonsInput; data: SetReasonsData };
  /** List live rooms. Includes rooms whose host is currently silent. A search reads a few thousand rooms and then returns a cursor, even if it found fewer than limit. */
  rooms: { input: RoomsInput; data: RoomsData };
  /** One room. The state of the room, its first 200 members in order of entry, the timeline, active sanctions and reports. Of an ended room, endUtc is the end of its last broadcast. */
  room: { input: RoomInput; data: RoomData };
  /** End a room. Members get the reason by an IM group notification, the host with the next response about the room. The host may go live again unless banned. */
  endRoom: { input: EndRoomInput; data: EndRoomData };
  /** Warn a room. Sends an IM group notification to all members of the room. */
  warnRoom: { input: WarnRoomInput; data: WarnRoomData };
  /** Watch a room. Makes a viewer for the operator: userId and userSig enter the TRTC room with the role audience and cannot publish chat. The user id belongs to no account and is in no list of members. With OPERATORS_WATCH_URL, url is the address of the player for this room, and there is no userSig. In demo mode without OPERATORS_WATCH_URL the call returns 409. */
  watchRoom: { input: WatchRoomInput; data: WatchRoomData };
  /** Kick a user from a room. The user is removed immediately, and enter_room of this room returns 98 until the time is over. */
  kickUser: { input: KickUserInput; data: KickUserData };
  /** Mute a user. In one room, or without roomId in all rooms, also those entered later. IM does it. */
  muteUser: { input: MuteUserInput; data: MuteUserData };
  /** Ban a user. Sessions and rooms end immediately; signing in and entering return 98 with the reason and the end, even after the account was deleted and the name registered again. */
  banUser: { input: BanUserInput; data: BanUserData };
  /** End a sanction early. A sanction that is already lifted returns 409. */
  liftSanction: { input: LiftSanctionInput; data: undefined };
  /** Who is banned, muted or kept out. Newest first. */
  sanctions: { input: SanctionsInput; data: SanctionsData };
  /** Users. Newest first. A search finds an id, a user name, a phone number or a mail address exactly, and display names by their beginning. */
  users: { input: UsersInput; data: UsersData };
  /** One user. With the rooms they are in now, the notes by operators, the sessions, the rooms they own with their last broadcast, the sanctions, and the reports about them and by them. */
  user: { input: UserInput; data: UserData };
  /** Sign a user out everywhere. Every token answers 204 afterwards. They may sign in again. */
  signOutUser: { input: SignOutUserInput; data: SignOutUserData };
  /** Add a note on a user. For other operators; it is part of the user call. 100 notes per user; one more returns 409. */
  addNote: { input: AddNoteInput; data: AddNoteData };
  /** Delete a note. Operators delete their own notes; the scope manage deletes all of them. */
  removeNote: { input: RemoveNoteInput; data: undefined };
  /** List reports. Newest first. userId is the reported user. */
  reports: { input: ReportsInput; data: ReportsData };
  /** Close a report. With an action, both happen or neither does, and each has its row of the audit. One that is closed already answers 409. */
  resolveReport: { input: ResolveReportInput; data: ResolveReportData };
  /** Webhooks. lastStatus is the HTTP status of the last attempt; 0 if there was no response or no attempt. */
  webhooks: { input: WebhooksInput; data: WebhooksData };
  /** Add a webhook. Only this response has the secret (whsec_…, Standard Webhooks). Private network addresses are rejected unless WEBHOOK_ALLOW_PRIVATE=true. A tenant has at most 20 webhooks; another one returns 409. */
  addWebhook: { input: AddWebhookInput; data: AddWebhookData };
  /** Change a webhook. Changes the given fields only. With rotate, only this response has the new secret, and the old one is revoked. */
  changeWebhook: { input: ChangeWebhookInput; data: ChangeWebhookData };
  /** Remove a webhook. With its deliveries. */
  removeWebhook: { input: RemoveWebhookInput; data: undefined };
  /** List deliveries of a webhook. Newest first, kept for WEBHOOK_KEEP_DAYS days. */
  deliveries: { input: DeliveriesInput; data: DeliveriesData };
  /** One delivery with its attempts. payload is the body as it is sent. attempts are the last 20, newest first: headers without the signature, and the first 2,000 characters of the response. waitsFor names an earlier event of the same room that has to be delivered first. */
  delivery: { input: DeliveryInput; data: DeliveryData };
  /** Send a test event. An event of type webhook.test, signed like all others, to this webhook only. Its delivery shows the receiver's response. */
  testWebhook: { input: TestWebhookInput; data: TestWebhookData };
  /** Send a delivery again. Sends the same event with the same id again. waitsFor names an earlier event of the same room that has to be delivered first; '' = it is sent now, if the webhook is enabled. */
  replayDelivery: { input: ReplayDeliveryInput; data: ReplayDeliveryData };
  /** Operators. In order of their names. The one of ADMIN_KEY is not among them. lastUsedUtc is accurate to a few minutes. */
  operators: { input: OperatorsInput; data: OperatorsData };
  /** Add an operator. The key is in this answer and nowhere else. Only an operator of all tenants may add another one of all tenants. */
  addOperator: { input: AddOperatorInput; data: AddOperatorData };
  /** A new key for an operator. The old key is revoked immediately. Without validDays the new one does not expire. */
  rotateOperator: { input: RotateOperatorInput; data: RotateOperatorData };
  /** Remove an operator. The key is revoked immediately; the audit log keeps the name. */
  removeOperator: { input: RemoveOperatorInput; data: undefined };
  /** List audit log entries. Newest first. With format the answer is no envelope but a file with all of it: CSV, or one JSON object a line. */
  audit: { input: AuditInput; data: AuditData };
  /** Get statistics. Steps from fromUtc (inclusive) to toUtc (exclusive), at most 10080. rooms, viewers and online are the highest minute of a step; signIns, signUps and entries are its sum. null: no sample. Without step, the finest one that gives at most 1,500 steps. */
  statistics: { input: StatisticsInput; data: StatisticsData };
  /** Finished broadcasts. The last ended first; fromUtc and toUtc are about the end. With format the answer is no envelope but a file with all of it: CSV, or one JSON object a line. */
  broadcasts: { input: BroadcastsInput; data: BroadcastsData };
  /** Chat rules of a room. As rooms/chat_rules. */
  chatRules: { input: ChatRulesInput; data: ChatRulesData };
  /** Change the chat rules of a room. Given fields change, as with rooms/update_chat. */
  changeChatRules: { input: ChangeChatRulesInput; data: ChangeChatRulesData };
  /** Admins of a room. As rooms/list_admins. */
  roomAdmins: { input: RoomAdminsInput; data: RoomAdminsData };
  /** Words. Newest first. */
  words: { input: WordsInput; data: WordsData };
  /** Add words, or change them. Words are compared in one normal form (docs/review.md), so two spellings of a word are one. A tenant has up to 20,000. Every process uses them within two seconds. */
  addWords: { input: AddWordsInput; data: AddWordsData };
  /** Remove words. Words that are gone already are not counted. */
  removeWords: { input: RemoveWordsInput; data: RemoveWordsData };
  /** Check a text against the words. Places are UTF-16 units, end exclusive. text is the text that would be sent. */
  checkText: { input: CheckTextInput; data: CheckTextData };
  /** Review settings. lastCallbackUtc: when IM asked before a message last; empty: it never did (docs/review.md says what to tick in its console). */
  reviewSettings: { input: ReviewSettingsInput; data: ReviewSettingsData };
  /** Change the review settings. Given fields change. */
  changeReviewSettings: { input: ChangeReviewSettingsInput; data: ChangeReviewSettingsData };
  /** Texts that wait for a verdict. Open ones oldest first, others newest first. An open one expires after 10 minutes. picture: the text is the address of this cover or avatar, or empty. */
  held: { input: HeldInput; data: HeldData };
  /** Decide texts in the review queue. Passed messages are sent in the author's name, unless the room or the author is gone, muted, kicked or banned. A refused picture is taken away. */
  decideHeld: { input: DecideHeldInput; data: DecideHeldData };
  /** Chat log of a room or a person. roomId or userId is needed. Newest first, with refused messages. Personal data: reading it leaves a row in the audit. Kept for chatLogDays. */
  messages: { input: MessagesInput; data: MessagesData };
  /** Take a message back. At most an hour old; needs Group.CallbackAfterSendMsg. Apps with newer IM SDKs remove it. */
  recallMessage: { input: RecallMessageInput; data: RecallMessageData };
  /** Sign a user in. The answer is that of oauth/signature; pass it to your app. With username, the account is created if it is missing (create=false: 404 instead), and anything registered under that name before loses its salt and its sessions. */
  issueToken: { input: IssueTokenInput; data: IssueTokenData };
  /** Change a user. Changes only the given fields. */
  updateUser: { input: UpdateUserInput; data: UpdateUserData };
  /** Open a room for a user. The same as if the owner had entered as anchor. Repeating it changes the given fields of the live room. */
  openRoom: { input: OpenRoomInput; data: OpenRoomData };
  /** Change a live room. Changes only the given fields. `star` is the number that query_room can order by. */
  updateRoomOf: { input: UpdateRoomOfInput; data: UpdateRoomOfData };
  /** End a room. Success if it has ended already. endedBy is `service`. */
  closeRoom: { input: CloseRoomInput; data: CloseRoomData };
  /** Import users. The body is NDJSON (content-type application/x-ndjson): one JSON object per line with username (required), userId, name, avatar, phone, email, custom; at most 10,000 lines or 8 MiB. The tenant is a query parameter. Existing users are not changed, so the call can be repeated; refused lines are listed with the reason. */
  importUsers: { input: ImportUsersInput; data: ImportUsersData };
  /** Export everything stored about one person. By table, without secrets and their hashes. Either userId or username. Written to the audit. */
  exportUser: { input: ExportUserInput; data: ExportUserData };
  /** Delete a person. The same as user_delete, for people who cannot sign in. The IM account is deleted an hour later. */
  deleteUser: { input: DeleteUserInput; data: DeleteUserData };
  /** Appeals. Newest first. */
  appeals: { input: AppealsInput; data: AppealsData };
  /** Decide about an appeal. lifted also lifts the sanction. After upheld the person reads the reason with the sanction. */
  resolveAppeal: { input: ResolveAppealInput; data: ResolveAppealData };
}

/** The path of each call after /base/v1/admin/. */
export const ADMIN_CALLS: { readonly [N in keyof AdminCalls]: string } = {
  me: 'me',
  overview: 'overview',
  settings: 'settings',
  reasons: 'reasons',
  setReasons: 'set_reasons',
  rooms: 'rooms',
  room: 'room',
  endRoom: 'end_room',
  warnRoom: 'warn_room',
  watchRoom: 'watch_room',
  kickUser: 'kick_user',
  muteUser: 'mute_user',
  banUser: 'ban_user',
  liftSanction: 'lift_sanction',
  sanctions: 'sanctions',
  users: 'users',
  user: 'user',
  signOutUser: 'sign_out_user',
  addNote: 'add_note',
  removeNote: 'remove_note',
  reports: 'reports',
  resolveReport: 'resolve_report',
  webhooks: 'webhooks',
  addWebhook: 'add_webhook',
  changeWebhook: 'change_webhook',
  removeWebhook: 'remove_webhook',
  deliveries: 'deliveries',
  delivery: 'delivery',
  testWebhook: 'test_webhook',
  replayDelivery: 'replay_delivery',
  operators: 'operators',
  addOperator: 'add_operator',
  rotateOperator: 'rotate_operator',
  removeOperator: 'remove_operator',
  audit: 'audit',
  statistics: 'statistics',
  broadcasts: 'broadcasts',
  chatRules: 'chat_rules',
  changeChatRules: 'change_chat_rules',
  roomAdmins: 'room_admins',
  words: 'words',
  addWords: 'add_words',
  removeWords: 'remove_words',
  checkText: 'check_text',
  reviewSettings: 'review_settings',
  changeReviewSettings: 'change_review_settings',
  held: 'held',
  decideHeld: 'decide_held',
  messages: 'messages',
  recallMessage: 'recall_message',
  issueToken: 'issue_token',
  updateUser: 'update_user',
  openRoom: 'open_room',
  updateRoomOf: 'update_room',
  closeRoom: 'close_room',
  importUsers: 'import_users',
  exportUser: 'export_user',
  deleteUser: 'delete_user',
  appeals: 'appeals',
  resolveAppeal: 'resolve_appeal',
};
