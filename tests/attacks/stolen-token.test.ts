/**
 * A user has a token of Alice and wants the account: binds a phone, signs in by a code to it, sets a new salt. A token
 * gives no more than a token.
 */
import md5 from 'md5';
import { keepAccounts } from '../../src/rules/jobs/accounts-job';
import { type CodeService, loginWith, sessionFor, startCodeService } from '../../testkit/codes';
import { newPerson, type Person, personOf, type SignIn, signInAgain, succeeded } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';

const DAY = 86_400_000;
const REFUSED = 'SystemVerifyError(98): sign in again first, then bind the phone number or mail address';

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    service = await startCodeService(kind, { env: { SESSIONS_PER_USER: '3' } });
    service.clock.freeze(Date.UTC(2026, 10, 23, 12));
  });
  afterAll(() => service.close());

  async function codeTo(phone: string) {
    // Another code to the same number has to wait.
    service.clock.advance(120_000);
    return { phone, sessionId: await sessionFor(service, { phone }), code: service.codeFor(phone) };
  }
  const bind = async (person: Person, phone: string) => person.call('auth_users/user_update', await codeTo(phone));
  const newSalt = (person: Person) => person.call('auth_users/user_update', { salt: md5('mine now') });
  async function signInByCode(person: Person, phone: string): Promise<Person> {
    return personOf(service, person, succeeded<SignIn>(await loginWith(service, await codeTo(phone))));
  }

  async function mailTo(email: string) {
    service.clock.advance(120_000);
    return { email, sessionId: await sessionFor(service, { email }), code: service.codeFor(email) };
  }
  const toldOf = (email: string) => service.written.filter((line) => line.startsWith(`told ${email} `)).length;

  test('a first phone is not bound with only a token; who has just signed in binds one', async () => {
    const alice = await newPerson(service);
    service.clock.advance(DAY);
    expect((await bind(alice, '+8613822220001')).errorMessage).toBe(REFUSED);
    // A token renews its session, which proves nothing new.
    await alice.must('auth_users/user_login_token');
    expect((await bind(alice, '+8613822220001')).errorMessage).toBe(REFUSED);
    expect((await bind(await signInAgain(service, alice), '+8613822220001')).errorCode).toBe(0);
  });

  test('a phone that was just bound opens a session and sets no salt; the owner still signs in', async () => {
    const alice = await newPerson(service);
    expect((await bind(alice, '+8613822220002')).errorCode).toBe(0);
    const thief = await signInByCode(alice, '+8613822220002');
    expect((await newSalt(thief)).errorCode).toBe(98);
    await signInAgain(service, alice);
    await alice.must('auth_users/user_keepalive');
    service.clock.advance(8 * DAY);
    const owner = await signInByCode(alice, '+8613822220002');
    expect((await newSalt(owner)).errorCode).toBe(0);
  });

  test('a phone that was just bound opens sessions and ends none of the owner', async () => {
    const first = await newPerson(service);
    const devices = [first, await signInAgain(service, first), await signInAgain(service, first)];
    expect((await bind(first, '+8613822220003')).errorCode).toBe(0);
    const thieves: Person[] = [];
    for (let turn = 0; turn < 5; turn += 1) thieves.push(await signInByCode(first, '+8613822220003'));
    for (const device of devices) await device.must('auth_users/user_keepalive');
    const alive = await Promise.all(thieves.map((thief) => thief.call('auth_users/user_keepalive')));
    expect(alive.map(({ errorCode }) => errorCode)).toEqual([204, 204, 0, 0, 0]);
    await keepAccounts({ services: service.services, position: '', hasTime: () => true });
    for (const device of devices) await device.must('auth_users/user_keepalive');
  });

  test('the mail address of the account gets a mail about a new phone and of its first sign-ins', async () => {
    const alice = await newPerson(service);
    const email = 'alice.22220004@example.com';
    expect((await alice.call('auth_users/user_update', await mailTo(email))).errorCode).toBe(0);
    expect((await bind(await signInAgain(service, alice), '+8613822220004')).errorCode).toBe(0);
    expect(toldOf(email)).toBe(1);
    await signInByCode(alice, '+8613822220004');
    expect(toldOf(email)).toBe(2);
    service.clock.advance(8 * DAY);
    await signInByCode(alice, '+8613822220004');
    expect(toldOf(email)).toBe(2);
  });

  test('a bound phone is not replaced with only a token', async () => {
    const bob = await newPerson(service);
    expect((await bind(bob, '+8613822220011')).errorCode).toBe(0);
    service.clock.advance(8 * DAY);
    const refused = await bind(bob, '+8613822220012');
    expect(refused.errorMessage).toBe(REFUSED);
    // The owner signs in, by signature or by a code to the old phone, and replaces it.
    expect((await bind(await signInAgain(service, bob), '+8613822220012')).errorCode).toBe(0);
    service.clock.advance(8 * DAY);
    expect((await bind(await signInByCode(bob, '+8613822220012'), '+8613822220013')).errorCode).toBe(0);
  });

  test('the phone that made the account counts as old', async () => {
    const carol = succeeded<SignIn>(await loginWith(service, await codeTo('+8613822220021')));
    expect(carol.phone).toBe('+8613822220021');
    service.clock.advance(60_000);
    const again = succeeded<SignIn>(await loginWith(service, await codeTo('+8613822220021')));
    const update = { userId: again.userId, token: again.token, ...(await codeTo('+8613822220022')) };
    expect((await service.call('auth_users/user_update', update)).errorCode).toBe(0);
  });
});
