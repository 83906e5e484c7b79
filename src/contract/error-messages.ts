/**
 * The human part of errorMessage in Chinese, by its English text: the English text is at the place of the error, and is
 * the key here. `{1}`, `{2}` … are values of a text. A test finds every text of the code in this table.
 */

import { OPERATOR_TEXTS } from './operator-messages';

const APP_TEXTS: Readonly<Record<string, string>> = {
  // Every call
  'use GET or POST': '请使用 GET 或 POST',
  'there is no such endpoint': '没有该接口',
  'something went wrong, please try again': '服务出错，请重试',
  'the database failed, please try again': '数据库不可用，请稍后重试',
  'at most {1} parameters are read': '最多 {1} 个参数',
  'the body is not valid JSON': '请求体不是有效的 JSON',
  'the body must be a JSON object': '请求体必须是 JSON 对象',
  'the body is larger than 64 KiB': '请求体超过 64 KiB',
  'multipart bodies are not supported; send a form or JSON': '不支持 multipart，请使用表单或 JSON',

  // Parameters
  '{1} is required': '缺少参数 {1}',
  '{1} must be text': '{1} 必须是文本',
  '{1} must be at most {2} characters': '{1} 最多 {2} 个字符',
  '{1} must be at least {2} characters': '{1} 至少 {2} 个字符',
  '{1} contains characters that are not allowed': '{1} 含有不允许的字符',
  '{1} has the wrong form': '{1} 格式不正确',
  '{1} must be the address of a picture, http or https': '{1} 必须是 http 或 https 的图片地址',
  '{1} must be a whole number from {2} to {3}': '{1} 必须是 {2} 到 {3} 之间的整数',
  '{1} must be a list of texts': '{1} 必须是文本列表',
  '{1} must be at most {2} entries': '{1} 最多 {2} 项',
  '{1} must be a UTC time like 2021-09-12 16:00:00': '{1} 必须是 UTC 时间，例如 2021-09-12 16:00:00',
  '{1} must be a user id': '{1} 必须是用户 ID',
  '{1} must be user ids with | between them': '{1} 必须是用 | 分隔的用户 ID',
  '{1} must be a phone number': '{1} 必须是手机号',
  '{1} must be a number': '{1} 必须是数字',
  '{1} must be letters, digits, _ or -': '{1} 只能包含字母、数字、_ 和 -',
  '{1} must be a word': '{1} 必须是一个单词',
  '{1} must not begin or end with a space': '{1} 首尾不能有空格',
  '{1} must be printable ASCII': '{1} 只能包含可打印的 ASCII 字符',
  '{1} must be a JWT': '{1} 必须是 JWT',
  '{1} must be a sanction id': '{1} 必须是处罚 ID',
  '{1} must be room ids': '{1} 必须是房间 ID',
  '{1} must be true or false': '{1} 必须是 true 或 false',
  '{1} must be 0 or from {2} to {3}': '{1} 必须是 0，或 {2} 到 {3} 之间的数',
  '{1} must be from {2} to {3}': '{1} 必须在 {2} 到 {3} 之间',
  '{1} must be a JSON object of at most {2} bytes': '{1} 必须是不超过 {2} 字节的 JSON 对象',
  '{1} must be {2} or {3}': '{1} 必须是 {2} 或 {3}',

  // Accounts
  'the token has expired, please sign in again': '登录已过期，请重新登录',
  'the token is not valid, please sign in again': '登录已失效，请重新登录',
  'registration is closed': '未开放注册',
  'this username is taken': '该用户名已被注册',
  'username must be 1 to 32 letters, digits, _ or -': 'username 必须为 1 至 32 个字母、数字、_ 或 -',
  'username must not be a number of nine or ten digits': 'username 不能是九位或十位数字',
  'username is that of the IM administrator': 'username 不能与 IM 管理员相同',
  'username is the id of an open room': '该 username 是一个进行中的房间的 ID',
  'hash must be md5 or sha256': 'hash 必须是 md5 或 sha256',
  'ts is required': '缺少参数 ts',
  'tag must not contain a time': 'tag 中不能包含时间',
  'ts must be a time in milliseconds': 'ts 必须是毫秒时间戳',
  'ts is too far from the present time': 'ts 与当前时间相差过大，请检查手机时间',
  'nonce must not contain a -': 'nonce 中不能包含 -',
  'wrong username or signature': '用户名或密码错误',
  'this signature has been used, please sign in again': '该签名已使用过，请重新登录',
  'no identity provider is set up': '未配置身份提供方',
  'the identity token names no user': '身份凭证中没有用户',
  'a user with a similar name exists': '已有名称相近的用户',
  'the identity token is not valid': '身份凭证无效',
  'the identity token has expired, please sign in again': '身份凭证已过期，请重新登录',
  'the identity provider cannot be reached, please try again': '无法连接身份提供方，请稍后重试',
  'the account is being changed, please try again': '账号正在变更，请重试',
  'give at least one of name, tag, tag2, avatar, phone, email and salt':
    '请至少传 name、tag、tag2、avatar、phone、email、salt 中的一个',
  'there is no such user': '用户不存在',
  'unknown apaasAppId': 'apaasAppId 不存在',
  'uploads cannot be prepared now': '暂时不能上传，请稍后重试',
  'uploads cannot be prepared': '无法上传',
  'too many pictures today': '今天上传的图片过多',
  'uploads are not set up': '未配置上传',
  'too many sign-ups from here today': '该网络今天注册过多',
  'too many sign-ups from here, please wait a minute': '该网络注册过于频繁，请一分钟后再试',
  'too many queries, please wait a minute': '查询过于频繁，请一分钟后再试',
  'too many calls of this account at the same time': '该账号同时进行的调用过多',
  'too many failed sign-ins, please wait a minute': '登录失败次数过多，请一分钟后再试',
  'at most {1} users per call': '每次最多查询 {1} 个用户',

  // Codes
  'a new phone number or mail address needs the sessionId and number of a message':
    '绑定新手机号或邮箱需要 sessionId 和验证码',
  'sign in again first, then bind the phone number or mail address': '请重新登录后再绑定手机号或邮箱',
  'this phone number belongs to another account': '该手机号已绑定其他账号',
  'this mail address belongs to another account': '该邮箱已绑定其他账号',
  'sign in by code first, then set the new salt': '请先用验证码登录，再设置新密码',
  'this account has no user name to sign in with': '该账号没有用户名，不能设置密码',
  'wrong verification code': '验证码错误',
  'the verification code has expired': '验证码已过期',
  'it has expired: it was used, or tried too often': '验证码已失效：已使用过，或尝试次数过多',
  'too many attempts, please try again in an hour': '尝试次数过多，请一小时后再试',
  'please do the human check again': '请重新完成人机验证',
  'messages cannot be sent now': '暂时不能发送验证码',
  'too many human checks, please try again later': '人机验证过于频繁，请稍后再试',
  'the human check is not set up correctly': '人机验证配置有误',
  'too many messages, please try again later': '发送过于频繁，请稍后再试',
  'phone numbers of this country are not served': '不支持该国家或地区的手机号',
  'give a phone number or a mail address': '请填写手机号或邮箱',
  'this is not a phone number': '手机号格式不正确',
  'this is not a mail address': '邮箱格式不正确',
  'no message can be sent to this number': '无法向该号码发送短信',
  'the message could not be sent': '短信发送失败',
  'no mail can be sent to this address': '无法向该邮箱发送邮件',
  'the mail could not be sent': '邮件发送失败',

  // Rooms
  'the room does not exist or has ended': '直播间不存在或直播已结束',
  'you have {1} rooms open already, please end one first': '你已有 {1} 个直播间，请先结束一个',
  'too many broadcasts started; try again in a minute': '开播过于频繁，请一分钟后再试',
  'too many broadcasts started today': '今天开播次数过多',
  'limit reached: {1} unused roomIds in 24 hours': '24 小时内未使用的房间 ID 已达 {1} 个',
  'only the owner is the anchor of a room': '只有主播本人可以开播',
  'only the owner may change a room': '只有主播可以修改直播间',
  'only the owner may end a room': '只有主播可以结束直播',
  'you are not in this room': '你不在该直播间内',
  'appId is not the sdkAppId of this service': 'appId 不是本服务的 sdkAppId',
  'roomId must begin with {1}-': 'roomId 必须以 {1}- 开头',
  'this roomId belongs to another user': '该房间 ID 属于其他用户',
  'roomId must be a number from 1 to 2147483647 in this category': '该分类的 roomId 必须是 1 到 2147483647 之间的数字',
  'you are already in this room': '你已在该直播间内',
  'you are already in another room': '你已在其他直播间内',
  'the IM service cannot be reached, please try again': '无法连接 IM 服务，请稍后重试',
  'the IM service gave an answer that makes no sense': 'IM 服务返回了无法识别的内容',
  'Invalid TRTC config, please check .env file': 'TRTC 配置有误，请检查 .env 文件',
  'the IM service refused ({1})': 'IM 服务拒绝了请求（{1}）',
  'the room is being opened or closed, please try again': '直播间正在开启或关闭，请重试',
  'please try again': '请重试',
  'the {1} has words that are not allowed': '{1} 含有不允许的内容',

  // Running a room, reports
  'only the owner and the admins of a room may do this': '只有主播和房管可以进行该操作',
  'you cannot do this to yourself': '不能对自己进行该操作',
  'an admin cannot do this to the owner or to another admin': '房管不能处理主播和其他房管',
  'a room has at most {1} admins': '每个直播间最多 {1} 名房管',
  'an operator decided this': '该处罚由平台作出，不能解除',
  'you did this a lot of times, please wait a minute': '操作过于频繁，请一分钟后再试',
  'you did this too many times today': '今天操作次数过多',
  'you have reported a lot, please wait a while': '举报过于频繁，请稍后再试',
  'you have no such sanction in force': '没有该处罚，或已不再生效',
};

