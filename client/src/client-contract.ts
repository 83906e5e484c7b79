/** Made from src/contract by `npm run docs`; a test fails when it differs. Not to be edited. */

export interface SignIn {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** The same as userId. 和 userId 相同。 */
  apaasUserId: string;
  /** Tenant; empty for the default one. 租户；默认租户为空。 */
  apaasAppId: string;
  /** TRTC/IM application. TRTC/IM 应用的 SDKAppID。 */
  sdkAppId: number;
  /** Password for the IM and TRTC SDKs. IM 和 TRTC SDK 使用的签名。 */
  sdkUserSig: string;
  /** The same as sdkUserSig. 和 sdkUserSig 相同。 */
  userSig: string;
  /** Token for the other calls, valid for 30 days. 调用其他接口的 Token，30 天有效。 */
  token: string;
  /** When the token expires, UTC. Token 的过期时间（UTC）。 */
  expire: string;
  /** Phone number, or empty. 手机号，可能为空。 */
  phone: string;
  /** Mail address, or empty. 邮箱，可能为空。 */
  email: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
}

export interface ExchangeData {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** The same as userId. 和 userId 相同。 */
  apaasUserId: string;
  /** Tenant; empty for the default one. 租户；默认租户为空。 */
  apaasAppId: string;
  /** TRTC/IM application. TRTC/IM 应用的 SDKAppID。 */
  sdkAppId: number;
  /** Password for the IM and TRTC SDKs. IM 和 TRTC SDK 使用的签名。 */
  sdkUserSig: string;
  /** The same as sdkUserSig. 和 sdkUserSig 相同。 */
  userSig: string;
  /** Token for the other calls, valid for 30 days. 调用其他接口的 Token，30 天有效。 */
  token: string;
  /** When the token expires, UTC. Token 的过期时间（UTC）。 */
  expire: string;
  /** Phone number, or empty. 手机号，可能为空。 */
  phone: string;
  /** Mail address, or empty. 邮箱，可能为空。 */
  email: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
}

export interface UserQueryData {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** The same as userId. 和 userId 相同。 */
  apaasUserId: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
  /** Label of the user. 用户标签。 */
  tag: string;
  /** Second label. 用户标签 2。 */
  tag2: string;
  /** Fields of your own service; absent if there are none. 自有服务的自定义字段，没有则不返回。 */
  custom?: Readonly<Record<string, unknown>>;
}

export interface UserKeepaliveData {
  /** Last change or heartbeat, UTC. 最后更新时间（UTC）。 */
  updateUtc: string;
}

export interface GslbData {
  /** Address of the service, without a path. 服务地址，不含路径。 */
  service: string;
  /** CaptchaAppId for web and apps; 0 = none. 网页和应用的 CaptchaAppId，0 表示没有。 */
  captcha_web_appid: number;
  /** The same for mini programs. 小程序的 CaptchaAppId。 */
  captcha_wxmini_appid: number;
}

export interface UserVerifyByPictureData {
  /** Goes with the code. 与验证码一起使用。 */
  sessionId: string;
}

export interface GetUserInfoBatchEntry {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** The same as userId. 和 userId 相同。 */
  apaasUserId: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
  /** Fields of your own service; absent if there are none. 自有服务的自定义字段，没有则不返回。 */
  custom?: Readonly<Record<string, unknown>>;
}

export interface ModuleBlacklistData {
  /** Modules that are off. 关闭的模块。 */
  module: Readonly<Record<string, never>>;
  /** Features that are off. 关闭的功能。 */
  feature: Readonly<Record<string, never>>;
}

export interface CosConfigData {
  /** COS bucket. COS 存储桶。 */
  bucket: string;
  /** Its region. 存储桶的地域。 */
  region: string;
  /** Name of the object, without its ending .jpg. 对象名，不含 .jpg。 */
  filename: string;
  /** URL of the uploaded picture. 上传后的访问地址。 */
  preview: string;
  /** Temporary credential for this one object. 仅用于该对象的临时凭证。 */
  credential: {
    startTime: number;
    expiredTime: number;
    credentials: { sessionToken: string; tmpSecretId: string; tmpSecretKey: string };
  };
}

