/** A connection that dies between a commit and its answer: the statement comes again, and must not fail then. */
import { DatabaseError } from '../../src/base/errors';
import { RequestBudget } from '../../src/base/request-budget';
import { createUser } from '../../src/data/accounts/accounts';
import { proveSession } from '../../src/data/accounts/sessions';
import { createSession } from '../../src/data/accounts/sign-ins';
import type { Driver } from '../../src/data/engine/database';
import { openMysql } from '../../src/data/engine/mysql-servers';
import { handlesOf } from '../../src/data/engine/open';
import { openSqliteFile, sqliteDriver } from '../../src/data/engine/sqlite';
import { configOf, onBothDatabases } from '../../testkit/database';

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

onBothDatabases((kind, database) => {
  test('a sign-in whose session was stored unheard is a sign-in', async () => {
    const db = database().request();
    const texts = { tenant: '', username: 'alice', salt: 's'.repeat(32), name: '', avatar: '' };
    const user = await db.transaction((tx) => createUser(tx, { ...texts, now: NOW }));
    const config = configOf(database().env);
    const driver = config.kind === 'mysql' ? await openMysql(config) : sqliteDriver(await openSqliteFile(config.path));
    const losing = losingOneAnswer(driver);
    const budget = new RequestBudget();
    const unlucky = handlesOf({ kind, ready: async () => losing }).forRequest(budget);
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
