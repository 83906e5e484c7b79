/** What happens to services, to their network and to database nodes. Each fault begins, lasts for a while and is mended. */
import type { Random } from '../random';
import type { Node } from '../world/databases';
import { canSetClocks, type Service } from '../world/services';
import type { World } from '../world/world';

export interface FaultKind {
  readonly name: string;
  /** How often it comes, next to the others. */
  readonly weight: number;
  /** Does it for `ms` and mends it; gives what it was done to. */
  run(tools: Tools): Promise<string>;
}

export interface Tools {
  readonly world: World;
  readonly random: Random;
  /** How long the fault lasts, in milliseconds. */
  readonly ms: number;
  wait(ms: number): Promise<void>;
}

/** Beyond this a webhook's signature would be too old. Half of it either way is what phones and servers really have. */
const CLOCK_SECONDS = 60;
/** A process that is frozen for longer than a request may take tells nothing new. */
const LONGEST_FREEZE_MS = 5_000;

async function onService(tools: Tools, work: (service: Service) => Promise<void>): Promise<string> {
  const service = tools.random.pick(tools.world.services);
  await work(service);
  return service.name;
}

async function onNode(tools: Tools, work: (node: Node) => Promise<void>): Promise<string> {
  const node = tools.random.pick(tools.world.database.nodes);
  await work(node);
  // A cluster that has lost a second node would have no majority: the next fault waits.
  await tools.world.database.whole();
  return node.name;
}

const OF_SERVICES: readonly FaultKind[] = [
  {
    name: 'a service is killed',
    weight: 4,
    run: (tools) =>
      onService(tools, async (service) => {
        await service.kill();
        await tools.wait(tools.ms / 4);
        await service.start();
      }),
  },
  {
    name: 'a service is restarted',
    weight: 2,
    run: (tools) =>
      onService(tools, async (service) => {
        await service.terminate();
        await service.start();
      }),
  },
  {
    name: 'a service is frozen',
    weight: 3,
    run: (tools) =>
      onService(tools, async (service) => {
        service.signal('SIGSTOP');
        await tools.wait(Math.min(tools.ms, LONGEST_FREEZE_MS));
        service.signal('SIGCONT');
      }),
  },
  ...(['cut', 'hold', 'lose-answers'] as const).map(
    (mode): FaultKind => ({
      name: { cut: 'clients are cut off', hold: 'clients are held', 'lose-answers': 'answers to clients are lost' }[
        mode
      ],
      weight: 2,
      run: (tools) =>
        onService(tools, async (service) => {
          service.proxy.set(mode);
          await tools.wait(tools.ms / 2);
          service.proxy.set('pass');
        }),
    }),
  ),
];

const UPGRADE: FaultKind = {
  name: 'a service is upgraded',
  // Two minutes have some twenty faults: all services are new long before the end.
  weight: 12,
  run: async ({ world }) => {
    const service = world.services.find(({ isOlder }) => isOlder);
    await service?.upgrade();
    return service?.name ?? '';
  },
};

const CLOCKS: FaultKind = {
  name: 'a clock jumps',
  weight: 3,
  run: (tools) =>
    onService(tools, async (service) => {
      const seconds = tools.random.between(-CLOCK_SECONDS, CLOCK_SECONDS);
      const { recorder } = tools.world;
      recorder.clockMs = Math.max(recorder.clockMs, Math.abs(seconds) * 1_000);
      service.setClock(seconds);
      await tools.wait(tools.ms);
      service.setClock(0);
    }),
};

const OF_NODES: readonly FaultKind[] = [
  {
    name: 'a database node is killed',
    weight: 3,
    run: (tools) =>
      onNode(tools, async (node) => {
        await node.kill();
        await tools.wait(tools.ms / 4);
        await node.start();
      }),
  },
  {
    name: 'a database node is frozen',
    weight: 2,
    run: (tools) =>
      onNode(tools, async (node) => {
        await node.freeze();
        await tools.wait(Math.min(tools.ms, LONGEST_FREEZE_MS));
        node.thaw();
      }),
  },
];

const ISOLATION: FaultKind = {
  name: 'a database node is cut off from the others',
  weight: 3,
  run: (tools) =>
    onNode(tools, async (node) => {
      await node.isolate?.(true);
      await tools.wait(tools.ms);
      await node.isolate?.(false);
    }),
};

async function onDatabaseNetwork(tools: Tools, mode: 'cut' | 'hold' | 'lose-answers', ms: number): Promise<string> {
  const { proxies } = tools.world.database;
  const index = tools.random.between(0, proxies.length - 1);
  proxies[index]?.set(mode);
  await tools.wait(ms);
  proxies[index]?.set('pass');
  return `service ${index} and its database`;
}

/** New connections set READ COMMITTED, which is not meant. */
const COMMIT = /COMMIT$/;

const OF_DATABASE_NETWORKS: readonly FaultKind[] = [
  {
    name: 'a service is cut off from the database',
    weight: 2,
    run: (tools) => onDatabaseNetwork(tools, 'cut', tools.ms / 2),
  },
  { name: 'the database is held', weight: 2, run: (tools) => onDatabaseNetwork(tools, 'hold', tools.ms / 2) },
  {
    name: 'answers of the database are lost',
    weight: 2,
    run: (tools) => onDatabaseNetwork(tools, 'lose-answers', tools.ms / 4),
  },
  {
    name: 'answers to COMMIT are lost',
    weight: 5,
    run: async (tools) => {
      for (const proxy of tools.world.database.proxies) proxy.loseAnswersTo(COMMIT, tools.random.between(1, 4));
      await tools.wait(tools.ms);
      for (const proxy of tools.world.database.proxies) proxy.loseAnswersTo(COMMIT, 0);
      return 'all services';
    },
  },
];

const DISK: FaultKind = {
  name: 'the disk is full',
  weight: 4,
  run: async ({ world, ms, wait }) => {
    world.database.fillDisk?.(true);
    await wait(ms);
    world.database.fillDisk?.(false);
    return 'the disk of the database';
  },
};

/** Those that this world can have now. */
export function machineFaults({ database, services }: World): readonly FaultKind[] {
  return [
    ...OF_SERVICES,
    ...(services.some(({ isOlder }) => isOlder) ? [UPGRADE] : []),
    ...(canSetClocks ? [CLOCKS] : []),
    ...(database.nodes.length > 0 ? OF_NODES : []),
    ...(database.nodes.some(({ isolate }) => isolate) ? [ISOLATION] : []),
    ...(database.proxies.length > 0 ? OF_DATABASE_NETWORKS : []),
    ...(database.fillDisk ? [DISK] : []),
  ];
}
