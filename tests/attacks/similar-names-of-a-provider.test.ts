/**
 * Attack 52: two users of an identity provider or a backend have names that are one name here (the Kelvin sign and k, ß and ss,
 * invisible characters, full width), and the second signs in as the first.
 */
import md5 from 'md5';
import { tokenOf } from '../../testkit/fake-identity';
import { ADMIN_KEY, operatorOf } from '../../testkit/operator';
import { newPerson, sign } from '../../testkit/people';
import { onBothDatabases } from '../../testkit/service';
import { claims, end, exchange, newScene, type Scene } from './support/identity';

const PAIRS = [
  ['kelly', '\u212aelly'],
  ['jess', 'je\u017fs'],
  ['strasse', 'straße'],
  ['admin', 'adm\u0131n'],
  ['alice', 'al\u200bice'],
  ['bob', 'ｂｏｂ'],
] as const;

onBothDatabases((kind) => {
  let scene: Scene;
  beforeAll(async () => {
    scene = await newScene(kind, { ADMIN_KEY, OAUTH_REGISTER: 'true' });
  });
  afterAll(() => end(scene));

  const idOf = async (sub: string) => {
    const { errorCode, data } = await exchange(scene, tokenOf(scene.rsa, claims({ sub })));
    return errorCode === 0 ? (data as { userId: string }).userId : errorCode;
  };
  const issued = async (username: string) => {
    const { errorCode, data } = await operatorOf(scene.service).call('issue_token', { username });
    return errorCode === 0 ? (data as { userId: string }).userId : errorCode;
  };

  test.each(PAIRS)('who signs in as %j is not signed in as %j', async (name, similar) => {
    const userId = await idOf(name);
    expect(userId).toEqual(expect.any(String));
    expect([await idOf(similar), await issued(similar)]).toEqual([210, 210]);
    // Case is no difference, and the user still signs in.
    expect([await idOf(name.toUpperCase()), await issued(` ${name} `)]).toEqual([userId, userId]);
  });

  test('both at the same moment: one of them has the account', async () => {
    const answers = await Promise.all([idOf('kim'), idOf('\u212aim'), idOf('kim'), idOf('\u212aim')]);
    const ids = new Set(answers.filter((answer) => answer !== 210));
    expect(ids.size).toBe(1);
    expect(answers.filter((answer) => answer === 210)).toHaveLength(2);
  });

  test('who registers a similar name before the first sign-in loses it, and keeps nobody out', async () => {
    const squatter = await newPerson(scene.service, { username: 'car\u200bol' });
    expect(await idOf('carol')).toBe(squatter.userId);
    expect(await idOf('carol')).toBe(squatter.userId);
    expect(await idOf('car\u200bol')).toBe(210);
    expect((await squatter.call('auth_users/user_query')).errorCode).toBe(204);
    const { username, salt } = squatter;
    const again = { username, signature: sign({ username, secret: salt }) };
    expect((await scene.service.call('oauth/signature', again)).errorCode).toBe(98);
    expect((await scene.service.call('oauth/register', { username, salt: md5('x') })).errorCode).toBe(98);
  });
});
