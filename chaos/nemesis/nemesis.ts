/** Lets one fault after the other happen, chosen by the seed, and writes down which and when. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createRandom, type Random } from '../random';
import type { World } from '../world/world';
import { type FaultKind, machineFaults } from './machines';
import { VENDOR_FAULTS } from './vendors';

const LASTS_MS = { from: 1_000, to: 5_000 };
const REST_MS = { from: 500, to: 3_000 };
/** Streams of random numbers that no client uses. */
const STREAMS = { machines: 900_001, vendors: 900_002 };

function choose(kinds: readonly FaultKind[], random: Random): FaultKind {
  const names = Object.fromEntries(kinds.map(({ name, weight }) => [name, weight]));
  const name = random.weighted(names);
  const kind = kinds.find((one) => one.name === name);
  if (!kind) throw new Error(`no fault is called ${name}`);
  return kind;
}

interface Haunting {
  /** Those that can happen now. */
  kinds(): readonly FaultKind[];
  random: Random;
  isOver(): boolean;
}

async function haunt(world: World, { kinds, random, isOver }: Haunting): Promise<void> {
  const { recorder } = world;
  await sleep(random.between(REST_MS.from, REST_MS.to));
  while (!isOver()) {
    const kind = choose(kinds(), random);
    const began = recorder.now();
    const ms = random.between(LASTS_MS.from, LASTS_MS.to);
    const target = await kind.run({ world, random, ms, wait: (time) => sleep(time) });
    recorder.faults.push({ kind: kind.name, target, began, ended: recorder.now() });
    await sleep(random.between(REST_MS.from, REST_MS.to));
  }
}

/** Machines and vendors fail independently of each other. Resolves when everything is mended, and of today's version. */
export async function unleash(world: World, seed: number, isOver: () => boolean): Promise<void> {
  const [machines, vendors] = [createRandom(seed, STREAMS.machines), createRandom(seed, STREAMS.vendors)];
  await Promise.all([
    haunt(world, { kinds: () => machineFaults(world), random: machines, isOver }),
    haunt(world, { kinds: () => VENDOR_FAULTS, random: vendors, isOver }),
  ]);
  for (const service of world.services) if (service.isOlder) await service.upgrade();
}
