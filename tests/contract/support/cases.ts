/** Parameters that are wrong in every way that the contract tests try. Pure data. */

/** Built as text: JSON.stringify cannot write 1e999. */
export interface BadValue {
  name: string;
  json: string;
}

export const WRONG_TYPES: readonly BadValue[] = [
  { name: 'an object', json: '{"a":1}' },
  { name: 'an object with prototype names', json: '{"__proto__":{"x":1},"constructor":{"prototype":{}}}' },
  { name: 'a list', json: '["a","b"]' },
  { name: 'true', json: 'true' },
  { name: '1e999', json: '1e999' },
  { name: '-1.5', json: '-1.5' },
  { name: 'deeply nested lists', json: `${'['.repeat(5_000)}${']'.repeat(5_000)}` },
];

export const BAD_TEXTS: readonly BadValue[] = [
  { name: 'a zero byte', json: '"a\\u0000b"' },
  { name: 'an escape character', json: '"a\\u001b[31m"' },
  { name: 'half of an emoji', json: '"a\\ud83d"' },
  { name: 'a delete character', json: '"a\\u007f"' },
];

export const SQL_TEXTS: readonly string[] = [
  "' OR '1'='1",
  "'; DROP TABLE users; --",
  '" OR ""="',
  '\\',
  "\\' OR 1=1 -- ",
  '%_%',
  '1); SELECT SLEEP(5); --',
  '`users`',
];

export interface EndpointCases {
  endpoint: string;
  /** Every text parameter next to the caller's, with its longest length. */
  texts: Readonly<Record<string, number>>;
  /** Other parameters, with values that are not allowed. */
  others?: Readonly<Record<string, readonly string[]>>;
  required: readonly string[];
  /** The code of a bad parameter. */
  invalid: number;
  /** Parameters that make the call a good one but for the bad parameter. */
  good: Readonly<Record<string, unknown>>;
}

const BAD_LIMITS = ['0', '-1', '101', '1.5', '"x"', '{"a":1}', '[1]', 'true', '1e999', '"1e2"', '99999999999999999999'];
const BAD_CUSTOM = ['"x"', '[1]', '"[1]"', '7', 'true', '{"a":"\\u0000"}', JSON.stringify({ a: 'x'.repeat(1_100) })];
const BAD_APP_IDS = ['"abc"', '-1', '1.5', '{"a":1}', '[1]', 'true', '1e999', '1400000099', '"1400000099"'];
const BAD_ROOM_IDS = ['"a b"', '"a/b"', '"ü"', '"<script>"', '"\'"'];
const BAD_USER_IDS = ['"a b"', '"\'"'];
const BAD_SECONDS = ['-1', '1.5', '"x"', '{"a":1}', 'true', '315360001'];
const BAD_TIMES = ['"yesterday"', '"2021-13-01 00:00:00"', '"2021-02-30 00:00:00"', '"2021-09-12"', '1631462400', '[]'];

