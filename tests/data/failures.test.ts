/** The database killed, frozen, resuming and cutting connections: ServiceDBFailed(103) in time, and recovery on its own. */
import { connect, createServer, type Server, type Socket } from 'node:net';
import { createConnection } from 'mysql2/promise';
import { lived, until } from '../../testkit/lived';
import { describeWithMysql, type MysqlServer, startMysqlServer } from '../../testkit/mysql-server';
import { newPerson, type Person, personOf } from '../../testkit/people';
import { type Service, startService, whenReady } from '../../testkit/service';

/** Asks until the answer is 0; gives how long that took (ms). */
async function untilGood(person: Person): Promise<number> {
  const isGood = async () => {
    const { errorCode } = await person.call('auth_users/user_keepalive');
    expect([0, 103]).toContain(errorCode);
    return errorCode === 0;
  };
  return (await lived(until('the service is back', isGood, 20_000))).ms;
}

const ENDPOINTS = [
  'auth_users/user_keepalive',
  'auth_users/user_query',
  'rooms/query_room',
  'rooms/room_detail',
  'rooms/enter_room',
];

describeWithMysql('a MySQL server in trouble', () => {
  let server: MysqlServer;
  let service: Service;
  let person: Person;
  let env: Record<string, string>;

  beforeAll(async () => {
    server = await startMysqlServer({ durable: true });
    env = { ...server.env(server.createDatabaseName()), MYSQL_POOL_SIZE: '4' };
    service = await startService('mysql', { env });
    await whenReady(service);
    person = await newPerson(service);
  });

  afterAll(async () => {
    await service.close();
    await server.stop();
  });

  /** Every kind of call concurrently, through a warm service and through one that has never connected. */
  async function everyCallFails(): Promise<number> {
    const cold = await startService('mysql', { env });
    const both = [person, personOf(cold, person, person.signIn)];
    const calls = both.flatMap((one) =>
      ENDPOINTS.map((endpoint) => lived(one.call(endpoint, { roomId: person.userId, role: 'anchor' }))),
    );
    const health = [service, cold].map((one) => lived(one.ask('http', { path: '/' })));
    const answers = await Promise.all([...calls, ...health]);
    for (const { result } of answers) expect(result).toMatchObject({ errorCode: 103, codeStr: 'ServiceDBFailed' });
    for (const { result } of await Promise.all(calls)) {
      expect(result.errorMessage).not.toMatch(/mysql|127\.0\.0\.1|ECONN|SQL/i);
    }
    // The answer of / names the part and the driver's code for monitors, never an address.
    for (const { result } of await Promise.all(health)) expect(result.errorMessage).not.toContain('127.0.0.1');
    await cold.close();
    return Math.max(...answers.map(({ ms }) => ms));
  }

  test('killed, it is a 103 concurrently; back again, the service is back within two seconds', async () => {
    await server.kill();
    expect(await everyCallFails()).toBeLessThan(6_000);
    const failed = service.lines.map((line) => JSON.parse(line)).filter(({ errorCode }) => errorCode === 103);
    // Each names its statement, or the transaction that could not begin.
    expect(failed.length).toBeGreaterThanOrEqual(ENDPOINTS.length);
    for (const { statement } of failed) expect(statement).toMatch(/^[a-z_]+\.[a-z_]+$/);
    await server.restart();
    expect(await untilGood(person)).toBeLessThan(2_000);
    await person.must('auth_users/user_query');
  });

  test('frozen, no call takes longer than six seconds; thawed, the service is back within two', async () => {
    await person.must('auth_users/user_query');
    await server.freeze();
    let longest = Number.POSITIVE_INFINITY;
    try {
      longest = await everyCallFails();
    } finally {
      server.thaw();
    }
    expect(longest).toBeLessThan(6_000);
    expect(await untilGood(person)).toBeLessThan(2_000);
    // The pool serves the same number concurrently as before.
    const answers = await Promise.all(Array.from({ length: 20 }, () => lived(person.call('auth_users/user_query'))));
    for (const { result, ms } of answers)
      expect({ code: result.errorCode, soon: ms < 2_000 }).toEqual({ code: 0, soon: true });
  });

  test('connections that the server cuts are not noticed', async () => {
    const admin = await createConnection({
      host: server.host,
      port: server.port,
      user: server.user,
      password: server.password,
    });
    try {
      for (let round = 0; round < 5; round += 1) {
        await Promise.all(Array.from({ length: 4 }, () => person.must('auth_users/user_query')));
        const [rows] = await admin.query('SELECT id FROM information_schema.processlist WHERE db = ?', [
          env['MYSQL_DB'],
        ]);
        for (const { id } of rows as { id: number }[]) await admin.query(`KILL ${id}`).catch(() => {});
        const codes = await Promise.all(
          ENDPOINTS.slice(0, 3).map(async (endpoint) => (await person.call(endpoint)).errorCode),
        );
        expect(codes).toEqual([0, 0, 0]);
        await person.must('rooms/enter_room', { roomId: person.userId, role: 'anchor' });
        await person.must('rooms/destroy_room', { roomId: person.userId });
      }
    } finally {
      await admin.end();
    }
  });

  test('a wrong password and a database no caller may make are a 103, not a crash', async () => {
    for (const wrong of [{ MYSQL_PASSWORD: 'wrong' }, { MYSQL_USER: 'nobody' }]) {
      const refused = await startService('mysql', { env: { ...env, ...wrong } });
      const { result, ms } = await lived(personOf(refused, person, person.signIn).call('auth_users/user_query'));
      expect(result.errorCode).toBe(103);
      expect(ms).toBeLessThan(6_000);
      expect(refused.lines.join('')).not.toContain(server.password);
      await refused.close();
    }
  });
});

