/**
 * The database is down, the vendor hangs, or both: IM gets its answer within its two seconds, and it is what the tenant chose
 * (onFault). Each answer comes while the fault lasts.
 */
import { copyDatabase } from '../../testkit/database-copies';
import { type FakeModeration, startFakeTms } from '../../testkit/fake-moderation';
import { lived, until } from '../../testkit/lived';
import { sharedMysql } from '../../testkit/mysql-server';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { lockSqlite } from '../../testkit/sqlite-lock';
import { CLOUD_KEY, newLive, type Stage, startStage } from '../../testkit/stage';
import { startTcpProxy, type TcpProxy } from '../../testkit/tcp-proxy';
import { askIm, says, textElement } from './support';

/** IM's patience (ms). */
const IM_WAITS_MS = 2_000;
/** Settings and rooms in memory are older than two seconds then, and have to be read again. */
const OLD_MS = 2_100;
/** Settings and rooms that were read less than this ago are used from memory. */
const FRESH_MS = 1_900;
const pause = (ms: number) => new Promise((resolve) => setTimeout(resolve, ms));

const FAULTS = {
  // SQLite is a file: reading goes on while another process holds the lock.
  sqlite: [['locked', false]],
  mysql: [
    ['hold', true],
    ['cut', true],
  ],
} as const;

test.each([
  ['pass', 0, 0],
  ['refuse', 10110, 120001],
])(
  'a process that starts while the database is down does what REVIEW_ON_FAULT says: %s',
  async (onFault, group, c2c) => {
    const stage = await startStage('sqlite', { env: { REVIEW_ON_FAULT: onFault, SQLITE_PATH: '/dev/null/none' } });
    expect((await says(stage, '1', '2', 'hello')).ErrorCode).toBe(group);
    const message = {
      CallbackCommand: 'C2C.CallbackBeforeSendMsg',
      From_Account: '2',
      MsgBody: [textElement('hello')],
    };
    expect((await askIm(stage, message)).ErrorCode).toBe(c2c);
    await stage.close();
  },
);

onBothDatabases((kind) => {
  let tms: FakeModeration;
  let proxy: TcpProxy | undefined;
  let stage: Stage;
  let live: Awaited<ReturnType<typeof newLive>>;

  async function databaseEnv(): Promise<Record<string, string>> {
    if (kind === 'sqlite') return {};
    const mysql = sharedMysql();
    proxy = await startTcpProxy(mysql.port);
    return { ...(await copyDatabase(kind, '')), MYSQL_PORT: String(proxy.port) };
  }

  beforeAll(async () => {
    tms = await startFakeTms(CLOUD_KEY);
    stage = await startStage(kind, { env: { ADMIN_KEY, TMS_ENDPOINT: tms.url, ...(await databaseEnv()) } });
    await until('the database is there', async () => (await operatorOf(stage).call('review_settings')).status === 200);
    await operatorOf(stage).must('change_review_settings', { enabled: true, language: 'en', vendorScope: 'all' });
    await operatorOf(stage).must('add_words', { words: ['refuseword'], action: 'refuse' });
    await operatorOf(stage).must('add_words', { words: ['holdword'], action: 'hold' });
    live = await newLive(stage);
  });
  afterAll(async () => {
    await stage.close();
    await proxy?.stop();
    await tms.stop();
  });

  async function inGroup(text: string): Promise<number> {
    const { result, ms } = await lived(says(stage, live.roomId, live.viewer.userId, text));
    expect(ms).toBeLessThan(IM_WAITS_MS);
    return result.ErrorCode;
  }
  async function inPrivate(text: string): Promise<number> {
    const message = {
      CallbackCommand: 'C2C.CallbackBeforeSendMsg',
      From_Account: live.viewer.userId,
      To_Account: live.anchor.userId,
      MsgBody: [textElement(text)],
    };
    const { result, ms } = await lived(askIm(stage, message));
    expect(ms).toBeLessThan(IM_WAITS_MS);
    return result.ErrorCode;
  }

  async function breakDatabase(fault: 'locked' | 'hold' | 'cut'): Promise<() => Promise<unknown>> {
    if (fault !== 'locked') {
      proxy?.set(fault);
      return async () => proxy?.set('pass');
    }
    return lockSqlite(stage);
  }
  // What one author may have held in ten minutes is counted anew for each test.
  beforeEach(() => stage.wait(601));
  afterEach(() => proxy?.set('pass'));

  const recovered = async () => {
    tms.clear();
    await until('words count again', async () => (await inGroup('a refuseword')) === 10100);
    await until('texts are held again', async () => (await inGroup('a holdword')) === 10103);
  };

  describe.each(['pass', 'refuse'])('onFault %s', (onFault) => {
    const group = onFault === 'pass' ? 0 : 10110;
    const c2c = onFault === 'pass' ? 0 : 120001;
    const settings = (vendor: string) =>
      operatorOf(stage).must('change_review_settings', { onFault, vendor, vendorReview: 'hold' });

    test.each(FAULTS[kind])('the database is down (%s)', async (fault, stopsReads) => {
      await settings('none');
      await pause(OLD_MS);
      const readAt = performance.now();
      expect([await inGroup('hello'), await inPrivate('hello')]).toEqual([0, 0]);
      const repair = await breakDatabase(fault);
      // What is in memory decides without it; a text that has to be stored cannot be.
      const remembered = [await inGroup('hello'), await inGroup('a refuseword')];
      // On a busy machine it may be too old by now.
      const isFresh = performance.now() - readAt < FRESH_MS;
      expect(remembered).toEqual(isFresh ? [0, 10100] : [expect.any(Number), expect.any(Number)]);
      expect(await inGroup('a holdword')).toBe(group);
      await pause(OLD_MS);
      for (let round = 0; round < 2; round += 1) {
        expect(await inGroup('hello')).toBe(stopsReads ? group : 0);
        expect(await inPrivate('hello')).toBe(stopsReads ? c2c : 0);
      }
      await repair();
      await recovered();
      expect([await inGroup('hello'), await inPrivate('hello')]).toEqual([0, 0]);
    });

    test.each(FAULTS[kind])('the vendor hangs, and the database is down as well (%s)', async (fault, stopsReads) => {
      await settings('tms');
      expect(await inGroup('hello')).toBe(0);
      tms.fail({ hang: true });
      expect([await inGroup('hello'), await inGroup('a refuseword')]).toEqual([group, 10100]);
      const repair = await breakDatabase(fault);
      expect(await inGroup('hello')).toBe(group);
      await pause(OLD_MS);
      expect(await inGroup('hello')).toBe(group);
      expect(await inGroup('a refuseword')).toBe(stopsReads ? group : 10100);
      await repair();
      await recovered();
    });

    test.each(FAULTS[kind])('the vendor doubts a text that cannot be stored (%s)', async (fault) => {
      await settings('tms');
      await until('the vendor is asked again', async () => (await inGroup('a doubt')) === 10103);
      const repair = await breakDatabase(fault);
      expect(await inGroup('a doubt')).toBe(group);
      await repair();
      await recovered();
    });
  });
});
