/** Attack 3: a signature of a customer's backend, read in another way than it was signed. */
import { newPerson, sign, signInAgain } from '../../testkit/people';
import { onBothDatabases, useService } from '../../testkit/service';

const SECRET = 'the-secret-of-the-shop-s-backend';
const NOW = String(Date.UTC(2026, 10, 23));

onBothDatabases((kind) => {
  const service = useService(kind, {
    env: { OAUTH_TAG_SECRETS: JSON.stringify({ player: SECRET }), OAUTH_REGISTER: 'true' },
  });
  beforeAll(() => service().clock.freeze(Number(NOW)));

  function signIn(asked: { username: string; signature: string; tag?: string; ts?: string; nonce?: string }) {
    return service().call('oauth/signature', asked);
  }

  test('signs in the user that the backend signed for', async () => {
    const signed = { username: 'alice-player-', tag: 'player', ts: NOW, nonce: 'n1' };
    const signature = sign({ ...signed, secret: SECRET });
    expect(await signIn({ ...signed, signature })).toMatchObject({ errorCode: 0 });
  });

  test.each([
    ['ts left out, and a nonce that contains the rest', { tag: 'player', nonce: `player-${NOW}-n1` }],
    ['ts with a piece of the text', { tag: 'player', ts: `player-${NOW}`, nonce: 'n1' }],
    ['an empty ts', { tag: 'player', ts: '', nonce: `player-${NOW}-n1` }],
  ])('refuses the same signature for another name: %s', async (_name, other) => {
    const signature = sign({ username: 'alice-player-', secret: SECRET, tag: 'player', ts: NOW, nonce: 'n1' });
    const answer = await signIn({ username: 'alice', signature, ...other });
    expect(answer).toMatchObject({ errorCode: 210 });
    expect(answer.data).toBeUndefined();
  });

  test('refuses the signature of a name that looks like the beginning of a signed text', async () => {
    const username = `alice-player-${NOW}-x`;
    const signed = { username, tag: 'player', ts: NOW, nonce: 'n1' };
    const signature = sign({ ...signed, secret: SECRET });
    expect(await signIn({ ...signed, username: 'alice', nonce: `x-player-${NOW}-n1`, signature })).toMatchObject({
      errorCode: 210,
    });
    expect(await signIn({ ...signed, signature })).toMatchObject({ errorCode: 0 });
  });

  test('a person with a salt may still sign without ts, and with any nonce', async () => {
    const person = await newPerson(service());
    expect((await signInAgain(service(), person)).userId).toBe(person.userId);
    const signed = { username: person.username, nonce: 'a-b-c' };
    expect(await signIn({ ...signed, signature: sign({ ...signed, secret: person.salt }) })).toMatchObject({
      errorCode: 0,
    });
  });
});

test.each([
  ['a tag with a -', { 'a-b': SECRET }],
  ['a secret that ends with another one', { a: `x-${SECRET}`, b: SECRET }],
])('refuses to be configured with %s', async (_name, secrets) => {
  const { loadConfig } = await import('../../src/config/config');
  const env = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f' };
  const loaded = loadConfig({ ...env, OAUTH_TAG_SECRETS: JSON.stringify(secrets) });
  expect(loaded.ok ? [] : loaded.problems.join()).toContain('OAUTH_TAG_SECRETS');
});
