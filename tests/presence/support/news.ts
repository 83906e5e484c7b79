/** Callbacks of IM and TRTC about the phones: late, twice, in the wrong order or never. */
import { imCallback, memberStateChange, roomEvent, stateChange, trtcCallback } from '../../../testkit/vendor';
import type { Fact } from './model';
import type { Random } from './random';
import { now, type Phone, type World } from './world';

/** Sends a callback some time soon, perhaps twice, perhaps never. The model is updated when it has arrived. */
interface Sending {
  post: () => Promise<{ status: number }>;
  /** Updates the model. */
  apply: () => void;
}

/** The vendors give up on an answer soon, and so does the service: callbacks not stored in time are sent again (TRTC: seven times). */
const TRIES = 7;

async function posted(post: Sending['post']): Promise<number> {
  let status = 503;
  for (let tried = 0; tried < TRIES && status === 503; tried += 1) ({ status } = await post());
  return status;
}

export function onItsWay(world: World, random: Random, { post, apply }: Sending): void {
  if (random.chance(0.08)) return;
  const send = async () => {
    const status = await posted(post);
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
export function justNow(world: World, random: Random): number {
  return now(world) - random.between(1, 990);
}

export function imSays(world: World, phone: Phone, what: 'there' | 'gone'): void {
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const fact: Fact = { at, what };
  const body = stateChange(userId, what === 'there' ? 'Login' : 'Disconnect', at);
  const post = () => imCallback(world.stage, body, phone.tenant);
  onItsWay(world, phone.random, { post, apply: () => world.model.report(userId, fact) });
}

export function roomSays(world: World, phone: Phone, roomId: string, what: 'there' | 'gone'): void {
  const { stage, model } = world;
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const apply = () => model.tellOfRoom(roomId, userId, { at, what });
  const fromIm = phone.random.chance(0.4);
  const cause = what === 'there' ? 'HeartbeatRecover' : 'HeartbeatInterrupt';
  const type = what === 'there' ? (103 as const) : (104 as const);
  const event = { type, roomId: trtcId(roomId), userId, reason: 2, at };
  const post = fromIm
    ? () => imCallback(stage, memberStateChange({ roomId, userIds: [userId], cause, at }), phone.tenant)
    : () => trtcCallback(stage, roomEvent({ ...event, sentAt: now(world) }), phone.tenant);
  onItsWay(world, phone.random, { post, apply });
}

/** The apps send a number if the id is numeric. */
function trtcId(roomId: string): string | number {
  return /^\d+$/.test(roomId) ? Number(roomId) : roomId;
}

/** TRTC reports that no user is in the room anymore. */
export function roomIsEmpty(world: World, phone: Phone, roomId: string): void {
  const { userId } = phone.person;
  const at = justNow(world, phone.random);
  const event = { type: 102, roomId: trtcId(roomId), at } as const;
  const post = () => trtcCallback(world.stage, roomEvent({ ...event, sentAt: now(world) }), phone.tenant);
  onItsWay(world, phone.random, { post, apply: () => world.model.tellOfRoom(roomId, userId, { at, what: 'empty' }) });
}
