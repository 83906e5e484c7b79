/** Operators' API: bans, kicks and mutes, and lifting them. */
import { required, text } from '../fields';
import { SANCTION_KINDS } from '../kinds';
import { BAN, KICK, LIFT, MUTE } from './costs';
import { type AdminEndpoint, countedPageOf, PENDING, v } from './endpoint';
import { COUNT, flag, oneOf, PAGE, REASON, ROOM_ID, SECONDS, USER_ID } from './fields';
import { SANCTION, SANCTION_EXAMPLE } from './items';

export const KICK_USER_FIELDS = {
  roomId: required(ROOM_ID),
  userId: required(USER_ID),
  reason: REASON,
  seconds: {
    ...SECONDS,
    docs: {
      ...SECONDS.docs,
      en: 'Seconds during which the user cannot rejoin this room; absent = until this broadcast ends; 0 = permanently.',
      zh: '禁止再次进入的时长（秒）；不传表示到本次直播结束；0 表示永久。',
    },
  },
};

export const MUTE_USER_FIELDS = {
  userId: required(USER_ID),
  reason: REASON,
  roomId: ROOM_ID,
  seconds: required(SECONDS),
};

export const BAN_USER_FIELDS = {
  userId: required(USER_ID),
  reason: REASON,
  seconds: required(SECONDS),
  withAddress: flag({
    en: 'Also bans the last network address of the user: all sign-ins and entries from it are rejected.',
    zh: '同时封禁其最近使用的网络地址：该地址不能登录，也不能进入房间。',
  }),
};

const DONE = v.strictObject({ sanctionId: v.string(), pending: PENDING });

export const adminSanctions = {
  kickUser: {
    path: 'admin/kick_user',
    summary: { en: 'Kick a user from a room', zh: '踢出房间' },
    notes: {
      en: 'The user is removed immediately, and enter_room of this room returns 98 until the time is over.',
      zh: '立即移出房间；到期之前 enter_room 返回 98。',
    },
    scope: 'moderate',
    changes: true,
    costs: KICK,
    fields: KICK_USER_FIELDS,
    data: DONE,
    exampleData: { sanctionId: '7', pending: [] },
    errors: ['RoomNotExists', 'UserNotExists'],
  },
  muteUser: {
    path: 'admin/mute_user',
    summary: { en: 'Mute a user', zh: '禁言' },
    notes: {
      en: 'In one room, or without roomId in all rooms, also those entered later. IM does it.',
      zh: '指定房间，或不传 roomId 表示所有房间（包括之后进入的）。由 IM 执行。',
    },
    scope: 'moderate',
    changes: true,
    costs: MUTE,
    fields: MUTE_USER_FIELDS,
    data: DONE,
    exampleData: { sanctionId: '8', pending: ['im'] },
    errors: ['RoomNotExists', 'UserNotExists'],
  },
  banUser: {
    path: 'admin/ban_user',
    summary: { en: 'Ban a user', zh: '封禁用户' },
    notes: {
      en: 'Sessions and rooms end immediately; signing in and entering return 98 with the reason and the end, even after the account was deleted and the name registered again.',
      zh: '会话和直播立即结束；登录和进入房间返回 98 及原因；删除账号后用同名重新注册也不能绕过。',
    },
    scope: 'moderate',
    changes: true,
    costs: BAN,
    fields: BAN_USER_FIELDS,
    data: v.strictObject({ sanctionId: v.string(), endedRooms: v.array(v.string()), pending: PENDING }),
    exampleData: { sanctionId: '9', endedRooms: ['2'], pending: [] },
    errors: ['UserNotExists'],
  },
  liftSanction: {
    path: 'admin/lift_sanction',
    summary: { en: 'End a sanction early', zh: '解除处罚' },
    notes: { en: 'A sanction that is already lifted returns 409.', zh: '已解除的处罚返回 409。' },
    scope: 'moderate',
    changes: true,
    costs: LIFT,
    fields: {
      sanctionId: required(
        text(
          { max: 16, numbers: true, pattern: /^[1-9]\d*$/, patternText: 'must be a sanction id' },
          { en: 'The sanction.', zh: '处罚 ID。', example: '7' },
        ),
      ),
      reason: REASON,
    },
    errors: [],
  },
  sanctions: {
    path: 'admin/sanctions',
    summary: { en: 'Who is banned, muted or kept out', zh: '处罚列表' },
    notes: { en: 'Newest first.', zh: '按时间降序。' },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      userId: USER_ID,
      roomId: ROOM_ID,
      kind: oneOf(SANCTION_KINDS, { en: 'Only this kind.', zh: '只查询该类型。', example: 'ban' }),
      active: flag({
        en: 'Only those in force (true, the default), or only those that are over (false).',
        zh: '只查询生效中的（true，默认）或已结束的（false）。',
      }),
    },
    data: countedPageOf(SANCTION),
    exampleData: { items: [SANCTION_EXAMPLE], cursor: '' },
    errors: [],
  },
} as const satisfies Record<string, AdminEndpoint>;
