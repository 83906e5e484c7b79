/**
 * Simulated phones: they sign up, send heartbeats, go live, watch, switch rooms and networks, sleep, crash, sign out and in again, on
 * one device or two, over real HTTP; and the vendor's callbacks about them arrive (news.ts), and about their neighbours
 * (neighbours.ts). Everything that reaches the service goes to the model as well.
 */
import { signInAgain } from '../../../testkit/people';
import { meddle } from './neighbours';
import { imSays, roomIsEmpty, roomSays } from './news';
import { extraOf, isOf } from './tenants';
import { now, type Phone, type World } from './world';

async function sendHeartbeat(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { errorCode } = await phone.person.call('auth_users/user_keepalive');
  if (errorCode !== 0) world.wrong.push(`a keepalive of ${phone.person.userId} was answered ${errorCode}`);
  world.model.report(phone.person.userId, { at: now(world), what: 'heartbeat' });
  phone.nextBeat = now(world) + phone.beatEvery;
}

async function goLive(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { userId } = phone.person;
  const params = { roomId: userId, role: 'anchor', category: 'mlvb-show-live' };
  const { errorCode } = await phone.person.call('rooms/enter_room', params);
  if (errorCode !== 0 && errorCode !== 100) world.wrong.push(`going live was answered ${errorCode}`);
  if (errorCode !== 0) return;
  world.model.open(userId, { owner: userId, session: phone.person.token }, now(world));
  phone.room = userId;
}

async function endLive(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { userId } = phone.person;
  const { errorCode } = await phone.person.call('rooms/destroy_room', { roomId: userId });
  if (errorCode !== 0) world.wrong.push(`ending a live was answered ${errorCode}`);
  world.model.end(userId);
  phone.room = undefined;
}

/** The caller passes the answer to the model, after the owners' calls of the same moment. */
async function watch(world: World, phone: Phone, roomId: string): Promise<() => void> {
  world.events += 1;
  const { person } = phone;
  const leave = phone.room;
  if (leave !== undefined && leave !== roomId) {
    await person.call('rooms/leave_room', { roomId: leave });
    world.model.leave(leave, person.userId);
  }
  const wasOpen = world.model.rooms.get(roomId);
  const { errorCode } = await person.call('rooms/enter_room', { roomId, role: 'audience', category: 'mlvb-show-live' });
  phone.room = errorCode === 0 ? roomId : undefined;
  return () => {
    const isOpen = world.model.rooms.get(roomId);
    if (wasOpen && wasOpen === isOpen && errorCode !== 0) world.wrong.push(`entering was answered ${errorCode}`);
    if (errorCode === 0) world.model.enter(roomId, person.userId, now(world));
  };
}

async function signOutAndIn(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { userId, token } = phone.person;
  await phone.person.must('auth_users/user_logout');
  world.model.signOut(userId, token, now(world));
  phone.person = await signInAgain(world.stage, phone.person, extraOf(phone.tenant));
  // The Android app sends no heartbeats after it has signed out and in again.
  phone.sendsHeartbeats = phone.random.chance(0.5);
  phone.nextBeat = now(world) + phone.beatEvery;
  phone.room = undefined;
}

/** The second device signs in, takes the live over, or signs out again. */
async function tabletDoes(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { random, person, tablet } = phone;
  const { userId } = person;
  if (!tablet) {
    phone.tablet = await signInAgain(world.stage, person, extraOf(phone.tenant));
  } else if (world.model.rooms.has(userId) && random.chance(0.3)) {
    const params = { roomId: userId, role: 'anchor', category: 'mlvb-show-live' };
    if ((await tablet.call('rooms/enter_room', params)).errorCode !== 0) return;
    world.model.open(userId, { owner: userId, session: tablet.token }, now(world));
  } else {
    await tablet.must('auth_users/user_logout');
    world.model.signOut(userId, tablet.token, now(world));
    phone.tablet = undefined;
  }
}

function crash(world: World, phone: Phone): void {
  world.events += 1;
  const { random } = phone;
  phone.mode = 'off';
  phone.wakesAt = random.chance(0.25) ? Number.POSITIVE_INFINITY : now(world) + random.between(20, 700) * 1000;
  imSays(world, phone, 'gone');
  const { room } = phone;
  if (room === undefined) return;
  const at = now(world) + 90_000;
  const run = () => {
    if (phone.mode !== 'off') return;
    roomSays(world, phone, room, 'gone');
    if (phone.isAnchor) roomIsEmpty(world, phone, room);
  };
  world.later.push({ at, run });
}

async function wake(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const wasOff = phone.mode === 'off';
  phone.mode = 'on';
  phone.nextBeat = now(world);
  if (!wasOff) return;
  imSays(world, phone, 'there');
  if (phone.isAnchor && phone.random.chance(0.6)) await goLive(world, phone);
}

function somewhereToGo(world: World, phone: Phone): string | undefined {
  const rooms = [...world.model.rooms.keys()].filter((roomId) => isOf(phone.tenant, roomId)).sort();
  // A few rooms are popular.
  return rooms[Math.floor(phone.random() ** 2 * rooms.length)];
}

async function anchorDoes(world: World, phone: Phone): Promise<void> {
  const isLive = world.model.rooms.has(phone.person.userId);
  const dice = phone.random();
  if (isLive && dice < 0.004) await endLive(world, phone);
  // Tapping the own room in the list goes live while live.
  else if (dice < (isLive ? 0.008 : 0.08)) await goLive(world, phone);
}

async function viewerDoes(world: World, phone: Phone): Promise<(() => void) | undefined> {
  const { random } = phone;
  if (random.chance(phone.room === undefined ? 0.1 : 0.012)) {
    const roomId = somewhereToGo(world, phone);
    return roomId === undefined ? undefined : watch(world, phone, roomId);
  }
  if (phone.room !== undefined && random.chance(0.004)) {
    world.events += 1;
    await phone.person.must('rooms/leave_room', { roomId: phone.room });
    world.model.leave(phone.room, phone.person.userId);
    phone.room = undefined;
  }
  return undefined;
}

/** What befalls a phone without its doing. */
async function fate(world: World, phone: Phone): Promise<void> {
  const { random } = phone;
  const dice = random();
  if (dice < 0.004) crash(world, phone);
  else if (dice < 0.01) {
    phone.mode = 'asleep';
    phone.wakesAt = now(world) + random.between(30, 500) * 1000;
  } else if (dice < 0.018) {
    imSays(world, phone, 'gone');
    world.later.push({ at: now(world) + 2_000, run: () => imSays(world, phone, 'there') });
  } else if (dice < 0.024 && phone.room !== undefined) {
    const { room } = phone;
    roomSays(world, phone, room, 'gone');
    world.later.push({
      at: now(world) + random.between(5, 60) * 1000,
      run: () => roomSays(world, phone, room, 'there'),
    });
  } else if (dice < 0.026) await signOutAndIn(world, phone);
  else if (dice < 0.034) await tabletDoes(world, phone);
}

/** One phone, one moment. Returns the update of the model for when all phones have finished. */
export async function act(world: World, phone: Phone): Promise<(() => void) | undefined> {
  meddle(world, phone);
  const asleep = phone.mode !== 'on';
  if (asleep && now(world) < phone.wakesAt) return undefined;
  if (asleep) await wake(world, phone);
  else await fate(world, phone);
  if (phone.mode !== 'on') return undefined;
  if (phone.sendsHeartbeats && now(world) >= phone.nextBeat) await sendHeartbeat(world, phone);
  if (!phone.isAnchor) return viewerDoes(world, phone);
  await anchorDoes(world, phone);
  return undefined;
}
