/** An account with random faults, and the person who runs commands against it: the cast of a random story. */
import type { Cloud } from '../../deploy/cloud';
import { functionBusyCodes, isOneOf, otherBusyCodes } from '../../deploy/codes';
import type { Context } from '../../deploy/context';
import { deploy } from '../../deploy/deploy';
import { DeployError } from '../../deploy/deploy-error';
import { info } from '../../deploy/info';
import { showPlan } from '../../deploy/plan';
import { preflight } from '../../deploy/preflight';
import { remove } from '../../deploy/remove';
import { rollback } from '../../deploy/rollback';
import type { Random } from '../presence/support/random';
import { changesOf } from './chapters';
import type { FakeCloud, Mischief } from './fake-cloud/fake-cloud';
import type { Harness } from './harness';
import { listOf } from './vendor/codes';

/** The command was killed: no code of deploy runs after it. */
class Killed extends DeployError {}

const domain = { name: 'live.example.com', certificate: 'cert0001' };
const record = '1300000001.ap-guangzhou.tencentscf.com';
const failures = [
  ['UpdateFailed', 'FailedOperation.CallNetDeployFailed: no address left'],
  ['PublishFailed', 'InternalError: no capacity'],
] as const;

/** A refusal that passes, or none. Three in a row for one action at most. */
function createMischief(random: Random, probability: number): (name: string) => Mischief | undefined {
  const rows = new Map<string, number>();
  return (name) => {
    const row = rows.get(name) ?? 0;
    if (row === 3 || !random.chance(probability)) {
      rows.set(name, 0);
      return undefined;
    }
    rows.set(name, row + 1);
    const busy = listOf(name).filter((code) => isOneOf([...functionBusyCodes, ...otherBusyCodes], code));
    const code = random.pick(['RequestLimitExceeded', 'InternalError', ...busy]) ?? 'InternalError';
    return { code, done: code === 'InternalError' && random.chance(0.5) };
  };
}

/** Passes calls on until `left` reaches zero; that call is sent or not, and never answered. */
function mortal(cloud: Cloud, kill: { left: number; random: Random }): Cloud {
  const wrap = <A extends unknown[], R>(call: (...args: A) => Promise<R>) => {
    return async (...args: A): Promise<R> => {
      kill.left -= 1;
      if (kill.left >= 0) return call(...args);
      if (kill.random.chance(0.5)) await call(...args).catch(() => undefined);
      throw new Killed('killed');
    };
  };
  const { scf, cynosdb, vpc, cls, cam, sts } = cloud;
  const wrapped = { scf, cynosdb, vpc, cls, cam, sts };
  // Each caller keeps its parameters and result; the mapped type of a caller is generic, so the wrapper cannot name it.
  const callers = Object.fromEntries(
    Object.entries(wrapped).map(([product, call]) => [product, wrap(call as (...args: unknown[]) => Promise<unknown>)]),
  ) as unknown as typeof wrapped;
  return { region: cloud.region, ...callers };
}

export class RandomAccount {
  readonly random: Random;
  readonly cloud: FakeCloud;
  readonly #harness: Harness;
  readonly #provider: Record<string, unknown> = { functionType: 'event' };
  readonly #env: Record<string, string> = {};
  readonly #state: Context['state'];
  #kill = Number.POSITIVE_INFINITY;

  /** The seed and the steps of the story. */
  readonly tally = { commands: 0, killed: 0, failed: 0 };

  constructor(random: Random, cloud: FakeCloud, harness: Harness) {
    this.random = random;
    this.cloud = cloud;
    this.#harness = harness;
    this.#state = harness.context().state;
    if (random.chance(0.4)) this.#provider['domain'] = domain;
  }

