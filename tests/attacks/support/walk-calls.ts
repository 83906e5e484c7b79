/** The calls of each endpoint that cost the most: another name, room, number or target each time, of one account or address. */
import md5 from 'md5';
import type { EndpointName } from '../../../src/contract';
import { freshName, type Person, sign } from '../../../testkit/people';
import type { Params } from '../../../testkit/service';
import type { Scene } from './walk-scene';

/** Prepares what the calls need, and gives the parameters of the n-th call. */
export type Hostile = (scene: Scene, calls: number) => Promise<(n: number) => Params>;

const COVER = 'https://covers-1250000000.cos.ap-shanghai.myqcloud.com';
const own = ({ userId, token }: Person): Params => ({ userId, token });
const PHONE_BLOCKS = 10_000;
let numbers = 0;
/** Each in another block of numbers. */
function newPhone(): string {
  numbers += 1;
  return `+8613${String(numbers).padStart(5, '0')}${String(numbers % PHONE_BLOCKS).padStart(4, '0')}`;
}

const ofAccount =
  (params: (n: number) => Params): Hostile =>
  async (scene) => {
    const person = await scene.newcomer();
    return (n) => ({ ...own(person), ...params(n) });
  };

const ofAddress =
  (params: (n: number) => Params): Hostile =>
  async () =>
    params;

/** A viewer in the room of another user. */
const inRoom =
  (params: (n: number) => Params): Hostile =>
  async (scene) => {
    const { roomId } = await scene.room();
    const viewer = await scene.newcomer();
    await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    return (n) => ({ ...own(viewer), roomId, ...params(n) });
  };

/** The host of a live room, with other people in it. */
const asHost =
  (people: number, params: (n: number, userIds: readonly string[]) => Params): Hostile =>
  async (scene) => {
    const { roomId, host } = await scene.room();
    const others = await scene.newcomers(people);
    for (const one of others) await one.must('rooms/enter_room', { roomId, role: 'audience' });
    const userIds = others.map(({ userId }) => userId);
    return (n) => ({ ...own(host), roomId, ...params(n, userIds) });
  };

const target = (n: number, userIds: readonly string[]) => ({ targetUserId: userIds[n % userIds.length] });

/** Codes that the service sends one address before it refuses. */
async function codesOf(scene: Scene, most: number): Promise<Params[]> {
  const codes: Params[] = [];
  for (let n = 0; n < most; n += 1) {
    const phone = newPhone();
    const ticket = { ticket: `good-${phone}`, randstr: '@x' };
    const { errorCode, data } = await scene.instances[0].call('auth_users/user_verify_by_picture', {
      phone,
      ...ticket,
    });
    if (errorCode !== 0) break;
    codes.push({ phone, sessionId: (data as { sessionId: string }).sessionId, code: scene.vendor.codeFor(phone) });
  }
  return codes;
}

