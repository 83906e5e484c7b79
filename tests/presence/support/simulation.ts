/** Runs a world of phones for some simulated minutes and compares the lists with the model at each step. */

import { runMaintenance } from '../../../src/rules/jobs/maintenance';
import type { DatabaseKind } from '../../../testkit/database-copies';
import { newPerson, type Person, type Room } from '../../../testkit/people';
import { startStage } from '../../../testkit/stage';
import { act } from './phones';
import { extraOf, isOf, SHOP, SHOP_APP, SHOP_ENV, type SimulatedTenant, TENANTS } from './tenants';
import { newWorld, type World } from './world';

const TICK_MS = 5_000;
const AT_ONCE = 24;

export interface Figures {
  seed: number;
  phones: number;
  events: number;
  minutes: number;
  checks: number;
  lives: number;
  wrong: string[];
}

async function inParallel<T, R>(list: readonly T[], work: (item: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const queue = [...list];
  const worker = async () => {
    for (let item = queue.shift(); item !== undefined; item = queue.shift()) results.push(await work(item));
  };
  await Promise.all(Array.from({ length: AT_ONCE }, worker));
  return results;
}

/** A user of each tenant who looks. */
type Watchers = readonly (readonly [SimulatedTenant, Person])[];

function watcherOf(watchers: Watchers, roomId: string): readonly [SimulatedTenant, Person] {
  const found = watchers.find(([tenant]) => isOf(tenant, roomId));
  if (!found) throw new Error(`no viewer in ${roomId}`);
  return found;
}

/** Vendors that are down for a while, and answers that get lost although the work was done. */
function weather(world: World): void {
  const { stage, random } = world;
  if (!random.chance(0.04)) return;
  stage.im.clear();
  stage.trtc.clear();
  if (random.chance(0.5)) return;
  stage.im.fail({ httpStatus: 502, applied: random.chance(0.5), times: random.between(1, 30) });
  stage.trtc.fail({ errorCode: 'InternalError', times: random.between(1, 20) });
}

async function deliver(world: World, all: boolean): Promise<void> {
  const now = world.stage.clock.now();
  const due = world.callbacks.filter((callback) => all || callback.dueAt <= now);
  world.callbacks = world.callbacks.filter((callback) => !due.includes(callback));
  await inParallel(due, (callback) => callback.send());
}

function happenLater(world: World): void {
  const now = world.stage.clock.now();
  const due = world.later.filter((entry) => entry.at <= now);
  world.later = world.later.filter((entry) => entry.at > now);
  for (const entry of due) entry.run();
}

/** One room shown or not: if the scheduled work could decide either way, the model adopts the service's state. */
async function maintain(world: World, watchers: Watchers): Promise<void> {
  const { stage, model, random } = world;
  const codeOf = async (roomId: string) => {
    const [, watcher] = watcherOf(watchers, roomId);
    return (await watcher.call('rooms/room_detail', { roomId })).errorCode;
  };
  const run = () => runMaintenance(stage.services, { budgetMs: 20_000 });
  await Promise.all(random.chance(0.3) ? [run(), run()] : [run()]);
  const { ended, doubtful } = model.maintained(stage.clock.now());
  for (const roomId of doubtful) {
    if ((await codeOf(roomId)) === 2004) model.end(roomId);
  }
  for (const roomId of ended) {
    const errorCode = await codeOf(roomId);
    if (errorCode !== 2004) world.wrong.push(`room ${roomId} should have ended, got ${errorCode}`);
    model.end(roomId);
  }
}

function compare(
  world: World,
  what: string,
  sets: { got: Iterable<string>; must: Set<string>; may: Set<string> },
): void {
  const got = new Set(sets.got);
  const at = new Date(world.stage.clock.now()).toISOString();
  for (const id of sets.must)
    if (!got.has(id)) world.wrong.push(`${at} ${what}: ${id} is missing (${world.model.story(id)})`);
  for (const id of got)
    if (!sets.may.has(id)) world.wrong.push(`${at} ${what}: ${id} should not be there (${world.model.story(id)})`);
}

async function checkRoom(world: World, watchers: Watchers, roomId: string): Promise<void> {
  const { stage, model } = world;
  const [tenant, watcher] = watcherOf(watchers, roomId);
  const answer = await watcher.call('rooms/room_detail', { roomId });
  const room = answer.data as Room | undefined;
  if (!room) {
    world.wrong.push(`room_detail of the open room ${roomId} was answered ${answer.errorCode}`);
    return;
  }
  const { must, may, joined } = model.members(roomId, stage.clock.now());
  if (room.nnUsers < must.size || room.nnUsers > may.size) {
    world.wrong.push(`nnUsers of ${roomId} is ${room.nnUsers}, not ${must.size} to ${may.size}`);
  }
  if (room.totalJoined !== joined) world.wrong.push(`totalJoined of ${roomId} is ${room.totalJoined}, not ${joined}`);
  compare(world, `list_users of ${roomId}`, { got: await stage.members(watcher, roomId), must, may });
  if (!stage.im.groups(tenant.sdkAppId).has(roomId)) world.wrong.push(`the group of the open room ${roomId} is gone`);
}

async function check(world: World, watchers: Watchers): Promise<void> {
  const { stage, model } = world;
  for (const [tenant, watcher] of watchers) {
    const listed = model.listed(stage.clock.now(), (roomId) => isOf(tenant, roomId));
    compare(world, `query_room of '${tenant.id}'`, { got: await stage.listed(watcher), ...listed });
  }
  await inParallel([...model.rooms.keys()], (roomId) => checkRoom(world, watchers, roomId));
}

/** All faults are over, every user is silent, and time passes: nothing may be left over. */
async function settle(world: World, watchers: Watchers): Promise<void> {
  const { stage, model } = world;
  stage.im.clear();
  stage.trtc.clear();
  await deliver(world, true);
  await check(world, watchers);
  const stillOpen = new Set(model.rooms.keys());
  for (let round = 0; round < 3; round += 1) {
    stage.wait(1800);
    await maintain(world, watchers);
  }
  for (const item of await stage.outbox()) world.wrong.push(`left in the outbox: ${item.kind} of ${item.target}`);
  for (const { sdkAppId } of TENANTS) {
    for (const roomId of stage.im.groups(sdkAppId).keys()) {
      if (!model.rooms.has(roomId)) world.wrong.push(`the group of the ended room ${roomId} is still there`);
    }
  }
  for (const roomId of model.rooms.keys()) {
    if (!stillOpen.has(roomId)) world.wrong.push(`room ${roomId} was opened without a call`);
    const [{ sdkAppId }] = watcherOf(watchers, roomId);
    if (!stage.im.groups(sdkAppId).has(roomId)) world.wrong.push(`the group of the open room ${roomId} is gone`);
  }
}

export async function simulate(
  kind: DatabaseKind,
  plan: { seed: number; anchors: number; viewers: number; minutes: number },
): Promise<Figures> {
  const stage = await startStage(kind, { env: { TENANTS: SHOP_ENV } });
  stage.im.addApp({ ...SHOP_APP, clock: stage.clock.now });
  stage.trtc.addApp(SHOP.sdkAppId);
  try {
    const watchers: Watchers = await Promise.all(
      TENANTS.map(async (tenant) => [tenant, await newPerson(stage, { extra: extraOf(tenant) })] as const),
    );
    const world = await newWorld(stage, plan);
    let checks = 0;
    const ticks = Math.round((plan.minutes * 60_000) / TICK_MS);
    for (let tick = 1; tick <= ticks; tick += 1) {
      stage.clock.advance(TICK_MS);
      weather(world);
      happenLater(world);
      const reports = await inParallel(world.phones, (phone) => act(world, phone));
      for (const report of reports) report?.();
      await deliver(world, false);
      if (tick % 12 === 0) await maintain(world, watchers);
      if (tick % 8 === 0) {
        await check(world, watchers);
        checks += 1;
      }
    }
    await settle(world, watchers);
    const lives = stage.im.calls.filter((call) => call.command === 'create_group').length;
    const { events, wrong, phones } = world;
    return { seed: plan.seed, phones: phones.length, events, minutes: plan.minutes, checks, lives, wrong };
  } finally {
    await stage.close();
  }
}
