/** One run: a quiet beginning, clients under faults, everything mended, a wait until all has come to rest, the last reads. */
import { setTimeout as sleep } from 'node:timers/promises';
import { EVENTUALLY } from './checks/all';
import { Device } from './clients/device';
import { Observer } from './clients/observer';
import { Operator } from './clients/operator';
import { Crowd } from './clients/people';
import { type Check, type History, TAIL_MS } from './history';
import { unleash } from './nemesis/nemesis';
import type { Options } from './options';
import type { Plant } from './plant';
import { createRandom } from './random';
import { startWorld, TENANTS, type World } from './world/world';

const OPERATORS = 2;
/** Every second person has two devices. */
const DEVICES = (index: number) => 1 + (index % 2);
/**
 * The longest that work may be put off after the last fault, which is waited for only while a check needs it: a room whose
 * opener was killed is cleared 60 s after its lease (9 s), by a job that comes every 75 s at the latest and that the killed
 * process may have claimed for one more round. The pause after a failure grows with the time that things have failed.
 */
const REST_WITHIN_MS = 240_000;
const REST_PER_MINUTE_MS = 75_000;
/** With a planted fault nothing ever comes to rest, and nothing is waited for. */
const REST_WITH_PLANT_MS = 6_000;
const REST_POLL_MS = 2_000;
const STREAM_OF_OPERATORS = 800_000;

async function useIt(world: World, { seed, people }: Options, isOver: () => boolean): Promise<void> {
  const tenants = TENANTS.map(({ id }) => id);
  const crowd = new Crowd(people, tenants, `run${seed}`);
  const devices = crowd.people.flatMap((person, index) =>
    Array.from({ length: DEVICES(index) }, (_, device) => {
      const random = createRandom(seed, index * 10 + device);
      return new Device({ world, crowd, person, random });
    }),
  );
  const operators = Array.from({ length: OPERATORS }, (_, index) => {
    const random = createRandom(seed, STREAM_OF_OPERATORS + index);
    return new Operator({ world, crowd, random, tenants });
  });
  await Promise.all([...devices, ...operators].map((actor) => actor.run(isOver)));
}

function hasComeToRest(history: History): boolean {
  return Object.values<Check>(EVENTUALLY).every((check) => check(history).length === 0);
}

async function comeToRest(world: World, observer: Observer, withinMs: number): Promise<void> {
  const deadline = performance.now() + withinMs;
  for (;;) {
    await observer.readLiveRooms();
    if (hasComeToRest(world.recorder.history(world.groups())) || performance.now() > deadline) return;
    await sleep(REST_POLL_MS);
  }
}

async function rounds(world: World, options: Options, plant: Plant | undefined): Promise<History> {
  const { recorder } = world;
  const observer = new Observer(world);
  await observer.prepare();
  const end = performance.now() + options.minutes * 60_000;
  const isOver = () => performance.now() > end;
  await Promise.all([useIt(world, options, isOver), ...(plant ? [] : [unleash(world, options.seed, isOver)])]);
  await world.database.whole();
  await Promise.all(world.services.map((service) => service.ready()));
  // What was not answered may still happen until then.
  if (!plant) await sleep(TAIL_MS);
  const restMs = REST_WITHIN_MS + options.minutes * REST_PER_MINUTE_MS;
  await comeToRest(world, observer, plant ? REST_WITH_PLANT_MS : restMs);
  await observer.readEverything([...recorder.calls]);
  return recorder.history(world.groups());
}

export async function runOnce(options: Options, plant?: Plant): Promise<History> {
  const { on, bundle, older } = options;
  const world = await startWorld({ on, bundle, older, plant });
  try {
    return await rounds(world, options, plant);
  } finally {
    await world.stop();
  }
}
