/** Connections that no caller uses are closed, so that a serverless cluster can pause; those in use are kept. */
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import type { Driver } from '../../src/data/engine/database';
import { createDatabase } from '../../src/data/engine/mysql';
import { openMysql } from '../../src/data/engine/mysql-servers';
import { configOf } from '../../testkit/database';
import { until } from '../../testkit/lived';
import { describeWithMysql, sharedMysql } from '../../testkit/mysql-server';

const IDLE_MS = 1_000;
const POOL = 3;

describeWithMysql('connections that no caller uses', () => {
  test('are closed after a while, while a used one stays, and new ones are opened on demand', async () => {
    const server = sharedMysql();
    const config = configOf({ ...server.env(server.createDatabaseName()), MYSQL_POOL_SIZE: String(POOL) });
    if (config.kind !== 'mysql') throw new Error('not a MySQL configuration');
    const [address] = config.servers;
    await createDatabase(config, address);
    const { user, password, database } = config;
    const admin = await createConnection({ ...address, user, password });
    const open = async () => {
      const [rows] = await admin.query('SELECT id FROM information_schema.processlist WHERE db = ?', [database]);
      return (rows as { id: number }[]).map(({ id }) => Number(id));
    };
    const driver: Driver = await openMysql(config, { idleMs: IDLE_MS });
    const askAtOnce = async (times: number) => {
      const connections = await Promise.all(Array.from({ length: times }, () => driver.acquire(1_000)));
      await Promise.all(connections.map((one) => one.query({ text: 'SELECT 1', values: [], reads: true }, 1_000)));
      for (const one of connections) one.release();
    };
    try {
      await askAtOnce(POOL);
      expect(await open()).toHaveLength(POOL);
      const [first] = await open();
      // One is in constant use: the others are closed, and it stays open.
      const onlyOneLeft = async () => {
        await askAtOnce(1);
        return (await open()).length === 1;
      };
      await until('the others are closed', onlyOneLeft);
      const kept = await open();
      for (let asked = 0; asked < IDLE_MS / 20; asked += 1) {
        await askAtOnce(1);
        await sleep(25);
      }
      expect(await open()).toEqual(kept);
      await until('all are closed', async () => (await open()).length === 0);
      expect(first).toBeDefined();
      await askAtOnce(POOL);
      expect(await open()).toHaveLength(POOL);
    } finally {
      await driver.close();
      await admin.end();
    }
  });
});
