/**
 * A cluster of three MariaDB servers that replicate to each other (Galera), on loopback ports: every node takes writes, and a
 * node that is killed or frozen is left behind by the two others. Needs what Debian's galera-4 and rsync bring.
 */
import { randomBytes } from 'node:crypto';
import { existsSync } from 'node:fs';
import { createConnection } from 'mysql2/promise';
import { until } from './lived';
import { freePort, Instance } from './mysql-instance';
import { findProgram, findPrograms } from './mysql-programs';
import { access, type MysqlAccess } from './mysql-server';

const PROVIDERS = ['/usr/lib/galera/libgalera_smm.so', '/usr/lib64/galera-4/libgalera_smm.so'];
const NODES = 3;

export interface Node extends MysqlAccess {
  freeze(): Promise<void>;
  thaw(): void;
  kill(): Promise<void>;
  /** Cuts it off from the other nodes, and only from them; or lets it join them again. */
  isolate(cutOff: boolean): Promise<void>;
  /** Starts again and resolves when it answers. */
  rejoin(): Promise<void>;
  /** Rows of one statement, asked of this node. */
  ask(sql: string): Promise<Record<string, unknown>[]>;
}

export interface Cluster {
  readonly nodes: readonly [Node, Node, Node];
  /** Which node takes writes at this moment; where all do, `wanted`. */
  writer(wanted: number): Promise<number>;
  /** The service's environment: the nodes in this order, by their numbers. */
  env(database: string, order: readonly number[]): Record<string, string>;
  /** Resolves when all that run are one cluster of `size` nodes, each ready. */
  whole(size?: number): Promise<void>;
  stop(): Promise<void>;
}

const programs = findPrograms('mariadb');
const provider = PROVIDERS.find((file) => existsSync(file));

/** What is missing here for a cluster; '' = nothing. */
export function missingForGalera(): string {
  if (programs === undefined) return 'mariadb-server';
  if (provider === undefined) return 'galera-4';
  return findProgram('rsync') === undefined ? 'rsync' : '';
}

interface Ports {
  readonly group: number;
  readonly ist: number;
  readonly sst: number;
}

function optionsOf(index: number, all: readonly Ports[]): string[] {
  const own = all[index] as Ports;
  const address = `127.0.0.1:${own.group}`;
  const settings = [
    `gmcast.listen_addr=tcp://${address}`,
    `ist.recv_addr=127.0.0.1:${own.ist}`,
    // Small, so that a node starts fast; a node that missed more gets a whole copy.
    'gcache.size=32M',
  ];
  return [
    '--wsrep-on=ON',
    `--wsrep-provider=${provider}`,
    `--wsrep-cluster-name=live-room-test`,
    `--wsrep-cluster-address=gcomm://${all.map(({ group }) => `127.0.0.1:${group}`).join(',')}`,
    `--wsrep-node-name=node${index}`,
    `--wsrep-node-address=${address}`,
    `--wsrep-sst-method=rsync`,
    `--wsrep-sst-receive-address=127.0.0.1:${own.sst}`,
    `--wsrep-provider-options=${settings.join(';')}`,
    '--binlog-format=ROW',
    '--innodb-autoinc-lock-mode=2',
  ];
}

function nodeOf(instance: Instance): Node {
  const given = access(instance.coordinates);
  const ask = async (sql: string) => {
    const { host, port, user, password } = given;
    const connection = await createConnection({ host, port, user, password, connectTimeout: 1_000 });
    try {
      const [rows] = await connection.query({ sql, timeout: 10_000 });
      return rows as Record<string, unknown>[];
    } finally {
      connection.destroy();
    }
  };
  return {
    ...given,
    ask,
    isolate: async (cutOff) => {
      await ask(`SET GLOBAL wsrep_provider_options = 'gmcast.isolate=${cutOff ? 1 : 0}'`);
    },
    freeze: () => instance.freeze(),
    thaw: () => instance.thaw(),
    kill: () => instance.kill(),
    rejoin: () => instance.start(),
  };
}

async function state(node: Node): Promise<string> {
  const rows = await node.ask(
    "SHOW GLOBAL STATUS WHERE Variable_name IN ('wsrep_cluster_size', 'wsrep_ready', 'wsrep_cluster_status')",
  );
  return rows
    .map((row) => String(row['Value']))
    .sort()
    .join(' ');
}

/** A port that was free may be somebody's by the time the node wants it; a cluster that does not come up is made anew. */
const STARTS = 3;

/** Starts the cluster; takes some seconds. */
export async function startGalera(): Promise<Cluster> {
  for (let start = 1; ; start += 1) {
    const instances: Instance[] = [];
    try {
      return await startInstances(instances);
    } catch (error) {
      await Promise.all(instances.map((instance) => instance.stop().catch(() => undefined)));
      if (start === STARTS) throw error;
      process.stderr.write(`The cluster did not come up at try ${start}; it is made anew.\n`);
    }
  }
}

/** Puts the instances into `instances` as they are made, so that they can be stopped whatever happens. */
async function startInstances(instances: Instance[]): Promise<Cluster> {
  if (programs === undefined) throw new Error('MariaDB is not installed');
  const known = programs;
  const ports: Ports[] = [];
  for (let index = 0; index < NODES; index += 1) {
    ports.push({ group: await freePort(), ist: await freePort(), sst: await freePort() });
  }
  const password = randomBytes(9).toString('hex');
  for (const index of ports.keys()) {
    instances.push(new Instance(known, { password, makesAccount: index === 0, options: optionsOf(index, ports) }));
  }
  const [first, ...others] = instances as [Instance, ...Instance[]];
  await first.startSomewhere(['--wsrep-new-cluster']);
  // One after the other: each gets its copy from one that is not busy giving one.
  for (const instance of others) await instance.startSomewhere();
  const nodes = instances.map(nodeOf) as unknown as [Node, Node, Node];
  const whole = (size = NODES) =>
    until(`a cluster of ${size}`, async () => {
      const states = await Promise.all(nodes.map((node) => state(node).catch(() => '')));
      return states.filter((text) => text === `${size} ON Primary`).length === size;
    });
  await whole();
  return {
    nodes,
    writer: async (wanted) => wanted,
    whole,
    env: (database, order) => ({
      ...nodes[0].env(database),
      MYSQL_HOST: order.map((index) => `127.0.0.1:${nodes[index]?.port}`).join(','),
    }),
    stop: async () => {
      await Promise.all(instances.map((instance) => instance.stop()));
    },
  };
}