  #context(): Context {
    const context = this.#harness.context(this.#provider, this.#env);
    const kill = { left: this.#kill, random: this.random };
    this.#kill = Number.POSITIVE_INFINITY;
    return { ...context, state: this.#state, cloud: mortal(context.cloud, kill) };
  }

  /** The next command is killed at its n-th call. */
  interruptAfter(calls: number): void {
    this.#kill = calls;
  }

  /** Draws how the account behaves from now on. */
  shake(): void {
    const { random, cloud } = this;
    Object.assign(cloud.world, {
      flapping: random.chance(0.5),
      aliasTakes: random.between(0, 40),
      visibleTakes: random.chance(0.5) ? random.between(0, 7) : 0,
      dnsTakes: random.chance(0.5) ? random.between(0, 200) : 0,
      addressesLinger: random.chance(0.5) ? random.between(0, 3600) : 0,
      nullLists: random.chance(0.5),
      localized: random.chance(0.5),
    });
    cloud.mischief = createMischief(random, random.pick([0, 0.02, 0.1, 0.25]) ?? 0);
  }

  calm(): void {
    Object.assign(this.cloud.world, { flapping: false, visibleTakes: 0, nullLists: false });
    this.cloud.mischief = undefined;
  }

  /** What people do between two deploys: in serverless.yml, in the console, with their bill. */
  async changeSomething(): Promise<void> {
    const { random, cloud } = this;
    const target = cloud.scf.function('demo-dev');
    const acts: readonly (() => unknown)[] = [
      () => Object.assign(this.#provider, { memorySize: random.pick([256, 512]) }),
      () => Object.assign(this.#provider, { timer: random.pick(['0 */1 * * * * *', '0 */5 * * * * *']) }),
      () => Object.assign(this.#provider, { cluster: { maxCpu: random.pick([0.5, 1]) } }),
      () => cloud.cynosdb.pause(),
      () => Object.assign(cloud.account, { rolePolicy: false }),
      () => Object.assign(cloud.account, { pays: 'arrears' }),
      () => {
        const [state, reason] = random.pick(failures) ?? failures[0];
        cloud.scf.ends[state === 'UpdateFailed' ? 'update' : 'publication'].push({ state, reason });
      },
      () => {
        for (const trigger of target?.triggers ?? []) trigger.enabled = false;
      },
      () => {
        const alias = target?.aliases.get('$DEFAULT');
        const [other] = target?.versions.keys() ?? [];
        if (alias && other) target?.aliases.set('$DEFAULT', { ...alias, weights: [other] });
      },
    ];
    for (let count = random.between(0, 3); count > 0; count -= 1) await random.pick(acts)?.();
  }

  /** The person's reaction to an error: reads it, and corrects the setting that it names. */
  async repair(): Promise<void> {
    Object.assign(this.cloud.account, { rolePolicy: true, pays: 'money' });
    if (this.#provider['domain']) this.cloud.scf.domains.record(domain.name, record);
    if (this.random.chance(0.5)) await this.#clock().sleep(this.random.between(0, 120_000));
  }

  #clock(): Context['clock'] {
    return this.#harness.context().clock;
  }

  /** The error for people, or undefined if the command succeeded. Any other error is a defect, and is thrown. */
  async #run(command: (context: Context) => Promise<unknown>): Promise<DeployError | undefined> {
    this.tally.commands += 1;
    try {
      await command(this.#context());
      return undefined;
    } catch (error) {
      if (error instanceof Killed) this.tally.killed += 1;
      else this.tally.failed += 1;
      if (error instanceof DeployError) return error;
      throw error;
    }
  }

  async deploy(version: string): Promise<DeployError | undefined> {
    return this.#run(async (context) => {
      await preflight({ ...context, openLogs: true, shell: [] });
      await deploy(context, { code: this.#harness.code(version), force: false, rotate: 'none' });
    });
  }

  /** Commands that change nothing, and a way back and forth. */
  async look(): Promise<void> {
    const code = this.#harness.code('1');
    const start = this.cloud.calls.length;
    await this.#run((context) => info(context));
    await this.#run((context) => showPlan(context, code));
    expect(changesOf(this.cloud, start)).toEqual([]);
  }

  async rollback(): Promise<DeployError | undefined> {
    return this.#run((context) => rollback(context, undefined));
  }

  async remove(deleteData: boolean): Promise<void> {
    for (let attempt = 1; ; attempt += 1) {
      if (attempt < 3 && this.random.chance(0.3)) this.interruptAfter(this.random.between(0, 20));
      const failure = await this.#run((context) => remove(context, { deleteData }));
      if (failure === undefined) break;
      if (attempt === 12) throw failure;
      await this.repair();
    }
    const keys = this.printed('data keys').at(-1);
    if (!deleteData && keys !== undefined) this.#env['DATA_KEYS'] = keys;
  }

  /** Addresses stay in the subnet for up to an hour: then the removal is run again. */
  async removeAll(): Promise<void> {
    await this.remove(true);
    await this.#clock().sleep(3_700_000);
    await this.remove(true);
  }

  /** The values of a printed line: `admin key`, `data keys`, `url`. */
  printed(name: string): string[] {
    const start = `${name}: `;
    return this.#harness.lines.filter((line) => line.startsWith(start)).map((line) => line.slice(start.length));
  }

  url(): string {
    return this.printed('url').at(-1) ?? '';
  }

  /** The environment of the version that requests reach. */
  variables(): Record<string, string> {
    const target = this.cloud.scf.function('demo-dev');
    const live = target?.versions.get(target.aliases.get('$DEFAULT')?.version ?? '');
    const list = live?.configuration.Environment?.Variables ?? [];
    return Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));
  }

  changesSince(start: number): string[] {
    return changesOf(this.cloud, start);
  }
}
