/** Moves a small database of the older backend into a new one and signs in to the service there. */
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { type Connection, createConnection } from 'mysql2/promise';
import { describeWithMysql, sharedMysql } from '../../testkit/mysql-server';
import { type Service, startService } from '../../testkit/service';

const script = join(__dirname, '../../scripts/migrate-from-legacy.mjs');
const md5 = (text: string) => createHash('md5').update(text).digest('hex');

/** Columns and keys as the older backend makes them. */
const legacyTables = [
  `CREATE TABLE id_generator (id int AUTO_INCREMENT PRIMARY KEY, phone varchar(32) UNIQUE, email varchar(64) UNIQUE,
    uuid varchar(128) UNIQUE, createUtc datetime NOT NULL DEFAULT CURRENT_TIMESTAMP) AUTO_INCREMENT=1046027 CHARSET=utf8`,
  `CREATE TABLE users (userId varchar(64) PRIMARY KEY, name varchar(128), phone varchar(32) UNIQUE, email varchar(64) UNIQUE,
    avatar varchar(512), tag varchar(32), tag2 varchar(32), createUtc datetime, updateUtc datetime, loginUtc datetime) CHARSET=utf8`,
  `CREATE TABLE user_salts (saltId bigint AUTO_INCREMENT PRIMARY KEY, name varchar(128) UNIQUE, salt varchar(256), ts varchar(32),
    nonce varchar(64), createUtc datetime, updateUtc datetime) CHARSET=utf8`,
  `CREATE TABLE rooms (id bigint AUTO_INCREMENT PRIMARY KEY, roomId varchar(64) NOT NULL UNIQUE, apaasAppId bigint, title varchar(64),
    category varchar(32), appId varchar(32), createBy varchar(64), updateBy varchar(64), ownBy varchar(64), createUtc datetime,
    updateUtc datetime, removeUtc datetime, removed tinyint NOT NULL DEFAULT 0, status varchar(32), subject varchar(64) DEFAULT '',
    description varchar(512) DEFAULT '', cover varchar(512) DEFAULT '', star bigint unsigned DEFAULT 0) CHARSET=utf8`,
];

const legacyRows = [
  `INSERT INTO id_generator (id, phone, uuid) VALUES (1046027, NULL, 'alice'), (1046028, NULL, 'oauth-bob'),
    (1046029, '+8613800000000', NULL), (1046050, NULL, 'somebody-who-left')`,
  `INSERT INTO users (userId, name, phone, avatar, createUtc, updateUtc) VALUES
    ('1046027', '爱丽丝', NULL, 'https://example.com/a.png', '2022-01-02 03:04:05', '2022-02-03 04:05:06'),
    ('1046028', '${'n'.repeat(128)}', NULL, NULL, NULL, NULL),
    ('1046029', '', '+8613800000000', NULL, '2022-01-01 00:00:00', NULL),
    ('not-a-number', 'x', NULL, NULL, NULL, NULL)`,
  `INSERT INTO user_salts (name, salt) VALUES ('alice', '${md5('alice-secret')}'), ('bob', '${md5('bob-secret')}'), ('ghost', 'x')`,
  `INSERT INTO rooms (roomId, title, category, ownBy, createBy, createUtc, status, star) VALUES
    ('1046027', 'Alice 直播', 'liveRoom', '1046027', '1046027', '2022-03-04 05:06:07', 'live', 7),
    ('905449688', 'Second', 'liveRoom', '1046027', '1046027', NULL, NULL, 0),
    ('1046028', 'Taken', 'liveRoom', '1046027', '1046027', NULL, NULL, 0),
    ('777777777', 'Nobody', 'liveRoom', '5', '5', NULL, NULL, 0)`,
];

