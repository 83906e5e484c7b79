/** Access of operators: keys, scopes, tenants, throttling, and the form of an answer. */
import { adminContract } from '../../src/contract/admin';
import { columns, read, sql } from '../../src/data/engine/sql';
import { ADMIN_KEY, newOperator, operatorOf } from '../../testkit/operator';
import { onBothDatabases, startService, useService } from '../../testkit/service';
import { WAYS } from '../../testkit/ways';

const CALLS = Object.values(adminContract).map(({ path }) => path.slice('admin/'.length));
const OTHER = { apaasAppId: 'shop', sdkAppId: 1_400_000_099, secret: 'another-secret-of-another-app-0123456789' };
const env = { ADMIN_KEY, TENANTS: JSON.stringify([OTHER]) };

onBothDatabases((kind) => {
  const service = useService(kind, { env });
  const admin = () => operatorOf(service());

  test('without ADMIN_KEY and without an operator every call is 404, with any key', async () => {
    const closed = await startService(kind);
    for (const name of [...CALLS, 'nonsense']) {
      const answer = await operatorOf(closed, ADMIN_KEY).call(name);
      expect([name, answer.status, answer.errorCode]).toEqual([name, 404, 98]);
    }
    await closed.close();
  });

  test('an operator in the database opens the API without ADMIN_KEY', async () => {
    const key = (await newOperator(service(), { name: 'without admin key', scope: 'read' })).key;
    const open = await startService(kind, { sameDatabaseAs: service(), env: { ADMIN_KEY: '' } });
    expect((await operatorOf(open, key).call('rooms')).status).toBe(200);
    expect((await operatorOf(open, ADMIN_KEY).call('rooms')).status).toBe(401);
    await open.close();
  });

  test.each(WAYS)('answers the envelope with a real status: %s', async (way) => {
    const good = await admin().call('rooms', {}, { way });
    expect(good).toMatchObject({ status: 200, errorCode: 0, data: { items: expect.any(Array), cursor: '' } });
    const bad = await operatorOf(service(), 'lrk_wrong').call('rooms', {}, { way });
    expect(bad).toMatchObject({ status: 401, errorCode: 98, codeStr: 'SystemVerifyError' });
    const get = await admin().call('rooms', { limit: '2', orderBy: 'newest' }, { way, method: 'GET' });
    expect(get).toMatchObject({ status: 200, errorCode: 0 });
  });

  test('no key, a key of another kind, and one with a slip are 401', async () => {
    const { key } = await newOperator(service(), { name: 'slips', scope: 'read' });
    const slipped = `${key.slice(0, 10)}${key[10] === 'a' ? 'b' : 'a'}${key.slice(11)}`;
    for (const wrong of ['', 'x', 'lrk_', `${ADMIN_KEY}x`, slipped, `${key} `.repeat(40)]) {
      expect((await operatorOf(service(), wrong).call('rooms')).status).toBe(401);
    }
    expect((await operatorOf(service(), key).call('rooms')).status).toBe(200);
  });

  test('a scope allows the calls of lower scopes and none of higher ones', async () => {
    const reader = await newOperator(service(), { name: 'reader', scope: 'read' });
    const moderator = await newOperator(service(), { name: 'moderator', scope: 'moderate' });
    for (const { path, scope } of Object.values(adminContract)) {
      const name = path.slice('admin/'.length);
      expect([name, (await reader.call(name)).status === 403]).toEqual([name, scope !== 'read']);
      expect([name, (await moderator.call(name)).status === 403]).toEqual([
        name,
        scope === 'manage' || scope === 'service',
      ]);
    }
  });

  test('an operator of one tenant sees that one only, and one of all picks', async () => {
    const shop = await newOperator(service(), { name: 'shopkeeper', scope: 'manage', tenant: 'shop' });
    expect((await shop.call('rooms')).status).toBe(200);
    expect((await shop.call('rooms', { tenant: 'shop' })).status).toBe(200);
    expect((await shop.call('rooms', { tenant: 'nowhere' })).status).toBe(403);
    expect((await shop.call('add_operator', { name: 'greedy', scope: 'read', tenant: '*' })).status).toBe(403);
    expect((await admin().call('rooms', { tenant: 'shop' })).status).toBe(200);
    expect((await admin().call('rooms', { tenant: 'nowhere' })).status).toBe(404);
    await shop.must('add_operator', { name: 'clerk', scope: 'read', tenant: 'shop' });
    const seen = await shop.must<{ items: { name: string; tenant: string }[] }>('operators');
    expect(seen.items.map(({ name, tenant }) => [name, tenant])).toEqual([
      ['clerk', 'shop'],
      ['shopkeeper', 'shop'],
    ]);
    expect((await shop.call('remove_operator', { name: 'reader' })).status).toBe(404);
  });

  test('a key is shown once, rotated and revoked, and is in no column and no log line', async () => {
    const { key } = await newOperator(service(), { name: 'keyed', scope: 'read' });
    expect(key).toMatch(/^lrk_[\w-]{38}$/);
    const rotated = await admin().must<{ name: string; key: string }>('rotate_operator', { name: 'keyed' });
    expect((await operatorOf(service(), key).call('rooms')).status).toBe(401);
    expect((await operatorOf(service(), rotated.key).call('rooms')).status).toBe(200);
    await admin().must('remove_operator', { name: 'keyed' });
    expect((await operatorOf(service(), rotated.key).call('rooms')).status).toBe(401);
    const db = service().services.database.forRequest();
    const names = columns('operators', '', ['name', 'key_hash', 'tenant', 'scope']);
    const stored = JSON.stringify(await db.query(read('tests.operators', names, sql`SELECT ${names} FROM operators`)));
    const audit = JSON.stringify(await admin().must('audit', { limit: 200 }));
    expect(audit).toContain('rotate_operator');
    for (const secret of [key, rotated.key, ADMIN_KEY]) {
      for (const place of [stored, audit, service().lines.join('')]) expect(place).not.toContain(secret);
    }
  });

  test('lastUsedUtc is noted, but not at every call', async () => {
    const user = await newOperator(service(), { name: 'used', scope: 'read' });
    await user.must('rooms');
    const lastUsed = async () =>
      (await admin().must<{ items: { name: string; lastUsedUtc: string }[] }>('operators', { limit: 200 })).items.find(
        ({ name }) => name === 'used',
      )?.lastUsedUtc;
    const first = await lastUsed();
    expect(first).toMatch(/^20\d\d-/);
    service().clock.advance(60_000);
    await user.must('rooms');
    expect(await lastUsed()).toBe(first);
    service().clock.advance(600_000);
    await user.must('rooms');
    expect(await lastUsed()).not.toBe(first);
  });

  test('names are taken once, also those of the service itself', async () => {
    await newOperator(service(), { name: 'only one', scope: 'read' });
    for (const name of ['only one', 'admin', 'system']) {
      const answer = await admin().call('add_operator', { name, scope: 'read' });
      expect(answer).toMatchObject({ status: 409, errorCode: 98 });
    }
  });

  test('a wrong key costs no statement, and an address that guesses must wait; the right key works from addresses that used it before', async () => {
    const own = await startService(kind, { sameDatabaseAs: service(), env });
    // Guesses count within a minute, which must not end between them.
    own.clock.freeze(Date.now());
    expect((await operatorOf(own).call('rooms')).status).toBe(200);
    own.lines.length = 0;
    const guesser = operatorOf(own, 'lrk_00000000000000000000000000000000000000');
    const statuses: number[] = [];
    for (let guess = 0; guess < 30; guess += 1) statuses.push((await guesser.call('rooms')).status);
    expect(statuses.slice(0, 20)).toEqual(Array(20).fill(401));
    expect(statuses.slice(20)).toEqual(Array(10).fill(429));
    const lines = own.lines.map((line) => JSON.parse(line)).filter(({ endpoint }) => endpoint === 'admin/rooms');
    expect(lines.map(({ queries }) => queries)).toEqual(Array(30).fill(0));
    expect((await operatorOf(own).call('rooms')).status).toBe(200);
    await own.close();
  });

  test('a key makes a number of calls a minute, and one of a service ten times as many', async () => {
    const limits = { ...env, OPERATOR_CALLS_PER_MINUTE: '5' };
    const own = await startService(kind, { sameDatabaseAs: service(), env: limits });
    own.clock.freeze(Date.now());
    const statuses = async (key: string, calls: number) => {
      const answers = await Promise.all(Array.from({ length: calls }, () => operatorOf(own, key).call('rooms')));
      return answers.map(({ status, errorCode }) => `${status} ${errorCode}`).sort();
    };
    const refused = '429 209';
    const { key } = await newOperator(service(), { name: 'busy', scope: 'read' });
    expect(await statuses(key, 8)).toEqual([...Array(5).fill('200 0'), ...Array(3).fill(refused)]);
    const ofService = await newOperator(service(), { name: 'busy service', scope: 'service' });
    expect(await statuses(ofService.key, 53)).toEqual([...Array(50).fill('200 0'), ...Array(3).fill(refused)]);
    // Others are not slowed by it, and after a minute it is over.
    expect((await operatorOf(own).call('rooms')).status).toBe(200);
    own.clock.advance(60_000);
    expect(await statuses(key, 1)).toEqual(['200 0']);
    await own.close();
  });

  test('unknown parameters are refused by their names, and so is everything that cannot be read', async () => {
    const refused = async (name: string, params: object, method: 'GET' | 'POST' = 'POST') => {
      const { status, errorCode, errorMessage } = await admin().call(name, { ...params }, { method });
      return [status, errorCode, errorMessage];
    };
    expect(await refused('rooms', { roomid: '1' })).toEqual([
      400,
      98,
      'SystemVerifyError(98): roomid is not a parameter of this call',
    ]);
    expect(await refused('rooms', { sort: 'x' }, 'GET')).toEqual([
      400,
      98,
      'SystemVerifyError(98): sort is not a parameter of this call',
    ]);
    expect((await refused('room', {}))[2]).toMatch(/roomId is required/);
    expect((await refused('rooms', { limit: 201 }))[2]).toMatch(/limit must be a whole number from 1 to 200/);
    expect((await refused('rooms', { limit: 0 }))[0]).toBe(400);
    expect((await refused('rooms', { orderBy: 'age' }))[2]).toMatch(/orderBy must be viewers or newest or joined/);
    expect((await refused('audit', { fromUtc: 'yesterday' }))[2]).toMatch(/fromUtc must be a UTC time/);
    expect((await refused('audit', { fromUtc: '2026-02-30 00:00:00' }))[0]).toBe(400);
    expect((await refused('rooms', { cursor: 'abcdefghijklmnopqrstuvwxyz' }))[2]).toMatch(
      /cursor is not one of this list/,
    );
    expect((await refused('ban_user', { userId: '1', reason: 'x', seconds: -1 }))[0]).toBe(400);
    expect((await refused('nonsense', {}))[0]).toBe(404);
    expect((await admin().call('end_room', { roomId: '1', reason: 'x' }, { method: 'GET' })).status).toBe(400);
  });

  test('times are taken as UTC text and as ISO 8601', async () => {
    for (const fromUtc of ['2026-11-23 12:00:00', '2026-11-23', '2026-11-23T12:00:00Z', '2026-11-23T20:00:00+08:00']) {
      await admin().must('audit', { fromUtc });
    }
  });

  test('a database that fails is 503 and 103', async () => {
    const own = await startService(kind, { sameDatabaseAs: service(), env });
    await own.services.database.close();
    const broken = await startService(kind, {
      env:
        kind === 'mysql'
          ? { ...env, MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1' }
          : { ...env, SQLITE_PATH: '/dev/null/x' },
    });
    expect(await operatorOf(broken).call('rooms')).toMatchObject({ status: 503, errorCode: 103 });
    await Promise.all([own.close(), broken.close()]);
  });
});
