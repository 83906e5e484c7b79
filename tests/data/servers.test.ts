/** Several servers in MYSQL_HOST: the first that accepts writes is used, and another one as soon as it does not anymore. */
import { type Connection, createConnection } from 'mysql2/promise';
import { createDatabaseSource, type DatabaseSource } from '../../src/data/engine/open';
import { computed, raw, read, sql, write } from '../../src/data/engine/sql';
import { configOf, openMigrated, type TestDatabase, whenMigrated } from '../../testkit/database';
import { lived } from '../../testkit/lived';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { rowsInto } from '../../testkit/statements';

const ID = computed<{ id: number }>({ id: raw('CONNECTION_ID()') });
const PORT = computed<{ port: number }>({ port: raw('@@port') });
const insertJob = (name: string) => write('test.insert_job', 'never', rowsInto('jobs', { name }));

const PLAYER = { user: 'player', password: 'no-administrator' };

describeWithMysql('two servers', () => {
  let servers: [MysqlServer, MysqlServer];
  let admins: [Connection, Connection];
  let database: string;
  const open: DatabaseSource[] = [];

  const administrator = ({ host, port, user, password }: MysqlServer) =>
    createConnection({ host, port, user, password });

  beforeAll(async () => {
    servers = [await startMysqlServer(), await startMysqlServer()];
    admins = [await administrator(servers[0]), await administrator(servers[1])];
    database = servers[0].createDatabaseName();
    for (const [index, server] of servers.entries()) {
      const source = createDatabaseSource(configOf(server.env(database)));
      await whenMigrated(source);
      await source.close();
      // Administrators may write to read-only servers; the service is none.
      await admins[index]?.query(`CREATE USER '${PLAYER.user}'@'%' IDENTIFIED BY '${PLAYER.password}'`);
      await admins[index]?.query(`GRANT ALL ON \`${database}\`.* TO '${PLAYER.user}'@'%'`);
    }
  });

  afterEach(async () => {
    for (const source of open.splice(0)) await source.close();
    for (const admin of admins) await admin.query('SET GLOBAL read_only = 0');
  });

  afterAll(async () => {
    for (const admin of admins) admin.destroy();
    for (const server of servers) await server.stop();
  });

  function source(hosts: readonly MysqlServer[], more: Record<string, string> = {}): DatabaseSource {
    const MYSQL_HOST = hosts.map(({ host, port }) => `${host}:${port}`).join(',');
    const player = { MYSQL_USER: PLAYER.user, MYSQL_PASSWORD: PLAYER.password };
    const made = createDatabaseSource(configOf({ ...servers[0].env(database), MYSQL_HOST, ...player, ...more }));
    open.push(made);
    return made;
  }

  let jobs = 0;
  /** Writes, and says on which server it is. */
  async function writeTo(to: DatabaseSource): Promise<number> {
    jobs += 1;
    const name = `job-${process.pid}-${jobs}`;
    await to.forRequest().execute(insertJob(name));
    const found = await Promise.all(
      admins.map(async (admin) => {
        const [rows] = await admin.query(`SELECT 1 FROM \`${database}\`.jobs WHERE name = '${name}'`);
        return (rows as unknown[]).length;
      }),
    );
    expect(found.reduce((sum, count) => sum + count)).toBe(1);
    return found.indexOf(1);
  }

  const isReadOnly = (index: 0 | 1, value: 0 | 1) => admins[index].query(`SET GLOBAL read_only = ${value}`);

  test('the first is used', async () => {
    expect(await writeTo(source(servers))).toBe(0);
    expect(await writeTo(source([servers[1], servers[0]]))).toBe(1);
  });

  test('a read-only server and a missing one are skipped', async () => {
    await isReadOnly(0, 1);
    expect(await writeTo(source(servers))).toBe(1);
    const absent = { ...servers[0], port: 1 };
    expect(await writeTo(source([absent, servers[1]]))).toBe(1);
  });

  test('a server that becomes read-only is left, within the request, and not used again', async () => {
    const both = source(servers);
    expect(await writeTo(both)).toBe(0);
    await isReadOnly(0, 1);
    expect(await writeTo(both)).toBe(1);
    await isReadOnly(0, 0);
    expect(await writeTo(both)).toBe(1);
    await isReadOnly(1, 1);
    expect(await writeTo(both)).toBe(0);
  });

  test('a transaction that meets a read-only server begins again on the other one', async () => {
    const both = source(servers, { MYSQL_POOL_SIZE: '2' });
    expect(await writeTo(both)).toBe(0);
    const name = `twice-${process.pid}`;
    let attempts = 0;
    await both.forRequest().transaction(async (tx) => {
      attempts += 1;
      if (attempts === 1) await isReadOnly(0, 1);
      await tx.execute(insertJob(name));
    });
    expect(attempts).toBeGreaterThan(1);
    const [rows] = await admins[1].query(`SELECT 1 FROM \`${database}\`.jobs WHERE name = '${name}'`);
    expect(rows).toHaveLength(1);
  });

  test('of a single address that becomes another server, the connection is thrown away and the request waits', async () => {
    const one = source([servers[0]], { MYSQL_POOL_SIZE: '1' });
    const connectionId = async () => {
      const [row] = await one.forRequest().query(read('test.connection', ID, sql`SELECT ${ID}`));
      return row?.id;
    };
    const before = await connectionId();
    await isReadOnly(0, 1);
    const writing = writeTo(one);
    await new Promise((resolve) => setTimeout(resolve, 600));
    await isReadOnly(0, 0);
    expect(await writing).toBe(0);
    expect(await connectionId()).not.toBe(before);
  });

  test('if no server takes writes, a request fails in time', async () => {
    await isReadOnly(0, 1);
    await isReadOnly(1, 1);
    const both = source(servers);
    const { result, ms } = await lived(writeTo(both).catch((error: unknown) => error));
    expect(result).toMatchObject({ name: 'DatabaseError' });
    expect(ms).toBeLessThan(6_000);
  });

  test('a killed server is left immediately; a frozen one within the request', async () => {
    const both = source(servers);
    const where = async () => {
      const [row] = await both.forRequest().query(read('test.server', PORT, sql`SELECT ${PORT}`));
      return servers.findIndex(({ port }) => port === row?.port);
    };
    expect(await where()).toBe(0);
    await servers[0].kill();
    expect(await where()).toBe(1);
    await servers[0].restart();
    admins[0].destroy();
    admins[0] = await administrator(servers[0]);
    await servers[1].freeze();
    try {
      // A statement that hangs is what shows it; it is repeated on the other server then.
      expect(await where()).toBe(0);
    } finally {
      servers[1].thaw();
    }
    expect(await where()).toBe(0);
  });
});

const RETRIED = [1205, 1213, 3100, 3101, 8002, 8022, 8028, 9007];

describeWithMysql('a commit that the server undoes', () => {
  let database: TestDatabase;
  beforeAll(async () => {
    database = await openMigrated('mysql');
  });
  afterAll(() => database.close());

  test.each(RETRIED)('%i begins the transaction again', async (code) => {
    let attempts = 0;
    await database.request().transaction(async (tx) => {
      attempts += 1;
      const signal = raw(`SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = ${code}, MESSAGE_TEXT = 'try again'`);
      if (attempts < 3) await tx.execute(write('test.signal', 'never', signal));
    });
    expect(attempts).toBe(3);
  });
});