describeWithMysql('moving from the older backend', () => {
  let service: Service;
  let connection: Connection;
  let env: Record<string, string>;
  let legacy: string;

  beforeAll(async () => {
    const mysql = sharedMysql();
    legacy = mysql.createDatabaseName();
    const { host, port, user, password } = mysql;
    connection = await createConnection({ host, port, user, password, multipleStatements: true });
    await connection.query(`CREATE DATABASE ${legacy}; USE ${legacy}; ${[...legacyTables, ...legacyRows].join(';')}`);
    service = await startService('mysql');
    env = { ...service.env };
    const old = Object.entries(mysql.env(legacy)).map(([key, value]) => [`LEGACY_${key}`, value]);
    Object.assign(env, Object.fromEntries(old));
  });

  afterAll(async () => {
    await service.close();
    await connection.query(`DROP DATABASE ${legacy}`);
    await connection.end();
  });

  const run = (...options: string[]) =>
    spawnSync(process.execPath, [script, ...options], { env: { PATH: process.env['PATH'], ...env }, encoding: 'utf8' });

  const signIn = (username: string, salt: string) =>
    service.call('oauth/signature', { username, signature: md5(`${username}----${salt}`) });

  it('wants the tables of the new database to be there', () => {
    const empty = { ...env, MYSQL_DB: sharedMysql().createDatabaseName() };
    const vars = { env: { PATH: process.env['PATH'], ...empty }, encoding: 'utf8' as const };
    const { status, stderr } = spawnSync(process.execPath, [script], vars);
    expect(stderr).toBe('The new database has no tables yet. Deploy the service and open its URL once.\n');
    expect(status).toBe(1);
  });

  it('prints its plan and writes nothing', async () => {
    expect(await signIn('nobody', 'x')).toMatchObject({ errorCode: 98 });
    const { status, stdout, stderr } = run();
    expect(stdout).toContain('users: 3 of 4 (2 of 3 salts)\nrooms: 2 of 4, all closed\nnext userId: 1046051\n');
    expect(stderr).toContain('not moved: a userId cannot be kept: not-a-number');
    expect(stderr).toContain("not moved: room 1046028 has another user's id as its id");
    expect(stderr).not.toContain('ghost');
    expect(status).toBe(0);
    expect(await signIn('alice', md5('alice-secret'))).toMatchObject({ errorCode: 98 });
  });

  it('moves users with their ids and passwords, and gives no old id to a new user', async () => {
    expect(run('--write').stdout).toContain('Done.');
    const alice = await signIn('alice', md5('alice-secret'));
    expect(alice).toMatchObject({ errorCode: 0, data: { userId: '1046027' } });
    expect(await signIn('alice', md5('wrong'))).toMatchObject({ errorCode: 98 });
    expect(await signIn('bob', md5('bob-secret'))).toMatchObject({ errorCode: 0, data: { userId: '1046028' } });
    const { userId, token } = alice.data as { userId: string; token: string };
    const profile = await service.call('auth_users/user_query', { userId, token });
    expect(profile).toMatchObject({ data: { name: '爱丽丝', avatar: 'https://example.com/a.png' } });
    await service.call('oauth/register', { username: 'carol', salt: md5('carol') });
    expect(await signIn('carol', md5('carol'))).toMatchObject({ data: { userId: '1046051' } });
  });

  it('does not let a stranger register the name of a user who had no password', async () => {
    await service.call('oauth/register', { username: '+8613800000000', salt: md5('stranger') });
    expect(await signIn('+8613800000000', md5('stranger'))).not.toMatchObject({ data: { userId: '1046029' } });
  });

  it('moves rooms as closed rooms that their owner can open again', async () => {
    const { data } = await signIn('alice', md5('alice-secret'));
    const { userId, token } = data as { userId: string; token: string };
    const appId = String(env['TRTC_TIM_APPID']);
    expect(await service.call('rooms/query_room', { userId, token, appId })).toMatchObject({ errorCode: 0, data: [] });
    const room = { userId, token, appId, roomId: '905449688', role: 'anchor', category: 'liveRoom' };
    expect(await service.call('rooms/enter_room', room)).toMatchObject({ errorCode: 0 });
    const list = await service.call('rooms/query_room', { userId, token, appId });
    expect(list.data).toMatchObject([{ roomId: '905449688', ownBy: '1046027' }]);
  });

  it('refuses to move into a database that is in use', () => {
    const { status, stderr } = run('--write');
    expect(stderr).toMatch(/^The new database has \d+ users already/);
    expect(status).toBe(1);
  });
});
