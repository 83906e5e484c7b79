/** Makes many calls of one endpoint and compares what they have cost with what the endpoint declares. */

import { keysOf } from '../../../src/base/fields';
import type { Setting } from '../../../src/config/setting';
import { contract } from '../../../src/contract';
import { adminContract } from '../../../src/contract/admin';
import type { AdminEndpoint } from '../../../src/contract/admin/endpoint';
import type { Cost, Costs, LimitName, OneCost } from '../../../src/contract/costs';
import { LIMITS_IN_FORCE, type Limit, type Subject } from '../../../src/limits';
import { MAX_TRIES } from '../../../src/vendors/tencent/im-call';
import type { Params } from '../../../testkit/service';
import type { Envelope } from '../../../testkit/ways';
import { HOSTILE, type Hostile } from './walk-calls';
import { HOSTILE_OPERATOR } from './walk-operators';
import { grown, type Scene, type Spent } from './walk-scene';

export interface Mode {
  /** All begin in one turn; otherwise one after the other, a millisecond apart. */
  atOnce: boolean;
  /** Processes of the service that they go through in turns. */
  through: 1 | 2;
}

export const MODES: readonly Mode[] = [
  { atOnce: true, through: 1 },
  { atOnce: true, through: 2 },
  { atOnce: false, through: 1 },
  { atOnce: false, through: 2 },
];

export const nameOf = ({ atOnce, through }: Mode) => `${atOnce ? 'at once' : 'in a row'} through ${through}`;

/** How often each code was answered. */
type Codes = Record<number, number>;

const isSetting = (most: Limit['most']): most is Setting<number> => typeof most === 'object' && most !== null;

/** What the limit lets one subject do; Infinity if it is off. */
export function numberOf({ most, part = 1 }: Limit, env: Readonly<Record<string, string>>): number {
  if (!isSetting(most)) return most ?? Number.POSITIVE_INFINITY;
  const given = env[most.name];
  const number = given === undefined ? most.fallback : most.check(given);
  return number === 0 ? Number.POSITIVE_INFINITY : Math.max(1, Math.floor(number / part));
}

function different(values: readonly unknown[]): number {
  // A call that names none makes a new one.
  const named = values.filter((value) => value !== undefined);
  return new Set(named).size + values.length - named.length;
}

/** How many subjects of a kind the calls are about. They are of one account and one address. */
function subjectsIn(calls: readonly Params[], per: Subject): number {
  if (per === 'room') return different(calls.map(({ roomId, targetRoomId }) => roomId ?? targetRoomId));
  if (per === 'contact') return different(calls.map(({ phone }) => phone));
  if (per === 'name') return different(calls.map(({ username }) => username));
  return 1;
}

interface Burst {
  calls: readonly Params[];
  mode: Mode;
  env: Readonly<Record<string, string>>;
}

function letsThrough({ calls, mode, env }: Burst, name: LimitName): number {
  const limit = LIMITS_IN_FORCE[name];
  const counters = limit.counted === 'database' ? 1 : mode.through;
  return numberOf(limit, env) * subjectsIn(calls, limit.per) * counters;
}

const isSum = (cost: Cost): cost is readonly OneCost[] => Array.isArray(cost[0]);
const hasNumber = (cost: OneCost): cost is readonly [number, ...LimitName[]] & OneCost => typeof cost[0] === 'number';

/** Transactions of one call: on a server each leaves a row for an hour. */
const TRANSACTIONS = 3;

/** The most that the calls may add. */
function boundOf(burst: Burst, cost: Cost): number {
  if (isSum(cost)) return cost.reduce((sum, one) => sum + boundOf(burst, one), 0);
  const most = hasNumber(cost) ? cost[0] : 1;
  const parts: readonly (number | LimitName)[] = cost;
  const names = parts.filter((one) => typeof one === 'string');
  const limited = most * Math.min(...names.map((name) => letsThrough(burst, name)));
  return hasNumber(cost) ? Math.min(most * burst.calls.length, limited) : limited;
}

function sumOf(bounds: Readonly<Record<string, number>>): number {
  return Object.values(bounds).reduce((sum, one) => sum + one, 0);
}

const boundsOf = (burst: Burst, costs: Readonly<Partial<Record<string, Cost>>> = {}) =>
  Object.fromEntries(Object.entries(costs).map(([name, cost]) => [name, boundOf(burst, cost ?? [])]));

