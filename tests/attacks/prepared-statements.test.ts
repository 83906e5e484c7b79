/** Attack 9: a new prepared statement for every page, until the server has no room for those of other users. */
import { createConnection } from 'mysql2/promise';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { newPeople, newPerson, type Person } from '../../testkit/people';
import { type Service, startService, whenReady } from '../../testkit/service';

const POOL = 4;
const OFFSETS = 1_000;
/** Texts of one connection: those of the calls below, twice, as a reserve. */
const PER_CONNECTION = 60;

describeWithMysql('few statements are prepared for any calls', () => {
  let server: MysqlServer;
  let service: Service;
  let person: Person;

  beforeAll(async () => {
    server = await startMysqlServer();
    const env = { ...server.env(server.createDatabaseName()), MYSQL_POOL_SIZE: String(POOL) };
    service = await startService('mysql', { env });
    await whenReady(service);
    person = await newPerson(service);
  });

  afterAll(async () => {
    await service.close();
    await server.stop();
  });

  /** Prepared statements on the server, of all connections in total. */
  async function prepared(): Promise<number> {
    const { host, port, user, password } = server;
    const admin = await createConnection({ host, port, user, password });
    const [rows] = await admin.query("SHOW GLOBAL STATUS LIKE 'Prepared_stmt_count'");
    await admin.end();
    return Number((rows as { Value: string }[])[0]?.Value);
  }

  /** Many concurrently, so that every connection of the pool takes part. */
  async function ask(endpoint: string, queries: readonly Record<string, unknown>[]): Promise<void> {
    for (let at = 0; at < queries.length; at += 50) {
      const answers = await Promise.all(queries.slice(at, at + 50).map((query) => person.call(endpoint, query)));
      for (const { errorCode } of answers) expect(errorCode).toBe(0);
    }
  }

  const numbers = (count: number) => Array.from({ length: count }, (_, n) => n);

  test('1,000 offsets and all page lengths', async () => {
    await ask(
      'rooms/query_room',
      numbers(OFFSETS).map((n) => ({ offset: n, limit: 1 + (n % 100), ...(n % 2 === 0 && { category: `c${n}` }) })),
    );
    expect(await prepared()).toBeLessThanOrEqual(POOL * PER_CONNECTION);
  });

  test('lists of every length, every filter, every set of texts, and every user concurrently', async () => {
    const lists = numbers(100).map((n) => ({
      roomIds: numbers(n + 1).map(String),
      orderBy: n % 2 ? 'totalJoined' : 'createUtc',
    }));
    await ask('rooms/query_room', lists);
    const roomId = person.userId;
    await person.must('rooms/enter_room', { roomId, role: 'anchor' });
    const fields = ['title', 'cover', 'subject', 'description'];
    const texts = numbers(16).map((set) =>
      Object.fromEntries(fields.filter((_, bit) => set & (1 << bit)).map((f) => [f, 'https://example.com/'])),
    );
    await ask(
      'rooms/update_room',
      texts.map((text) => ({ roomId, ...text })),
    );
    await ask(
      'rooms/list_users',
      numbers(100).map((n) => ({ roomId, limit: n + 1 })),
    );
    const people = await newPeople(service, 40);
    for (let count = 1; count <= people.length; count += 1) {
      await Promise.all(
        people
          .slice(0, count)
          .flatMap((one) => [one.must('auth_users/user_keepalive'), one.must('auth_users/user_query')]),
      );
    }
    expect(await prepared()).toBeLessThanOrEqual(POOL * PER_CONNECTION);
  });
});
