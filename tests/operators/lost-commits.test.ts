/** The response to a COMMIT is lost under every call that changes something: it happens once, and its answer is that of the one change. */
import { adminContract, type ChangingCall } from '../../src/contract/admin';
import type { AuditData } from '../../src/contract/admin/items';
import { computed, join, raw, type Sql, sql } from '../../src/data/engine/sql';
import { copyOnServer } from '../../testkit/database-copies';
import { describeWithMysql, sharedMysql } from '../../testkit/mysql-server';
import { ADMIN_KEY, operatorOf, type TestOperator } from '../../testkit/operator';
import { newPerson, type Person } from '../../testkit/people';
import { whenReady } from '../../testkit/service';
import { newLive, type Stage, startStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';
import { everyChange } from './support/every-change';

/** New connections set READ COMMITTED, which is not meant. */
const COMMIT = /COMMIT$/;

const ADMIN = { ADMIN_KEY, SIGN_UPS_PER_MINUTE: '0', WEBHOOK_MEMBER_SAMPLE_PERCENT: '100' };

describeWithMysql('a COMMIT whose response is lost', () => {
  let stage: Stage;
  let proxy: TcpProxy;
  let admin: TestOperator;

  beforeAll(async () => {
    const mysql = sharedMysql();
    proxy = await startTcpProxy(mysql.port);
    const database = { ...(await copyOnServer()), MYSQL_PORT: String(proxy.port) };
    stage = await startStage('mysql', { env: { ...ADMIN, ...database } });
    await whenReady(stage);
    admin = operatorOf(stage);
    const tables = sql`SELECT ${NAME} FROM information_schema.tables WHERE table_schema = DATABASE()`;
    const names = (await look(stage.services.database.forRequest(), NAME, tables)).map(({ name }) => name);
    const counts = names
      .filter((name) => name !== 'commits')
      .map((name) => raw(`SELECT '${name}' AS name, COUNT(*) AS size FROM ${name}`));
    counting = sql`SELECT ${SIZE} FROM (${join(counts, ' UNION ALL ')}) AS counts`;
  });
  afterAll(async () => {
    await stage.close();
    await proxy.stop();
  });

  const NAME = computed<{ name: string }>({ name: raw('table_name') });
  const SIZE = computed<{ name: string; size: number }>({ name: raw('name'), size: raw('size') });
  let counting: Sql;

  /** Rows by table. */
  async function sizes(): Promise<Map<string, number>> {
    const rows = await look(stage.services.database.forRequest(), SIZE, counting);
    return new Map(rows.map(({ name, size }) => [name, Number(size)]));
  }

  /** How many rows `call` adds to each table or takes from it. */
  async function growth<T>(call: () => Promise<T>): Promise<{ answer: T; grown: Record<string, number> }> {
    const before = await sizes();
    const answer = await call();
    const after = await sizes();
    const all = [...after].map(([name, size]): [string, number] => [name, size - (before.get(name) ?? 0)]);
    return { answer, grown: Object.fromEntries(all.filter(([, change]) => change !== 0)) };
  }

  /** Loses the response to the first COMMIT of `call`, if it sends one. */
  async function losing<T>(call: () => Promise<T>): Promise<{ result: T; lost: number }> {
    const before = proxy.lost();
    proxy.loseAnswersTo(COMMIT, 1);
    const result = await call();
    proxy.loseAnswersTo(COMMIT, 0);
    return { result, lost: proxy.lost() - before };
  }

  const keysOf = (data: unknown) => Object.keys(Object(data)).sort();

  test('each change of operators leaves the same rows as without the loss, one of them in the audit', async () => {
    const plain = everyChange(stage, 'plain');
    const unlucky = everyChange(stage, 'unlucky');
    // The first time adds a row.
    await admin.must('set_reasons', { reasons: ['first'] });
    // One after the other, so that both find the same.
    for (const [name, input] of Object.entries(plain)) {
      const { path } = adminContract[name as ChangingCall];
      const action = path.slice('admin/'.length);
      const params = await input();
      const usual = await growth(() => admin.call(action, params));
      const given = await unlucky[name as ChangingCall]();
      const { result, lost } = await losing(() => growth(() => admin.call(action, given)));
      const { answer, grown } = result;
      // The first of the two webhooks had more deliveries.
      const gone = action === 'remove_webhook' ? { deliveries: 0 } : {};
      const expected = [action, usual.answer.errorCode, { ...usual.grown, ...gone }];
      expect([action, answer.errorCode, { ...grown, ...gone }]).toEqual(expected);
      expect([action, keysOf(answer.data)]).toEqual([action, keysOf(usual.answer.data)]);
      if (usual.answer.errorCode === 0 && !['issue_token', 'open_room'].includes(action)) {
        expect([action, lost]).toEqual([action, 1]);
      }
      const { items } = await admin.must<{ items: AuditData[] }>('audit', { limit: 50 });
      expect([action, items.filter(({ requestId }) => requestId === answer.requestId).length]).toEqual([action, 1]);
    }
  });

  test('the ids and keys of the answers are those of the rows', async () => {
    const { userId } = await newPerson(stage);
    const ban = { userId, reason: 'x', seconds: 0 };
    const { result: sanction, lost } = await losing(() => admin.must<{ sanctionId: string }>('ban_user', ban));
    const { sanctionId } = sanction;
    expect(lost).toBe(1);
    await losing(() => admin.must('lift_sanction', { sanctionId, reason: 'y' }));
    const { items } = await admin.must<{ items: unknown[] }>('sanctions', { userId, active: true });
    expect(items).toEqual([]);
    const keyed = () => admin.must<{ key: string }>('add_operator', { name: 'lost-key', scope: 'manage', tenant: '*' });
    const { result: added } = await losing(keyed);
    const operator = operatorOf(stage, added.key);
    expect(await operator.must('me')).toMatchObject({ name: 'lost-key' });
    const { result: rotated } = await losing(() =>
      admin.must<{ key: string }>('rotate_operator', { name: 'lost-key' }),
    );
    expect(await operatorOf(stage, rotated.key).must('me')).toMatchObject({ name: 'lost-key' });
  });

  test('each call of an app that runs in a transaction leaves the same rows as without the loss', async () => {
    await admin.must('add_webhook', { url: 'https://example.com/all' });
    const prepared = async () => ({ ...(await newLive(stage)), other: await newPerson(stage) });
    type Prepared = Awaited<ReturnType<typeof prepared>>;
    const calls: Record<string, (of: Prepared) => Promise<unknown>> = {
      'rooms/enter_room': ({ other, roomId }) => other.must('rooms/enter_room', { roomId, role: 'audience' }),
      'rooms/enter_room, live': ({ other }) =>
        other.must('rooms/enter_room', { roomId: other.userId, role: 'anchor', category: 'mlvb-show-live' }),
      'rooms/leave_room': ({ viewer, roomId }) => viewer.must('rooms/leave_room', { roomId }),
      'rooms/destroy_room': ({ anchor, roomId }) => anchor.must('rooms/destroy_room', { roomId }),
      'rooms/kick_user': ({ anchor, viewer, roomId }) =>
        anchor.must('rooms/kick_user', { roomId, targetUserId: viewer.userId }),
      'reports/report_room': ({ viewer, roomId }) =>
        viewer.must('reports/report_room', { targetRoomId: roomId, reason: 'x' }),
      'auth_users/user_logout': ({ viewer }) => viewer.must('auth_users/user_logout'),
      'auth_users/user_delete': ({ anchor }) => anchor.must('auth_users/user_delete'),
      'oauth/register': () => newPerson(stage) as Promise<Person>,
    };
    for (const [name, call] of Object.entries(calls)) {
      const [one, other] = [await prepared(), await prepared()];
      const usual = await growth(() => call(one));
      const { result, lost } = await losing(() => growth(() => call(other)));
      expect([name, lost, result.grown]).toEqual([name, 1, usual.grown]);
    }
  });
});
