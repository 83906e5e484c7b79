/** The database under the services, and how it can be hurt. Every kind is a real server that the testkit starts. */
import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Cluster, startGalera } from '../../testkit/galera';
import { canIsolate, startGroupReplication } from '../../testkit/group-replication';
import { startMysqlServer } from '../../testkit/mysql-server';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';

export const DATABASES = ['sqlite', 'mariadb', 'galera', 'group-replication'] as const;
export type DatabaseName = (typeof DATABASES)[number];

/** A server process: one, or a node of a cluster. */
export interface Node {
  readonly name: string;
  kill(): Promise<void>;
  start(): Promise<void>;
  freeze(): Promise<void>;
  thaw(): void;
  /** Cuts it off from the other nodes only. Clusters only. */
  isolate?(cutOff: boolean): Promise<void>;
}

export interface Database {
  /** How many services use it: the embedded database takes one process. */
  readonly services: number;
  readonly nodes: readonly Node[];
  /** Between each service and its server; none for SQLite and clusters, whose services must reach every node. */
  readonly proxies: readonly TcpProxy[];
  /** The environment of one service. */
  env(service: number): Record<string, string>;
  /** Fills the disk, or frees it again. Only where the data lies on a disk of its own. */
  fillDisk?(full: boolean): void;
  /** Resolves when every node is there and the cluster is whole. */
  whole(): Promise<void>;
  stop(): Promise<void>;
}

const SERVICES = 3;
const DISK = '24m';

/** A disk that is small enough to fill: a tmpfs, which takes root. Undefined where it cannot be mounted. */
function smallDisk(folder: string): ((full: boolean) => void) | undefined {
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', `size=${DISK}`, 'chaos', folder], { stdio: 'pipe' });
  } catch {
    process.stderr.write('No small disk can be mounted here (it takes root): the fault "disk is full" is left out.\n');
    return undefined;
  }
  const filler = join(folder, 'filler');
  return (full) => {
    rmSync(filler, { force: true });
    if (!full) return;
    try {
      writeFileSync(filler, Buffer.alloc(64 * 1024 * 1024));
    } catch {
      // That it does not fit is the point.
    }
  };
}

function startSqlite(): Database {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-chaos-'));
  const fillDisk = smallDisk(folder);
  return {
    services: 1,
    nodes: [],
    proxies: [],
    env: () => ({ SQLITE_PATH: join(folder, 'chaos.sqlite') }),
    ...(fillDisk && { fillDisk }),
    whole: async () => {},
    stop: async () => {
      if (fillDisk) execFileSync('umount', [folder]);
      rmSync(folder, { recursive: true, force: true });
    },
  };
}

async function startMariadb(): Promise<Database> {
  const server = await startMysqlServer({ durable: true });
  const database = server.createDatabaseName();
  const proxies = await Promise.all(Array.from({ length: SERVICES }, () => startTcpProxy(server.port)));
  const node: Node = {
    name: 'mariadb',
    kill: () => server.kill(),
    start: () => server.restart(),
    freeze: () => server.freeze(),
    thaw: () => server.thaw(),
  };
  return {
    services: SERVICES,
    nodes: [node],
    proxies,
    env: (service) => ({ ...server.env(database), MYSQL_PORT: String(proxies[service]?.port) }),
    whole: async () => {},
    stop: async () => {
      await Promise.all(proxies.map((proxy) => proxy.stop()));
      await server.stop();
    },
  };
}

function onCluster(cluster: Cluster, isolates: boolean): Database {
  const [first] = cluster.nodes;
  const database = first.createDatabaseName();
  const order = (service: number) => [service % 3, (service + 1) % 3, (service + 2) % 3];
  const nodes = cluster.nodes.map((node, index) => ({
    name: `node ${index}`,
    kill: () => node.kill(),
    start: () => node.rejoin(),
    freeze: () => node.freeze(),
    thaw: () => node.thaw(),
    ...(isolates && { isolate: (cutOff: boolean) => node.isolate(cutOff) }),
  }));
  return {
    services: SERVICES,
    nodes,
    proxies: [],
    env: (service) => cluster.env(database, order(service)),
    whole: () => cluster.whole(),
    stop: () => cluster.stop(),
  };
}

export async function startDatabase(name: DatabaseName): Promise<Database> {
  switch (name) {
    case 'sqlite':
      return startSqlite();
    case 'mariadb':
      return startMariadb();
    case 'galera':
      return onCluster(await startGalera(), true);
    case 'group-replication':
      return onCluster(await startGroupReplication(), canIsolate);
  }
}
