/** Attack 34: a user with many addresses guesses operators' keys, so that the operators themselves are made to wait. */
import { newKey } from '../../src/rules/operators/keys';
import { ADMIN_KEY, newOperator } from '../../testkit/operator';
import { onBothDatabases, type Service, startService, useService } from '../../testkit/service';
import { type Envelope, envelopeOf, overEvent } from '../../testkit/ways';

onBothDatabases((kind) => {
  const service = useService(kind, { env: { ADMIN_KEY } });
  // Guesses count within a minute, which must not end between them.
  beforeAll(() => service().clock.freeze(Date.now()));

  /** Through a gateway that says which address the request came from. */
  async function call(at: Service, address: string, key: string): Promise<Envelope> {
    const ask = {
      method: 'POST',
      path: '/base/v1/admin/rooms',
      headers: { 'content-type': 'application/json', authorization: `Bearer ${key}` },
      body: '{}',
    };
    const app: Service['app'] = { handle: (one) => at.app.handle({ ...one, origin: { kind: 'event', address } }) };
    return envelopeOf(await overEvent({ ...at, app }, 'function-url-observed', ask));
  }

  const codesOf = (answers: readonly Envelope[]) => {
    const counts: Record<number, number> = {};
    for (const { errorCode } of answers) counts[errorCode] = (counts[errorCode] ?? 0) + 1;
    return counts;
  };

  test('an IPv6 household is one guesser', async () => {
    const answers: Envelope[] = [];
    for (let n = 0; n < 60; n += 1) answers.push(await call(service(), `2001:db8:1:2::${n.toString(16)}`, `lrk_${n}`));
    expect(codesOf(answers)).toEqual({ 98: 20, 209: 40 });
  });

  test('an IPv6 customer (/48) with sixty networks is two guessers', async () => {
    const answers: Envelope[] = [];
    for (let n = 0; n < 60; n += 1) answers.push(await call(service(), `2001:db8:2:${n.toString(16)}::1`, `lrk_${n}`));
    expect(codesOf(answers)).toEqual({ 98: 40, 209: 20 });
  });

  const guess20 = async (at: Service, address: string) => {
    for (let n = 0; n < 20; n += 1) await call(at, address, `password-number-${n}-of-many`);
    expect(await call(at, address, 'password-number-20')).toMatchObject({ errorCode: 209 });
  };

  test('wrong keys from a shared address refuse neither ADMIN_KEY nor an operator there', async () => {
    const { key } = await newOperator(service(), { name: `near-${kind}`, scope: 'read' });
    const fresh = await startService(kind, { sameDatabaseAs: service(), clock: service().clock, env: { ADMIN_KEY } });
    await guess20(fresh, '203.0.113.89');
    expect(await call(fresh, '203.0.113.89', ADMIN_KEY)).toMatchObject({ errorCode: 0 });
    expect(await call(fresh, '203.0.113.89', key)).toMatchObject({ errorCode: 0 });
    // A key that was never given is looked up, and refused like a text that is no key.
    expect(await call(fresh, '203.0.113.89', newKey())).toMatchObject({ errorCode: 209 });
    await fresh.close();
  });

  test('guesses at an ADMIN_KEY below 24 characters are slowed too; an address that has used it continues', async () => {
    const short = 'sixteen-or-more';
    const fresh = await startService(kind, {
      sameDatabaseAs: service(),
      clock: service().clock,
      env: { ADMIN_KEY: `${short}!` },
    });
    const [guesser, home] = ['203.0.113.90', '203.0.113.91'];
    expect(await call(fresh, home, `${short}!`)).toMatchObject({ errorCode: 0 });
    for (const address of [guesser, home]) await guess20(fresh, address);
    expect(await call(fresh, guesser, `${short}!`)).toMatchObject({ errorCode: 209 });
    expect(await call(fresh, home, `${short}!`)).toMatchObject({ errorCode: 0 });
    await fresh.close();
  });

  test('guesses from a thousand addresses keep no operator out who comes from another one', async () => {
    const { key } = await newOperator(service(), { name: `far-${kind}`, scope: 'read' });
    const fresh = await startService(kind, { sameDatabaseAs: service(), clock: service().clock, env: { ADMIN_KEY } });
    const answers: Envelope[] = [];
    for (let n = 0; n < 1_200; n += 1) {
      answers.push(await call(fresh, `198.51.${100 + (n >> 8)}.${n & 255}`, `lrk_${n}`));
    }
    // Above the total of all addresses, an address has the single try that an operator needs.
    expect(codesOf(answers)).toEqual({ 98: 1_200 });
    expect(codesOf([await call(fresh, '198.51.100.7', 'lrk_again')])).toEqual({ 209: 1 });
    expect(await call(fresh, '203.0.113.77', key)).toMatchObject({ errorCode: 0 });
    expect(await call(fresh, '203.0.113.77', ADMIN_KEY)).toMatchObject({ errorCode: 0 });
    await fresh.close();
  });
});