const TEXTS: Readonly<Record<string, string>> = { ...APP_TEXTS, ...OPERATOR_TEXTS };

/** What users read in place of the name of a parameter in some texts. */
const NAMES: Readonly<Record<string, string>> = {
  title: '标题',
  subject: '主题',
  description: '简介',
  name: '昵称',
  nickname: '昵称',
};

const escaped = (text: string) => text.replace(/[.*+?^$()|[\]\\]/g, '\\$&');

let patterns: [RegExp, string][] | undefined;

/**
 * Texts with values, the longest first: a general one would match the text of a special one. Made when one is looked for: a
 * hundred expressions are a part of a cold start.
 */
function filling(): [RegExp, string][] {
  patterns ??= Object.entries(TEXTS)
    .filter(([en]) => en.includes('{'))
    .toSorted(([a], [b]) => b.replace(/\{\d\}/g, '').length - a.replace(/\{\d\}/g, '').length)
    .map(([en, zh]): [RegExp, string] => [new RegExp(`^${escaped(en).replace(/\{\d\}/g, '(.{1,400}?)')}$`, 's'), zh]);
  return patterns;
}

/** undefined: the table has no such text. */
export function inChinese(text: string): string | undefined {
  if (Object.hasOwn(TEXTS, text) && !text.includes('{')) return TEXTS[text];
  for (const [pattern, zh] of filling()) {
    const found = pattern.exec(text);
    if (found)
      return zh.replace(
        /\{(\d)\}/g,
        (_mark, place: string) => NAMES[found[Number(place)] ?? ''] ?? found[Number(place)] ?? '',
      );
  }
  return undefined;
}

/** An English text in both languages; English in both if the table does not have it. */
export function inBoth(en: string): { en: string; zh: string } {
  return { en, zh: inChinese(en) ?? en };
}
