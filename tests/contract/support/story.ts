/**
 * One evening of two people, step by step, with the exact answer to every step: the README's samples made literal. Run
 * through every way in and on both databases, it must come out the same.
 */
import md5 from 'md5';
import { sign } from '../../../testkit/people';
import { APP_ID, type Params } from '../../../testkit/service';
import type { Envelope } from '../../../testkit/ways';

export const STORY_TIME = Date.UTC(2026, 10, 23, 12);
const NOW = '2026-11-23 12:00:00';
const AVATAR = 'https://imgcache.qq.com/operation/dianshi/other/1.724142271f4e811457eee00763e63f454af52d13.png';
const COVER = 'https://example.com/cover.png?a=1&b=%20+c';

/** Values from earlier answers of the story. */
export interface Known {
  alice: { userId: string; token: string };
  bob: { userId: string; token: string };
  generated: string;
}

export interface Step {
  endpoint: string;
  params: (known: Known) => Params;
  /** Everything of the answer but requestId and version; tokens and signatures as `<token>` and so on. */
  expected: Pick<Envelope, 'errorCode' | 'errorMessage'> & { data?: unknown; codeStr?: string };
  learn?: (known: Known, envelope: Envelope) => void;
}

const salt = (name: string) => md5(`${name}-password`);

function ok(errorMessage: string, data?: unknown): Step['expected'] {
  return { errorCode: 0, errorMessage, ...(data !== undefined && { data }) };
}

function signInData(userId: string, name: string) {
  return {
    userId,
    apaasUserId: userId,
    apaasAppId: '',
    sdkAppId: APP_ID,
    sdkUserSig: '<sdkUserSig>',
    userSig: '<userSig>',
    token: '<token>',
    expire: '2026-12-23 12:00:00',
    phone: '',
    email: '',
    name,
    avatar: AVATAR,
  };
}

function room(changes: object) {
  const empty = { category: 'mlvb-show-live', title: '', cover: '', subject: '', description: '' };
  const texts = { roomId: '1', ...empty, ownBy: '1', createBy: '1', updateBy: '1', createUtc: NOW, updateUtc: NOW };
  return { ...texts, removed: 0, status: 1, star: 0, nnUsers: 1, totalJoined: 1, ...changes };
}

const member = (userId: string, name: string, role: string) => ({
  userId,
  apaasUserId: userId,
  name,
  avatar: AVATAR,
  role,
});

function tokenIn(envelope: Envelope): { userId: string; token: string } {
  const { userId, token } = envelope.data as { userId: string; token: string };
  return { userId, token };
}

const FULL_ROOM = {
  title: '小直播 🎤',
  cover: COVER,
  subject: '生活',
  description: '展示我的生活\nsecond line',
  nnUsers: 2,
  totalJoined: 2,
};
const GONE = {
  errorCode: 2004,
  codeStr: 'RoomNotExists',
  errorMessage: 'RoomNotExists(2004): the room does not exist or has ended',
};

