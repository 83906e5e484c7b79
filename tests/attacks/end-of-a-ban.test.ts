/** Around the end of a ban a right password is answered with the ban or with a session, never as a wrong one. */
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, sign } from '../../testkit/people';
import { DrivenClock, onBothDatabases, type Service, startService } from '../../testkit/service';

/** While `ticking`, each read of the clock advances it: no two reads of a request give the same time. */
function tickingClock() {
  const clock = new DrivenClock();
  const { now } = clock;
  const state = { ticking: false };
  Object.assign(clock, {
    now: () => {
      if (state.ticking) clock.advance(20);
      return now();
    },
  });
  return { clock, state };
}

onBothDatabases((kind) => {
  let service: Service;
  const { clock, state } = tickingClock();
  beforeAll(async () => {
    clock.freeze(Date.UTC(2026, 10, 23, 12));
    service = await startService(kind, { clock, env: { ADMIN_KEY } });
  });
  afterAll(() => service.close());

  test('every sign-in says banned until one succeeds', async () => {
    const alice = await newPerson(service);
    const params = { username: alice.username, signature: sign({ username: alice.username, secret: alice.salt }) };
    let ends = 0;
    for (let ban = 0; ban < 3; ban += 1) {
      await operatorOf(service).must('ban_user', { userId: alice.userId, reason: 'spam', seconds: 1 });
      state.ticking = true;
      const texts: string[] = [];
      for (let tries = 0; tries < 400; tries += 1) {
        const { errorCode, errorMessage } = await service.call('oauth/signature', params);
        if (errorCode === 0) break;
        texts.push(errorMessage);
      }
      state.ticking = false;
      ends += texts.length < 400 ? 1 : 0;
      expect(texts.length).toBeGreaterThan(0);
      expect(texts.filter((text) => !text.includes('banned'))).toEqual([]);
    }
    expect(ends).toBe(3);
  });
});
