/**
 * A connection that dies between a commit and its answer: the statement comes again, and must not fail then; a transaction
 * is committed once, and gives the result of the run that was.
 */
import { DatabaseError } from '../../src/base/errors';
import { RequestBudget } from '../../src/base/request-budget';
import { createUser } from '../../src/data/accounts/accounts';
import { proveSession } from '../../src/data/accounts/sessions';
import { createSession } from '../../src/data/accounts/sign-ins';
import { deleteOldCommits } from '../../src/data/engine/commits';
import type { Database, Driver, Executor } from '../../src/data/engine/database';
import { openMysql } from '../../src/data/engine/mysql-servers';
import { createDatabaseSource, type DatabaseSource, handleOn } from '../../src/data/engine/open';
import { columns, computed, raw, sql, write } from '../../src/data/engine/sql';
import { openSqliteFile, sqliteDriver } from '../../src/data/engine/sqlite';
import {
  configOf,
  onBothDatabases,
  openMigrated,
  PERSON_HASHES,
  type TestDatabase,
  whenMigrated,
} from '../../testkit/database';
import { describeWithMysql } from '../../testkit/mysql-server';
import { look, meddle } from '../../testkit/statements';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';

const NOW = Date.UTC(2026, 10, 23);

/** Does what `driver` does, and loses the answer of the first INSERT. */
function losingOneAnswer(driver: Driver): Driver {
  let lost = false;
  return {
    ...driver,
    acquire: async (timeoutMs) => {
      const connection = await driver.acquire(timeoutMs);
      return {
        release: () => connection.release(),
        destroy: () => connection.destroy(),
        query: async (statement, ms) => {
          const result = await connection.query(statement, ms);
          if (lost || !/\binsert\b/i.test(statement.text)) return result;
          lost = true;
          throw new DatabaseError('lost', 'TEST');
        },
      };
    },
  };
}

onBothDatabases((_kind, database) => {
  beforeAll(() => whenMigrated(database().source));

  test('a sign-in whose session was stored unheard is a sign-in', async () => {
    const db = database().request();
    const texts = { tenant: '', username: 'alice', salt: 's'.repeat(32), name: '', avatar: '' };
    const user = await db.transaction((tx) => createUser(tx, { ...texts, now: NOW, hashes: PERSON_HASHES }));
    const config = configOf(database().env);
    const driver = config.kind === 'mysql' ? await openMysql(config) : sqliteDriver(await openSqliteFile(config.path));
    const losing = losingOneAnswer(driver);
    const budget = new RequestBudget();
    const unlucky = handleOn(losing, budget);
    const session = await createSession(unlucky, {
      address: '',
      userId: user.id,
      now: NOW,
      expiresAt: NOW + 1_000,
      salt: texts.salt,
    });
    if (!session) throw new Error('no session');
    expect(budget.queries).toBe(2);
    expect(await proveSession(db, session)).toEqual(session);
    await driver.close();
  });
});

/** New connections set READ COMMITTED, which is not meant. */
const COMMIT = /COMMIT$/;

