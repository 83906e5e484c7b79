/** This is no attack, but it ends like one: a clock that was a year ahead is corrected, and its counters are in the future. */
import { type CodeService, loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { onBothDatabases } from '../../testkit/service';

const YEAR_MS = 365 * 86_400_000;

onBothDatabases((kind) => {
  let service: CodeService;
  const env = { CODE_INTERVAL_SECONDS: '55', CODE_SENDS_PER_ADDRESS_HOUR: '2', CODE_FAILURES_PER_ADDRESS_HOUR: '2' };
  beforeAll(async () => {
    service = await startCodeService(kind, { env });
  });
  afterAll(() => service.close());

  test('a phone that had its messages in the wrong year gets one now', async () => {
    const phone = '+8613955556001';
    service.clock.advance(YEAR_MS);
    await sessionFor(service, { phone });
    service.clock.advance(60_000);
    await sessionFor(service, { phone });
    service.clock.advance(60_000);
    expect(await sendCode(service, { phone })).toMatchObject({ errorCode: 209 });
    service.clock.advance(-YEAR_MS);
    const sessionId = await sessionFor(service, { phone });
    expect(await loginWith(service, { phone, sessionId, code: service.codeFor(phone) })).toMatchObject({
      errorCode: 0,
    });
  });

  test('wrong codes of that year keep no user out', async () => {
    const phone = '+8613955556002';
    service.clock.advance(YEAR_MS);
    const wrong = await sessionFor(service, { phone });
    for (let n = 0; n < 3; n += 1) await loginWith(service, { phone, sessionId: wrong, code: '0000000' });
    expect(await loginWith(service, { phone, sessionId: wrong, code: '000001' })).toMatchObject({ errorCode: 209 });
    service.clock.advance(-YEAR_MS);
    const sessionId = await sessionFor(service, { phone });
    expect(await loginWith(service, { phone, sessionId, code: service.codeFor(phone) })).toMatchObject({
      errorCode: 0,
    });
  });

  test('a clock that is a little behind, as that of another process may be, resets nothing', async () => {
    const phone = '+8613955556003';
    await sessionFor(service, { phone });
    service.clock.advance(-30_000);
    expect(await sendCode(service, { phone })).toMatchObject({ errorCode: 209 });
    service.clock.advance(30_000);
  });
});
