/** A vendor that reviews texts: which texts it gets, what its verdicts mean, and that it never delays an answer. */
import type { Failure } from '../../testkit/fake-http';
import { type FakeModeration, startFakeTms } from '../../testkit/fake-moderation';
import { lived } from '../../testkit/lived';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';
import { CLOUD_KEY, newLive, type Stage, startStage } from '../../testkit/stage';
import { customElement, says } from './support';

onBothDatabases((kind) => {
  let tms: FakeModeration;
  let stage: Stage;
  let live: Awaited<ReturnType<typeof newLive>>;

  beforeAll(async () => {
    tms = await startFakeTms(CLOUD_KEY);
    stage = await startStage(kind, {
      env: { ADMIN_KEY, REVIEW_VENDOR: 'tms', TMS_ENDPOINT: tms.url, REVIEW_PER_SECOND: '50' },
    });
    live = await newLive(stage);
    await settings({ enabled: true, language: 'en' });
  });
  afterAll(async () => {
    await stage.close();
    await tms.stop();
  });
  afterEach(() => {
    tms.clear();
    tms.limit(1_000);
  });

  const settings = (change: Record<string, unknown>) => operatorOf(stage).must('change_review_settings', change);
  const code = async (text: string | object[]) => (await says(stage, live.roomId, live.viewer.userId, text)).ErrorCode;
  /** The breaker rests for five seconds. */
  const rest = () => new Promise((resolve) => setTimeout(resolve, 5_100));

  test('suspects are asked about, with the sender, and no other user is', async () => {
    const before = tms.calls.length;
    expect(await code('hello everybody')).toBe(0);
    expect(await code([customElement({ businessID: 'gift', n: 1234567 })])).toBe(0);
    expect(tms.calls.length).toBe(before);
    expect(await code('call 138 0013 8000')).toBe(0);
    expect(await code('an ad at www.example.com')).toBe(10100);
    expect(tms.calls.slice(before).map(({ text }) => text)).toEqual(['call 138 0013 8000', 'an ad at www.example.com']);
    expect(tms.calls.at(-1)?.body).toMatchObject({
      User: { UserId: live.viewer.userId, AccountType: 7, RoomId: live.roomId },
      Device: { IP: '127.0.0.1' },
    });
  });

  test('Block refuses; Review follows the setting of the tenant', async () => {
    await settings({ vendorScope: 'all' });
    expect(await code('an ad')).toBe(10100);
    for (const [vendorReview, expected] of [
      ['hold', 10103],
      ['refuse', 10100],
      ['silent', 2],
      ['pass', 0],
    ] as const) {
      await settings({ vendorReview });
      expect([vendorReview, await code('a doubt')]).toEqual([vendorReview, expected]);
    }
    const { items } = await operatorOf(stage).must<{ items: object[] }>('held', { roomId: live.roomId });
    expect(items).toMatchObject([{ source: 'vendor', label: 'Ad', text: 'a doubt' }]);
  });

  test.each(['pass', 'refuse'])(
    'a vendor that fails or hangs, with onFault %s: every answer is there in time',
    async (onFault) => {
      await settings({ vendorScope: 'all', onFault });
      const expected = onFault === 'pass' ? 0 : 10110;
      const failures: Failure<string>[] = [
        { errorCode: 'InternalError' },
        { hang: true },
        { reset: true },
        { garbage: true },
      ];
      for (const failure of failures) {
        tms.fail(failure);
        const { result, ms } = await lived(code('hello'));
        expect([failure, result]).toEqual([failure, expected]);
        expect(ms).toBeLessThan(1_500);
        tms.clear();
      }
      expect(await code('an ad')).toBe(10100);
      await settings({ onFault: 'pass' });
    },
  );

  test('after five failures in a row no user asks for five seconds, and then a user does', async () => {
    tms.fail({ errorCode: 'InternalError' });
    for (let n = 0; n < 5; n += 1) await code('an ad');
    tms.clear();
    const before = tms.calls.length;
    expect(await code('an ad')).toBe(0);
    expect(tms.calls.length).toBe(before);
    await rest();
    expect(await code('an ad')).toBe(10100);
  });

  test('the budget of a second is kept', async () => {
    const before = tms.calls.length;
    // On a busy machine some are answered too late for IM, which asks again.
    await Promise.allSettled(Array.from({ length: 120 }, (_, n) => code(`hello ${n}`)));
    expect(tms.calls.length - before).toBeGreaterThan(0);
    // Two seconds may have begun.
    expect(tms.calls.length - before).toBeLessThanOrEqual(150);
    expect(stage.lines.filter((line) => line.includes('hello 7'))).toEqual([]);
  });
});
