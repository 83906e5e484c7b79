/** Operators' API: live rooms, and ending or warning them. */
import { integer, required, text } from '../fields';
import { LIMITS } from '../limits';
import { END } from './costs';
import { type AdminEndpoint, countedPageOf, int, PENDING, v } from './endpoint';
import { COUNT, MAX_SECONDS, oneOf, PAGE, REASON, ROOM_ID, USER_ID } from './fields';
import { LIVE_ROOM, LIVE_ROOM_EXAMPLE, REPORT, REPORT_EXAMPLE, SANCTION, SANCTION_EXAMPLE } from './items';

export const END_ROOM_FIELDS = {
  roomId: required(ROOM_ID),
  reason: REASON,
  banOwnerSeconds: integer(
    { min: 0, max: MAX_SECONDS },
    {
      en: 'Also bans the host, for this many seconds; 0 = permanently; absent = no ban.',
      zh: '同时封禁主播的时长（秒）；0 表示永久；不传表示不封禁。',
    },
  ),
};

export const WARN_ROOM_FIELDS = {
  roomId: required(ROOM_ID),
  text: required(
    text(
      { max: 200 },
      { en: 'The warning sent to the room.', zh: '发送给房间的警告内容。', example: 'please mind the rules' },
    ),
  ),
};

export const adminRooms = {
  rooms: {
    path: 'admin/rooms',
    summary: { en: 'List live rooms', zh: '正在直播的房间' },
    notes: {
      en: 'Includes rooms whose host is currently silent. A search reads a few thousand rooms and then returns a cursor, even if it found fewer than limit.',
      zh: '也包含主播暂时没有心跳的房间。搜索时每次最多查看几千个房间，结果不足 limit 时也可能返回 cursor，请继续翻页。',
    },
    scope: 'read',
    changes: false,
    fields: {
      ...PAGE,
      count: COUNT,
      orderBy: oneOf(['viewers', 'newest', 'joined'], {
        en: 'The order, descending; viewers by default.',
        zh: '排序（降序），默认 viewers。',
        example: 'viewers',
      }),
      category: text(
        { max: LIMITS.category },
        { en: 'Only this category.', zh: '只查询该分类。', example: 'mlvb-show-live' },
      ),
      ownBy: USER_ID,
      search: text(
        { max: 64 },
        { en: 'Part of a title, or a room or owner id.', zh: '标题的一部分，或房间、主播 ID。' },
      ),
    },
    data: countedPageOf(LIVE_ROOM),
    exampleData: { items: [LIVE_ROOM_EXAMPLE], cursor: '' },
    errors: [],
  },
  room: {
    path: 'admin/room',
    summary: { en: 'One room', zh: '房间详情' },
    notes: {
      en: 'The state of the room, its first 200 members in order of entry, the timeline, active sanctions and reports. Of an ended room, endUtc is the end of its last broadcast.',
      zh: '直播间状态、按进入顺序的前 200 名成员、时间线、生效中的处罚和举报。已结束的直播间 endUtc 为最近一场的结束时间。',
    },
    scope: 'read',
    changes: false,
    fields: { roomId: required(ROOM_ID) },
    data: v.strictObject({
      room: LIVE_ROOM,
      members: v.array(
        v.strictObject({ userId: v.string(), name: v.string(), role: v.string(), joinedUtc: v.string() }),
      ),
      timeline: v.array(
        v.strictObject({
          atUtc: v.string(),
          kind: v.string(),
          userId: v.string(),
          userName: v.string(),
          text: v.string(),
        }),
      ),
      sanctions: v.array(SANCTION),
      reports: v.array(REPORT),
    }),
    exampleData: {
      room: LIVE_ROOM_EXAMPLE,
      members: [{ userId: '1', name: 'Alice', role: 'anchor', joinedUtc: '2026-11-23 12:00:00' }],
      timeline: [{ atUtc: '2026-11-23 12:00:00', kind: 'opened', userId: '1', userName: 'Alice', text: 'A live room' }],
      sanctions: [SANCTION_EXAMPLE],
      reports: [REPORT_EXAMPLE],
    },
    errors: ['RoomNotExists'],
  },
  endRoom: {
    path: 'admin/end_room',
    summary: { en: 'End a room', zh: '结束直播' },
    notes: {
      en: 'Members get the reason by an IM group notification, the host with the next response about the room. The host may go live again unless banned.',
      zh: '通过 IM 群系统通知告知房间内的用户，主播下次访问该房间时也会得到原因。除非被封禁，主播可以重新开播。',
    },
    scope: 'moderate',
    changes: true,
    costs: END,
    fields: END_ROOM_FIELDS,
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: ['RoomNotExists'],
  },
  warnRoom: {
    path: 'admin/warn_room',
    summary: { en: 'Warn a room', zh: '警告房间' },
    notes: {
      en: 'Sends an IM group notification to all members of the room.',
      zh: '向房间内所有人发送 IM 群系统通知。',
    },
    scope: 'moderate',
    changes: true,
    costs: { calls: { im: [1, 'keyCalls'] } },
    fields: WARN_ROOM_FIELDS,
    data: v.strictObject({ pending: PENDING }),
    exampleData: { pending: [] },
    errors: ['RoomNotExists'],
  },
  watchRoom: {
    path: 'admin/watch_room',
    summary: { en: 'Watch a room', zh: '观看直播间' },
    notes: {
      en: 'Makes a viewer for the operator: userId and userSig enter the TRTC room with the role audience and cannot publish chat. The user id belongs to no account and is in no list of members. With OPERATORS_WATCH_URL, url is the address of the player for this room, and there is no userSig. In demo mode without OPERATORS_WATCH_URL the call returns 409.',
      zh: '为运营人员生成观众身份：用 userId 和 userSig 以观众角色进入 TRTC 房间。该 ID 不属于任何账号，也不会出现在成员列表中。设置 OPERATORS_WATCH_URL 时返回该直播间的播放地址 url，不返回 userSig。演示模式且未设置 OPERATORS_WATCH_URL 时返回 409。',
    },
    scope: 'moderate',
    changes: true,
    costs: {},
    fields: { roomId: required(ROOM_ID) },
    data: v.strictObject({
      roomId: v.string(),
      url: v.string(),
      sdkAppId: int,
      userId: v.string(),
      userSig: v.string(),
      expireUtc: v.string(),
    }),
    exampleData: {
      roomId: '1',
      url: '',
      sdkAppId: 1_400_000_000,
      userId: 'operator-4f1c2a9b',
      userSig: 'eJyr…',
      expireUtc: '2026-11-23 13:00:00',
    },
    errors: ['RoomNotExists'],
  },
} as const satisfies Record<string, AdminEndpoint>;
