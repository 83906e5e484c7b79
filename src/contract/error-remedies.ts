/** What to do about each error code, in English and Chinese, for the documents. */
import type { ErrorName } from '../base/errors';
import type { ErrorText } from './error-texts';

const GIVE_ROOM_ID: ErrorText = { en: 'Give the roomId.', zh: '请传 roomId。' };

export const ERROR_REMEDIES: Readonly<Record<ErrorName, ErrorText>> = {
  SystemVerifyError: {
    en: 'Read the text after the code: it names the parameter or the rule. After a sign-in: user name or password is wrong, or the name is not registered. Only the owner may change or end a room.',
    zh: '请看错误码后面的说明，会指出是哪个参数或规则。登录时：用户名或密码错误，或者还没有注册。只有主播可以修改房间或下播。',
  },
  SystemError: {
    en: '“Invalid TRTC config”: set TRTC_TIM_APPID and TRTC_TIM_SECRET in .env (the file must have this name, and no value may still be xxx), then deploy again. Otherwise search the log for the requestId.',
    zh: '若提示 Invalid TRTC config：请检查 .env 中的 TRTC_TIM_APPID 和 TRTC_TIM_SECRET（不要改文件名，不要保留 xxx），然后重新发布。其他情况请用 requestId 查日志。',
  },
  ServiceUnavailable: {
    en: 'Try again. If it stays, the function has no way to the internet: a function inside a VPC needs public access switched on.',
    zh: '请重试。若一直失败，说明云函数无法访问外网：在私有网络中的云函数需要开启公网访问。',
  },
  ServiceResponseInvalid: {
    en: 'Check TIM_ENDPOINT: something else answers at this address, for example a proxy.',
    zh: '请检查 TIM_ENDPOINT：该地址返回的不是 IM 的结果，例如中间有代理。',
  },
  ServiceSmsFailed: {
    en: 'The log line code_not_sent or captcha_failed says why: settings are missing (CAPTCHA_APP_ID, SMS_APP_ID …), the signature or template is not approved, the balance is used up. See docs/sign-in-by-code.md.',
    zh: '日志 code_not_sent 或 captcha_failed 中有原因：缺少配置（CAPTCHA_APP_ID、SMS_APP_ID 等）、签名或模板未审核、余额不足。见 docs/sign-in-by-code.zh-CN.md。',
  },
  ServiceDBFailed: {
    en: 'Check MYSQL_HOST, MYSQL_USER, MYSQL_PASSWORD and that the function and the database are in the same private network. A database that was paused wakes up within seconds: try again.',
    zh: '请检查 MYSQL_HOST、MYSQL_USER、MYSQL_PASSWORD，以及云函数和数据库是否在同一个私有网络。暂停的数据库几秒内会恢复，请重试。',
  },
  ServiceUnknownError: {
    en: "The text carries the vendor's code; look it up in the vendor's error table. Often a package limit or an unpaid bill.",
    zh: '说明中带有 IM 的错误码，请查腾讯云错误码表。常见原因是套餐限制或欠费。',
  },
  UserCodeInvalid: {
    en: 'Also returned if the sessionId or the phone number differs from the request for the code, or a newer code was sent.',
    zh: 'sessionId 或手机号与获取验证码时不一致，或已经发送了新的验证码，也返回此错误。',
  },
  UserCodeExpired: {
    en: 'Request a new code. CODE_SECONDS sets its lifetime.',
    zh: '请重新获取验证码。有效期由 CODE_SECONDS 设置。',
  },
  UserCodeConsumed: { en: 'Ask for a new code.', zh: '请重新获取验证码。' },
  UserTokenExpired: { en: 'Sign in again.', zh: '请重新登录。' },
  UserTokenInvalid: {
    en: 'Sign in again. If every token is refused after a deployment, the TRTC secret or TOKEN_SECRET has changed.',
    zh: '请重新登录。若发布后所有 Token 都失效，是因为 TRTC 密钥或 TOKEN_SECRET 改变了。',
  },
  UseInfoEmpty: {
    en: 'Give at least one of name, tag, tag2, avatar, phone, email and salt, not empty.',
    zh: '请至少传 name、tag、tag2、avatar、phone、email、salt 中的一个，且不为空。',
  },
  UserNotExists: { en: 'Check searchUserId or searchPhone.', zh: '请检查 searchUserId 或 searchPhone。' },
  UserEmailInvalid: { en: 'Check the address.', zh: '请检查邮箱地址。' },
  UserQueryParams: { en: 'The text names the parameter.', zh: '说明中会指出是哪个参数。' },
  UserQueryLimit: {
    en: 'Wait, end a room, or raise the limit: USER_QUERY_LIMIT_PER_MINUTE, SIGN_UPS_PER_MINUTE, SIGN_UPS_PER_DAY, SIGN_IN_FAILURES_PER_MINUTE, ROOMS_PER_OWNER, ROOM_OPENINGS_PER_MINUTE, ROOM_OPENINGS_PER_DAY, ROOM_IDS_PER_DAY, or those of docs/sign-in-by-code.md.',
    zh: '请稍后再试、结束一个房间，或调大限额：USER_QUERY_LIMIT_PER_MINUTE、SIGN_UPS_PER_MINUTE、SIGN_UPS_PER_DAY、SIGN_IN_FAILURES_PER_MINUTE、ROOMS_PER_OWNER、ROOM_OPENINGS_PER_MINUTE、ROOM_OPENINGS_PER_DAY、ROOM_IDS_PER_DAY，或 docs/sign-in-by-code.zh-CN.md 中的各项。',
  },
  UserOAuthParams: {
    en: 'username, salt and signature must be there and not empty; hash is md5 or sha256; ts must be near the present time.',
    zh: 'username、salt、signature 不能为空；hash 只能是 md5 或 sha256；ts 必须接近当前时间。',
  },
  UserAlreadyInRooms: {
    en: 'Only with ROOM_STRICT_ENTRY=true. Leave the other room first.',
    zh: '仅在 ROOM_STRICT_ENTRY=true 时返回。请先退出另一个房间。',
  },
  RoomCreateParams: {
    en: 'The text names the parameter. In the category mlvb-show-live a roomId must be a decimal number, as the Android app needs it.',
    zh: '说明中会指出是哪个参数。分类为 mlvb-show-live 时，roomId 必须是十进制数字（安卓客户端要求）。',
  },
  RoomDestroyParams: GIVE_ROOM_ID,
  RoomQueryParams: {
    en: 'limit is 1 to 100; times look like 2021-09-12 16:00:00.',
    zh: 'limit 为 1 到 100；时间格式如 2021-09-12 16:00:00。',
  },
  RoomLeaveParams: GIVE_ROOM_ID,
  RoomNotExists: {
    en: 'Refresh the list. An ended room is opened again by its owner only, with enter_room.',
    zh: '请刷新列表。已结束的房间只能由主播通过 enter_room 重新开播。',
  },
  RoomsUserExists: {
    en: 'Only with ROOM_STRICT_ENTRY=true. Go on as if the entry had worked.',
    zh: '仅在 ROOM_STRICT_ENTRY=true 时返回。可以当作已进入房间继续。',
  },
};