export const HOSTILE: Record<EndpointName, Hostile> = {
  userLoginToken: ofAccount(() => ({})),
  userLogout: ofAccount(() => ({})),
  userDelete: asHost(0, () => ({})),
  userUpdate: ofAccount((n) =>
    n % 3 === 0
      ? { phone: newPhone(), sessionId: 'x', code: '123456' }
      : { name: `name ${n}`, avatar: `${COVER}/${n}.jpg`, custom: { n } },
  ),
  userQuery: ofAccount((n) => (n % 2 === 0 ? { searchUserId: n + 1 } : { searchPhone: newPhone() })),
  userKeepalive: ofAccount(() => ({})),
  gslb: ofAddress(() => ({})),
  getUserInfoBatch: async (scene) => {
    const { token } = await scene.newcomer();
    return (n) => ({ token, userId: `${n + 1}|${n + 2}` });
  },
  moduleBlacklist: ofAddress(() => ({})),
  cosConfig: ofAccount((n) => ({ category: `kind${n}` })),
  userVerifyByPicture: ofAddress(() => {
    const phone = newPhone();
    return { phone, ticket: `good-${phone}`, randstr: '@x' };
  }),
  userLoginCode: async (scene, calls) => {
    const codes = await codesOf(scene, Math.ceil(calls / 10));
    return (n) => codes[n] ?? { phone: newPhone(), sessionId: 'x', code: '123456' };
  },
  register: ofAddress(() => {
    const username = freshName();
    return { username, salt: md5(`${username}-password`) };
  }),
  signature: async (scene) => {
    const { username, salt } = await scene.newcomer();
    const wrong = () => ({ username: freshName(), signature: sign({ username: 'x', secret: 'guess' }) });
    const right = { username, signature: sign({ username, secret: salt }) };
    return (n) => (n % 4 === 3 ? wrong() : { ...right, nickname: `name ${n}`, avatar: `${COVER}/${n}.jpg` });
  },
  exchange: async (scene) => {
    const idToken = scene.idToken(freshName());
    return (n) => ({ idToken, nickname: `name ${n}`, avatar: `${COVER}/${n}.jpg` });
  },
  queryRoom: ofAccount((n) => ({ offset: n })),
  roomDetail: inRoom(() => ({})),
  generateRoomid: ofAccount(() => ({})),
  enterRoom: async (scene) => {
    const [here, there] = [await scene.room(), await scene.room()];
    const person = await scene.newcomer();
    await scene.operator.must('mute_user', { userId: person.userId, reason: 'x', seconds: 0 });
    const ways: readonly Params[] = [
      { role: 'anchor', title: 'a new room' },
      { roomId: person.userId, role: 'anchor' },
      { roomId: here.roomId, role: 'audience' },
      { roomId: there.roomId, role: 'guest' },
    ];
    return (n) => ({ ...own(person), ...ways[n % ways.length] });
  },
  listUsers: inRoom(() => ({})),
  leaveRoom: inRoom(() => ({})),
  destroyRoom: asHost(0, () => ({})),
  updateRoom: asHost(0, (n) =>
    n % 2 === 0
      ? { title: `title ${n}`, subject: `${n}`, custom: { n }, cover: `${COVER}/${n}.jpg` }
      : { role: `${n}` },
  ),
  reportRoom: async (scene, calls) => {
    const rooms: string[] = [];
    for (let n = 0; n < Math.ceil(calls / 20); n += 1) rooms.push((await scene.room()).roomId);
    const person = await scene.newcomer();
    return (n) => ({ ...own(person), targetRoomId: rooms[n % rooms.length], reason: `reason ${n}` });
  },
  appeal: async (scene) => {
    const person = await scene.newcomer();
    const { sanctionId } = await scene.operator.must<{ sanctionId: string }>('mute_user', {
      userId: person.userId,
      reason: 'x',
      seconds: 0,
    });
    return (n) => ({ ...own(person), sanctionId, text: `not me ${n}` });
  },
  kickUser: asHost(3, (n, userIds) => ({ ...target(n, userIds), seconds: n + 1, reason: `${n}` })),
  muteUser: asHost(3, (n, userIds) => ({ ...target(n, userIds), seconds: n + 1, reason: `${n}` })),
  unmuteUser: async (scene) => {
    const calls = await asHost(3, (n, userIds) => target(n, userIds))(scene, 0);
    for (const n of [0, 1, 2]) await scene.instances[0].call('rooms/mute_user', { ...calls(n), seconds: 0 });
    return calls;
  },
  unblockUser: async (scene) => {
    const calls = await asHost(3, (n, userIds) => target(n, userIds))(scene, 0);
    for (const n of [0, 1, 2]) await scene.instances[0].call('rooms/kick_user', { ...calls(n), seconds: 0 });
    return calls;
  },
  listBlocked: asHost(0, () => ({})),
  addAdmin: asHost(12, target),
  removeAdmin: async (scene) => {
    const calls = await asHost(3, (n, userIds) => target(n, userIds))(scene, 0);
    for (const n of [0, 1, 2]) await scene.instances[0].call('rooms/add_admin', calls(n));
    return calls;
  },
  listAdmins: inRoom(() => ({})),
  updateChat: asHost(0, (n) => ({ slowSeconds: 3 + (n % 100), links: n % 2 === 0 })),
  chatRules: inRoom(() => ({})),
};
