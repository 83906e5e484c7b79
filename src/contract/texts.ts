/** What the documents say of each endpoint and of each field of an answer, beyond what the contract itself declares. */
import type { EndpointName } from './index';

export interface Text {
  en: string;
  zh: string;
}

export const ENDPOINT_NOTES: Readonly<Record<EndpointName, Text>> = {
  register: {
    en: 'Saying the same again (the first answer was lost) is fine; the same name with another salt is refused.',
    zh: '用相同的 salt 重复注册返回成功（例如第一次的结果丢失了）；用户名已被别人使用则失败。',
  },
  signature: {
    en: 'The answer holds everything the IM and TRTC SDKs need. A wrong signature and an unknown name give the same error. userSig and sdkUserSig are the same text: some apps read the one, some the other.',
    zh: '返回 IM 和 TRTC SDK 需要的全部信息。签名错误和用户不存在返回相同的错误。userSig 和 sdkUserSig 内容相同，不同的客户端读取不同的字段。',
  },
  userLoginToken: {
    en: 'Call it when the app starts. Gives a new token for 30 days; the old one stays good until it expires.',
    zh: '应用启动时调用。返回新的 token（30 天有效）；旧的 token 在过期前仍然有效。',
  },
  userLogout: {
    en: 'Ends the session with all its tokens. Answers success for an expired or unknown token too.',
    zh: '结束会话，该会话的 token 全部失效。Token 过期或不存在也返回成功。',
  },
  userDelete: {
    en: "Removes the user, the sessions and the memberships and ends the user's rooms. Success too if the user is gone already.",
    zh: '删除用户、会话和房间成员信息，并结束该用户的房间。用户不存在也返回成功。',
  },
  userUpdate: {
    en: 'At least one of the fields; the same value again is fine. phone or email need sessionId and code (user_verify_by_picture) and then belong to the account. salt replaces a lost password: only within SALT_RESET_SECONDS (600) after a sign-in by code, and it ends all other sessions.',
    zh: '至少传一个字段；和之前一致也返回成功。传 phone 或 email 时需要 sessionId 和 code（user_verify_by_picture），成功后绑定到该账号。salt 用于找回密码：仅在验证码登录后 SALT_RESET_SECONDS（600）秒内有效，并结束其他会话。',
  },
  userQuery: {
    en: "Without a search parameter: one's own profile. Never answers phone or email.",
    zh: '不传查询参数时返回自己的信息。该接口不返回 phone 和 email。',
  },
  userKeepalive: {
    en: 'While the owner of a room is silent for OWNER_TIMEOUT_SECONDS (90), the room is not listed; a beat brings it back.',
    zh: '房主超过 OWNER_TIMEOUT_SECONDS（90 秒）没有心跳，房间会从列表中消失；恢复心跳后重新出现。',
  },
  gslb: {
    en: 'What an app asks before it shows a captcha. 0 means that no captcha application is set.',
    zh: '应用显示验证码之前调用。0 表示没有设置验证码应用。',
  },
  userVerifyByPicture: {
    en: 'Give phone or email. The ticket and randstr are those of the captcha whose app id gslb gives. A newer code replaces an older one; the answer is the same whether or not somebody has the address.',
    zh: '传 phone 或 email。ticket 和 randstr 来自 gslb 返回的验证码应用。新的验证码会替换旧的；无论该号码是否注册，返回结果都相同。',
  },
  userLoginCode: {
    en: 'The account is made at the first sign-in, with an empty name. A code is good for CODE_SECONDS (300), for CODE_TRIES (5) tries, and once.',
    zh: '首次登录时创建账号，昵称为空。验证码在 CODE_SECONDS（300 秒）内有效，最多尝试 CODE_TRIES（5）次，只能使用一次。',
  },
  getUserInfoBatch: {
    en: 'In the order of the ids; who does not exist is left out. Each counts as one search.',
    zh: '按传入的顺序返回；不存在的用户会被忽略。每个用户计一次查询。',
  },
  moduleBlacklist: { en: 'Nothing is switched off here.', zh: '没有关闭任何功能。' },
  cosConfig: {
    en: 'A credential for one picture, named filename with .jpg behind it, good for minutes. Only where COS_BUCKET is set.',
    zh: '上传一张图片的临时凭证，文件名为 filename 加 .jpg，有效期几分钟。需要设置 COS_BUCKET。',
  },
  queryRoom: {
    en: 'Live rooms only. Newest first, or most visitors first.',
    zh: '只返回正在直播的房间。默认按开播时间降序，也可以按累计人数降序。',
  },
  roomDetail: { en: 'With the number of people inside.', zh: '包含房间的人数 nnUsers。' },
  generateRoomid: {
    en: 'Reserves the id for the caller; enter_room then opens the room.',
    zh: '只生成并保留房间 ID，不会创建房间；之后调用 enter_room 进入房间。',
  },
  enterRoom: {
    en: 'The owner (role anchor) opens the room or opens it again; everybody else joins. Entering twice is entering once. Without roomId the server makes one.',
    zh: '房主（role 为 anchor）创建或重新开播；其他用户进入房间。重复进入返回成功。不传 roomId 时由后台生成。',
  },
  listUsers: { en: 'Who is in the room now, at most limit.', zh: '返回当前在房间内的用户，最多 limit 个。' },
  reportRoom: {
    en: 'One report per person and broadcast: saying it again is fine and changes nothing. Operators see it at once.',
    zh: '每人每场直播一次，重复举报返回成功且不产生新记录。管理员立即可见。',
  },
  leaveRoom: {
    en: 'Success too where the caller was never there or the room is gone.',
    zh: '没有进入过房间，或房间已结束，也返回成功。',
  },
  destroyRoom: {
    en: 'The owner only. Ends the room and dissolves its IM group. Doing it twice is fine.',
    zh: '只有房主可以调用。结束房间并解散 IM 群组。重复调用返回成功。',
  },
  updateRoom: {
    en: 'Present fields only. The owner changes the room; anybody may change the own role.',
    zh: '只修改传入的字段。房间信息只有房主能改；任何成员可以修改自己的 role。',
  },
};