export interface Room {
  /** The room; also the IM group id and the TRTC room. 房间 ID，也是 IM 群组 ID 和 TRTC 房间号。 */
  roomId: string;
  /** Kind of room. 房间分类。 */
  category: string;
  /** Title. 房间标题。 */
  title: string;
  /** userId of the owner. 主播的 userId。 */
  ownBy: string;
  /** userId of the creator. 创建者的 userId。 */
  createBy: string;
  /** userId of the last editor. 最后修改者的 userId。 */
  updateBy: string;
  /** Creation; of a room, going live. UTC. 创建时间，房间为开播时间（UTC）。 */
  createUtc: string;
  /** Last change or heartbeat, UTC. 最后更新时间（UTC）。 */
  updateUtc: string;
  /** URL of the cover, or empty. 房间封面地址，可能为空。 */
  cover: string;
  /** Subject. 房间主题。 */
  subject: string;
  /** Description. 房间详细描述。 */
  description: string;
  /** 1 = ended. 1 表示已结束。 */
  removed: number;
  /** 1 = live, 0 = not. 1 表示正在直播，0 表示没有。 */
  status: number;
  /** Likes. 点赞数。 */
  star: number;
  /** People inside now. 当前房间人数。 */
  nnUsers: number;
  /** People who have been inside since going live. 本次开播累计进入人数。 */
  totalJoined: number;
  /** Fields of your own service; absent if there are none. 自有服务的自定义字段，没有则不返回。 */
  custom?: Readonly<Record<string, unknown>>;
}

export interface GenerateRoomidData {
  /** The room; also the IM group id and the TRTC room. 房间 ID，也是 IM 群组 ID 和 TRTC 房间号。 */
  roomId: string;
}

export interface EnterRoomData {
  /** The room; also the IM group id and the TRTC room. 房间 ID，也是 IM 群组 ID 和 TRTC 房间号。 */
  roomId: string;
  /** Role in the room. 用户在房间的角色。 */
  role: string;
}

export interface ListUsersEntry {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** The same as userId. 和 userId 相同。 */
  apaasUserId: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
  /** Role in the room. 用户在房间的角色。 */
  role: string;
  /** Fields of your own service; absent if there are none. 自有服务的自定义字段，没有则不返回。 */
  custom?: Readonly<Record<string, unknown>>;
}

export interface ListBlockedEntry {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
  /** kick or mute. 类型：kick 踢出，mute 禁言。 */
  kind: 'kick' | 'mute';
  /** Why, or empty. 原因，可能为空。 */
  reason: string;
  /** Owner or admin who did it; empty: an operator. 操作的主播或房管；为空表示运营人员。 */
  byUserId: string;
  /** Creation; of a room, going live. UTC. 创建时间，房间为开播时间（UTC）。 */
  createUtc: string;
  /** End, UTC; empty: permanent. 结束时间（UTC）；为空表示永久。 */
  untilUtc: string;
}

export interface ListAdminsEntry {
  /** The user; also the IM and TRTC user id. 用户 ID，也是 IM 和 TRTC 的用户 ID。 */
  userId: string;
  /** Display name; empty for a new user. 昵称，新用户为空字符串。 */
  name: string;
  /** URL of a picture. 头像地址。 */
  avatar: string;
  /** Creation; of a room, going live. UTC. 创建时间，房间为开播时间（UTC）。 */
  createUtc: string;
}

export interface UpdateChatData {
  /** Who may write: all, admins or nobody. 谁可以发言：all、admins 或 nobody。 */
  speak: 'all' | 'admins' | 'nobody';
  /** Seconds between two messages of one person; 0: off. 慢速模式的秒数，0 表示关闭。 */
  slowSeconds: number;
  /** true: no message twice in a row. true 表示不能连续发送相同的消息。 */
  unique: boolean;
  /** false: no links. false 表示不能发送链接。 */
  links: boolean;
  /** Seconds in the room before the first message. 进入房间多少秒后才能发言。 */
  minSecondsInRoom: number;
}

export interface ChatRulesData {
  /** Who may write: all, admins or nobody. 谁可以发言：all、admins 或 nobody。 */
  speak: 'all' | 'admins' | 'nobody';
  /** Seconds between two messages of one person; 0: off. 慢速模式的秒数，0 表示关闭。 */
  slowSeconds: number;
  /** true: no message twice in a row. true 表示不能连续发送相同的消息。 */
  unique: boolean;
  /** false: no links. false 表示不能发送链接。 */
  links: boolean;
  /** Seconds in the room before the first message. 进入房间多少秒后才能发言。 */
  minSecondsInRoom: number;
}

