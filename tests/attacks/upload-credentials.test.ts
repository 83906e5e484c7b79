/** One account asks for 150 upload credentials in a second: each would pay for a call to STS and allow another 5 MB in the bucket. */
import { type FakeCodesVendor, startFakeCodesVendor, uploadEnv } from '../../testkit/fake-codes-vendor';
import { newPerson, type Person } from '../../testkit/people';
import { DrivenClock, onBothDatabases, type Service, startService } from '../../testkit/service';

const BURST = 150;
const MOST = 4;

onBothDatabases((kind) => {
  let vendor: FakeCodesVendor;
  const services: Service[] = [];
  const clock = new DrivenClock();
  beforeAll(async () => {
    vendor = await startFakeCodesVendor();
    const options = { clock, env: { ...uploadEnv(vendor), UPLOADS_PER_DAY: String(MOST) } };
    const first = await startService(kind, options);
    services.push(first, await startService(kind, { ...options, sameDatabaseAs: first }));
  });
  afterAll(async () => {
    for (const service of services.reverse()) await service.close();
    await vendor.stop();
  });

  const asked = () => vendor.calls.filter(({ action }) => action === 'GetFederationToken').length;
  const ask = (person: Person, category: string, through = 0) => {
    const { userId, token } = person;
    return (services[through] as Service).call('cos/config', { userId, token, category });
  };
  const filename = ({ data }: { data?: unknown }) => (data as { filename: string }).filename;
  const newcomer = () => newPerson(services[0] as Service);

  test(`${BURST} concurrent calls get one credential`, async () => {
    const person = await newcomer();
    const before = asked();
    const answers = await Promise.all(Array.from({ length: BURST }, () => ask(person, 'avatar')));
    expect(new Set(answers.map(({ errorCode }) => errorCode))).toEqual(new Set([0]));
    expect(new Set(answers.map(filename)).size).toBe(1);
    expect(asked() - before).toBe(1);
  });

  test('a cover does not replace the avatar that was uploaded before', async () => {
    const person = await newcomer();
    const names = [await ask(person, 'avatar'), await ask(person, 'cover'), await ask(person, 'avatar')].map(filename);
    expect(names[0]).toBe(names[2]);
    expect(names[1]).not.toBe(names[0]);
  });

  test(`${BURST} concurrent kinds of picture, through two processes: ${MOST} credentials in a day`, async () => {
    const person = await newcomer();
    const before = asked();
    const answers = await Promise.all(Array.from({ length: BURST }, (_, n) => ask(person, `kind${n}`, n % 2)));
    const codes = answers.map(({ errorCode }) => errorCode).sort((a, b) => a - b);
    expect(codes).toEqual([...Array(MOST).fill(0), ...Array(BURST - MOST).fill(209)]);
    expect(asked() - before).toBe(MOST);
    expect((await ask(await newcomer(), 'avatar')).errorCode).toBe(0);
    clock.advance(86_400_000);
    expect((await ask(person, 'later')).errorCode).toBe(0);
  });

  test('one with half of its life behind it is replaced', async () => {
    const person = await newcomer();
    const first = filename(await ask(person, 'avatar'));
    clock.advance(440_000);
    expect(filename(await ask(person, 'avatar'))).toBe(first);
    clock.advance(20_000);
    expect(filename(await ask(person, 'avatar'))).not.toBe(first);
  });

  test('calls that STS refuses are counted too', async () => {
    const person = await newcomer();
    const before = asked();
    vendor.fail({ command: 'GetFederationToken', errorCode: 'InternalError' });
    for (let n = 0; n < MOST; n += 1) expect((await ask(person, 'avatar')).errorCode).toBe(104);
    vendor.clear();
    expect((await ask(person, 'avatar')).errorCode).toBe(209);
    expect(asked() - before).toBe(MOST);
  });
});
