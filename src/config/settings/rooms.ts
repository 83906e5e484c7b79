import { flag, integer } from '../setting';

const YEAR = 31_536_000;

export const rooms = {
  title: { en: 'Rooms', zh: '房间' },
  settings: {
    queryRoomDefaultLimit: integer('QUERY_ROOM_DEFAULT_LIMIT', 10, {
      en: 'Default page size of a room list. The shipped apps send no limit.',
      zh: '客户端未指定时（这些客户端都不指定）房间列表的条数。',
      min: 1,
      max: 100,
    }),
    strictEntry: flag('ROOM_STRICT_ENTRY', false, {
      en: 'true: entering twice is RoomsUserExists(2006), and being in another room UserAlreadyInRooms(211). The shipped apps need false.',
      zh: 'true：重复进房返回 RoomsUserExists(2006)，已在其他房间返回 UserAlreadyInRooms(211)。已发布的客户端需要 false。',
    }),
    roomsPerOwner: integer('ROOMS_PER_OWNER', 3, {
      en: 'How many rooms one account may have open; 0 = any number.',
      zh: '一个账号可以同时开启的房间数；0 表示不限。',
      min: 0,
      max: 1_000,
    }),
    roomOpeningsPerMinute: integer('ROOM_OPENINGS_PER_MINUTE', 30, {
      en: 'Broadcasts an account may start per minute, counted per process. Each start creates an IM group, and IM limits the calls of the whole application. 0 = no limit.',
      zh: '一个账号每分钟可以开播的次数：每次开播都会创建 IM 群组，而 IM 限制总调用频率；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    roomOpeningsPerDay: integer('ROOM_OPENINGS_PER_DAY', 200, {
      en: 'Broadcasts an account may start per day. Each one is a row of the statistics, and without a roomId also a new room. 0 = no limit.',
      zh: '一个账号每天可以开播的次数：每次开播都会产生统计记录，不传 roomId 时还会产生新房间；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
    roomIdsPerDay: integer('ROOM_IDS_PER_DAY', 100, {
      en: 'How many roomIds one account may have generated within a day and not used yet; 0 = any number.',
      zh: '一个账号一天内生成且尚未使用的 roomId 数；0 表示不限。',
      min: 0,
      max: 1_000_000,
    }),
  },
};

export const presence = {
  title: { en: 'Presence', zh: '在线状态' },
  settings: {
    ownerTimeoutSeconds: integer('OWNER_TIMEOUT_SECONDS', 90, {
      en: 'Seconds without a heartbeat (user_keepalive) before a room leaves the list.',
      zh: '主播的客户端有过心跳（user_keepalive）之后，超过这个秒数没有心跳，房间从列表中消失。',
      min: 1,
      max: YEAR,
    }),
    memberTimeoutSeconds: integer('MEMBER_TIMEOUT_SECONDS', null, {
      en: 'The same for members; default: as OWNER_TIMEOUT_SECONDS.',
      zh: '成员的同一时间；默认与 OWNER_TIMEOUT_SECONDS 相同。',
      min: 1,
      max: YEAR,
      shown: '90',
    }),
    disconnectGraceSeconds: integer('DISCONNECT_GRACE_SECONDS', 30, {
      en: 'Grace period in seconds after IM or TRTC reports a lost connection.',
      zh: 'IM 或 TRTC 报告用户离开后，等待其重连的时间。',
      min: 0,
      max: 86_400,
    }),
    roomCloseSeconds: integer('ROOM_CLOSE_SECONDS', 600, {
      en: 'Seconds after which a room with no host is ended.',
      zh: '主播离开超过这个秒数之后，结束直播。',
      min: 0,
      max: YEAR,
    }),
    roomIdleSeconds: integer('ROOM_IDLE_SECONDS', 43_200, {
      en: 'Seconds after the last activity during which a host whose app sends no heartbeat counts as online.',
      zh: '客户端从不发心跳的主播，在最后一次活动之后的这个秒数内仍视为在线。',
      min: 1,
      max: YEAR,
    }),
  },
};
