/**
 * Attack 31: a user has a session of an account that is being removed from them at this moment (deleted, or given to
 * the customer's own backend), and binds their phone number or a new salt to it, which would let them in permanently.
 */
import { deleteUser } from '../../src/data/accounts/account-deletion';
import { giveToBackend } from '../../src/data/accounts/credentials';
import { ownerOfAddress } from '../../src/data/codes/contacts';
import type { Executor } from '../../src/data/engine/database';
import { type CodeService, loginWith, sessionFor, startCodeService } from '../../testkit/codes';
import { sleep } from '../../testkit/gate';
import { newPerson, type Person, personOf, type SignIn, succeeded } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';

/** Long enough for a request to get to the row that is locked; if it does not, it is refused anyway. */
const UNDER_WAY_MS = 400;

onBothDatabases((kind) => {
  let service: CodeService;
  beforeAll(async () => {
    service = await startCodeService(kind);
  });
  afterAll(() => service.close());

  let numbers = 0;
  function freshNumber(): string {
    numbers += 1;
    return `+86139555500${String(numbers).padStart(2, '0')}`;
  }

  async function codeFor(phone = freshNumber()) {
    const sessionId = await sessionFor(service, { phone });
    return { phone, sessionId, code: service.codeFor(phone) };
  }

  const database = () => service.services.database.forRequest();

  /** Sends the request while the account's change is not yet committed. */
  async function during<T>(change: (tx: Executor) => Promise<unknown>, request: () => Promise<T>): Promise<T> {
    let answer: Promise<T> | undefined;
    await database().transaction(async (tx) => {
      await change(tx);
      answer ??= request();
      await sleep(UNDER_WAY_MS);
    });
    if (!answer) throw new Error('the change was never made');
    return answer;
  }

  const bind = (person: Person, code: Awaited<ReturnType<typeof codeFor>>) =>
    person.call('auth_users/user_update', code);

  test('an account that is deleted takes no phone number with it', async () => {
    const person = await newPerson(service);
    const code = await codeFor();
    const verdict = service.services.tokens.verify(person.token);
    if (verdict.status !== 'valid') throw new Error('the session is not valid');
    const { sessionId, userId } = verdict.claims;
    const answer = await during(
      (tx) =>
        deleteUser(
          tx,
          { id: sessionId, userId },
          { now: service.clock.now(), hashes: service.services.secrets.personHashes },
        ),
      () => bind(person, code),
    );
    expect(answer).toMatchObject({ errorCode: 204 });
    expect(await ownerOfAddress(database(), '', code.phone)).toBeUndefined();
    // Anyone who has the number signs in with it.
    expect(await loginWith(service, await codeFor(code.phone))).toMatchObject({ errorCode: 0 });
  });

  test('an account that is given to the backend takes no phone number of anyone who registered it', async () => {
    const squatter = await newPerson(service);
    const code = await codeFor();
    const account = { id: Number(squatter.userId), username: squatter.username, now: service.clock.now() };
    const answer = await during(
      (tx) => giveToBackend(tx, account),
      () => bind(squatter, code),
    );
    expect(answer).toMatchObject({ errorCode: 204 });
    expect(await ownerOfAddress(database(), '', code.phone)).toBeUndefined();
    const signedIn = succeeded<SignIn>(await loginWith(service, await codeFor(code.phone)));
    expect(signedIn.userId).not.toBe(squatter.userId);
  });

  test('and sets no new salt', async () => {
    const registered = await newPerson(service);
    const code = await codeFor();
    expect(await bind(registered, code)).toMatchObject({ errorCode: 0 });
    const byCode = succeeded<SignIn>(await loginWith(service, await codeFor(code.phone)));
    const squatter = personOf(service, registered, byCode);
    const salt = '0123456789abcdef0123456789abcdef';
    const account = { id: Number(squatter.userId), username: squatter.username, now: service.clock.now() };
    const answer = await during(
      (tx) => giveToBackend(tx, account),
      () => squatter.call('auth_users/user_update', { salt }),
    );
    // 98: a salt needs a code to an old address, regardless of the session.
    expect([98, 204]).toContain(answer.errorCode);
    expect(await service.call('oauth/register', { username: registered.username, salt })).toMatchObject({
      errorCode: 98,
    });
  });
});
