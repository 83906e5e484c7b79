/** A fake account and the deploy steps for one test file: a separate MySQL server, a fresh account for each test. */
import type { Clock } from '../../deploy/clock';
import type { Context } from '../../deploy/context';
import { deploy } from '../../deploy/deploy';
import { type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { allowedActions, changesOf } from './chapters';
import { type FakeCloud, startFakeCloud } from './fake-cloud/fake-cloud';
import { createHarness, createJumpingClock, type Harness } from './harness';

type DeployOptions = Parameters<typeof deploy>[1];

/** Readable while a test runs. */
export interface Scene {
  readonly clock: Clock;
  readonly cloud: FakeCloud;
  readonly harness: Harness;
  /** An event function, unless a test sets another. */
  context: Context;
  go(version?: string, options?: Partial<DeployOptions>): Promise<void>;
  /** Everything the commands printed. */
  said(): string;
  /** Names of the actions that changed something since the given call. */
  changesSince(start: number): string[];
  callsOf(name: string): FakeCloud['calls'];
}

export const event = { functionType: 'event' };

/** Registers the hooks of jest. After each test the documented policy must allow every action that was called. */
export function useScene(): Scene {
  let mysql: MysqlServer;
  let parts: { clock: Clock; cloud: FakeCloud; harness: Harness; context: Context };
  beforeAll(async () => {
    mysql = await startMysqlServer();
  });
  afterAll(async () => {
    await mysql?.stop();
  });
  beforeEach(async () => {
    const clock = createJumpingClock();
    const cloud = await startFakeCloud({ mysql, clock });
    const harness = createHarness(cloud, clock);
    parts = { clock, cloud, harness, context: harness.context(event) };
  });
  afterEach(async () => {
    const used = new Set(parts.cloud.calls.map(({ name }) => name));
    parts.harness.remove();
    await parts.cloud.stop();
    expect(allowedActions('deploy.md')).toEqual(expect.arrayContaining([...used]));
  });
  return {
    get clock() {
      return parts.clock;
    },
    get cloud() {
      return parts.cloud;
    },
    get harness() {
      return parts.harness;
    },
    get context() {
      return parts.context;
    },
    set context(context) {
      parts.context = context;
    },
    go: (version = '1', options = {}) =>
      deploy(parts.context, { code: parts.harness.code(version), force: false, rotate: 'none', ...options }),
    said: () => parts.harness.lines.join('\n'),
    changesSince: (start) => changesOf(parts.cloud, start),
    callsOf: (name) => parts.cloud.calls.filter((call) => call.name === name),
  };
}
