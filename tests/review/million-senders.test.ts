/** Attack: a million senders who write once each. What a process remembers of them, and what waits to be written, is bounded. */
import { computed, raw, sql } from '../../src/data/engine/sql';
import { createRecents } from '../../src/rules/review/services';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newLive, START, useStage } from '../../testkit/stage';
import { look } from '../../testkit/statements';
import { seeded } from '../presence/support/random';
import { says } from './support';

const MILLION = 1_000_000;
/** The limits of services.ts. */
const SENDERS = 100_000;
const ANSWERS = 20_000;
const PASSED = { ErrorCode: 0 };

test('of a million senders the process knows the last hundred thousand, and of their messages the last answers', () => {
  const { lastMessages, answers: known } = createRecents();
  for (let user = 0; user < MILLION; user += 1) {
    lastMessages.set(`1 ${user}`, { at: START, normal: 'x' });
    known.set(`${user}`, PASSED, START + 1);
  }
  let senders = 0;
  let answers = 0;
  for (let user = 0; user < MILLION; user += 1) {
    if (lastMessages.get(`1 ${user}`, START)) senders += 1;
    if (known.get(`${user}`, START)) answers += 1;
  }
  expect({ senders, answers }).toEqual({ senders: SENDERS, answers: ANSWERS });
  expect(lastMessages.get(`1 ${MILLION - SENDERS}`, START)).toBeDefined();
  expect(known.get(`${MILLION - 1}`, START + 1)).toBeUndefined();
  expect(lastMessages.get(`1 ${MILLION - SENDERS - 1}`, START)).toBeUndefined();
  // The next one pushes out the older half, and not those who wrote last.
  lastMessages.set(`1 ${MILLION}`, { at: START, normal: '' });
  expect(lastMessages.get(`1 ${MILLION - SENDERS / 2 - 1}`, START)).toBeUndefined();
  expect(lastMessages.get(`1 ${MILLION - SENDERS / 2}`, START)).toBeDefined();
});

const SEED = 7;
const SOME = 2_000;

describe('through the callback', () => {
  const stage = useStage('sqlite', { env: { ADMIN_KEY } });

  test(`${SOME} senders by seed, in rooms with slow mode: each is answered without a statement, and each text is kept`, async () => {
    const random = seeded(SEED);
    await operatorOf(stage()).must('change_review_settings', { enabled: true });
    const { anchor, roomId } = await newLive(stage());
    await anchor.must('rooms/update_chat', { roomId, slowSeconds: 3, unique: true });
    await says(stage(), roomId, anchor.userId, 'the first one reads the room');
    const from = stage().lines.length;
    const senders = new Set<string>();
    while (senders.size < SOME) senders.add(String(random.between(1_000_000, 99_999_999)));
    const codes: Record<number, number> = {};
    for (const sender of senders) {
      // The same words come from every sender, as in a flood; some say them twice.
      const times = random.chance(0.1) ? 2 : 1;
      for (let n = 0; n < times; n += 1) {
        const { ErrorCode } = await says(stage(), roomId, sender, 'hello');
        codes[ErrorCode] = (codes[ErrorCode] ?? 0) + 1;
      }
    }
    expect(codes[0]).toBe(SOME);
    expect(Object.keys(codes)).toEqual(['0', '10101']);
    const asked = stage()
      .lines.slice(from)
      .map((line) => JSON.parse(line))
      .filter(({ endpoint }) => endpoint === 'callbacks/im');
    // A busy machine may take longer than two seconds between two messages: the room is read again then.
    expect(asked.filter(({ queries }) => queries === 0).length).toBeGreaterThan(asked.length - 100);
    const { chatLog } = stage().services.review;
    await chatLog.flush();
    expect(chatLog.dropped()).toBe(0);
    const [row] = await look(
      stage().services.database.forRequest(),
      computed<{ n: number }>({ n: raw('COUNT(*)') }),
      sql`SELECT COUNT(*) AS n FROM chat_log WHERE outcome = 'passed'`,
    );
    expect(row?.n).toBe(SOME + 1);
  });
});

describe('the log of chats', () => {
  const stage = useStage('sqlite', { env: { ADMIN_KEY } });

  test('a million rows of a million senders at one moment: some thousands wait, the rest is counted, and chat goes on', async () => {
    await operatorOf(stage()).must('change_review_settings', { enabled: true });
    const { viewer, roomId } = await newLive(stage());
    const { chatLog } = stage().services.review;
    for (let user = 1; user <= MILLION; user += 1) {
      chatLog.add({
        tenant: '',
        room_pk: 1,
        broadcast_no: 1,
        user_id: user,
        message: 'hello',
        at: stage().clock.now(),
        address: '',
        platform: '',
        outcome: 'passed',
        code: 0,
        message_key: String(user),
        message_seq: 0,
      });
    }
    const kept = MILLION - chatLog.dropped();
    expect(kept).toBeGreaterThan(10_000);
    expect(kept).toBeLessThan(30_000);
    await chatLog.flush();
    stage().wait(60);
    expect((await says(stage(), roomId, viewer.userId, 'still here')).ErrorCode).toBe(0);
    await chatLog.flush();
    const { items } = await operatorOf(stage()).must<{ items: { text: string }[] }>('messages', { roomId, limit: 1 });
    expect(items).toMatchObject([{ text: 'still here' }]);
  });
});
