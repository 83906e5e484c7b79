/** The simulated world: phones of people of two tenants, and callbacks on their way to the service. */
import { newPerson, type Person } from '../../../testkit/people';
import type { Stage } from '../../../testkit/stage';
import { Model } from './model';
import { type Random, seeded } from './random';
import { DEFAULT_TENANT, extraOf, SHOP, type SimulatedTenant } from './tenants';

export interface Phone {
  person: Person;
  tenant: SimulatedTenant;
  /** The same person on a second device. */
  tablet: Person | undefined;
  isAnchor: boolean;
  mode: 'on' | 'asleep' | 'off';
  /** When it wakes up or is switched on again; Infinity = never. */
  wakesAt: number;
  sendsHeartbeats: boolean;
  beatEvery: number;
  nextBeat: number;
  /** The room it thinks it is in. */
  room: string | undefined;
  /** A separate random source, so that actions of others at the same moment do not change it. */
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

export interface WorldPlan {
  seed: number;
  anchors: number;
  viewers: number;
}

/** Every fourth of both kinds is the other tenant's, so that their numbers lie between each other. */
const ONE_OF = 4;
const AT_ONCE = 20;

async function newPhone(stage: Stage, index: number, plan: WorldPlan): Promise<Phone> {
  const tenant = index % ONE_OF === 0 ? SHOP : DEFAULT_TENANT;
  const person = await newPerson(stage, { extra: extraOf(tenant) });
  const random = seeded(plan.seed + index + 1);
  const habits = { sendsHeartbeats: random.chance(0.85), beatEvery: random.chance(0.3) ? 10_000 : 20_000 };
  const nextBeat = stage.clock.now() + random.between(1, 20) * 1000;
  const isAnchor = index < plan.anchors;
  const nowhere = { mode: 'on', wakesAt: 0, room: undefined, tablet: undefined } as const;
  return { person, tenant, isAnchor, ...habits, ...nowhere, nextBeat, random };
}

export async function newWorld(stage: Stage, plan: WorldPlan): Promise<World> {
  const phones: Phone[] = [];
  const count = plan.anchors + plan.viewers;
  for (let made = 0; made < count; made += AT_ONCE) {
    const some = Array.from({ length: Math.min(AT_ONCE, count - made) }, (_, index) => made + index);
    phones.push(...(await Promise.all(some.map((index) => newPhone(stage, index, plan)))));
  }
  const random = seeded(plan.seed);
  return { stage, model: new Model(), random, phones, callbacks: [], later: [], events: 0, wrong: [] };
}

export const now = (world: World) => world.stage.clock.now();