export const STORY: readonly Step[] = [
  {
    endpoint: 'oauth/register',
    params: () => ({ username: 'alice', salt: salt('alice') }),
    expected: ok('register ok'),
  },
  { endpoint: 'oauth/register', params: () => ({ username: 'bob', salt: salt('bob') }), expected: ok('register ok') },
  {
    endpoint: 'oauth/signature',
    params: () => ({ username: 'alice', signature: sign({ username: 'alice', secret: salt('alice') }) }),
    expected: ok('signature ok', signInData('1', '')),
    learn: (known, envelope) => Object.assign(known.alice, tokenIn(envelope)),
  },
  {
    endpoint: 'oauth/signature',
    params: () => {
      const signed = { username: 'bob', tag: 'player', ts: String(STORY_TIME), nonce: 'o29dmek' };
      return { ...signed, hash: 'md5', nickname: '鲍勃 🎧', signature: sign({ ...signed, secret: salt('bob') }) };
    },
    expected: ok('signature ok', signInData('2', '鲍勃 🎧')),
    learn: (known, envelope) => Object.assign(known.bob, tokenIn(envelope)),
  },
  {
    endpoint: 'oauth/exchange',
    params: () => ({ idToken: 'a.b.c' }),
    expected: {
      errorCode: 210,
      codeStr: 'UserOAuthParams',
      errorMessage: 'UserOAuthParams(210): no identity provider is set up',
    },
  },
  {
    endpoint: 'auth_users/user_update',
    params: ({ alice }) => ({ ...alice, name: 'Alice', tag: 'im', tag2: 'mlvb' }),
    expected: ok('update ok'),
  },
  {
    endpoint: 'auth_users/user_query',
    params: ({ alice }) => alice,
    expected: ok('query done', {
      userId: '1',
      apaasUserId: '1',
      name: 'Alice',
      avatar: AVATAR,
      tag: 'im',
      tag2: 'mlvb',
    }),
  },
  {
    endpoint: 'auth_users/user_query',
    params: ({ alice }) => ({ ...alice, searchUserId: '2' }),
    expected: ok('query done', { userId: '2', apaasUserId: '2', name: '鲍勃 🎧', avatar: AVATAR, tag: '', tag2: '' }),
  },
  {
    endpoint: 'auth_users/user_login_token',
    params: ({ alice }) => alice,
    expected: ok('login done', signInData('1', 'Alice')),
  },
  {
    endpoint: 'auth_users/user_keepalive',
    params: ({ alice }) => alice,
    expected: ok('keep alive done', { updateUtc: NOW }),
  },
  { endpoint: 'rooms/query_room', params: ({ alice }) => alice, expected: ok('', []) },
  {
    endpoint: 'rooms/generate_roomid',
    params: ({ alice }) => ({ ...alice, category: 'liveRoom', title: 'A live room' }),
    expected: ok('', { roomId: '<generated>' }),
    learn: (known, { data }) => {
      known.generated = (data as { roomId: string }).roomId;
    },
  },
  {
    endpoint: 'rooms/enter_room',
    params: ({ alice }) => ({ ...alice, appId: '0', roomId: '1', role: 'anchor', category: 'mlvb-show-live' }),
    expected: ok('', { roomId: '1', role: 'anchor' }),
  },
  {
    endpoint: 'rooms/update_room',
    params: ({ alice }) => ({
      ...alice,
      appId: String(APP_ID),
      roomId: '1',
      title: '小直播 🎤',
      cover: COVER,
      subject: '生活',
      description: '展示我的生活\nsecond line',
    }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/enter_room',
    params: ({ bob }) => ({ ...bob, roomId: '1', role: 'audience' }),
    expected: ok('', { roomId: '1', role: 'audience' }),
  },
  { endpoint: 'rooms/query_room', params: ({ bob }) => bob, expected: ok('', [room(FULL_ROOM)]) },
  {
    endpoint: 'rooms/query_room',
    params: ({ bob }) => ({
      ...bob,
      category: 'mlvb-show-live',
      roomIds: ['1', '905449688'],
      startUtc: '2026-11-23 12:00:00',
      endUtc: '2026-11-23 12:00:00',
      orderBy: 'totalJoined',
      offset: '0',
      limit: '100',
    }),
    expected: ok('', [room(FULL_ROOM)]),
  },
  {
    endpoint: 'rooms/room_detail',
    params: ({ bob }) => ({ ...bob, roomId: '1' }),
    expected: ok('room_detail ok', room(FULL_ROOM)),
  },
  {
    endpoint: 'rooms/list_users',
    params: ({ bob }) => ({ ...bob, roomId: '1', limit: '100' }),
    expected: ok('', [member('1', 'Alice', 'anchor'), member('2', '鲍勃 🎧', 'audience')]),
  },
  {
    endpoint: 'reports/report_room',
    params: ({ bob }) => ({ ...bob, targetRoomId: '1', targetUserId: '1', reason: 'other', description: '太吵了\n😀' }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/add_admin',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2' }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/list_admins',
    params: ({ bob }) => ({ ...bob, roomId: '1' }),
    expected: ok('', [{ userId: '2', name: '鲍勃 🎧', avatar: AVATAR, createUtc: NOW }]),
  },
  {
    endpoint: 'rooms/update_chat',
    params: ({ bob }) => ({ ...bob, roomId: '1', slowSeconds: '5', links: 'false' }),
    expected: ok('', { speak: 'all', slowSeconds: 5, unique: false, links: false, minSecondsInRoom: 0 }),
  },
  {
    endpoint: 'rooms/remove_admin',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2' }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/chat_rules',
    params: ({ bob }) => ({ ...bob, roomId: '1' }),
    expected: ok('', { speak: 'all', slowSeconds: 5, unique: false, links: false, minSecondsInRoom: 0 }),
  },
  {
    endpoint: 'rooms/mute_user',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2', seconds: '60', reason: '刷屏' }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/list_blocked',
    params: ({ alice }) => ({ ...alice, roomId: '1' }),
    expected: ok('', [
      {
        userId: '2',
        name: '鲍勃 🎧',
        avatar: AVATAR,
        kind: 'mute',
        reason: '刷屏',
        byUserId: '1',
        createUtc: NOW,
        untilUtc: '2026-11-23 12:01:00',
      },
    ]),
  },
  {
    endpoint: 'rooms/unmute_user',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2' }),
    expected: ok(''),
  },
  { endpoint: 'rooms/update_room', params: ({ bob }) => ({ ...bob, roomId: '1', role: 'guest' }), expected: ok('') },
  {
    endpoint: 'rooms/list_users',
    params: ({ alice }) => ({ ...alice, roomId: '1' }),
    expected: ok('', [member('1', 'Alice', 'anchor'), member('2', '鲍勃 🎧', 'guest')]),
  },
  {
    endpoint: 'rooms/destroy_room',
    params: ({ bob }) => ({ ...bob, roomId: '1' }),
    expected: {
      errorCode: 98,
      codeStr: 'SystemVerifyError',
      errorMessage: 'SystemVerifyError(98): only the owner may end a room',
    },
  },
  {
    endpoint: 'reports/appeal',
    params: ({ bob }) => ({ ...bob, sanctionId: '999', text: '不是我' }),
    expected: {
      errorCode: 98,
      codeStr: 'SystemVerifyError',
      errorMessage: 'SystemVerifyError(98): you have no such sanction in force',
    },
  },
  { endpoint: 'rooms/leave_room', params: ({ bob }) => ({ ...bob, roomId: '1' }), expected: ok('') },
  {
    endpoint: 'rooms/room_detail',
    params: ({ bob }) => ({ ...bob, roomId: '1' }),
    expected: ok('room_detail ok', room({ ...FULL_ROOM, nnUsers: 1 })),
  },
  {
    endpoint: 'rooms/kick_user',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2', seconds: 60 }),
    expected: ok(''),
  },
  {
    endpoint: 'rooms/unblock_user',
    params: ({ alice }) => ({ ...alice, roomId: '1', targetUserId: '2' }),
    expected: ok(''),
  },
  { endpoint: 'rooms/destroy_room', params: ({ alice }) => ({ ...alice, roomId: '1' }), expected: ok('') },
  { endpoint: 'rooms/room_detail', params: ({ bob }) => ({ ...bob, roomId: '1' }), expected: GONE },
  { endpoint: 'rooms/list_users', params: ({ bob }) => ({ ...bob, roomId: '1' }), expected: GONE },
  {
    endpoint: 'rooms/enter_room',
    params: ({ alice, generated }) => ({ ...alice, roomId: generated, category: 'liveRoom', title: 'A live room' }),
    expected: ok('', { roomId: '<generated>', role: 'anchor' }),
  },
  {
    endpoint: 'auth_users/getUserInfoBatch',
    params: ({ bob }) => ({ token: bob.token, userId: '1|3|2' }),
    expected: ok('query done', [
      { userId: '1', apaasUserId: '1', name: 'Alice', avatar: AVATAR },
      { userId: '2', apaasUserId: '2', name: '鲍勃 🎧', avatar: AVATAR },
    ]),
  },
  {
    endpoint: 'auth_users/module_blacklist',
    params: () => ({}),
    expected: ok('query done', { module: {}, feature: {} }),
  },
  {
    endpoint: 'cos/config',
    params: ({ bob }) => ({ ...bob, category: 'avatar' }),
    expected: {
      errorCode: 98,
      codeStr: 'SystemVerifyError',
      errorMessage: 'SystemVerifyError(98): uploads are not set up',
    },
  },
  {
    endpoint: 'auth_users/user_verify_by_picture',
    params: () => ({ phone: '+8613800000001' }),
    expected: ok('verify done', { sessionId: '<sessionId>' }),
  },
  {
    endpoint: 'auth_users/user_login_code',
    params: () => ({ phone: '+8613800000001', sessionId: 'nobody', code: '123456' }),
    expected: {
      errorCode: 200,
      codeStr: 'UserCodeInvalid',
      errorMessage: 'UserCodeInvalid(200): wrong verification code',
    },
  },
  { endpoint: 'auth_users/user_logout', params: ({ bob }) => bob, expected: ok('user logout ok') },
  {
    endpoint: 'auth_users/user_keepalive',
    params: ({ bob }) => bob,
    expected: {
      errorCode: 204,
      codeStr: 'UserTokenInvalid',
      errorMessage: 'UserTokenInvalid(204): the token is not valid, please sign in again',
    },
  },
  { endpoint: 'auth_users/user_delete', params: ({ alice }) => alice, expected: ok('user delete ok') },
  { endpoint: 'auth_users/user_delete', params: ({ alice }) => alice, expected: ok('user delete ok') },
];

/** Replaces random values by their names. */
export function withoutRandomness(text: string): string {
  return text
    .replace(/"(token|userSig|sdkUserSig)":"[^"]{50,}"/g, '"$1":"<$1>"')
    .replace(/"sessionId":"[\w-]{22}"/g, '"sessionId":"<sessionId>"')
    .replace(/"roomId":"[1-9]\d{8,9}"/g, '"roomId":"<generated>"');
}
