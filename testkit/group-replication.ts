/**
 * A group of three servers of Oracle's MySQL that replicate to each other (Group Replication, single primary): one takes
 * writes, and when it is lost the two others elect another one. Each has a network of its own where the machine can make
 * one, so that it can be cut off from the others. scripts/fetch-mysql.mjs brings the server.
 */
import { randomBytes, randomUUID } from 'node:crypto';
import { createConnection } from 'mysql2/promise';
import type { Cluster, Node } from './galera';
import { until } from './lived';
import { freePort, Instance } from './mysql-instance';
import { findPrograms, type Programs } from './mysql-programs';
import { access } from './mysql-server';
import { type ClusterNetwork, canMakeNetworks, makeNetwork } from './network';

const NODES = 3;
/**
 * The services' account has no rights of an administrator: a member that has lost the group ends the connections of such
 * accounts (group_replication_exit_state_action = OFFLINE_MODE, the default), where an administrator would read on from it.
 */
const APPLICATION = 'live_room_application';
const programs = findPrograms('mysql');

/** Whether a node can be cut off from the others: that takes Linux, root and iproute2. */
export const canIsolate: boolean = programs !== undefined && canMakeNetworks();

/** What is missing here for a group; '' = nothing. */
export function missingForGroupReplication(): string {
  return programs === undefined ? 'MySQL (node scripts/fetch-mysql.mjs)' : '';
}

interface Place {
  readonly address: string;
  readonly groupPort: number;
}

function optionsOf(index: number, places: readonly Place[], group: string): string[] {
  const own = places[index] as Place;
  const addresses = places.map(({ address, groupPort }) => `${address}:${groupPort}`);
  const settings = {
    'group-name': group,
    'local-address': addresses[index],
    'group-seeds': addresses.join(','),
    'ip-allowlist': '127.0.0.1/8,198.18.0.0/15',
    'start-on-boot': 'OFF',
    'recovery-get-public-key': 'ON',
    // A member that falls silent is taken for lost after the 5 s that the group needs to notice it, and not later.
    'member-expel-timeout': '0',
    // A member without a majority gives up its transactions after so many seconds, where by default it waits for good.
    'unreachable-majority-timeout': '5',
  };
  return [
    `--server-id=${index + 1}`,
    `--report-host=${own.address}`,
    '--bind-address=0.0.0.0',
    '--log-bin=binlog',
    '--gtid-mode=ON',
    '--enforce-gtid-consistency=ON',
    // Its binary log must not have what its tables have lost by a kill: the group would not let it in again.
    '--innodb-flush-log-at-trx-commit=1',
    // Who is a member is told there.
    '--performance-schema=ON',
    '--plugin-load-add=group_replication.so',
    ...Object.entries(settings).map(([name, value]) => `--loose-group-replication-${name}=${value}`),
  ];
}

function inNetwork(known: Programs, prefix: readonly string[]): Programs {
  const [server, ...first] = [...prefix, known.server, ...known.first];
  return server === undefined ? known : { ...known, server, first };
}

class Member {
  readonly node: Node;
  readonly #instance: Instance;

  constructor(instance: Instance, isolate: (cutOff: boolean) => void) {
    this.#instance = instance;
    const given = access(instance.coordinates);
    this.node = {
      ...given,
      ask: (sql) => this.ask(sql),
      isolate: async (cutOff) => isolate(cutOff),
      freeze: () => instance.freeze(),
      thaw: () => instance.thaw(),
      kill: () => instance.kill(),
      rejoin: () => this.rejoin(),
    };
  }

  async ask(sql: string): Promise<Record<string, unknown>[]> {
    const { host, port, user, password } = this.#instance.coordinates;
    const connection = await createConnection({ host, port, user, password, connectTimeout: 1_000 });
    try {
      const [rows] = await connection.query({ sql, timeout: 30_000 });
      return rows as Record<string, unknown>[];
    } finally {
      connection.destroy();
    }
  }

  /** The first one makes the group, the others join it. */
  async join(isFirst: boolean): Promise<void> {
    const { user, password } = this.#instance.coordinates;
    const channel = "FOR CHANNEL 'group_replication_recovery'";
    await this.ask(`CHANGE REPLICATION SOURCE TO SOURCE_USER = '${user}', SOURCE_PASSWORD = '${password}' ${channel}`);
    if (isFirst) await this.ask('SET GLOBAL group_replication_bootstrap_group = ON');
    await this.ask('START GROUP_REPLICATION');
    if (isFirst) await this.ask('SET GLOBAL group_replication_bootstrap_group = OFF');
  }