describeWithMysql('a transaction through a network that fails', () => {
  let direct: TestDatabase;
  let proxy: TcpProxy;
  let source: DatabaseSource;
  let runs = 0;

  beforeAll(async () => {
    direct = await openMigrated('mysql');
    const env = direct.env;
    proxy = await startTcpProxy(Number(env['MYSQL_PORT']));
    source = createDatabaseSource(configOf({ ...env, MYSQL_PORT: String(proxy.port) }));
    await meddle(direct.request(), 'CREATE TABLE marks (id BIGINT AUTO_INCREMENT PRIMARY KEY, run BIGINT NOT NULL)');
  });
  beforeEach(async () => {
    runs = 0;
    // So that there is a connection already.
    await source.check();
    await meddle(direct.request(), 'DELETE FROM marks');
  });
  afterAll(async () => {
    await source.close();
    await proxy.stop();
    await direct.close();
  });

  /** Adds a mark that says which run it is of, and gives its id. */
  function mark(db: Database): Promise<{ run: number; id: number }> {
    return db.transaction(async (tx: Executor) => {
      runs += 1;
      const run = runs;
      tx.changed('rooms');
      const { insertId } = await meddle(tx, sql`INSERT INTO marks (run) VALUES (${run})`);
      return { run, id: insertId };
    });
  }

  const MARK = computed<{ run: number; id: number }>({ run: raw('run'), id: raw('id') });
  const marks = () => look(direct.request(), MARK, sql`SELECT ${MARK} FROM marks ORDER BY id`);

  test('the response to COMMIT is lost: the result is that of the run that was committed, and there is no other', async () => {
    const changes: unknown[] = [];
    source.keep({ concernedBy: ['rooms'], forget: (change) => void changes.push(change) });
    proxy.loseAnswersTo(COMMIT, 1);
    const marked = await mark(source.forRequest());
    expect(proxy.lost()).toBe(1);
    expect(runs).toBe(1);
    expect(await marks()).toEqual([marked]);
    // Announced although the repetition sent nothing.
    expect(changes).toContain('rooms');
    // What its connection writes next is in no transaction.
    await meddle(source.forRequest(), 'INSERT INTO marks (run) VALUES (7)');
    expect(await marks()).toMatchObject([marked, { run: 7 }]);
  });

  test('the connections of the first repetitions are lost too: still one mark', async () => {
    const before = proxy.lost();
    // New connections set READ COMMITTED.
    proxy.loseAnswersTo(/COMMIT/, 3);
    const marked = await mark(source.forRequest());
    expect(proxy.lost()).toBe(before + 3);
    expect(runs).toBe(1);
    expect(await marks()).toEqual([marked]);
  });

  test('the connection is lost before the COMMIT: the work runs again, and its result is that of the second run', async () => {
    proxy.loseAnswersTo(/INSERT INTO marks/, 1);
    const marked = await mark(source.forRequest());
    expect([marked.run, runs]).toEqual([2, 2]);
    expect(await marks()).toEqual([marked]);
  });

  test('the COMMIT itself is lost: the repetition waits for the first run to be gone, and does the work', async () => {
    const config = configOf(direct.env);
    if (config.kind !== 'mysql') throw new Error('not MySQL');
    const driver = await openMysql(config);
    let lost = false;
    const losing: Driver = {
      ...driver,
      acquire: async (timeoutMs) => {
        const connection = await driver.acquire(timeoutMs);
        return {
          ...connection,
          query: async (statement, ms) => {
            if (lost || statement.text !== 'COMMIT') return connection.query(statement, ms);
            lost = true;
            throw new DatabaseError('lost', 'TEST');
          },
        };
      },
    };
    const marked = await mark(handleOn(losing));
    expect([marked.run, runs]).toEqual([2, 2]);
    expect(await marks()).toEqual([marked]);
    await driver.close();
  });

  test('a statement whose connection was lost is over before it is sent again, so that a later one stays the last', async () => {
    await meddle(direct.request(), 'INSERT INTO marks (id, run) VALUES (1, 0)');
    // The first connection pauses for a second in total; the second does not.
    const slowly = sql`UPDATE marks JOIN (SELECT IF(GET_LOCK('first', 0), SLEEP(0.5), 0) AS slept) s ON s.slept = 0
      SET run = 1 WHERE id = 1`;
    const first = source.forRequest().execute(write('test.mark', 'safe', slowly));
    await new Promise((resolve) => setTimeout(resolve, 200));
    proxy.set('cut');
    proxy.set('pass');
    await first;
    await meddle(source.forRequest(), 'UPDATE marks SET run = 2 WHERE id = 1');
    await new Promise((resolve) => setTimeout(resolve, 1_200));
    expect(await marks()).toEqual([{ run: 2, id: 1 }]);
  });

  test('rows are deleted an hour later', async () => {
    const db = direct.request();
    await db.transaction((tx) => meddle(tx, 'DELETE FROM marks'));
    const ROW = columns('commits', 'c', ['id']);
    const rows = () => look(db, ROW, sql`SELECT ${ROW} FROM commits c`);
    const [first, ...others] = await rows();
    if (!first) throw new Error('no row');
    await meddle(db, sql`UPDATE commits SET at_second = at_second - 700 WHERE id = ${first.id}`);
    expect(await deleteOldCommits(db, 100)).toBe(1);
    expect(await deleteOldCommits(db, 100)).toBe(0);
    expect(await rows()).toHaveLength(others.length);
  });
});
