/** The contract of /base/v1/rooms: opening, joining, listing and ending live rooms. */

import { CUSTOM, CUSTOM_DATA } from './custom';
import { APP_ID, type Endpoint, PAGE_LIMIT, ROOM_ID, v } from './endpoint';
import { integer, pictureAddress, required, text, textList, utcTime } from './fields';
import { ID_PATTERN, LIMITS, MAX_OFFSET, MAX_PAGE } from './limits';

const int = v.pipe(v.number(), v.integer());

/** A room, the same in every answer. Counts are plain numbers: the Android app crashes on texts. */
export const ROOM_DATA = v.strictObject({
  roomId: v.string(),
  category: v.string(),
  title: v.string(),
  ownBy: v.string(),
  createBy: v.string(),
  updateBy: v.string(),
  createUtc: v.string(),
  updateUtc: v.string(),
  cover: v.string(),
  subject: v.string(),
  description: v.string(),
  removed: int,
  status: int,
  star: int,
  nnUsers: int,
  totalJoined: int,
  custom: v.optional(CUSTOM_DATA),
});
export type RoomData = v.InferOutput<typeof ROOM_DATA>;

const ROOM_EXAMPLE: RoomData = {
  roomId: '1',
  category: 'mlvb-show-live',
  title: 'A live room',
  ownBy: '1',
  createBy: '1',
  updateBy: '1',
  createUtc: '2026-11-23 02:43:53',
  updateUtc: '2026-11-23 02:43:54',
  cover: 'https://example.com/cover.png',
  subject: '生活',
  description: '展示我的生活',
  removed: 0,
  status: 1,
  star: 0,
  nnUsers: 2,
  totalJoined: 5,
};

const CATEGORY = text(
  { max: LIMITS.category, pattern: /^\S(.*\S)?$/u, patternText: 'must not begin or end with a space' },
  { en: 'Kind of room, compared exactly.', zh: '房间分类。', example: 'mlvb-show-live' },
);
const TITLE = { en: 'Title.', zh: '房间标题。', example: 'A live room' };
const ROLE = text(
  { max: LIMITS.role },
  {
    en: 'Role in the room. `anchor` opens a room as its host, `audience` joins one; any other word joins too.',
    zh: '用户在房间的角色。anchor：作为主播开播；audience：作为观众进入；其他文字也表示进入房间。',
    example: 'anchor',
    words: ['anchor', 'audience'],
  },
);