  async rejoin(): Promise<void> {
    await this.#instance.start();
    await this.ask('START GROUP_REPLICATION');
  }

  /** How it sees itself and how many it sees on line: `ONLINE 3`. */
  async state(): Promise<string> {
    const [row] = await this.ask(`SELECT
      (SELECT member_state FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid) AS own,
      (SELECT COUNT(*) FROM performance_schema.replication_group_members WHERE member_state = 'ONLINE') AS count`);
    return `${String(row?.['own'])} ${String(row?.['count'])}`;
  }

  async isPrimary(): Promise<boolean> {
    const [row] = await this.ask(
      'SELECT member_role AS role FROM performance_schema.replication_group_members WHERE member_id = @@server_uuid',
    );
    return row?.['role'] === 'PRIMARY';
  }

  /** A member that the group has lost tries to come back by itself only every five minutes. */
  async comeBack(): Promise<void> {
    await this.ask('STOP GROUP_REPLICATION');
    await this.ask('START GROUP_REPLICATION');
  }
}

async function isWhole(members: readonly Member[], size: number): Promise<boolean> {
  const states = await Promise.all(members.map((member) => member.state().catch(() => '')));
  if (states.filter((state) => state === `ONLINE ${size}`).length === size) return true;
  const lost = members.filter((_, index) => /^(ERROR|OFFLINE)/.test(states[index] ?? ''));
  for (const member of lost) await member.comeBack().catch(() => undefined);
  return false;
}

interface Started {
  readonly instances: Instance[];
  network?: ClusterNetwork;
}

async function startMembers(started: Started): Promise<Member[]> {
  if (programs === undefined) throw new Error('MySQL is not here: node scripts/fetch-mysql.mjs');
  if (canIsolate) started.network = makeNetwork(NODES);
  const { network, instances } = started;
  const places: Place[] = [];
  for (let index = 0; index < NODES; index += 1) {
    places.push({ address: network?.nodes[index]?.address ?? '127.0.0.1', groupPort: await freePort() });
  }
  const [group, password] = [randomUUID(), randomBytes(9).toString('hex')];
  for (const [index, { address }] of places.entries()) {
    const own = inNetwork(programs, network?.nodes[index]?.prefix ?? []);
    const options = optionsOf(index, places, group);
    instances.push(new Instance(own, { password, options, unlogged: true, host: address }));
  }
  await Promise.all(instances.map((instance) => instance.startSomewhere()));
  const members = instances.map((instance, index) => new Member(instance, (cutOff) => network?.isolate(index, cutOff)));
  // One after the other: a member that joins takes what it lacks from one that is there.
  for (const [index, member] of members.entries()) await member.join(index === 0);
  await members[0]?.ask(`CREATE USER '${APPLICATION}'@'%' IDENTIFIED BY '${password}'`);
  await members[0]?.ask(`GRANT ALL ON \`lr\\_test\\_%\`.* TO '${APPLICATION}'@'%'`);
  return members;
}

async function end({ instances, network }: Started): Promise<void> {
  await Promise.all(instances.map((instance) => instance.stop().catch(() => undefined)));
  network?.remove();
}

/** Starts the group; takes some ten seconds. */
export async function startGroupReplication(): Promise<Cluster> {
  const started: Started = { instances: [] };
  try {
    const members = await startMembers(started);
    const nodes = members.map(({ node }) => node) as unknown as [Node, Node, Node];
    const whole = (size = NODES) => until(`a group of ${size}`, () => isWhole(members, size), 90_000);
    await whole();
    return {
      nodes,
      whole,
      writer: async () => {
        const primaries = await Promise.all(members.map((member) => member.isPrimary().catch(() => false)));
        return primaries.indexOf(true);
      },
      env: (database, order) => ({
        ...nodes[0].env(database),
        MYSQL_USER: APPLICATION,
        MYSQL_HOST: order.map((index) => `${nodes[index]?.host}:${nodes[index]?.port}`).join(','),
      }),
      stop: () => end(started),
    };
  } catch (error) {
    await end(started);
    throw error;
  }
}