export interface RegisterInput {
  /** Name, mail address or phone number. 用户名，也可以是邮箱或手机号。 */
  username: string;
  /** md5(username-password), made by the client. 客户端用密码生成，例如 md5(username-password)。 */
  salt: string;
  /** Tenant; absent means the default one. 租户；默认租户可以不传。 */
  apaasAppId?: string;
}

export interface SignatureInput {
  /** Name, mail address or phone number. 用户名，也可以是邮箱或手机号。 */
  username: string;
  /** hash(username-tag-ts-nonce-secret) in lower-case hex; absent parts are empty. hash(username-tag-ts-nonce-secret)，小写十六进制；没有的部分为空。 */
  signature: string;
  /** Chooses a fixed secret. 签名 secret 的标签。 */
  tag?: string;
  /** Time of signing, in milliseconds (or seconds). With it the signature signs in once. 签名时的时间戳（毫秒）。带上它则该签名只能登录一次。 */
  ts?: string;
  /** Random text, part of the signature. 随机字符串，参与签名。 */
  nonce?: string;
  /** md5 (default) or sha256. 签名算法：md5（默认）或 sha256。 */
  hash?: string;
  /** Display name. 用户昵称。 */
  nickname?: string;
  /** URL of a picture. 用户头像地址。 */
  avatar?: string;
  /** Tenant; absent means the default one. 租户；默认租户可以不传。 */
  apaasAppId?: string;
}

export interface ExchangeInput {
  /** The JWT. JWT。 */
  idToken: string;
  /** Display name. 用户昵称。 */
  nickname?: string;
  /** URL of a picture. 用户头像地址。 */
  avatar?: string;
  /** Tenant; absent means the default one. 租户；默认租户可以不传。 */
  apaasAppId?: string;
}

