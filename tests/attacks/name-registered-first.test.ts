/** Attack 4: a customer's user name, registered by another user before the customer's backend signs its user in. */
import md5 from 'md5';
import { newPerson, personOf, type SignIn, sign, succeeded } from '../../testkit/people';
import { onBothDatabases, type Service, startService, useService } from '../../testkit/service';

const SECRET = 'the-secret-of-the-shop-s-backend';
const TAGS = JSON.stringify({ player: SECRET });

async function byBackend(service: Service, username: string) {
  const ts = String(service.clock.now());
  const signature = sign({ username, secret: SECRET, tag: 'player', ts });
  const answer = await service.call('oauth/signature', { username, signature, tag: 'player', ts });
  return personOf(service, { username, salt: '' }, succeeded<SignIn>(answer));
}

function bySalt(service: Service, username: string, salt: string) {
  return service.call('oauth/signature', { username, signature: sign({ username, secret: salt }) });
}

onBothDatabases((kind) => {
  const service = useService(kind, { env: { OAUTH_TAG_SECRETS: TAGS, OAUTH_REGISTER: 'true' } });

  test('the first sign-in by the backend ends the registration: its salt and its sessions', async () => {
    const squatter = await newPerson(service(), { username: 'bob' });
    const bob = await byBackend(service(), 'bob');
    expect(await bySalt(service(), 'bob', squatter.salt)).toMatchObject({ errorCode: 98 });
    expect(await squatter.call('auth_users/user_query')).toMatchObject({ errorCode: 204 });
    expect(await bob.call('auth_users/user_query')).toMatchObject({ errorCode: 0 });
    expect(await service().call('oauth/register', { username: 'bob', salt: squatter.salt })).toMatchObject({
      errorCode: 98,
    });
    // A second one ends nothing anymore.
    await byBackend(service(), 'bob');
    expect(await bob.call('auth_users/user_query')).toMatchObject({ errorCode: 0 });
  });

  test('a sign-in with the old salt at the same moment leaves no session behind', async () => {
    for (let round = 0; round < 12; round += 1) {
      const squatter = await newPerson(service(), { username: `carol-${round}` });
      const attempts = await Promise.all([
        bySalt(service(), squatter.username, squatter.salt),
        byBackend(service(), squatter.username),
        bySalt(service(), squatter.username, squatter.salt),
      ]);
      for (const attempt of attempts) {
        if (!('errorCode' in attempt) || attempt.errorCode !== 0) continue;
        const person = personOf(service(), squatter, succeeded<SignIn>(attempt));
        expect(await person.call('auth_users/user_query')).toMatchObject({ errorCode: 204 });
      }
    }
  });
});

test('where tags have secrets, registration is closed unless it is switched on', async () => {
  const account = { username: 'dave', salt: md5('dave-x') };
  const closed = await startService('sqlite', { env: { OAUTH_TAG_SECRETS: TAGS } });
  expect(await closed.call('oauth/register', account)).toMatchObject({ errorCode: 98 });
  await closed.close();
  const open = await startService('sqlite');
  expect(await open.call('oauth/register', account)).toMatchObject({ errorCode: 0 });
  await open.close();
});
