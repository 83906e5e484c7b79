/** Attack 44: a database that answers and takes no writes: read-only, full, or locked. /readyz must not call the service ready. */
import { createConnection } from 'mysql2/promise';
import { request } from '../../testkit/http-client';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { type Service, startService, useService, whenReady } from '../../testkit/service';
import { lockSqlite } from '../../testkit/sqlite-lock';

const statusOf = async ({ port }: Service, path: string) => (await request(`http://127.0.0.1:${port}`, path)).status;

/** The answers of a process that has not found out yet, and of the page for monitors. */
async function states(service: Service): Promise<number[]> {
  const fresh = await startService('sqlite', { sameDatabaseAs: service });
  const found = [await statusOf(fresh, '/readyz'), await statusOf(fresh, '/')];
  await fresh.close();
  return found;
}

describe('SQLite', () => {
  const service = useService('sqlite');

  test('a file that another process has locked is not ready, and ready again afterwards', async () => {
    expect(await states(service())).toEqual([200, 200]);
    const release = await lockSqlite(service());
    expect(await states(service())).toEqual([503, 503]);
    await release();
    expect(await states(service())).toEqual([200, 200]);
  });
});

describeWithMysql('a server', () => {
  let server: MysqlServer;
  beforeAll(async () => {
    server = await startMysqlServer();
  });
  afterAll(() => server.stop());

  test('that has become read-only is not ready, and ready again afterwards', async () => {
    const { host, port, user, password } = server;
    const admin = await createConnection({ host, port, user, password });
    const database = server.createDatabaseName();
    await admin.query(`CREATE DATABASE \`${database}\``);
    // Administrators may write to read-only servers; the service is none.
    await admin.query("CREATE USER 'player'@'%' IDENTIFIED BY 'no-administrator'");
    await admin.query(`GRANT ALL ON \`${database}\`.* TO 'player'@'%'`);
    const player = { MYSQL_USER: 'player', MYSQL_PASSWORD: 'no-administrator' };
    const service = await startService('mysql', { env: { ...server.env(database), ...player } });
    await whenReady(service);
    expect(await states(service)).toEqual([200, 200]);
    await admin.query('SET GLOBAL read_only = 1');
    expect(await states(service)).toEqual([503, 503]);
    await admin.query('SET GLOBAL read_only = 0');
    expect(await states(service)).toEqual([200, 200]);
    await service.close();
    admin.destroy();
  });
});