/** What TDSQL-C answers to a connection while it wakes up (platform fact: error 9449, SQL state 08S01). */
function resumingPacket(): Buffer {
  const text = 'CynosDB serverless instance is resuming, please try connecting again';
  const payload = Buffer.concat([Buffer.from([0xff, 9449 & 0xff, 9449 >> 8]), Buffer.from(`#08S01${text}`)]);
  return Buffer.concat([Buffer.from([payload.length, 0, 0, 0]), payload]);
}

describeWithMysql('a serverless cluster that is waking up', () => {
  let server: MysqlServer;
  let proxy: Server;
  let asleep = true;
  let silent = false;
  let refused = 0;
  /** It wakes up when this many connections have been refused. */
  let wakesAfter = Number.POSITIVE_INFINITY;
  let env: Record<string, string>;
  const sockets = new Set<Socket>();

  beforeAll(async () => {
    server = await startMysqlServer();
    proxy = createServer((socket) => {
      sockets.add(socket);
      socket.on('error', () => {});
      if (asleep) {
        refused += 1;
        if (refused >= wakesAfter) asleep = false;
        socket.end(resumingPacket());
        return;
      }
      const upstream = connect(server.port, server.host);
      upstream.on('error', () => socket.destroy());
      socket.on('close', () => upstream.destroy());
      socket.on('data', (data) => {
        // Nothing of this connection gets through after its first statement: the server has frozen in between.
        if (silent && data.includes('CREATE ')) socket.pause();
        else upstream.write(data);
      });
      upstream.pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const address = proxy.address();
    const port = typeof address === 'object' && address ? address.port : 0;
    env = { ...server.env(server.createDatabaseName()), MYSQL_PORT: String(port) };
  });

  afterAll(async () => {
    for (const socket of sockets) socket.destroy();
    proxy.close();
    await server.stop();
  });

  test('a server that freezes while the database is being made costs no caller more than six seconds', async () => {
    asleep = false;
    silent = true;
    const service = await startService('mysql', { env: { ...env, MYSQL_DB: server.createDatabaseName() } });
    const register = (username: string) => lived(service.call('oauth/register', { username, salt: 'a'.repeat(32) }));
    // Two users: sign-ups of one name take turns.
    for (const { result, ms } of await Promise.all([register('early bird'), register('second bird')])) {
      expect({ code: result.errorCode, inTime: ms < 6_000 }).toEqual({ code: 103, inTime: true });
    }
    silent = false;
    // It has the tables to make now.
    await whenReady(service);
    const { result, ms } = await register('early bird');
    expect({ code: result.errorCode, inTime: ms < 2_000 }).toEqual({ code: 0, inTime: true });
    await service.close();
    asleep = true;
  });

  test('the first request waits for it instead of failing', async () => {
    asleep = false;
    const before = await startService('mysql', { env });
    await whenReady(before);
    await before.close();
    /** Refuses this many connections from now on, those there are included. */
    const sleepFor = (connections: number) => {
      asleep = true;
      for (const socket of sockets) socket.destroy();
      wakesAfter = refused + connections;
    };
    sleepFor(4);
    const service = await startService('mysql', { env });
    const { result, ms } = await lived(
      service.call('oauth/register', { username: 'early bird', salt: 'a'.repeat(32) }),
    );
    expect({ asleep, errorCode: result.errorCode }).toEqual({ asleep: false, errorCode: 0 });
    expect(ms).toBeLessThan(5_000);
    // Asleep again, with connections gone: the same for a service that has been connected before.
    const person = await newPerson(service);
    sleepFor(3);
    expect((await person.call('auth_users/user_query')).errorCode).toBe(0);
    await service.close();
  });
});
