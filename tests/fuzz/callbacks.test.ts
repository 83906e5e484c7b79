/**
 * Any callback: answered with 200 if it is signed JSON of the vendor's, with 400 or 403 if not, never with 503; what people
 * write is in no log line; what is not signed changes nothing. `npm run fuzz -- --minutes 30 --seed 1` runs it for longer.
 */
import fc from 'fast-check';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { onBothDatabases, whenReady } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { imCallback, trtcCallback } from '../../testkit/vendor';
import type { Answer } from '../../testkit/ways';
import { watchCommits } from './commits';
import { callbacks, type Fuzzed, NEEDLE } from './vendor-callbacks';

const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);
const seed = process.env['FUZZ_SEED'] === undefined ? undefined : Number(process.env['FUZZ_SEED']);
/** The number in `npm test`, on each database. */
const CALLBACKS = 400;
const TIME_MS = minutes * 30_000;

const STATUSES = { im: { signed: [200, 400], not: [403] }, trtc: { signed: [200, 400, 403], not: [403] } } as const;
/** What IM can act on: https://cloud.tencent.com/document/product/269/1632. */
const isVerdict = (code: unknown) =>
  code === 0 || code === 1 || code === 2 || (typeof code === 'number' && code >= 10_100 && code <= 10_200);

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY } });

  function send({ vendor, signed, text }: Fuzzed): Promise<Answer> {
    if (vendor === 'im') return imCallback(stage(), {}, { rawBody: text, signed });
    return trtcCallback(stage(), {}, { rawBody: text, ...(!signed && { sign: 'Zm9yZ2Vk' }) });
  }

  test(
    'every answer is one that the vendor knows, and no log line has what people write',
    async () => {
      await whenReady(stage());
      const live = [await newLive(stage()), await newLive(stage())];
      const admin = operatorOf(stage());
      await admin.must('change_review_settings', { enabled: true, language: 'en', customKeys: ['text', 'msg'] });
      for (const action of ['refuse', 'silent', 'mask', 'hold'])
        await admin.must('add_words', { words: [action], action });
      const from = {
        userIds: live.flatMap(({ anchor, viewer }) => [anchor.userId, viewer.userId]),
        roomIds: live.map(({ roomId }) => roomId),
        now: stage().clock.now(),
      };
      const counts: Record<string, number> = {};
      const written = await watchCommits(stage());
      const check = async (callback: Fuzzed) => {
        const before = written();
        let answer = await send(callback);
        // A machine that gave this process no time for 800 ms: the vendor asks again.
        if (answer.status === 503) answer = await send(callback);
        const { vendor, signed } = callback;
        counts[`${vendor} ${answer.status}`] = (counts[`${vendor} ${answer.status}`] ?? 0) + 1;
        const allowed: readonly number[] = STATUSES[vendor][signed ? 'signed' : 'not'];
        if (!allowed.includes(answer.status)) throw new Error(`${answer.status}: ${answer.text}`);
        const body: unknown = JSON.parse(answer.text);
        if (answer.status === 200 && !isVerdict(Reflect.get(Object(body), 'ErrorCode'))) throw new Error(answer.text);
        // The first time it may be late work of an earlier callback.
        const writes = async () => {
          const earlier = written();
          await send(callback);
          return written() !== earlier;
        };
        if (!signed && written() !== before && (await writes()) && (await writes()))
          throw new Error('not signed, but written');
        if (
          stage()
            .lines.splice(0)
            .some((line) => line.includes(NEEDLE))
        )
          throw new Error('a text is in the log');
      };
      await fc.assert(fc.asyncProperty(callbacks(from), check), {
        ...(minutes > 0
          ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: TIME_MS, markInterruptAsFailure: false }
          : { numRuns: CALLBACKS }),
        ...(seed !== undefined && { seed }),
      });
      if (minutes > 0) process.stderr.write(`${kind}: ${JSON.stringify(counts)}\n`);
      expect(counts['im 200']).toBeGreaterThan(100);
      expect(counts['im 403']).toBeGreaterThan(5);
      // It is still there, and so are they.
      for (const { anchor, viewer } of live) {
        await anchor.must('auth_users/user_query');
        await viewer.must('auth_users/user_query');
      }
    },
    TIME_MS + 120_000,
  );
});