export interface UserLoginTokenInput {
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UserLogoutInput {
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UserDeleteInput {
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UserUpdateInput {
  /** Display name. 用户名，昵称，限制 125 个字符。 */
  name?: string;
  /** Label of the user. 用户标签。 */
  tag?: string;
  /** Second label. 用户标签 2。 */
  tag2?: string;
  /** URL of a picture. 头像地址。 */
  avatar?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: string;
  /** Phone number: +8613800000001, 8613800000001, or 13800000001 for mainland China. 手机号：+8613800000001、8613800000001，中国大陆也可以是 13800000001。 */
  phone?: string;
  /** Mail address, in place of the phone number. 邮箱，代替手机号。 */
  email?: string;
  /** sessionId of user_verify_by_picture. user_verify_by_picture 返回的 sessionId。 */
  sessionId?: string;
  /** The code from the message. 收到的验证码。 */
  code?: string;
  /** md5(username-password), made by the client. 客户端用密码生成，例如 md5(username-password)。 */
  salt?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UserQueryInput {
  /** Another user, by userId. 按用户 ID 查询。 */
  searchUserId?: string;
  /** Another user, by phone number. 按手机号查询。 */
  searchPhone?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UserKeepaliveInput {
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export type GslbInput = Readonly<Record<string, never>>;

export interface UserVerifyByPictureInput {
  /** Phone number: +8613800000001, 8613800000001, or 13800000001 for mainland China. 手机号：+8613800000001、8613800000001，中国大陆也可以是 13800000001。 */
  phone?: string;
  /** Mail address, in place of the phone number. 邮箱，代替手机号。 */
  email?: string;
  /** Ticket of the captcha. 验证码票据。 */
  ticket?: string;
  /** Random text of the captcha; mini programs have none. 验证码随机串；小程序没有。 */
  randstr?: string;
  /** wxmini: the captcha of a WeChat mini program. wxmini 表示微信小程序验证码。 */
  type?: string;
  /** Tenant; absent means the default one. 租户；默认租户可以不传。 */
  apaasAppId?: string;
}

export interface UserLoginCodeInput {
  /** Phone number: +8613800000001, 8613800000001, or 13800000001 for mainland China. 手机号：+8613800000001、8613800000001，中国大陆也可以是 13800000001。 */
  phone?: string;
  /** Mail address, in place of the phone number. 邮箱，代替手机号。 */
  email?: string;
  /** sessionId of user_verify_by_picture. user_verify_by_picture 返回的 sessionId。 */
  sessionId: string;
  /** The code from the message. 收到的验证码。 */
  code: string;
  /** Tenant; absent means the default one. 租户；默认租户可以不传。 */
  apaasAppId?: string;
}

export interface GetUserInfoBatchInput {
  /** Up to 50 userIds with | between them. The token identifies the caller. 以 | 分隔的 userId，最多 50 个。调用者由 token 确定。 */
  userId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export type ModuleBlacklistInput = Readonly<Record<string, never>>;

export interface CosConfigInput {
  /** Kind of picture. 图片类型。 */
  category?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface QueryRoomInput {
  /** sdkAppId; "0" or absent means the application of the tenant. TRTC/IM 的 sdkAppId；"0" 或不传表示租户的应用。 */
  appId?: string;
  /** Kind of room, compared exactly. 房间分类。 */
  category?: string;
  /** Only these rooms: a JSON list, a repeated parameter or commas. 只查询这些房间。 */
  roomIds?: readonly string[];
  /** Opened at this time or later. 开播时间不早于。 */
  startUtc?: string;
  /** Opened at this time or earlier. 开播时间不晚于。 */
  endUtc?: string;
  /** createUtc (default), totalJoined or star, descending. 排序：createUtc（默认）、totalJoined 或 star，降序。 */
  orderBy?: string;
  /** Entries to skip. 查询的起始索引，默认 0。 */
  offset?: number;
  /** Page size, 1 to 100. Default 10. 最多返回的数目，默认 10，不超过 100。 */
  limit?: number;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface RoomDetailInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface GenerateRoomidInput {
  /** Kind of room, compared exactly. 房间分类。 */
  category?: string;
  /** Title. 房间标题。 */
  title?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface EnterRoomInput {
  /** sdkAppId; "0" or absent means the application of the tenant. TRTC/IM 的 sdkAppId；"0" 或不传表示租户的应用。 */
  appId?: string;
  /** The room. 房间 ID。 */
  roomId?: string;
  /** Role in the room. `anchor` opens a room as its host, `audience` joins one; any other word joins too. 用户在房间的角色。anchor：作为主播开播；audience：作为观众进入；其他文字也表示进入房间。 */
  role?: string;
  /** Kind of room, compared exactly. 房间分类。 */
  category?: string;
  /** Title. 房间标题。 */
  title?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface ListUsersInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Page size, 1 to 100. Default 10. 最多返回的数目，默认 10，不超过 100。 */
  limit?: number;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface LeaveRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface DestroyRoomInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UpdateRoomInput {
  /** sdkAppId; "0" or absent means the application of the tenant. TRTC/IM 的 sdkAppId；"0" 或不传表示租户的应用。 */
  appId?: string;
  /** The room. 房间 ID。 */
  roomId: string;
  /** Role in the room. `anchor` opens a room as its host, `audience` joins one; any other word joins too. 用户在房间的角色。anchor：作为主播开播；audience：作为观众进入；其他文字也表示进入房间。 */
  role?: string;
  /** Kind of room, compared exactly. 房间分类。 */
  category?: string;
  /** Title. 房间标题。 */
  title?: string;
  /** URL of the cover; empty clears it. 房间封面，可以为空。 */
  cover?: string;
  /** Subject. 房间主题。 */
  subject?: string;
  /** Description, line breaks allowed. 房间详细描述。 */
  description?: string;
  /** Fields of your own: a JSON object of at most 1 KiB; {} removes it. Apps may set it only if CUSTOM_BY_APPS is true. 自定义字段：JSON 对象，最多 1 KiB；{} 表示清除。仅当 CUSTOM_BY_APPS 为 true 时客户端可以设置。 */
  custom?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface KickUserInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** Reason. Sent to the person. 原因，会告知对方。 */
  reason?: string;
  /** How long the room refuses them; absent = until this broadcast ends (2004 unless live); 0 = permanently. 禁止再次进入的秒数；不传表示到本次直播结束（未开播返回 2004）；0 表示永久。 */
  seconds?: number;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface MuteUserInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** How long; 0 = permanently in this room. 时长（秒）；0 表示在本房间永久禁言。 */
  seconds: number;
  /** Reason. Sent to the person. 原因，会告知对方。 */
  reason?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UnmuteUserInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UnblockUserInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface ListBlockedInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Only this kind; default both. 类型，默认两种都返回。 */
  kind?: string;
  /** Page size; 20 by default. 最多返回的数目，默认 20。 */
  limit?: number;
  /** Entries to skip. 查询的起始索引，默认 0。 */
  offset?: number;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface AddAdminInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface RemoveAdminInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** The other person. 对方的用户 ID。 */
  targetUserId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface ListAdminsInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface UpdateChatInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Who may write: all, admins (the owner and the admins) or nobody. 谁可以发言：all 所有人，admins 主播和房管，nobody 全员禁言。 */
  speak?: string;
  /** Slow mode: seconds between two messages of one person, 3 to 120; 0 switches it off. 慢速模式：同一用户两条消息之间的秒数，3 到 120；0 表示关闭。 */
  slowSeconds?: number;
  /** true: no message twice in a row by the same person. true：同一用户不能连续发送相同的消息。 */
  unique?: boolean;
  /** false: messages with a link are refused. false：拒绝带链接的消息。 */
  links?: boolean;
  /** Seconds that a viewer has to be in the room before the first message, up to 3600. 进入房间多少秒后才能发言，最多 3600。 */
  minSecondsInRoom?: number;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface ChatRulesInput {
  /** The room. 房间 ID。 */
  roomId: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface ReportRoomInput {
  /** The room. 被举报的房间。 */
  targetRoomId: string;
  /** Who is complained of; absent = the room as a whole. 被举报的用户；不传表示整个房间。 */
  targetUserId?: string;
  /** Kind of complaint. 举报类型。 */
  reason: string;
  /** Details in free text. 补充说明。 */
  description?: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

export interface AppealInput {
  /** The sanction. 处罚 ID。 */
  sanctionId: string;
  /** In your own words. 申诉内容。 */
  text: string;
  /** Tenant; a token already names its tenant. 租户；token 已包含租户信息。 */
  apaasAppId?: string;
}

/** Every call by its name: its parameters without the caller, and its `data`. */
export interface Calls {
  /** Register a user name. Idempotent for the same salt. The same name with another salt is rejected. */
  register: { input: RegisterInput; data: undefined };
  /** Sign in with a signature. Returns everything that the IM and TRTC SDKs need. A wrong signature and an unknown name return the same error. userSig and sdkUserSig are the same text, since some apps read one and some the other. With ts a signature signs in once: within 15 seconds a repeat from the same address gets the same session, later or from elsewhere 98, and a sign-out ends older signatures. Without ts it signs in again and again, so keep it like a password; OAUTH_REQUIRE_TS refuses it. */
  signature: { input: SignatureInput; data: SignIn };
  /** Sign in with a token of your identity provider. Takes an OIDC ID token, or a JWT that your backend signs with HS256 (AUTH_ISSUER, AUTH_AUDIENCE, AUTH_JWKS_URL or AUTH_JWT_SECRET). The user claim is the user name; the account is created at the first sign-in. Anything registered under that name before loses its salt and its sessions. 203: this token has expired, get a new one from the provider. */
  exchange: { input: ExchangeInput; data: ExchangeData };
  /** Sign in with a token. Call it when the app starts. Returns a new token for 30 days; the old one stays valid until it expires. */
  userLoginToken: { input: UserLoginTokenInput; data: SignIn };
  /** Sign out. Ends the session with all its tokens. Answers success for an expired or unknown token too. */
  userLogout: { input: UserLogoutInput; data: undefined };
  /** Delete the account. Removes the user, the sessions and the memberships and ends the user's rooms. Success too if the user is gone already. */
  userDelete: { input: UserDeleteInput; data: undefined };
  /** Change the profile. At least one of the fields. Idempotent. phone or email need sessionId and code (user_verify_by_picture) and then belong to the account; sign in by signature, or by code to an address that is bound already, within SALT_RESET_SECONDS (600) before. salt replaces a lost password: only within SALT_RESET_SECONDS after a sign-in by a code to an address that created the account or has been bound for 7 days, and it ends all other sessions. */
  userUpdate: { input: UserUpdateInput; data: undefined };
  /** Get your own or another user's profile. Without a search parameter, returns your own profile. Never returns phone or email. */
  userQuery: { input: UserQueryInput; data: UserQueryData };
  /** Say that the app is alive (every 10 s). A room leaves the list after OWNER_TIMEOUT_SECONDS (90) without a heartbeat of its host, and returns with the next one. */
  userKeepalive: { input: UserKeepaliveInput; data: UserKeepaliveData };
  /** Get the service address and the captcha app id. Call it before showing a captcha. 0: no captcha application is set. */
  gslb: { input: GslbInput; data: GslbData };
  /** Send a code by SMS or mail. Give phone or email. The ticket and randstr are those of the captcha whose app id gslb gives. A newer code replaces an older one; the response is the same whether or not an account has the address. */
  userVerifyByPicture: { input: UserVerifyByPictureInput; data: UserVerifyByPictureData };
  /** Sign in with a code. The account is made at the first sign-in, with an empty name. A code is valid for CODE_SECONDS (300) and CODE_TRIES (5) attempts, and works once. */
  userLoginCode: { input: UserLoginCodeInput; data: SignIn };
  /** Read several profiles. In the order of the ids; who does not exist is left out. Each counts as one search. */
  getUserInfoBatch: { input: GetUserInfoBatchInput; data: GetUserInfoBatchEntry[] };
  /** Which parts of the app are switched off. Nothing is switched off here. */
  moduleBlacklist: { input: ModuleBlacklistInput; data: ModuleBlacklistData };
  /** Where to upload one picture. A credential, valid for minutes, for one picture named filename.jpg. A repeat for the same category gives the same one until half of its lifetime is over. Needs COS_BUCKET. */
  cosConfig: { input: CosConfigInput; data: CosConfigData };
  /** List live rooms. Live rooms only. Newest first, or most visitors first. */
  queryRoom: { input: QueryRoomInput; data: Room[] };
  /** One room. With the number of people inside. */
  roomDetail: { input: RoomDetailInput; data: Room };
  /** A new, unique roomId. Reserves the id for the caller; enter_room then opens the room. */
  generateRoomid: { input: GenerateRoomidInput; data: GenerateRoomidData };
  /** Go live, or enter a live room. The host (role anchor) opens or reopens the room; other users join. Idempotent. Without roomId the service generates one. */
  enterRoom: { input: EnterRoomInput; data: EnterRoomData };
  /** Who is in the room. Who is in the room now, at most limit. */
  listUsers: { input: ListUsersInput; data: ListUsersEntry[] };
  /** Leave a room. Also succeeds if the caller is not in the room or the room has ended. */
  leaveRoom: { input: LeaveRoomInput; data: undefined };
  /** End your room. Host only. Ends the room and dissolves its IM group. Idempotent. */
  destroyRoom: { input: DestroyRoomInput; data: undefined };
  /** Change the room, or your role in it. Changes the given fields only. Only the host changes the room; any member can change their own role. */
  updateRoom: { input: UpdateRoomInput; data: undefined };
  /** Send a viewer out of the room. The owner and the admins of the room. An admin may not act on the owner or another admin. Until the broadcast ends, or for the given seconds, enter_room answers 98. */
  kickUser: { input: KickUserInput; data: undefined };
  /** Mute a user in the room. The owner and the admins of the room. An admin may not act on the owner or another admin. Muting again replaces the earlier mute. IM follows. */
  muteUser: { input: MuteUserInput; data: undefined };
  /** Let a muted person write again. The owner and the admins of the room. An admin may not act on the owner or another admin. Success too if the person is not muted. A sanction by an operator stays: 98. */
  unmuteUser: { input: UnmuteUserInput; data: undefined };
  /** Let a kicked person enter again. The owner and the admins of the room. An admin may not act on the owner or another admin. Success too if the person is not kept out. A sanction by an operator stays: 98. */
  unblockUser: { input: UnblockUserInput; data: undefined };
  /** Who is kept out or muted. The owner and the admins of the room. In force only, newest first. byUserId is empty for an operator, untilUtc for permanent. */
  listBlocked: { input: ListBlockedInput; data: ListBlockedEntry[] };
  /** Name an admin of the room. The owner only. A room has at most 10 admins, who stay from broadcast to broadcast; one more answers 209. */
  addAdmin: { input: AddAdminInput; data: undefined };
  /** Take an admin back. The owner only. */
  removeAdmin: { input: RemoveAdminInput; data: undefined };
  /** Admins of a room. In the order in which they were named. */
  listAdmins: { input: ListAdminsInput; data: ListAdminsEntry[] };
  /** Change the chat rules of a room. The owner and the admins of the room. Given fields change. The rules are kept with the room and do not bind the owner and the admins. They take effect through IM's callback before a message goes out. */
  updateChat: { input: UpdateChatInput; data: UpdateChatData };
  /** Chat rules of a room. For all signed-in users. */
  chatRules: { input: ChatRulesInput; data: ChatRulesData };
  /** Report a room or one of its users. One report per user and broadcast; a repeat changes nothing and succeeds. Operators see it immediately. */
  reportRoom: { input: ReportRoomInput; data: undefined };
  /** Appeal against a sanction. By the sanctioned person, also while banned. One open appeal per sanction: a second call succeeds and changes nothing. The person reads the verdict with the sanction. */
  appeal: { input: AppealInput; data: undefined };
}

/** The path of each call, whether it identifies its caller, and whether it is idempotent. */
export const CALLS: {
  readonly [N in keyof Calls]: { readonly path: string; readonly caller: boolean; readonly repeatable: boolean };
} = {
  register: { path: 'oauth/register', caller: false, repeatable: true },
  signature: { path: 'oauth/signature', caller: false, repeatable: true },
  exchange: { path: 'oauth/exchange', caller: false, repeatable: true },
  userLoginToken: { path: 'auth_users/user_login_token', caller: true, repeatable: true },
  userLogout: { path: 'auth_users/user_logout', caller: true, repeatable: true },
  userDelete: { path: 'auth_users/user_delete', caller: true, repeatable: true },
  userUpdate: { path: 'auth_users/user_update', caller: true, repeatable: true },
  userQuery: { path: 'auth_users/user_query', caller: true, repeatable: true },
  userKeepalive: { path: 'auth_users/user_keepalive', caller: true, repeatable: true },
  gslb: { path: 'gslb', caller: false, repeatable: true },
  userVerifyByPicture: { path: 'auth_users/user_verify_by_picture', caller: false, repeatable: false },
  userLoginCode: { path: 'auth_users/user_login_code', caller: false, repeatable: false },
  getUserInfoBatch: { path: 'auth_users/getUserInfoBatch', caller: true, repeatable: true },
  moduleBlacklist: { path: 'auth_users/module_blacklist', caller: false, repeatable: true },
  cosConfig: { path: 'cos/config', caller: true, repeatable: true },
  queryRoom: { path: 'rooms/query_room', caller: true, repeatable: true },
  roomDetail: { path: 'rooms/room_detail', caller: true, repeatable: true },
  generateRoomid: { path: 'rooms/generate_roomid', caller: true, repeatable: false },
  enterRoom: { path: 'rooms/enter_room', caller: true, repeatable: false },
  listUsers: { path: 'rooms/list_users', caller: true, repeatable: true },
  leaveRoom: { path: 'rooms/leave_room', caller: true, repeatable: true },
  destroyRoom: { path: 'rooms/destroy_room', caller: true, repeatable: true },
  updateRoom: { path: 'rooms/update_room', caller: true, repeatable: true },
  kickUser: { path: 'rooms/kick_user', caller: true, repeatable: true },
  muteUser: { path: 'rooms/mute_user', caller: true, repeatable: true },
  unmuteUser: { path: 'rooms/unmute_user', caller: true, repeatable: true },
  unblockUser: { path: 'rooms/unblock_user', caller: true, repeatable: true },
  listBlocked: { path: 'rooms/list_blocked', caller: true, repeatable: true },
  addAdmin: { path: 'rooms/add_admin', caller: true, repeatable: true },
  removeAdmin: { path: 'rooms/remove_admin', caller: true, repeatable: true },
  listAdmins: { path: 'rooms/list_admins', caller: true, repeatable: true },
  updateChat: { path: 'rooms/update_chat', caller: true, repeatable: true },
  chatRules: { path: 'rooms/chat_rules', caller: true, repeatable: true },
  reportRoom: { path: 'reports/report_room', caller: true, repeatable: true },
  appeal: { path: 'reports/appeal', caller: true, repeatable: true },
};
