/**
 * docs/self-host.md, "Upgrade, and the way back": tables of 1.0.0 with data are backed up, upgraded under the account with
 * the least rights, used by everything the collection asks, and come back from the backup exactly as they were.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Kysely, Migrator, MysqlDialect, sql } from 'kysely';
import { createPool } from 'mysql2';
import { createConnection } from 'mysql2/promise';
import { initialTables } from '../../src/data/migrations/0001-initial-tables';
import { describeWithMysql, type MysqlAccess, sharedMysql } from '../../testkit/mysql-server';
import { signUp, startProcess } from '../../testkit/service-process';
import { runNewman } from '../docs/newman';
import { repository } from './nginx';

const name = `roll_back_${process.pid}`;
const password = 'replace-this-password';

/** The tables of 1.0.0, made with the rights of the account, and a user in them. */
async function makeOld({ host, port }: MysqlAccess): Promise<void> {
  const pool = createPool({ host, port, user: name, password, database: name });
  const db = new Kysely<unknown>({ dialect: new MysqlDialect({ pool }) });
  const provider = { getMigrations: async () => ({ '0001_initial_tables': initialTables('mysql') }) };
  const { error } = await new Migrator({ db, provider }).migrateToLatest();
  if (error) throw error;
  const columns = 'id, tenant, room_id, owner_id, updated_by, live_no, created_at, status, title';
  await sql.raw(`INSERT INTO rooms (${columns}) VALUES (1, '', 'room-1', 7, 7, 2, 1000, 0, 'of 1.0.0')`).execute(db);
  await db.destroy();
}

describeWithMysql('the way back', () => {
  let mysql: MysqlAccess;
  const asRoot = async (statements: string) => {
    const { host, port, user, password: secret } = mysql;
    const connection = await createConnection({ host, port, user, password: secret, multipleStatements: true });
    await connection.query(statements);
    await connection.end();
  };
  const start = () =>
    startProcess({
      TRTC_TIM_APPID: '1400000001',
      TRTC_TIM_SECRET: 'a'.repeat(64),
      TIM_ENDPOINT: 'off',
      TRTC_ENDPOINT: 'off',
      SIGN_UPS_PER_MINUTE: '0',
      MYSQL_HOST: mysql.host,
      MYSQL_PORT: String(mysql.port),
      MYSQL_USER: name,
      MYSQL_PASSWORD: password,
      MYSQL_DB: name,
    });
  const client = (program: string, args: readonly string[], input?: string) => {
    const { host, port, user, password: secret } = mysql;
    const access = ['-h', host, '-P', String(port), '-u', user];
    const env = { ...process.env, MYSQL_PWD: secret };
    const done = spawnSync(program, [...access, ...args], { env, encoding: 'utf8', input, maxBuffer: 1e8 });
    expect([done.status, done.stderr]).toEqual([0, '']);
    return done.stdout;
  };
  // MySQL names the character set of a column once the table was made from text that names its collation.
  const plain = (text: string) => text.replaceAll(' CHARACTER SET utf8mb4 COLLATE', ' COLLATE');
  const dump = () => client('mysqldump', ['--single-transaction', '--routines', '--skip-dump-date', name]);

  beforeAll(async () => {
    mysql = sharedMysql();
    const account = readFileSync(join(repository, 'self-host/mysql-account.sql'), 'utf8');
    await asRoot(account.replaceAll('live_room', name).replaceAll("'localhost'", "'%'"));
  });
  afterAll(() => asRoot(`DROP DATABASE ${name}; DROP USER '${name}'@'%'`));

  test('leads back to the release before, and forward again', async () => {
    await makeOld(mysql);
    const backup = dump();
    expect(backup).toContain('of 1.0.0');
    const upgraded = await start();
    await signUp(upgraded, 'after-the-upgrade');
    const { run } = await runNewman(`http://127.0.0.1:${upgraded.port}`);
    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    await upgraded.kill();
    expect(dump()).not.toBe(backup);
    await asRoot(`DROP DATABASE ${name}; CREATE DATABASE ${name} CHARACTER SET utf8mb4`);
    client('mysql', [name], backup);
    expect(plain(dump())).toBe(plain(backup));
    const again = await start();
    expect(await signUp(again, 'after-the-way-back')).toMatchObject({ userId: '1' });
    await again.kill();
  });
});