/** Wrong secrets, as the endpoints answer them. */
const WRONG = [98, 200, 202];

/** On a busy machine IM and TRTC answer late, and a call without an answer is tried again. */
const tried = (calls: Readonly<Record<string, number>>) =>
  Object.fromEntries(
    Object.entries(calls).map(([vendor, most]) => [
      vendor,
      vendor === 'im' || vendor === 'trtc' ? most * MAX_TRIES : most,
    ]),
  );

/** What is more than declared, one text each. */
export function excessOf(costs: Costs, burst: Burst, { codes, ...spent }: Spent & { codes: Codes }): string[] {
  const events = boundsOf(burst, costs.events);
  const calls = boundsOf(burst, costs.calls);
  const rows = {
    // What the other declarations imply.
    webhook_events: sumOf(events),
    deliveries: sumOf(events),
    outbox: (calls['im'] ?? 0) + (calls['trtc'] ?? 0),
    commits: TRANSACTIONS * burst.calls.length,
    ...boundsOf(burst, costs.rows),
  };
  const over = (what: string, counts: Readonly<Record<string, number>>, bounds: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .filter(([name, count]) => count > (bounds[name] ?? 0))
      .map(([name, count]) => `${what} ${name}: ${count}, declared ${bounds[name] ?? 0}`);
  const limited = (what: string, count: number, names: readonly LimitName[] = []) =>
    names.flatMap((name) => {
      const most = letsThrough(burst, name);
      return count > most ? [`${what}: ${count}, ${name} lets through ${most}`] : [];
    });
  return [
    ...over('rows of', spent.rows, rows),
    ...over('calls to', spent.calls, tried(calls)),
    ...over('events', spent.events, events),
    ...limited('successes', codes[0] ?? 0, costs.answers),
    ...limited(
      'wrong secrets',
      WRONG.reduce((sum, code) => sum + (codes[code] ?? 0), 0),
      costs.failures,
    ),
  ];
}

async function answersOf(scene: Scene, path: string, { calls, mode }: Burst): Promise<Envelope[]> {
  const one = (params: Params, n: number) => scene.ask(n % mode.through, path, params);
  if (mode.atOnce) return Promise.all(calls.map(one));
  const answers: Envelope[] = [];
  for (const [n, params] of calls.entries()) {
    answers.push(await one(params, n));
    await scene.advance(1);
  }
  return answers;
}

const HOUR = 3_600_000;

/** To the beginning of an hour: every window of an earlier burst has ended, and none ends within this one. */
export function newDay({ now, advance }: Scene): Promise<void> {
  return advance(26 * HOUR - (now() % HOUR));
}

export interface Found {
  excess: string[];
  codes: Codes;
  spent: Spent;
}

/** An endpoint, and its calls that cost the most. */
export interface Walked {
  path: string;
  costs: Costs;
  hostile: Hostile;
}

/** A call of an operator that changes something, or reads personal data, is a row of the audit. */
function costsOfOperator({ changes, costs = {} }: AdminEndpoint): Costs {
  return changes ? { ...costs, rows: { audit: [1, 'keyCalls'], ...costs.rows } } : costs;
}

export const WALKED: readonly Walked[] = [
  ...keysOf(contract).map((name) => ({
    path: contract[name].path,
    costs: contract[name].costs,
    hostile: HOSTILE[name],
  })),
  ...HOSTILE_OPERATOR.map(([name, hostile]) => ({
    path: adminContract[name].path,
    costs: costsOfOperator(adminContract[name]),
    hostile,
  })),
];

/** The calls of one endpoint in one mode, `count` of them. */
export async function walk(
  scene: Scene,
  { path, hostile, costs }: Walked,
  { mode, count }: { mode: Mode; count: number },
): Promise<Found> {
  await newDay(scene);
  const params = await hostile(scene, count);
  const calls = Array.from({ length: count }, (_, n) => params(n));
  const burst: Burst = { calls, mode, env: scene.instances[0].env };
  const before = await scene.meter();
  const codes: Codes = {};
  for (const { errorCode } of await answersOf(scene, path, burst)) codes[errorCode] = (codes[errorCode] ?? 0) + 1;
  const spent = grown(before, await scene.meter());
  return { excess: excessOf(costs, burst, { ...spent, codes }), codes, spent };
}
