/**
 * Simulated phones: they sign up, beat, go live, watch, switch rooms and networks, sleep, crash, sign out and in again, over
 * real HTTP; and the vendor's callbacks about them arrive late, twice, in the wrong order or never. Everything that reaches
 * the service is told to the model as well.
 */
import { newPerson, type Person, signInAgain } from '../../../testkit/people';
import type { Stage } from '../../../testkit/stage';
import { imCallback, memberStateChange, roomEvent, stateChange, trtcCallback } from '../../../testkit/vendor';
import { type Fact, Model } from './model';
import { type Random, seeded } from './random';

export interface Phone {
  person: Person;
  isAnchor: boolean;
  mode: 'on' | 'asleep' | 'off';
  /** When it wakes up or is switched on again; Infinity = never. */
  wakesAt: number;
  beats: boolean;
  beatEvery: number;
  nextBeat: number;
  /** The room it thinks it is in. */
  room: string | undefined;
  /** Its own luck, so that what others do at the same moment does not change it. */
  random: Random;
}

interface Callback {
  dueAt: number;
  send: () => Promise<void>;
}

export interface World {
  stage: Stage;
  model: Model;
  random: Random;
  phones: Phone[];
  /** Callbacks on their way. */
  callbacks: Callback[];
  /** Things that happen later to a phone. */
  later: { at: number; run: () => void }[];
  /** Calls of the phones, what befell them, and callbacks that arrived. */
  events: number;
  wrong: string[];
}

export async function newWorld(stage: Stage, plan: { seed: number; anchors: number; viewers: number }): Promise<World> {
  const phones: Phone[] = [];
  const count = plan.anchors + plan.viewers;
  for (let made = 0; made < count; made += 20) {
    const people = await Promise.all(Array.from({ length: Math.min(20, count - made) }, () => newPerson(stage)));
    for (const person of people) {
      const random = seeded(plan.seed + phones.length + 1);
      const habits = { beats: random.chance(0.85), beatEvery: random.chance(0.3) ? 10_000 : 20_000 };
      const nextBeat = stage.clock.now() + random.between(1, 20) * 1000;
      const isAnchor = phones.length < plan.anchors;
      phones.push({ person, isAnchor, ...habits, nextBeat, mode: 'on', wakesAt: 0, room: undefined, random });
    }
  }
  const random = seeded(plan.seed);
  return { stage, model: new Model(), random, phones, callbacks: [], later: [], events: 0, wrong: [] };
}

const now = (world: World) => world.stage.clock.now();

/** Sends a callback some time soon, perhaps twice, perhaps never. The model is told when it has arrived. */
interface Sending {
  post: () => Promise<{ status: number }>;
  /** Tells the model. */
  apply: () => void;
}

function onItsWay(world: World, random: Random, { post, apply }: Sending): void {
  if (random.chance(0.08)) return;
  const send = async () => {
    const { status } = await post();
    world.events += 1;
    if (status !== 200) world.wrong.push(`a callback was answered ${status}`);
    apply();
  };
  const copies = random.chance(0.2) ? 2 : 1;
  for (let copy = 0; copy < copies; copy += 1) {
    const delay = random.chance(0.5) ? 0 : random.between(1, 60) * 1000;
    world.callbacks.push({ dueAt: now(world) + delay, send });
  }
}

/** A moment within the last second, so that no two things happen at exactly the same time. */
function justNow(world: World, random: Random): number {
  return now(world) - random.between(1, 990);
}

function imSays(world: World, phone: Phone, what: 'there' | 'gone'): void {
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const fact: Fact = { at, what };
  const body = stateChange(userId, what === 'there' ? 'Login' : 'Disconnect', at);
  const post = () => imCallback(world.stage, body);
  onItsWay(world, phone.random, { post, apply: () => world.model.tell(userId, fact) });
}

function roomSays(world: World, phone: Phone, roomId: string, what: 'there' | 'gone'): void {
  const { stage, model } = world;
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const apply = () => model.tellOfRoom(roomId, userId, { at, what });
  const fromIm = phone.random.chance(0.4);
  const cause = what === 'there' ? 'HeartbeatRecover' : 'HeartbeatInterrupt';
  const event = { type: what === 'there' ? (103 as const) : (104 as const), roomId, userId, reason: 2, at };
  const post = fromIm
    ? () => imCallback(stage, memberStateChange({ roomId, userIds: [userId], cause, at }))
    : () => trtcCallback(stage, roomEvent({ ...event, sentAt: now(world) }));
  onItsWay(world, phone.random, { post, apply });
}

/** TRTC reports that nobody is in the room any more. */
function roomIsEmpty(world: World, phone: Phone, roomId: string): void {
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const post = () => trtcCallback(world.stage, roomEvent({ type: 102, roomId, at, sentAt: now(world) }));
  onItsWay(world, phone.random, { post, apply: () => world.model.tellOfRoom(roomId, userId, { at, what: 'gone' }) });
}

async function beat(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { errorCode } = await phone.person.call('auth_users/user_keepalive');
  if (errorCode !== 0) world.wrong.push(`a keepalive of ${phone.person.userId} was answered ${errorCode}`);
  world.model.tell(phone.person.userId, { at: now(world), what: 'beat' });
  phone.nextBeat = now(world) + phone.beatEvery;
}

async function goLive(world: World, phone: Phone): Promise<void> {
  world.events += 1;
  const { userId } = phone.person;
  const params = { roomId: userId, role: 'anchor', category: 'mlvb-show-live' };
  const { errorCode } = await phone.person.call('rooms/enter_room', params);
  if (errorCode !== 0 && errorCode !== 100) world.wrong.push(`going live was answered ${errorCode}`);
  if (errorCode !== 0) return;
  world.model.open(userId, userId, now(world));
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

/** The answer is told to the model by the caller, after the owners' calls of the same moment. */
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
  await phone.person.must('auth_users/user_logout');
  world.model.tell(phone.person.userId, { at: now(world), what: 'logout' });
  phone.person = await signInAgain(world.stage, phone.person);
  // The Android app sends no beats after it has signed out and in again.
  phone.beats = phone.random.chance(0.5);
  phone.nextBeat = now(world) + phone.beatEvery;
  phone.room = undefined;
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
  const rooms = [...world.model.rooms.keys()].sort();
  // A few rooms are popular.
  return rooms[Math.floor(phone.random() ** 2 * rooms.length)];
}

async function anchorDoes(world: World, phone: Phone): Promise<void> {
  const isLive = world.model.rooms.has(phone.person.userId);
  const dice = phone.random();
  if (isLive && dice < 0.004) await endLive(world, phone);
  // Going live while being live is what tapping one's own room in the list does.
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
}

/** One phone, one moment. Gives what is to be told to the model once all phones are done. */
export async function act(world: World, phone: Phone): Promise<(() => void) | undefined> {
  const asleep = phone.mode !== 'on';
  if (asleep && now(world) < phone.wakesAt) return undefined;
  if (asleep) await wake(world, phone);
  else await fate(world, phone);
  if (phone.mode !== 'on') return undefined;
  if (phone.beats && now(world) >= phone.nextBeat) await beat(world, phone);
  if (!phone.isAnchor) return viewerDoes(world, phone);
  await anchorDoes(world, phone);
  return undefined;
}
