/** The MySQL test server itself: that it is real, private, survives a crash, and never outlives its test process. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import {
  describeWithMysql,
  type MysqlAccess,
  type MysqlServer,
  sharedMysql,
  startMysqlServer,
} from '../../../testkit/mysql-server';

async function query(server: MysqlAccess, sql: string, database?: string): Promise<unknown> {
  const { host, port, user, password } = server;
  const connection = await createConnection({
    host,
    port,
    user,
    password,
    connectTimeout: 1000,
    ...(database && { database }),
  });
  try {
    const [rows] = await connection.query(sql);
    return rows;
  } finally {
    connection.destroy();
  }
}

describeWithMysql('the shared MySQL server', () => {
  test('answers queries and speaks utf8mb4', async () => {
    expect(await query(sharedMysql(), "SELECT '😀' AS face, @@character_set_server AS name")).toEqual([
      { face: '😀', name: 'utf8mb4' },
    ]);
  });

  test('gives every caller a separate database name, and the variables of the service', () => {
    const first = sharedMysql().createDatabaseName();
    expect(sharedMysql().createDatabaseName()).not.toBe(first);
    expect(sharedMysql().env(first)).toMatchObject({ MYSQL_HOST: '127.0.0.1', MYSQL_DB: first });
  });

  test('refuses a wrong password', async () => {
    await expect(query({ ...sharedMysql(), password: 'wrong' }, 'SELECT 1')).rejects.toMatchObject({
      code: 'ER_ACCESS_DENIED_ERROR',
    });
  });
});

describeWithMysql('a MySQL server of one test', () => {
  let server: MysqlServer;

  beforeAll(async () => {
    server = await startMysqlServer({ durable: true });
  });

  afterAll(async () => {
    await server.stop();
  });

  test('writes every commit to disk when asked to be durable', async () => {
    expect(await query(server, 'SELECT @@innodb_flush_log_at_trx_commit AS flush')).toEqual([{ flush: 1 }]);
    expect(await query(sharedMysql(), 'SELECT @@innodb_flush_log_at_trx_commit AS flush')).toEqual([{ flush: 0 }]);
  });

  test('does not answer while frozen, and continues after the thaw', async () => {
    await server.freeze();
    await expect(query(server, 'SELECT 1')).rejects.toMatchObject({ code: 'ETIMEDOUT' });
    server.thaw();
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });

  test('keeps its rows through a kill and a restart on the same port', async () => {
    const database = server.createDatabaseName();
    await query(server, `CREATE DATABASE ${database}`);
    await query(server, 'CREATE TABLE kept (n INT)', database);
    await query(server, 'INSERT INTO kept VALUES (7)', database);
    await server.kill();
    await expect(query(server, 'SELECT 1')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
    await server.restart();
    expect(await query(server, 'SELECT n FROM kept', database)).toEqual([{ n: 7 }]);
  });

  test('restarts while running', async () => {
    await server.restart();
    expect(await query(server, 'SELECT 1 AS one')).toEqual([{ one: 1 }]);
  });
});

/** Starts a server in another Node process, which prints the pid and the directory and waits. */
const otherProcess = `
  const { build } = require('esbuild');
  const contents = "export * from './testkit/mysql-process'; export * from './testkit/mysql-programs'";
  const stdin = { contents, resolveDir: process.cwd() };
  build({ stdin, bundle: true, platform: 'node', write: false }).then((out) => {
    const module = { exports: {} };
    new Function('module', 'require', out.outputFiles[0].text)(module, require);
    const { findPrograms, prepareDirectory, launch } = module.exports;
    const programs = findPrograms('mariadb') ?? findPrograms('mysql');
    const directory = prepareDirectory(programs);
    const { pid } = launch(programs, { directory, port: 0, durable: false, options: [] });
    console.log(JSON.stringify({ pid, directory }));
    setInterval(() => {}, 1000);
  });
`;

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
}

describeWithMysql('the guard of a MySQL server', () => {
  test.each(['SIGKILL', 'SIGTERM'] as const)(
    'ends the server and removes its data after %s to the test',
    async (signal) => {
      const owner = spawn(process.execPath, ['-e', otherProcess], { stdio: ['ignore', 'pipe', 'inherit'] });
      const [line] = await once(owner.stdout, 'data');
      const { pid, directory } = JSON.parse(String(line)) as { pid: number; directory: string };
      expect(isAlive(pid)).toBe(true);
      owner.kill(signal);
      const deadline = Date.now() + 60_000;
      while ((isAlive(pid) || existsSync(directory)) && Date.now() < deadline) await sleep(50);
      expect({ alive: isAlive(pid), files: existsSync(directory) }).toEqual({ alive: false, files: false });
    },
  );
});

/** Starts and stops a server with nothing else to keep the process alive, then says so. */
const stoppingProcess = `
  const { build } = require('esbuild');
  const options = { bundle: true, platform: 'node', packages: 'external', write: false };
  build({ entryPoints: ['testkit/mysql-server.ts'], ...options }).then(async (out) => {
    const module = { exports: {} };
    new Function('module', 'require', out.outputFiles[0].text)(module, require);
    const server = await module.exports.startMysqlServer();
    await server.restart();
    await server.stop();
    console.log('stopped');
    process.exitCode = 3;
  });
`;

describeWithMysql('stopping a MySQL server', () => {
  // jest would otherwise end with exit code 0 in the middle of its tear-down, also after failed tests.
  test('keeps the process alive until it is done', async () => {
    const owner = spawn(process.execPath, ['-e', stoppingProcess], { stdio: ['ignore', 'pipe', 'inherit'] });
    let printed = '';
    owner.stdout.on('data', (part) => {
      printed += String(part);
    });
    const [code] = await once(owner, 'close');
    expect([printed.trim(), code]).toEqual(['stopped', 3]);
  });
});
