/**
 * What each error code means, in English and Chinese. The documents and the console show this; the answers of the API carry a
 * more specific text. What to do about each is in error-remedies.ts.
 */
import type { ErrorName } from '../base/errors';

export interface ErrorText {
  en: string;
  zh: string;
}

export const ERROR_TEXTS: Readonly<Record<ErrorName, ErrorText>> = {
  SystemVerifyError: { en: 'A parameter is wrong, or the caller may not do this.', zh: '验证用户操作或参数错误。' },
  SystemError: {
    en: 'The service is not configured correctly, or something unexpected happened.',
    zh: '后端未知的系统错误，或配置错误。',
  },
  ServiceUnavailable: { en: 'IM or TRTC cannot be reached.', zh: '后端依赖的服务（IM 或 TRTC）不可用。' },
  ServiceResponseInvalid: {
    en: 'IM or TRTC returned an invalid response.',
    zh: '后端服务返回的结果不符合规范。',
  },
  ServiceSmsFailed: {
    en: 'An SMS could not be sent, or codes are not set up.',
    zh: 'SMS 发送短信服务失败，或没有配置验证码登录。',
  },
  ServiceDBFailed: { en: 'The database failed.', zh: 'DB 错误，SQL 语句执行失败。' },
  ServiceUnknownError: {
    en: 'IM or TRTC refused for a reason this service does not know, or a mail could not be sent.',
    zh: '服务未知错误（IM 或 TRTC 拒绝了请求），或邮件发送失败。',
  },
  UserCodeInvalid: { en: 'Wrong verification code.', zh: '用户登录失败，错误的验证码。' },
  UserCodeExpired: { en: 'Verification code too old.', zh: '用户登录失败，验证码已过期。' },
  UserCodeConsumed: {
    en: 'Verification code already used, or tried too often.',
    zh: '验证码已经使用过了，或尝试次数过多。',
  },
  UserTokenExpired: { en: 'The token is older than 30 days.', zh: '用户 Token 已经过期，请重新登录。' },
  UserTokenInvalid: {
    en: 'Invalid token: not issued by this service, issued to another user, or revoked.',
    zh: '用户 Token 不正确，请重新登录。',
  },
  UseInfoEmpty: { en: 'No field to update.', zh: '用户的信息为空。' },
  UserNotExists: { en: 'There is no such user.', zh: '用户不存在。' },
  UserEmailInvalid: {
    en: 'Invalid email address, or the mailbox rejected the message.',
    zh: '邮箱不正确，或该邮箱拒收邮件。',
  },
  UserQueryParams: { en: 'A parameter of user_query is wrong.', zh: '用户查询时参数错误。' },
  UserQueryLimit: {
    en: 'Too often: searches for other users, sign-ups, failed sign-ins, codes sent or tried; or too many: open rooms, unused roomIds, calls at the same time.',
    zh: '操作过于频繁（查询用户、注册、登录失败、发送或尝试验证码），或数量过多（已开启的房间、未使用的 roomId、同时进行的调用）。',
  },
  UserOAuthParams: { en: 'A parameter of register or signature is missing or wrong.', zh: '用户 OAuth 参数异常。' },
  UserAlreadyInRooms: { en: 'The user is in another room already.', zh: '用户已经在房间中。' },
  RoomCreateParams: {
    en: 'A parameter of enter_room, generate_roomid or update_room is missing or wrong.',
    zh: '创建房间时参数错误。',
  },
  RoomDestroyParams: { en: 'A parameter of destroy_room is missing or wrong.', zh: 'destroy_room 的参数缺失或错误。' },
  RoomQueryParams: {
    en: 'A parameter of query_room, room_detail or list_users is missing or wrong.',
    zh: '查询房间时参数错误。',
  },
  RoomLeaveParams: { en: 'A parameter of leave_room is missing or wrong.', zh: '退出房间时参数错误。' },
  RoomNotExists: { en: 'The room does not exist or has ended.', zh: '房间不存在。' },
  RoomsUserExists: { en: 'The user is in this room already.', zh: '用户已经在房间中。' },
};