/** coverage.test.ts compares this list with the contract. Endpoints that read no parameter have no entry. */
export const ENDPOINT_CASES: readonly EndpointCases[] = [
  { endpoint: 'auth_users/user_login_token', texts: {}, required: [], invalid: 98, good: {} },
  { endpoint: 'auth_users/user_logout', texts: {}, required: [], invalid: 98, good: {} },
  { endpoint: 'auth_users/user_delete', texts: {}, required: [], invalid: 98, good: {} },
  {
    endpoint: 'auth_users/user_update',
    texts: { name: 125, tag: 64, tag2: 64, avatar: 512, phone: 32, email: 254, sessionId: 64, code: 64, salt: 256 },
    others: {
      name: ['5'],
      phone: ['"1"', '"call me"', '"+8613800000001"'],
      salt: ['"short"', '"0123456789abcdef0123456789abcdef"'],
      custom: BAD_CUSTOM,
    },
    required: [],
    invalid: 98,
    good: { name: 'Alice' },
  },
  {
    endpoint: 'auth_users/user_query',
    texts: { searchUserId: 32, searchPhone: 32 },
    others: { searchUserId: ['"a b"', '"\'"'], searchPhone: ['"x"', '" "', '"-"', '"+"', '"   "'] },
    required: [],
    invalid: 208,
    good: {},
  },
  { endpoint: 'auth_users/user_keepalive', texts: {}, required: [], invalid: 98, good: {} },
  {
    endpoint: 'auth_users/user_verify_by_picture',
    texts: { phone: 32, email: 254, ticket: 4096, randstr: 128, type: 16, apaasAppId: 64 },
    others: { phone: ['"1"', '"call me"', '"+1 500 555 0006"', '-1'] },
    required: [],
    invalid: 98,
    good: {},
  },
  {
    endpoint: 'auth_users/getUserInfoBatch',
    texts: {},
    others: {
      userId: [
        '"a b"',
        '"\'"',
        '{"a":1}',
        '["1"]',
        'true',
        '1e999',
        JSON.stringify(Array.from({ length: 51 }, (_, index) => index + 1).join('|')),
      ],
    },
    required: ['userId'],
    invalid: 208,
    good: { userId: '1' },
  },
  {
    endpoint: 'cos/config',
    texts: { category: 32 },
    others: { category: ['"a b"', '"A"', '5'] },
    required: [],
    invalid: 98,
    good: { category: 'avatar' },
  },
  {
    endpoint: 'auth_users/user_login_code',
    texts: { phone: 32, email: 254, sessionId: 64, code: 64, apaasAppId: 64 },
    others: { phone: ['"1"', '"call me"', '-1'], code: ['1.5'] },
    required: ['sessionId'],
    invalid: 98,
    good: { phone: '+8613800000001', sessionId: 'nobody', code: '123456' },
  },
  {
    endpoint: 'oauth/register',
    texts: { username: 255, salt: 256, apaasAppId: 64 },
    others: { salt: ['"short"', '"with a space inside"', '5'], username: ['5'] },
    required: ['username', 'salt'],
    invalid: 210,
    good: { username: 'bad-input', salt: '0123456789abcdef0123456789abcdef' },
  },
  {
    endpoint: 'oauth/signature',
    texts: {
      username: 255,
      signature: 128,
      tag: 64,
      ts: 32,
      nonce: 128,
      hash: 16,
      nickname: 125,
      avatar: 512,
      apaasAppId: 64,
    },
    others: { hash: ['"sha1"', '"MD5 "', '"constructor"'], ts: ['"soon"', '"-1"', '1'] },
    required: ['username', 'signature'],
    invalid: 210,
    good: { username: 'bad-input', signature: '0123456789abcdef0123456789abcdef' },
  },
  {
    endpoint: 'oauth/exchange',
    texts: { idToken: 16_384, nickname: 125, avatar: 512, apaasAppId: 64 },
    others: { idToken: ['"a b"', '"a/b"', '"é"', '5'] },
    required: ['idToken'],
    invalid: 210,
    good: { idToken: 'bad.input.token' },
  },
  {
    endpoint: 'rooms/query_room',
    texts: { category: 64, orderBy: 32 },
    others: {
      appId: BAD_APP_IDS,
      limit: BAD_LIMITS,
      offset: ['-1', '"x"', '1.5', '1e999', '1000001', '{"a":1}', 'true'],
      startUtc: BAD_TIMES,
      endUtc: BAD_TIMES,
      roomIds: ['{"a":1}', 'true', '[null]', '[["1"]]', '[{"a":1}]', '["a b"]', '"a\'b"', '[1.5]', '[1e999]'],
      category: ['" "', '"x "', '" x"'],
    },
    required: [],
    invalid: 2002,
    good: {},
  },
  {
    endpoint: 'rooms/room_detail',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS },
    required: ['roomId'],
    invalid: 2002,
    good: { roomId: '1' },
  },
  { endpoint: 'rooms/generate_roomid', texts: { category: 64, title: 128 }, required: [], invalid: 2000, good: {} },
  {
    endpoint: 'rooms/enter_room',
    texts: { roomId: 47, role: 32, category: 64, title: 128 },
    others: { roomId: BAD_ROOM_IDS, appId: BAD_APP_IDS, category: ['" "', '"x "', '" x"'], custom: BAD_CUSTOM },
    required: [],
    invalid: 2000,
    good: { roomId: 'bad-input', role: 'anchor' },
  },
  {
    endpoint: 'rooms/list_users',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS, limit: BAD_LIMITS },
    required: ['roomId'],
    invalid: 2002,
    good: { roomId: '1' },
  },
  {
    endpoint: 'reports/report_room',
    texts: { targetRoomId: 47, targetUserId: 32, reason: 64, description: 512 },
    others: { targetRoomId: BAD_ROOM_IDS, targetUserId: ['"a b"', '"\'"'] },
    required: ['targetRoomId', 'reason'],
    invalid: 98,
    good: { targetRoomId: '1', reason: 'fraud' },
  },
  {
    endpoint: 'rooms/leave_room',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS },
    required: ['roomId'],
    invalid: 2003,
    good: { roomId: '1' },
  },
  {
    endpoint: 'rooms/destroy_room',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS },
    required: ['roomId'],
    invalid: 2001,
    good: { roomId: '1' },
  },
  {
    endpoint: 'rooms/update_room',
    texts: { roomId: 47, role: 32, category: 64, title: 128, cover: 512, subject: 128, description: 1024 },
    others: { roomId: BAD_ROOM_IDS, appId: BAD_APP_IDS, category: ['" "', '"x "', '" x"'], custom: BAD_CUSTOM },
    required: ['roomId'],
    invalid: 2000,
    good: { roomId: '1' },
  },
  {
    endpoint: 'rooms/kick_user',
    texts: { roomId: 47, targetUserId: 32, reason: 200 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS, seconds: BAD_SECONDS },
    required: ['roomId', 'targetUserId'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2' },
  },
  {
    endpoint: 'rooms/mute_user',
    texts: { roomId: 47, targetUserId: 32, reason: 200 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS, seconds: BAD_SECONDS },
    required: ['roomId', 'targetUserId', 'seconds'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2', seconds: 60 },
  },
  {
    endpoint: 'rooms/unmute_user',
    texts: { roomId: 47, targetUserId: 32 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS },
    required: ['roomId', 'targetUserId'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2' },
  },
  {
    endpoint: 'rooms/unblock_user',
    texts: { roomId: 47, targetUserId: 32 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS },
    required: ['roomId', 'targetUserId'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2' },
  },
  {
    endpoint: 'rooms/add_admin',
    texts: { roomId: 47, targetUserId: 32 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS },
    required: ['roomId', 'targetUserId'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2' },
  },
  {
    endpoint: 'rooms/remove_admin',
    texts: { roomId: 47, targetUserId: 32 },
    others: { roomId: BAD_ROOM_IDS, targetUserId: BAD_USER_IDS },
    required: ['roomId', 'targetUserId'],
    invalid: 98,
    good: { roomId: '1', targetUserId: '2' },
  },
  {
    endpoint: 'rooms/list_blocked',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS, limit: BAD_LIMITS, offset: ['-1', '"x"', '1.5'], kind: ['"ban"', '5'] },
    required: ['roomId'],
    invalid: 2002,
    good: { roomId: '1' },
  },
  {
    endpoint: 'rooms/list_admins',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS },
    required: ['roomId'],
    invalid: 2002,
    good: { roomId: '1' },
  },
  {
    endpoint: 'rooms/update_chat',
    texts: { roomId: 47 },
    others: {
      roomId: BAD_ROOM_IDS,
      speak: ['"some"', '1'],
      slowSeconds: ['1', '2', '121', '-3', '"x"', '3.5', 'true'],
      unique: ['"yes"', '2'],
      links: ['"no"', '{}'],
      minSecondsInRoom: ['3601', '-1', '1.5', '"x"'],
    },
    required: ['roomId'],
    invalid: 98,
    good: { roomId: '1', slowSeconds: 5 },
  },
  {
    endpoint: 'rooms/chat_rules',
    texts: { roomId: 47 },
    others: { roomId: BAD_ROOM_IDS },
    required: ['roomId'],
    invalid: 2002,
    good: { roomId: '1' },
  },
  {
    endpoint: 'reports/appeal',
    texts: { sanctionId: 16, text: 512 },
    others: { sanctionId: ['"a"', '0', '-1', '1.5'] },
    required: ['sanctionId', 'text'],
    invalid: 98,
    good: { sanctionId: '1', text: 'it was not me' },
  },
];