/** Fields of an answer, by name: the same name means the same everywhere. */
export const DATA_TEXTS: Readonly<Record<string, Text>> = {
  userId: { en: 'The user; also the IM and TRTC user id.', zh: '用户 ID，也是 IM 和 TRTC 的用户 ID。' },
  apaasUserId: { en: 'The same as userId.', zh: '和 userId 相同。' },
  apaasAppId: { en: 'Tenant; empty for the default one.', zh: '租户；默认租户为空。' },
  sdkAppId: { en: 'TRTC/IM application.', zh: 'TRTC/IM 应用的 SDKAppID。' },
  sdkUserSig: { en: 'Password for the IM and TRTC SDKs.', zh: 'IM 和 TRTC SDK 使用的签名。' },
  userSig: { en: 'The same as sdkUserSig.', zh: '和 sdkUserSig 相同。' },
  module: { en: 'Modules that are off.', zh: '关闭的模块。' },
  feature: { en: 'Features that are off.', zh: '关闭的功能。' },
  bucket: { en: 'COS bucket.', zh: 'COS 存储桶。' },
  region: { en: 'Its region.', zh: '存储桶的地域。' },
  filename: { en: 'Name of the object, without its ending .jpg.', zh: '对象名，不含 .jpg。' },
  preview: { en: 'Where the picture is read afterwards.', zh: '上传后的访问地址。' },
  credential: { en: 'Temporary credential for this one object.', zh: '仅用于该对象的临时凭证。' },
  startTime: { en: 'Good from then on, seconds since 1970.', zh: '生效时间（秒）。' },
  expiredTime: { en: 'Good until then, seconds since 1970.', zh: '失效时间（秒）。' },
  credentials: { en: 'What signs the upload.', zh: '上传签名所用的密钥。' },
  sessionToken: { en: 'Token of the credential.', zh: '临时密钥的 token。' },
  tmpSecretId: { en: 'Its id.', zh: '临时密钥 ID。' },
  tmpSecretKey: { en: 'Its key.', zh: '临时密钥 Key。' },
  service: { en: 'Address of the service, without a path.', zh: '服务地址，不含路径。' },
  captcha_web_appid: { en: 'CaptchaAppId for web and apps; 0 = none.', zh: '网页和应用的 CaptchaAppId，0 表示没有。' },
  captcha_wxmini_appid: { en: 'The same for mini programs.', zh: '小程序的 CaptchaAppId。' },
  sessionId: { en: 'Goes with the code.', zh: '与验证码一起使用。' },
  token: { en: 'Token for the other calls, good for 30 days.', zh: '调用其他接口的 Token，30 天有效。' },
  expire: { en: 'When the token expires, UTC.', zh: 'Token 的过期时间（UTC）。' },
  phone: { en: 'Phone number, or empty.', zh: '手机号，可能为空。' },
  email: { en: 'Mail address, or empty.', zh: '邮箱，可能为空。' },
  name: { en: 'Display name; empty for a new user.', zh: '昵称，新用户为空字符串。' },
  avatar: { en: 'URL of a picture.', zh: '头像地址。' },
  tag: { en: 'Label of the user.', zh: '用户标签。' },
  tag2: { en: 'Second label.', zh: '用户标签 2。' },
  role: { en: 'Role in the room.', zh: '用户在房间的角色。' },
  roomId: { en: 'The room; also the IM group id and the TRTC room.', zh: '房间 ID，也是 IM 群组 ID 和 TRTC 房间号。' },
  category: { en: 'Kind of room.', zh: '房间分类。' },
  title: { en: 'Title.', zh: '房间标题。' },
  ownBy: { en: 'userId of the owner.', zh: '房主的 userId。' },
  createBy: { en: 'userId of who opened it.', zh: '创建者的 userId。' },
  updateBy: { en: 'userId of who changed it last.', zh: '最后修改者的 userId。' },
  createUtc: { en: 'Going live, UTC.', zh: '开播时间（UTC）。' },
  updateUtc: { en: 'Last change or beat, UTC.', zh: '最后更新时间（UTC）。' },
  cover: { en: 'URL of the cover, or empty.', zh: '房间封面地址，可能为空。' },
  subject: { en: 'Subject.', zh: '房间主题。' },
  description: { en: 'Description.', zh: '房间详细描述。' },
  removed: { en: '1 = ended.', zh: '1 表示已结束。' },
  status: { en: '1 = live, 0 = not.', zh: '1 表示正在直播，0 表示没有。' },
  star: { en: 'Likes.', zh: '点赞数。' },
  nnUsers: { en: 'People inside now.', zh: '当前房间人数。' },
  totalJoined: { en: 'People who have been inside since going live.', zh: '本次开播累计进入人数。' },
};
