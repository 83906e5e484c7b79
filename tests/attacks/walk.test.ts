/**
 * The walk: each endpoint is called many times by one account or address, concurrently or in a row, through one process or two, and
 * any call that costs more than its endpoint declares (src/contract/costs.ts) fails. `npm run walk` makes 1,000 calls in every mode
 * with the default limits. Here it is a tenth: 100 calls at a tenth of the limits, in a mode that WALK_SEED chooses,
 * half of the endpoints on a server.
 */

import { ERROR_CODES } from '../../src/base/errors';
import { keysOf } from '../../src/base/fields';
import { ALL_SETTINGS } from '../../src/config/settings';
import { contract } from '../../src/contract';
import { type Costs, UNKNOWN_STATEMENTS } from '../../src/contract/costs';
import type { Endpoint } from '../../src/contract/endpoint';
import { LIMITS_IN_FORCE } from '../../src/limits';
import { newKey } from '../../src/rules/operators/keys';
import type { DatabaseKind } from '../../testkit/database-copies';
import { operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { imCallback, trtcCallback } from '../../testkit/vendor';
import { MODES, type Mode, nameOf, newDay, numberOf, WALKED, walk } from './support/walk';
import { HOSTILE } from './support/walk-calls';
import { grown, type Scene, startScene } from './support/walk-scene';

const { WALK_CALLS, WALK_SEED = '1' } = process.env;
const isWhole = WALK_CALLS !== undefined;
const CALLS = Number(WALK_CALLS ?? '100');
const NOTHING = { rows: {}, calls: {}, events: {} };

/** Every limit that a setting sets: as it is by default, or a tenth. */
function limits(): Record<string, string> {
  const named = Object.values(LIMITS_IN_FORCE).flatMap(({ most }) =>
    typeof most === 'object' && most !== null ? [most] : [],
  );
  const share = isWhole ? 1 : 10;
  return Object.fromEntries(named.map(({ name, fallback }) => [name, String(Math.ceil(fallback / share))]));
}

/** The same for the same seed, and different for endpoints and databases. */
function chosen(kind: DatabaseKind, name: string): Mode[] {
  const text = `${WALK_SEED} ${kind} ${name}`;
  const number = [...text].reduce((sum, letter) => (sum * 31 + letter.charCodeAt(0)) % 65_521, 7);
  // A server's statements take their time: half of the endpoints.
  if (kind === 'mysql' && number % 8 >= MODES.length) return [];
  return MODES.slice(number % MODES.length).slice(0, 1);
}

onBothDatabases((kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await startScene(kind, limits());
  });
  afterAll(() => scene.close());

  const runs = WALKED.flatMap((one) => {
    const modes = isWhole ? MODES : chosen(kind, one.path);
    return modes.map((mode) => [`${one.path} ${nameOf(mode)}`, one, mode] as const);
  });

  test.each(runs)('%s', async (title, one, mode) => {
    const found = await walk(scene, one, { mode, count: CALLS });
    if (isWhole) process.stderr.write(`${title}: ${JSON.stringify(found)}\n`);
    expect(found.excess).toEqual([]);
    // Calls that are all refused, and cost nothing, would prove nothing.
    const { rows, calls } = found.spent;
    expect(found.codes[ERROR_CODES.SystemError]).toBeUndefined();
    expect((found.codes[0] ?? 0) + Object.keys({ ...rows, ...calls }).length).toBeGreaterThan(0);
  });

  test('a call that costs more than it declares is found', async () => {
    const mode = { atOnce: true, through: 2 } as const;
    const of = { path: contract.generateRoomid.path, hostile: HOSTILE.generateRoomid };
    const with_ = async (costs: Costs) => (await walk(scene, { ...of, costs }, { mode, count: CALLS })).excess;
    const most = numberOf(LIMITS_IN_FORCE.roomIds, scene.instances[0].env);
    expect(await with_({})).toEqual([`rows of public_ids: ${most}, declared 0`]);
    expect(await with_({ rows: { public_ids: [1, 'once'] } })).toEqual([`rows of public_ids: ${most}, declared 1`]);
    expect(await with_({ rows: { public_ids: [1, 'roomIds'] }, answers: ['once'] })).toEqual([
      `successes: ${most}, once lets through 1`,
    ]);
  });

  const ROUNDS = 3;
  const HOUR = 3_700_000;

  /**
   * The most statements of a call, by the line that the service logs, and what all of the calls have cost. Of each call the best of
   * three rounds counts: on a busy machine a statement may be sent twice.
   */
  async function cost(count: number, one: (n: number) => Promise<unknown>) {
    const { lines } = scene.instances[0];
    const before = await scene.meter();
    const least = Array.from({ length: count }, () => Number.POSITIVE_INFINITY);
    for (let round = 0; round < ROUNDS; round += 1) {
      const logged = lines.length;
      for (let n = 0; n < count; n += 1) await one(n);
      const requests = lines.slice(logged).flatMap((line) => JSON.parse(line).queries ?? []);
      expect(requests).toHaveLength(count);
      for (const [n, queries] of requests.entries()) least[n] = Math.min(least[n] ?? 0, queries);
      await scene.advance(HOUR);
    }
    const { rows, ...others } = grown(before, await scene.meter());
    // On a server each transaction leaves a row for an hour, with any outcome.
    const { commits: _commits, ...left } = rows;
    return { statements: Math.max(...least), rows: left, ...others };
  }

  test.each(keysOf(contract).map((name) => [contract[name].path, name] as const))(
    '%s of a caller that is unknown',
    async (path, name) => {
      const { session, costs }: Endpoint = contract[name];
      const [service] = scene.instances;
      const { unknown = UNKNOWN_STATEMENTS } = costs;
      await newDay(scene);
      const params = await HOSTILE[name](scene, 4);
      if (session !== 'none') {
        const forged = await cost(4, (n) => service.call(path, { ...params(n), token: `${params(n)['token']}x` }));
        expect(forged).toEqual({ statements: session === 'optional' ? expect.any(Number) : 0, ...NOTHING });
        await service.call('auth_users/user_logout', params(0));
      }
      const wrong = { signature: '0'.repeat(32), code: '000000', idToken: 'a.b.c', ticket: '' };
      const { statements, ...spent } = await cost(4, (n) => {
        const given = params(n);
        const changed = Object.entries(wrong).filter(([field]) => field in given);
        return service.call(path, { ...given, ...(session === 'none' && Object.fromEntries(changed)) });
      });
      expect(statements).toBeLessThanOrEqual(unknown);
      // The token shows who appeals; a ban has ended the session.
      if (session !== 'none' && name !== 'appeal') expect(spent).toEqual(NOTHING);
    },
  );

  test('callbacks that are not signed and keys that are wrong cost nothing', async () => {
    const [service] = scene.instances;
    const call = (n: number) =>
      n % 2 === 0 ? imCallback(service, {}, { token: 'wrong' }) : trtcCallback(service, {}, { key: 'wrong' });
    expect(await cost(6, call)).toEqual({ statements: 0, ...NOTHING });
    const names = WALKED.flatMap(({ path }) => (path.startsWith('admin/') ? [path.slice('admin/'.length)] : []));
    const guess = (n: number) => operatorOf(service, newKey()).call(names[n] ?? '');
    expect(await cost(names.length, guess)).toEqual({ statements: 1, ...NOTHING });
  });
});

test('every setting that limits is one of the service', () => {
  const names = new Set(ALL_SETTINGS.map(({ name }) => name));
  expect(Object.keys(limits()).filter((name) => !names.has(name))).toEqual([]);
});