export const roomsContract = {
  queryRoom: {
    path: 'rooms/query_room',
    summary: { en: 'List live rooms', zh: '获取房间列表' },
    notes: {
      en: 'Live rooms only. Newest first, or most visitors first.',
      zh: '只返回正在直播的房间。默认按开播时间降序，也可以按累计人数降序。',
    },
    session: 'recent',
    costs: {},
    fields: {
      appId: APP_ID,
      category: CATEGORY,
      roomIds: textList(
        { max: LIMITS.roomId, maxEntries: MAX_PAGE, pattern: ID_PATTERN, patternText: 'must be room ids' },
        {
          en: 'Only these rooms: a JSON list, a repeated parameter or commas.',
          zh: '只查询这些房间。',
          example: ['905449688'],
        },
      ),
      startUtc: utcTime({
        en: 'Opened at this time or later.',
        zh: '开播时间不早于。',
        example: '2021-09-12 16:00:00',
      }),
      endUtc: utcTime({
        en: 'Opened at this time or earlier.',
        zh: '开播时间不晚于。',
        example: '2031-09-13 16:00:00',
      }),
      orderBy: text(
        { max: 32 },
        {
          en: 'createUtc (default), totalJoined or star, descending.',
          zh: '排序：createUtc（默认）、totalJoined 或 star，降序。',
          example: 'createUtc',
          words: ['createUtc', 'totalJoined', 'star'],
        },
      ),
      offset: integer(
        { min: 0, max: MAX_OFFSET },
        { en: 'Entries to skip.', zh: '查询的起始索引，默认 0。', example: 0 },
      ),
      limit: PAGE_LIMIT,
    },
    data: v.array(ROOM_DATA),
    exampleData: [ROOM_EXAMPLE],
    okMessage: '',
    invalid: 'RoomQueryParams',
    errors: [],
  },
  roomDetail: {
    path: 'rooms/room_detail',
    summary: { en: 'One room', zh: '获取房间详情' },
    notes: { en: 'With the number of people inside.', zh: '包含房间的人数 nnUsers。' },
    session: 'recent',
    costs: {},
    fields: { roomId: required(ROOM_ID) },
    data: ROOM_DATA,
    exampleData: ROOM_EXAMPLE,
    okMessage: 'room_detail ok',
    invalid: 'RoomQueryParams',
    errors: ['RoomNotExists'],
  },
  generateRoomid: {
    path: 'rooms/generate_roomid',
    notRepeatable: true,
    summary: { en: 'A new, unique roomId', zh: '生成房间 ID' },
    notes: {
      en: 'Reserves the id for the caller; enter_room then opens the room.',
      zh: '只生成并保留房间 ID，不会创建房间；之后调用 enter_room 进入房间。',
    },
    session: 'own-statement',
    costs: { rows: { public_ids: [1, 'roomIds'] } },
    fields: { category: CATEGORY, title: text({ max: LIMITS.title }, TITLE) },
    data: v.strictObject({ roomId: v.string() }),
    exampleData: { roomId: '905449688' },
    okMessage: '',
    invalid: 'RoomCreateParams',
    errors: ['UserQueryLimit'],
  },
  enterRoom: {
    path: 'rooms/enter_room',
    // Each call without a roomId creates a new room.
    notRepeatable: true,
    summary: { en: 'Go live, or enter a live room', zh: '进入房间' },
    notes: {
      en: 'The host (role anchor) opens or reopens the room; other users join. Idempotent. Without roomId the service generates one.',
      zh: '主播（role 为 anchor）创建或重新开播；其他用户进入房间。重复进入返回成功。不传 roomId 时由后台生成。',
    },
    session: 'own-statement',
    costs: {
      rows: {
        public_ids: [
          [1, 'roomIds'],
          [1, 'openings', 'openingsOfDay'],
        ],
        rooms: [1, 'openRooms', 'openings', 'openingsOfDay'],
        throttles: [1, 'once'],
        members: [1, 'oncePerRoom'],
        im_said: [1, 'oncePerRoom'],
        chat_log: [1, 'chatLog'],
      },
      calls: {
        im: [
          [3, 'openings', 'openingsOfDay'],
          [1, 'muteTellings'],
        ],
      },
      events: {
        'room.opened': [1, 'openings', 'openingsOfDay', 'openRooms'],
        'member.joined': [1, 'memberEvents', 'memberEventsOfDay'],
      },
      unknown: 6,
    },
    fields: {
      appId: APP_ID,
      roomId: ROOM_ID,
      role: ROLE,
      category: CATEGORY,
      title: text({ max: LIMITS.title }, TITLE),
      custom: CUSTOM,
    },
    data: v.strictObject({ roomId: v.string(), role: v.string() }),
    exampleData: { roomId: '1', role: 'anchor' },
    okMessage: '',
    invalid: 'RoomCreateParams',
    errors: [
      'RoomNotExists',
      'SystemVerifyError',
      'ServiceUnavailable',
      'ServiceResponseInvalid',
      'ServiceUnknownError',
      'UserAlreadyInRooms',
      'RoomsUserExists',
      'UserQueryLimit',
    ],
  },
  listUsers: {
    path: 'rooms/list_users',
    summary: { en: 'Who is in the room', zh: '获取用户列表' },
    notes: { en: 'Who is in the room now, at most limit.', zh: '返回当前在房间内的用户，最多 limit 个。' },
    session: 'recent',
    costs: {},
    fields: { roomId: required(ROOM_ID), limit: PAGE_LIMIT },
    data: v.array(
      v.strictObject({
        userId: v.string(),
        apaasUserId: v.string(),
        name: v.string(),
        avatar: v.string(),
        role: v.string(),
        custom: v.optional(CUSTOM_DATA),
      }),
    ),
    exampleData: [
      { userId: '1', apaasUserId: '1', name: 'Alice', avatar: 'https://example.com/a.png', role: 'anchor' },
    ],
    okMessage: '',
    invalid: 'RoomQueryParams',
    errors: ['RoomNotExists'],
  },
  leaveRoom: {
    path: 'rooms/leave_room',
    summary: { en: 'Leave a room', zh: '退出房间' },
    notes: {
      en: 'Also succeeds if the caller is not in the room or the room has ended.',
      zh: '没有进入过房间，或房间已结束，也返回成功。',
    },
    session: 'own-statement',
    costs: { events: { 'member.left': [1, 'memberEvents', 'memberEventsOfDay'] }, unknown: 6 },
    fields: { roomId: required(ROOM_ID) },
    okMessage: '',
    invalid: 'RoomLeaveParams',
    errors: [],
  },
  destroyRoom: {
    path: 'rooms/destroy_room',
    summary: { en: 'End your room', zh: '结束直播（下播）' },
    notes: {
      en: 'Host only. Ends the room and dissolves its IM group. Idempotent.',
      zh: '只有主播可以调用。结束房间并解散 IM 群组。重复调用返回成功。',
    },
    session: 'own-statement',
    costs: {
      rows: { broadcasts: [1, 'oncePerRoom', 'openingsOfDay'] },
      calls: { im: [1, 'oncePerRoom'], trtc: [1, 'oncePerRoom'] },
      events: { 'room.ended': [1, 'oncePerRoom'] },
    },
    fields: { roomId: required(ROOM_ID) },
    okMessage: '',
    invalid: 'RoomDestroyParams',
    errors: ['RoomNotExists', 'SystemVerifyError'],
  },
  updateRoom: {
    path: 'rooms/update_room',
    summary: { en: 'Change the room, or your role in it', zh: '更新房间信息' },
    notes: {
      en: 'Changes the given fields only. Only the host changes the room; any member can change their own role.',
      zh: '只修改传入的字段。房间信息只有主播能改；任何成员可以修改自己的 role。',
    },
    session: 'own-statement',
    costs: {
      // A cover for the reviewing vendor: one call now, and one a minute later.
      rows: { chat_log: [3, 'chatLog'], im_said: [1, 'oncePerRoom'], outbox: [2, 'oncePerRoom'] },
      unknown: 6,
    },
    fields: {
      appId: APP_ID,
      roomId: required(ROOM_ID),
      role: ROLE,
      category: CATEGORY,
      title: text({ max: LIMITS.title, allowEmpty: true }, TITLE),
      cover: pictureAddress(
        { max: LIMITS.cover, allowEmpty: true },
        {
          en: 'URL of the cover; empty clears it.',
          zh: '房间封面，可以为空。',
          example: 'https://example.com/cover.png',
        },
      ),
      subject: text({ max: LIMITS.subject, allowEmpty: true }, { en: 'Subject.', zh: '房间主题。', example: '生活' }),
      description: text(
        { max: LIMITS.description, allowEmpty: true, multiline: true },
        { en: 'Description, line breaks allowed.', zh: '房间详细描述。', example: '展示我的生活' },
      ),
      custom: CUSTOM,
    },
    okMessage: '',
    invalid: 'RoomCreateParams',
    errors: ['RoomNotExists', 'SystemVerifyError'],
  },
} as const satisfies Record<string, Endpoint>;
