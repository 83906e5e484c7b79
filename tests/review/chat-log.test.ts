/** The rows of the chat log between IM's answers and the database: how many wait, how long, and where they end. */
import { columns, sql } from '../../src/data/engine/sql';
import type { NewChatEntry } from '../../src/data/review/chat-log';
import { copyDatabase } from '../../testkit/database-copies';
import { until } from '../../testkit/lived';
import { describeWithMysql, serverName, sharedMysql } from '../../testkit/mysql-server';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { newLive, START, type Stage, startStage, useStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';
import { recordAll } from '../operators/support/recorded';
import { says } from './support';

const env = { ADMIN_KEY };

const entryOf = (user: number, message: string): NewChatEntry => ({
  tenant: '',
  room_pk: 1,
  broadcast_no: 1,
  user_id: user,
  message,
  at: START,
  address: '',
  platform: '',
  outcome: 'passed',
  code: 0,
  message_key: `key ${user}`,
  message_seq: 0,
});

async function textsOf(stage: Stage, filter: object): Promise<string[]> {
  const { items } = await operatorOf(stage).must<{ items: { text: string }[] }>('messages', { ...filter, limit: 200 });
  return items.map(({ text }) => text);
}

onBothDatabases((kind) => {
  const stage = useStage(kind, { env });
  beforeAll(() => operatorOf(stage()).must('change_review_settings', { enabled: true }));

  test('a service that closes writes the rows that wait, and opens its database for none that come later', async () => {
    const { viewer, roomId } = await newLive(stage());
    const closing = await startStage(kind, { env, sameDatabaseAs: stage() });
    expect((await says(closing, roomId, viewer.userId, 'the last words')).ErrorCode).toBe(0);
    const { chatLog } = closing.services.review;
    const { database } = closing.services;
    await closing.close();
    expect(await textsOf(stage(), { roomId })).toEqual(['the last words']);
    chatLog.add(entryOf(1, 'too late'));
    chatLog.sequence('', 'key 1', 7);
    chatLog.called('', START);
    expect(chatLog.dropped()).toBe(1);
    await chatLog.flush();
    await expect(database.check()).rejects.toMatchObject({ driverCode: 'CLOSED' });
    expect(database.pool()).toBeUndefined();
  });

  test('a statement has 64, 16, 4 or 1 rows, and a quarter of a megabyte at most', async () => {
    const { chatLog } = stage().services.review;
    await chatLog.flush();
    const sent = recordAll(stage());
    const sizes = async (count: number, message: string) => {
      const before = sent.length;
      for (let user = 1; user <= count; user += 1) chatLog.add(entryOf(2_000_000 + user, message));
      await chatLog.flush();
      const counts = sent.slice(before).map(({ values }) => values.filter((value) => value === message).length);
      return counts.filter((rows) => rows > 0);
    };
    expect(await sizes(86, 'short')).toEqual([64, 16, 4, 1, 1]);
    // Each counts as 24.6 KB.
    expect(await sizes(22, 'y'.repeat(12_000))).toEqual([4, 4, 4, 4, 4, 1, 1]);
  });

  test('rows of 12 KB fill the memory before there are many of them, and those that found room are written', async () => {
    const { viewer, roomId } = await newLive(stage());
    const { chatLog } = stage().services.review;
    await chatLog.flush();
    const long = 'x'.repeat(12_000);
    const before = chatLog.dropped();
    for (let user = 1; user <= 2_000; user += 1) chatLog.add(entryOf(1_000_000 + user, long));
    const kept = 2_000 - (chatLog.dropped() - before);
    expect(kept * long.length * 2).toBeLessThan(16_777_216);
    expect(kept * long.length * 2).toBeGreaterThan(15_000_000);
    expect((await says(stage(), roomId, viewer.userId, 'this one is too much')).ErrorCode).toBe(0);
    expect(chatLog.dropped() - before).toBe(2_000 - kept + 1);
    await chatLog.flush();
    expect((await says(stage(), roomId, viewer.userId, 'this one is not')).ErrorCode).toBe(0);
    await chatLog.flush();
    expect(await textsOf(stage(), { roomId })).toEqual(['this one is not']);
    expect(await textsOf(stage(), { userId: String(1_000_000 + kept) })).toEqual([long]);
    expect(await textsOf(stage(), { userId: String(1_000_001 + kept) })).toEqual([]);
  });
});

describeWithMysql(`on ${serverName}`, () => {
  let proxy: TcpProxy;
  let stage: Stage;
  beforeAll(async () => {
    proxy = await startTcpProxy(sharedMysql().port);
    stage = await startStage('mysql', {
      env: { ...env, ...(await copyDatabase('mysql', '')), MYSQL_PORT: String(proxy.port) },
    });
    await until('the database is there', async () => (await operatorOf(stage).call('review_settings')).status === 200);
    await operatorOf(stage).must('change_review_settings', { enabled: true });
  });
  afterAll(async () => {
    await stage.close();
    await proxy.stop();
  });

  test('rows wait while no connection can be made, with the numbers that IM gives them', async () => {
    const { viewer } = await newLive(stage);
    const { chatLog } = stage.services.review;
    await chatLog.flush();
    proxy.set('cut');
    // The pool finds out that its connections are gone.
    await expect(stage.services.database.check()).rejects.toThrow();
    for (let n = 0; n < 3; n += 1) {
      chatLog.add({ ...entryOf(Number(viewer.userId), `text ${n}`), at: START + n, message_key: `key ${n}` });
    }
    await chatLog.flush();
    expect(chatLog.dropped()).toBe(0);
    expect(stage.lines.filter((line) => line.includes('chat_log_failed'))).toHaveLength(1);
    chatLog.sequence('', 'key 2', 41);
    proxy.set('pass');
    await chatLog.flush();
    expect(await textsOf(stage, { userId: viewer.userId })).toEqual(['text 2', 'text 1', 'text 0']);
    const row = columns('chat_log', 'l', ['message_seq']);
    const newest = sql`SELECT ${row} FROM chat_log l ORDER BY l.at DESC LIMIT 1`;
    expect(await look(stage.services.database.forRequest(), row, newest)).toEqual([{ message_seq: 41 }]);
  });
});
