/** The plans of what sign-in by code asks the database, with a hundred thousand numbers in its tables. */

import { type Connection, createConnection } from 'mysql2/promise';
import { runMaintenance } from '../../src/rules/jobs/maintenance';
import { type CodeService, loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { until } from '../../testkit/lived';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { newPeople, personOf, type SignIn, succeeded } from '../../testkit/people';
import { whenReady } from '../../testkit/service';
import { explain, problemsOf, takeStatements } from '../data/support/explain';

const ROWS = 100_000;
const DIGITS =
  '(SELECT 0 d UNION SELECT 1 UNION SELECT 2 UNION SELECT 3 UNION SELECT 4 UNION SELECT 5 UNION SELECT 6 UNION SELECT 7 UNION SELECT 8 UNION SELECT 9)';
const NUMBERS = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d AS n
  FROM ${DIGITS} a, ${DIGITS} b, ${DIGITS} c, ${DIGITS} e, ${DIGITS} f) numbers`;

describeWithMysql('the plans of sign-in by code', () => {
  let server: MysqlServer;
  let service: CodeService;
  let connection: Connection;
  beforeAll(async () => {
    server = await startMysqlServer({ options: ['--log-output=TABLE', '--general-log=ON'] });
    const database = server.createDatabaseName();
    const limits = { CODE_SENDS_PER_ADDRESS_HOUR: '50', CODE_SENDS_PER_IP_HOUR: '900', CODE_SENDS_PER_DAY: '9000' };
    const failures = {
      CODE_FAILURES_PER_ADDRESS_HOUR: '90',
      CODE_FAILURES_PER_IP_HOUR: '90',
      CODE_PUMPED_PERCENT: '20',
    };
    service = await startCodeService('mysql', { env: { ...server.env(database), ...limits, ...failures } });
    await whenReady(service);
    const { host, port, user, password } = server;
    connection = await createConnection({ host, port, user, password, database });
    const now = Date.now();
    for (const statement of [
      `INSERT INTO sign_in_codes (tenant, address_key, sent_at) SELECT '', LPAD(n, 43, 'x'), ${now} - n FROM ${NUMBERS}`,
      `INSERT INTO code_limits (id, since, hits) SELECT CONCAT('s:hour::', n), ${now} - n, 1 FROM ${NUMBERS}`,
      `INSERT INTO addresses (tenant, address, user_id) SELECT '', CONCAT('+861', 4000000000 + n), n + 1000 FROM ${NUMBERS}`,
      'ANALYZE TABLE sign_in_codes, code_limits, addresses',
    ]) {
      await connection.query(statement);
    }
    const [[count]] = (await connection.query('SELECT COUNT(*) AS n FROM code_limits')) as unknown as [[{ n: number }]];
    expect(count.n).toBe(ROWS);
  });
  afterAll(async () => {
    await connection.end();
    await service.close();
    await server.stop();
  });

  it('use an index for every statement, anyone who asks', async () => {
    const [person] = await newPeople(service, 1);
    if (!person) throw new Error('one person');
    await takeStatements(connection);
    const phone = '+8613800009001';
    const first = await sessionFor(service, { phone });
    await loginWith(service, { phone, sessionId: first, code: '000000' });
    const signIn = succeeded<SignIn>(
      await loginWith(service, { phone, sessionId: first, code: service.codeFor(phone) }),
    );
    await sendCode(service, { phone });
    const other = '+8613800009002';
    const second = await sessionFor(service, { phone: other });
    await person.must('auth_users/user_update', { phone: other, sessionId: second, code: service.codeFor(other) });
    await person.must('auth_users/user_query', { searchPhone: other });
    await person.must('auth_users/getUserInfoBatch', { userId: `${signIn.userId}|1|2|3` });
    await personOf(service, person, signIn).must('auth_users/user_delete');
    service.clock.advance(3 * 86_400_000);
    await runMaintenance(service.services, { budgetMs: 20_000 });
    const statements = (await takeStatements(connection)).filter(({ name }) =>
      /^(sign_in_codes|code_limits|addresses|users)\./.test(name),
    );
    expect(statements.length).toBeGreaterThan(25);
    const found: string[] = [];
    for (const { name, sql } of statements) {
      found.push(...problemsOf(await explain(connection, sql), sql).map((problem) => `${name}: ${problem}`));
    }
    // The deleted keys are most of the rows left in that table; then MySQL scans it.
    expect(found.filter((problem) => problem !== 'sign_in_codes.delete_old: sign_in_codes: a full scan')).toEqual([]);
    // The part that fits in a run's share of the time, which on a busy machine may be none.
    await until('old limits are deleted', async () => {
      const [[left]] = (await connection.query('SELECT COUNT(*) AS n FROM code_limits')) as unknown as [
        [{ n: number }],
      ];
      if (left.n < ROWS) return true;
      await runMaintenance(service.services, { budgetMs: 20_000 });
      return false;
    });
  });
});
