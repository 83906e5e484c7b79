/**
 * The syntax of every statement, by MySQL's grammar at 5.7 and 8.0. Statements with a plan are checked when they are
 * explained (support/explain.ts); here is everything that a first start sends, migrations included.
 */
import { createConnection } from 'mysql2/promise';
import { describeWithMysql, startMysqlServer } from '../../testkit/mysql-server';
import { whenReady } from '../../testkit/service';
import { startStage } from '../../testkit/stage';
import { grammarProblems } from './support/grammar';

describe("MySQL's grammar", () => {
  it.each([
    ['INSERT INTO t (a) VALUES (1) ON DUPLICATE KEY UPDATE a = VALUES(a)', 0],
    ['INSERT INTO t (a) VALUES (1) RETURNING a', 2],
    ['WITH a AS (SELECT 1) SELECT * FROM a', 1],
    ['SELECT * FROM t FOR UPDATE SKIP LOCKED', 1],
    ['SELECT ROW_NUMBER() OVER (ORDER BY a) FROM t', 1],
    ['INSERT INTO t (a) VALUES (1) AS new ON DUPLICATE KEY UPDATE a = new.a', 2],
  ])('finds in "%s" this many versions that do not take it: %i', (sql, count) => {
    expect(grammarProblems(sql)).toHaveLength(count);
  });
});

describeWithMysql('a first start', () => {
  it('sends only statements that MySQL 5.7 and 8.0 parse', async () => {
    const server = await startMysqlServer({ options: ['--log-output=TABLE', '--general-log=ON'] });
    const stage = await startStage('mysql', { env: server.env(server.createDatabaseName()) });
    await whenReady(stage);
    const { host, port, user, password } = server;
    const connection = await createConnection({ host, port, user, password });
    const [rows] = await connection.query(
      `SELECT DISTINCT CONVERT(argument USING utf8mb4) AS text FROM mysql.general_log
        WHERE command_type IN ('Query', 'Prepare', 'Execute') AND thread_id <> CONNECTION_ID()`,
    );
    connection.destroy();
    await stage.close();
    await server.stop();
    // The column asked for above. The test's own server makes its account, whose password the log masks as <secret>.
    const texts = (rows as { text: string }[]).map(({ text }) => text).filter((text) => !text.includes('<secret>'));
    expect(texts.filter((text) => /CREATE TABLE/i.test(text)).length).toBeGreaterThan(15);
    expect(texts.flatMap((text) => grammarProblems(text).map((problem) => `${problem} in ${text}`))).toEqual([]);
  });
});
