/**
 * Three service processes on three nodes of a cluster, and a node that is killed, frozen, cut off: nothing acknowledged is lost,
 * nothing is counted twice, and the outage is over on its own.
 */

import { columns, sql } from '../../src/data/engine/sql';
import { describeWithCluster } from '../../testkit/clusters';
import type { Cluster, Node } from '../../testkit/galera';
import { sleep } from '../../testkit/gate';
import { until } from '../../testkit/lived';
import { goLive, newPerson, type Person, type Room, signInAgain, succeeded } from '../../testkit/people';
import { type Service, startService, whenReady } from '../../testkit/service';
import { look } from '../../testkit/statements';
import { keepUsing, type Outcome } from './support';

const MEMBER = columns('members', 'm', ['user_id']);

describeWithCluster(
  'a cluster of which a node is lost',
  ({ start: startCluster, refusal, outageMs, recoversAlone, canIsolate }) => {
    let cluster: Cluster;
    let services: [Service, Service, Service];
    let people: Person[];
    let roomId: string;
    let anchor: Person;
    /** Every user in the room so far. */
    const there = new Set<string>();

    beforeAll(async () => {
      cluster = await startCluster();
      const database = cluster.nodes[0].createDatabaseName();
      const start = (order: readonly number[]) =>
        startService('mysql', { env: { ...cluster.env(database, order), MYSQL_POOL_SIZE: '4' } });
      services = [await start([0, 1, 2]), await start([1, 2, 0]), await start([2, 0, 1])];
      await Promise.all(services.map((service) => whenReady(service)));
      people = await Promise.all(services.map((service) => newPerson(service)));
      anchor = await newPerson(services[0]);
      roomId = await goLive(anchor);
      there.add(anchor.userId);
    });

    afterAll(async () => {
      for (const service of services) await service.close();
      await cluster.stop();
    });

    const node = (index: number): Node => cluster.nodes[index] as Node;
    const work = () => services.map((service, index) => keepUsing(service, people[index] as Person, roomId));

    async function membersOn(service: Service): Promise<string[]> {
      const found = await look(
        service.services.database.forRequest(),
        MEMBER,
        sql`SELECT ${MEMBER} FROM members m
        JOIN rooms r ON r.id = m.room_pk AND r.broadcast_no = m.broadcast_no WHERE r.room_id = ${roomId}`,
      );
      return found.map((member) => String(member.user_id));
    }

    /** Acknowledged changes are visible on every node. */
    async function verify(outcomes: readonly Outcome[]): Promise<void> {
      for (const { entered, wrong } of outcomes) {
        expect(wrong).toEqual([]);
        for (const id of entered) there.add(id);
      }
      for (const service of services) {
        let members = await membersOn(service);
        // Those whose entering was not answered may be in the room too, or have joined it and not be counted as present: their
        // presence is a separate statement. The count of a large room is up to 5 s old. A node that the others have left
        // may be read from until it refuses a write: what it has is older.
        await until('the members are counted', async () => {
          members = await membersOn(service);
          const { nnUsers, totalJoined } = succeeded<Room>(
            await service.call('rooms/room_detail', { ...who(), roomId }),
          );
          return nnUsers >= there.size && nnUsers <= members.length && totalJoined === members.length;
        });
        expect(members).toEqual(expect.arrayContaining([...there]));
      }
      const registered = outcomes.flatMap((outcome) => outcome.registered);
      expect(new Set(registered.map(({ userId }) => userId)).size).toBe(registered.length);
      for (const [index, account] of registered.entries()) {
        const again = await signInAgain(services[index % 3] as Service, account);
        expect(again.userId).toBe(account.userId);
      }
    }

    const who = () => ({ userId: anchor.userId, token: anchor.token });

    function report(what: string, outcomes: readonly Outcome[]): void {
      const results = outcomes.map(({ heartbeats, entered, registered, failed, longestOutageMs }) =>
        [heartbeats, entered.length, registered.length, failed, Math.round(longestOutageMs)].join('/'),
      );
      process.stdout.write(
        `${what}: heartbeats/entered/registered/103/longest outage in ms by service: ${results.join(', ')}\n`,
      );
    }

    async function outage(what: string, happens: () => Promise<void>): Promise<void> {
      const stops = work();
      await sleep(1_000);
      await happens();
      await sleep(9_000);
      const outcomes = await Promise.all(stops.map((stop) => stop()));
      report(what, outcomes);
      for (const { longestOutageMs } of outcomes) expect(longestOutageMs).toBeLessThan(outageMs);
      await verify(outcomes);
    }

    // If one node takes writes, that node is lost.
    test('a node is killed under load, and comes back under load', async () => {
      const lost = node(await cluster.writer(0));
      await outage('killed', () => lost.kill());
      await outage('rejoined', () => lost.rejoin());
      await cluster.whole();
    });

    test('a node freezes under load, and thaws', async () => {
      const lost = node(await cluster.writer(1));
      await outage('frozen', () => lost.freeze());
      const thaw = async () => lost.thaw();
      await outage('thawed', thaw);
      await cluster.whole();
    });

    const testIsolation = canIsolate ? test : test.skip;
    testIsolation(
      `a node that is cut off from the others answers ${refusal}, and its process goes to the majority`,
      async () => {
        const lost = node(await cluster.writer(2));
        await outage('cut off', () => lost.isolate(true));
        await expect(lost.ask('CREATE DATABASE not_here')).rejects.toMatchObject({ errno: refusal });
        await lost.isolate(false);
        await cluster.whole();
      },
    );

    // Group Replication waits for an operator then, who says which node begins the group again.
    const testMajority = recoversAlone ? test : test.skip;
    testMajority('without a majority nothing is acknowledged, and the outage ends without help', async () => {
      await Promise.all(cluster.nodes.map((each) => each.isolate(true)));
      const codes = async () =>
        (await Promise.all(services.map((service) => service.call('rooms/generate_roomid', who())))).map(
          ({ errorCode }) => errorCode,
        );
      await sleep(7_000);
      expect(await codes()).toEqual([103, 103, 103]);
      await Promise.all(cluster.nodes.map((each) => each.isolate(false)));
      await cluster.whole();
      expect(await codes()).toEqual([0, 0, 0]);
    });
  },
);
