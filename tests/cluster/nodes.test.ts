/** Processes on different nodes of a cluster at the same time: one schema, no conflict that is not tried again, no number twice. */

import { createDatabaseSource, type DatabaseSource } from '../../src/data/engine/open';
import { columns, computed, raw, sql, write } from '../../src/data/engine/sql';
import { MIGRATION_NAMES } from '../../src/data/migrations/migrations';
import { describeWithGalera } from '../../testkit/clusters';
import { configOf, whenMigrated } from '../../testkit/database';
import { type MysqlAccess, sharedMysql } from '../../testkit/mysql-server';
import { newPeople } from '../../testkit/people';
import { startService } from '../../testkit/service';
import { look, rowsInto } from '../../testkit/statements';

const JOB = columns('jobs', '', ['leased_until', 'finished_at']);
const NAMES = computed<{ name: string }>({ name: raw('name') });
const NODE = computed<{ port: number }>({ port: raw('@@port') });

describeWithGalera('nodes of a cluster', () => {
  let server: MysqlAccess;
  const open: DatabaseSource[] = [];
  beforeAll(() => {
    server = sharedMysql();
  });
  afterEach(async () => {
    for (const source of open.splice(0)) await source.close();
  });

  /** Every further one begins with another node. */
  function sources(database: string, count: number): DatabaseSource[] {
    const made = Array.from({ length: count }, () => createDatabaseSource(configOf(server.env(database))));
    open.push(...made);
    return made;
  }

  test('a new database is made once, though processes on all nodes begin to at the same moment', async () => {
    const all = sources(server.createDatabaseName(), 12);
    await Promise.all(all.map(whenMigrated));
    const ports = new Set<number | undefined>();
    for (const source of all) {
      const db = source.forRequest();
      ports.add((await look(db, NODE, sql`SELECT ${NODE}`))[0]?.port);
      const made = await look(db, NAMES, sql`SELECT ${NAMES} FROM kysely_migration ORDER BY name`);
      expect(made.map(({ name }) => name)).toEqual(MIGRATION_NAMES);
    }
    expect(ports.size).toBe(3);
  });

  test('a conflict that another node caused begins the transaction again, and nothing of either is lost', async () => {
    const [here, there] = sources(server.createDatabaseName(), 2) as [DatabaseSource, DatabaseSource];
    await Promise.all([here, there].map(whenMigrated));
    await here.forRequest().execute(write('test.job', 'never', rowsInto('jobs', { name: 'x' })));
    const add = (column: 'leased_until' | 'finished_at') =>
      write('test.add', 'never', sql`UPDATE jobs SET ${raw(column)} = ${raw(column)} + 1 WHERE name = 'x'`);
    let attempts = 0;
    await here.forRequest().transaction(async (tx) => {
      attempts += 1;
      await tx.execute(add('leased_until'));
      // Committed there while this one is open: COMMIT reports it at the latest.
      if (attempts === 1) await there.forRequest().execute(add('finished_at'));
    });
    expect(attempts).toBe(2);
    for (const source of [here, there]) {
      expect(await look(source.forRequest(), JOB, sql`SELECT ${JOB} FROM jobs WHERE name = 'x'`)).toEqual([
        { leased_until: 1, finished_at: 1 },
      ]);
    }
  });

  test('the next statement on another node sees an acknowledged write', async () => {
    const [here, there] = sources(server.createDatabaseName(), 2) as [DatabaseSource, DatabaseSource];
    await Promise.all([here, there].map(whenMigrated));
    for (let round = 0; round < 50; round += 1) {
      const name = `round-${round}`;
      await here.forRequest().execute(write('test.job', 'never', rowsInto('jobs', { name })));
      expect(await look(there.forRequest(), JOB, sql`SELECT ${JOB} FROM jobs WHERE name = ${name}`)).toHaveLength(1);
    }
  });

  test('60 who sign up on three nodes concurrently have 60 numbers', async () => {
    const first = await startService('mysql');
    const others = [await startService('mysql', { sameDatabaseAs: first })];
    others.push(await startService('mysql', { sameDatabaseAs: others[0] ?? first }));
    const services = [first, ...others];
    try {
      const people = (await Promise.all(services.map((service) => newPeople(service, 20)))).flat();
      expect(new Set(people.map(({ userId }) => userId)).size).toBe(60);
    } finally {
      for (const service of services) await service.close();
    }
  });
});
