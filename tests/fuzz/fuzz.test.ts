/**
 * Any request to any endpoint: an answer of the contract, never a 99 or a 103, nothing written if it is refused,
 * and a refusal costs little. A counter-example comes shrunk, with the seed that finds it again:
 * `npm run fuzz -- --minutes 30 --seed 1`.
 */
import fc from 'fast-check';
import { columns, read, sql } from '../../src/data/engine/sql';
import { goLive, newPeople } from '../../testkit/people';
import { onBothDatabases, useService, whenReady } from '../../testkit/service';
import { envelopeOf, send } from '../../testkit/ways';
import { watchCommits } from './commits';
import { type Fuzzed, requests } from './requests';

const minutes = Number(process.env['FUZZ_MINUTES'] ?? 0);
const seed = process.env['FUZZ_SEED'] === undefined ? undefined : Number(process.env['FUZZ_SEED']);
/** A run of minutes is limited by time; in `npm test` each database gets this number of requests, however fast. */
const REQUESTS = 600;
const TIME_MS = minutes * 30_000;
/** Limit of a refused request, in ms, with the sender's part. */
const PROCESSOR_MS = 120;

const ID = columns('users', '', ['id']);

/** Codes that were asked for or tried are counted: that is what their refusal is for. */
function isCounted({ path }: Fuzzed['ask'], errorCode: number): boolean {
  // A roomId that was made for a room that is then one too many stays the caller's, and counts among those of the day.
  const roomId = path.endsWith('enter_room') && errorCode === 209;
  return path.endsWith('user_verify_by_picture') || roomId || (errorCode >= 200 && errorCode <= 202);
}

async function processorMs(work: () => Promise<unknown>): Promise<number> {
  const before = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
}

onBothDatabases((kind) => {
  const service = useService(kind, { env: { USER_QUERY_LIMIT_PER_MINUTE: '0', ROOM_IDS_PER_DAY: '0' } });

  test(
    'every answer is one of the contract, and a refusal writes nothing and costs little',
    async () => {
      await whenReady(service());
      const people = await newPeople(service(), 4);
      const roomIds = await Promise.all(people.slice(0, 2).map((person) => goLive(person)));
      const counts = { requests: 0, accepted: 0, refused: 0 };
      const written = await watchCommits(service());
      const check = async ({ way, ask }: Fuzzed) => {
        counts.requests += 1;
        const before = written();
        // Compared with the contract in testkit/answers.ts.
        const { errorCode, errorMessage } = envelopeOf(await send(service(), way, ask));
        if (errorCode === 99 || errorCode === 103) throw new Error(errorMessage);
        if (errorCode === 0) {
          counts.accepted += 1;
          return;
        }
        counts.refused += 1;
        if (!isCounted(ask, errorCode) && written() !== before)
          throw new Error(`refused, but written: ${errorMessage}`);
        // Measured three times if it was slow: garbage collection is not the request's.
        const again = () => processorMs(() => send(service(), way, ask));
        if ((await again()) > PROCESSOR_MS && (await again()) > PROCESSOR_MS && (await again()) > PROCESSOR_MS) {
          throw new Error(`refused, but more than ${PROCESSOR_MS} ms: ${errorMessage}`);
        }
      };
      const property = fc.asyncProperty(requests({ callers: people, roomIds }), check);
      await fc.assert(property, {
        ...(minutes > 0
          ? { numRuns: Number.MAX_SAFE_INTEGER, interruptAfterTimeLimit: TIME_MS, markInterruptAsFailure: false }
          : { numRuns: REQUESTS }),
        ...(seed !== undefined && { seed }),
      });
      if (minutes > 0) process.stderr.write(`${kind}: ${JSON.stringify(counts)}\n`);
      expect(counts.accepted).toBeGreaterThan(10);
      expect(counts.refused).toBeGreaterThan(100);
      // It is still there, and so are they.
      for (const person of people) await person.must('auth_users/user_query');
      const db = service().services.database.forRequest();
      expect((await db.query(read('test.users', ID, sql`SELECT ${ID} FROM users`))).length).toBeGreaterThanOrEqual(4);
    },
    TIME_MS + 60_000,
  );
});
