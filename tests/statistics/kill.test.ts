/** A process that is killed in the middle of a sample, between its read and its write: nothing is lost or counted twice. */
import { createConnection } from 'mysql2/promise';
import { columns, sql } from '../../src/data/engine/sql';
import { openSqliteFile } from '../../src/data/engine/sqlite';
import { STEPS } from '../../src/data/statistics/samples';
import { takeSample } from '../../src/rules/statistics/sampler';
import { configOf } from '../../testkit/database';
import { until } from '../../testkit/lived';
import { newPeople } from '../../testkit/people';
import { onBothDatabases, type Service, startService } from '../../testkit/service';
import { type ServiceProcess, startProcess } from '../../testkit/service-process';
import { look } from '../../testkit/statements';

const SAMPLE = columns('samples', 's', ['at', 'sign_ups', 'sign_ins']);
/** A process takes its first sample within a second and a quarter (rules/jobs/timer.ts); reading takes a moment. */
const AT_IT_MS = 3_000;

interface Hold {
  /** Whether a user is known to wait for it. */
  waitedFor(): Promise<boolean>;
  release(): Promise<void>;
}

/** Lets samples be read and not written from now on. */
async function holdSamples({ env }: Service): Promise<Hold> {
  const config = configOf({ ...env });
  if (config.kind === 'sqlite') {
    const file = await openSqliteFile(config.path);
    file.exec('BEGIN IMMEDIATE');
    let since: number | undefined;
    return {
      // SQLite does not report which connection waits.
      waitedFor: async () => {
        since ??= performance.now();
        return performance.now() - since > AT_IT_MS;
      },
      release: async () => {
        file.exec('ROLLBACK');
        file.close();
      },
    };
  }
  const { servers, user, password, database } = config;
  const connection = await createConnection({ ...servers[0], user, password, database });
  await connection.query('START TRANSACTION');
  await connection.query('SELECT * FROM samples FOR UPDATE');
  return {
    waitedFor: async () => {
      const [rows] = await connection.query(
        "SELECT 1 FROM information_schema.processlist WHERE db = DATABASE() AND info LIKE '/* samples.add */%'",
      );
      return Array.isArray(rows) && rows.length > 0;
    },
    release: async () => {
      await connection.query('ROLLBACK');
      await connection.end();
    },
  };
}

onBothDatabases((kind) => {
  let service: Service;
  const running: ServiceProcess[] = [];
  beforeAll(async () => {
    service = await startService(kind, { env: { SIGN_UPS_PER_MINUTE: '0' } });
  });
  afterAll(async () => {
    for (const process of running) await process.kill();
    await service.close();
  });

  const start = async () => {
    const process = await startProcess({ ...service.env });
    running.push(process);
    return process;
  };
  const samples = () =>
    look(service.services.database.forRequest(), SAMPLE, sql`SELECT ${SAMPLE} FROM samples s ORDER BY s.at`);
  const sampleAt = (at: number) => takeSample({ ...service.services, clock: () => at }, '');

  test('SIGKILL before the row is written: the next process takes the sample, and every user is counted once', async () => {
    await sampleAt(Date.now() - STEPS.minute);
    await newPeople(service, 3);
    const hold = await holdSamples(service);
    const first = await start();
    await until('the sample is about to be written', () => hold.waitedFor());
    await first.kill();
    expect(await samples()).toHaveLength(1);
    // The server may still run the statement of the dead process: then the minute is taken, and complete.
    await hold.release();
    await start();
    await until('the minute has its sample', async () => (await samples()).length >= 2);
    await newPeople(service, 2);
    const next = Date.now() + STEPS.minute;
    // A minute other than the process's own.
    expect(await sampleAt(next - (next % STEPS.minute) + STEPS.minute)).toBe(true);
    const rows = await samples();
    const sum = (of: 'sign_ups' | 'sign_ins') => rows.reduce((total, row) => total + row[of], 0);
    expect([sum('sign_ups'), sum('sign_ins')]).toEqual([5, 5]);
    expect(new Set(rows.map(({ at }) => at)).size).toBe(rows.length);
  });
});
