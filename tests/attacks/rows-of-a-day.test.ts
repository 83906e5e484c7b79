/** Attack 46: one account adds rows for a whole day, as slowly as the limits of a minute ask it to. */
import { GROWTH } from '../../scripts/docs/growth';
import { PRIVACY } from '../../src/data/privacy';
import { ACTS_PER_DAY } from '../../src/rules/hosts/acting';
import { HELD_AT_A_TIME } from '../../src/rules/review/words-and-vendor';
import { JOINED_EVENTS_PER_DAY } from '../../src/rules/webhooks/events';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { goLive, newPerson } from '../../testkit/people';
import { DrivenClock, onBothDatabases, startService } from '../../testkit/service';
import { newLive, useStage } from '../../testkit/stage';
import { says } from '../review/support';

const MINUTE = 60_000;
const DAY = 1_440 * MINUTE;
const PER_DAY = 30;

test('every table has a number of rows, or the reason why it needs none', () => {
  expect(GROWTH.map(({ table }) => table)).toEqual(Object.keys(PRIVACY).sort());
  const open = GROWTH.filter(({ most, reason }) => !Number.isFinite(most) || (most === 0 && reason === undefined));
  expect(open).toEqual([]);
});

onBothDatabases((kind) => {
  const stage = useStage(kind, { env: { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' } });

  test(`an account starts ${PER_DAY} broadcasts a day, through two processes`, async () => {
    const clock = new DrivenClock();
    clock.freeze(Date.UTC(2026, 10, 24, 1));
    const env = { ROOM_OPENINGS_PER_DAY: String(PER_DAY) };
    const one = await startService(kind, { clock, env });
    const other = await startService(kind, { clock, env, sameDatabaseAs: one });
    const host = await newPerson(one);
    const caller = { userId: host.userId, token: host.token };
    const open = (at: typeof one) => at.call('rooms/enter_room', { ...caller, roomId: host.userId, role: 'anchor' });
    let started = 0;
    for (let round = 0; round < PER_DAY + 10; round += 1) {
      const { errorCode, errorMessage } = await open(round % 2 === 0 ? one : other);
      if (errorCode === 0) started += 1;
      else expect(errorMessage).toBe('UserQueryLimit(209): too many broadcasts started today');
      await one.call('rooms/destroy_room', { ...caller, roomId: host.userId });
      clock.advance(MINUTE);
    }
    expect(started).toBeGreaterThan(PER_DAY - 3);
    expect(started).toBeLessThanOrEqual(PER_DAY);
    clock.advance(DAY);
    expect((await open(other)).errorCode).toBe(0);
    await other.close();
    await one.close();
  });

  test(`a host acts ${ACTS_PER_DAY} times a day`, async () => {
    const { anchor, viewer, roomId } = await newLive(stage());
    const { hostActsOfDay } = stage().services.throttles;
    hostActsOfDay.learn(`host acts of ${anchor.userId}`, stage().clock.now(), ACTS_PER_DAY - 1);
    const mute = () => anchor.call('rooms/mute_user', { roomId, targetUserId: viewer.userId, seconds: 60 });
    expect((await mute()).errorCode).toBe(0);
    expect(await mute()).toMatchObject({ errorCode: 209, errorMessage: expect.stringContaining('today') });
    stage().wait(DAY / 1_000);
    expect((await mute()).errorCode).toBe(0);
  });

  test('events of one viewer who goes through all rooms end, and the entries go on', async () => {
    const admin = operatorOf(stage());
    await admin.must('add_webhook', { url: 'http://127.0.0.1:9/hook', events: ['member.joined'] });
    const viewer = await newPerson(stage());
    const { memberEventsOfDay } = stage().services.throttles;
    memberEventsOfDay.learn(viewer.userId, stage().clock.now(), JOINED_EVENTS_PER_DAY - 2);
    for (let n = 0; n < 4; n += 1) {
      const roomId = await goLive(await newPerson(stage()));
      await viewer.must('rooms/enter_room', { roomId, role: 'audience' });
    }
    expect(memberEventsOfDay.get(viewer.userId, stage().clock.now())).toBe(JOINED_EVENTS_PER_DAY);
  });

  test(`${HELD_AT_A_TIME} messages of one person wait for a verdict; further ones are refused`, async () => {
    const admin = operatorOf(stage());
    await admin.must('change_review_settings', { enabled: true, language: 'en' });
    await admin.must('add_words', { words: ['holdword'], action: 'hold' });
    const { anchor, viewer, roomId } = await newLive(stage());
    const code = async (from: string) => (await says(stage(), roomId, from, 'holdword')).ErrorCode;
    for (let n = 0; n < HELD_AT_A_TIME; n += 1) expect(await code(viewer.userId)).toBe(10103);
    expect(await code(viewer.userId)).toBe(10100);
    expect(await code(anchor.userId)).toBe(10103);
    expect((await admin.must<{ items: unknown[] }>('held', { limit: 50 })).items).toHaveLength(HELD_AT_A_TIME + 1);
    stage().wait(1_300);
    expect(await code(viewer.userId)).toBe(10103);
  });
});
