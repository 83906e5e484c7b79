/**
 * A user tries wrong codes for the number of another, or asks for codes for numbers of a block and uses none. Whoever has not
 * failed still signs in.
 */
import { type CodeService, loginWith, sendCode, sessionFor, startCodeService } from '../../testkit/codes';
import { operatorOf } from '../../testkit/operator';
import { onBothDatabases } from '../../testkit/service';

const ADMIN_KEY = 'lrk_0123456789abcdef0123456789abcdef0123456789abcdef';

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    const env = {
      ADMIN_KEY,
      CODE_FAILURES_PER_ADDRESS_HOUR: '10',
      CODE_FAILURES_PER_IP_HOUR: '30',
      CODE_PUMPED_PERCENT: '20',
    };
    service = await startCodeService(kind, { env });
    service.clock.freeze(Date.now());
  });
  beforeEach(() => service.clock.advance(2 * 3_600_000));
  afterAll(() => service.close());

  const codeOf = async (answer: Promise<{ errorCode: number }>) => (await answer).errorCode;
  const wrongFor = (phone: string) => (service.codeFor(phone) === '000000' ? '000001' : '000000');
  async function tryWrong(phone: string, times: number): Promise<number[]> {
    const codes: number[] = [];
    while (codes.length < times) {
      const sessionId = await sessionFor(service, { phone });
      for (let turn = 0; turn < 4 && codes.length < times; turn += 1) {
        codes.push(await codeOf(loginWith(service, { phone, sessionId, code: wrongFor(phone) })));
      }
    }
    return codes;
  }

  test('after ten wrong codes the owner signs in with the right one, and a code gets one try', async () => {
    const phone = '+8613844440001';
    expect(await tryWrong(phone, 10)).toEqual(Array(10).fill(200));
    const guess = { phone, sessionId: await sessionFor(service, { phone }), code: wrongFor(phone) };
    const guesses = await Promise.all(Array.from({ length: 20 }, () => codeOf(loginWith(service, guess))));
    expect(guesses.filter((code) => code !== 209)).toEqual([200]);
    // The right code of a session that has failed comes too late.
    expect(await codeOf(loginWith(service, { ...guess, code: service.codeFor(phone) }))).toBe(209);
    const sessionId = await sessionFor(service, { phone });
    expect(await codeOf(loginWith(service, { phone, sessionId, code: service.codeFor(phone) }))).toBe(0);
  });

  test('a user at the address of a guesser signs in', async () => {
    const phone = '+8613844440002';
    const sessionId = await sessionFor(service, { phone });
    const guess = { phone: '+8613844440003', sessionId: 'made-up', code: '123456' };
    const codes: number[] = [];
    for (let turn = 0; turn < 31; turn += 1) codes.push(await codeOf(loginWith(service, guess)));
    expect(codes).toEqual([...Array(30).fill(200), 209]);
    expect(await codeOf(loginWith(service, { phone, sessionId, code: service.codeFor(phone) }))).toBe(0);
    expect(await codeOf(loginWith(service, guess))).toBe(209);
  });

  test('a stopped block serves its accounts and ten others an hour, and the operators see it', async () => {
    const operator = operatorOf(service, ADMIN_KEY);
    const codesHealth = async () => (await operator.must<{ health: { codes: object } }>('overview')).health.codes;
    expect(await codesHealth()).toEqual({ state: 'ok', detail: '' });
    const numbered = (index: number) => `+861385555${String(index).padStart(4, '0')}`;
    const owner = numbered(9_999);
    const sessionId = await sessionFor(service, { phone: owner });
    expect(await codeOf(loginWith(service, { phone: owner, sessionId, code: service.codeFor(owner) }))).toBe(0);
    const ask = async (numbers: readonly string[]) => {
      const codes: number[] = [];
      for (const phone of numbers) codes.push(await codeOf(sendCode(service, { phone })));
      return codes;
    };
    const some = (count: number, from: number) => Array.from({ length: count }, (_, index) => numbered(from + index));
    expect(await ask(some(49, 0))).toEqual(Array(49).fill(0));
    expect(await ask(some(12, 100))).toEqual([...Array(10).fill(0), 209, 209]);
    for (let turn = 0; turn < 3; turn += 1) {
      const again = await sessionFor(service, { phone: owner });
      expect(await codeOf(loginWith(service, { phone: owner, sessionId: again, code: service.codeFor(owner) }))).toBe(
        0,
      );
    }
    expect(await ask(some(1, 200))).toEqual([209]);
    service.clock.advance(3_600_000 + 1_000);
    expect(await ask(some(12, 300))).toEqual([...Array(10).fill(0), 209, 209]);
    expect(await codesHealth()).toEqual({ state: 'failed', detail: '1 block of phone numbers is stopped' });
    expect(service.lines.join('')).toContain('code_block_stopped');
    expect(service.lines.join('')).not.toContain('86138555');
  });
});
