/** Who may call: bad, expired, foreign and ended tokens at every endpoint that takes one. */
import { createHmac } from 'node:crypto';
import { contract } from '../../src/contract';
import type { Endpoint } from '../../src/contract/endpoint';
import { goLive, newPeople, newPerson, type Person, signInAgain } from '../../testkit/people';
import { onBothDatabases, type Service, useService } from '../../testkit/service';
import { ENDPOINT_CASES } from './support/cases';

const DAY = 86_400_000;
const OPEN = Object.values<Endpoint>(contract)
  .filter(({ session }) => session === 'none')
  .map(({ path }) => path);
// An appeal works while the account is banned, when it has no session.
const LENIENT = ['auth_users/user_logout', 'auth_users/user_delete', 'reports/appeal'];
const withToken = ENDPOINT_CASES.filter(({ endpoint }) => !OPEN.includes(endpoint));
const strict = withToken.filter(({ endpoint }) => !LENIENT.includes(endpoint));
/** Those whose userId is the caller's; elsewhere it is a user who is asked for. */
const named = strict.filter(
  ({ endpoint }) => !Object.values<Endpoint>(contract).some(({ path, tokenAlone }) => path === endpoint && tokenAlone),
);

const base64 = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

/** The payload of a good token with another header, and signed (or not) by a user who does not know the key. */
function forge(token: string, header: object, key?: string): string {
  const start = `${base64(header)}.${token.split('.')[1]}`;
  return `${start}.${key === undefined ? '' : createHmac('sha256', key).update(start).digest('base64url')}`;
}

function badTokens(token: string): [string, unknown][] {
  const [header = '', payload = '', signature = ''] = token.split('.');
  const claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  return [
    ['empty', ''],
    ['null', null],
    ['garbage', 'garbage'],
    ['an emoji', '😀'],
    ['control characters', '\u0000\u001b'],
    ['very long', 'x'.repeat(5_000)],
    ['an object', { token }],
    ['a list', [token]],
    ['a number', 5],
    ['true', true],
    ['without its signature', `${header}.${payload}.`],
    [
      'with a changed signature',
      `${header}.${payload}.${signature.slice(0, -2)}${signature.endsWith('AA') ? 'BB' : 'AA'}`,
    ],
    ['with changed claims', `${header}.${base64({ ...claims, u: 1 + claims.u })}.${signature}`],
    ['with a later expiry', `${header}.${base64({ ...claims, exp: claims.exp + 1 })}.${signature}`],
    ['signed with "none"', forge(token, { alg: 'none' })],
    ['signed with an empty key', forge(token, { alg: 'HS256' }, '')],
    ['signed with another key', forge(token, { alg: 'HS256' }, 'another key')],
  ];
}

onBothDatabases((kind) => {
  const service = useService(kind);
  let alice: Person;
  let bob: Person;

  const codes = async (at: Service, cases: typeof withToken, params: Record<string, unknown>) => {
    const entries = cases.map(async ({ endpoint, good }) => [
      endpoint,
      (await at.call(endpoint, { ...good, ...params })).errorCode,
    ]);
    return Object.fromEntries(await Promise.all(entries));
  };
  const all = (cases: typeof withToken, code: number) =>
    Object.fromEntries(cases.map(({ endpoint }) => [endpoint, code]));

  beforeAll(async () => {
    [alice, bob] = (await newPeople(service(), 2)) as [Person, Person];
    await goLive(alice);
  });

  test('every endpoint but oauth answers UserTokenInvalid(204) for a token that is not one', async () => {
    for (const [name, token] of badTokens(alice.token)) {
      const got = await codes(service(), strict, { userId: alice.userId, token });
      expect({ name, ...got }).toEqual({ name, ...all(strict, 204) });
    }
  });

  test('a good token does not work for another user', async () => {
    for (const params of [
      { userId: alice.userId, token: bob.token },
      { apaasUserId: alice.userId, token: bob.token },
      { userId: '0', token: bob.token },
      { userId: `0${bob.userId}`, token: bob.token },
      { userId: 'nobody', token: bob.token },
      { userId: "' OR 1=1 --", token: bob.token },
    ]) {
      expect(await codes(service(), named, params)).toEqual(all(named, 204));
    }
  });

  test('user_delete answers 204 for a bad token and deletes no user', async () => {
    for (const [name, token] of badTokens(alice.token)) {
      const { errorCode } = await service().call('auth_users/user_delete', { userId: alice.userId, token });
      expect({ name, errorCode }).toEqual({ name, errorCode: 204 });
    }
    const stolen = await service().call('auth_users/user_delete', { userId: alice.userId, token: bob.token });
    expect(stolen.errorCode).toBe(204);
    await alice.must('auth_users/user_query');
    await bob.must('auth_users/user_query');
  });

  test('user_logout answers 0 for any token and signs no other user out', async () => {
    for (const [name, token] of badTokens(alice.token)) {
      const { errorCode } = await service().call('auth_users/user_logout', { userId: alice.userId, token });
      expect({ name, errorCode }).toEqual({ name, errorCode: 0 });
    }
    await service().call('auth_users/user_logout', { userId: alice.userId, token: bob.token });
    await service().call('auth_users/user_logout', { userId: alice.userId });
    await service().call('auth_users/user_logout');
    await alice.must('auth_users/user_query');
    await bob.must('auth_users/user_query');
  });

  test('a token is valid for 30 days and then answers UserTokenExpired(203)', async () => {
    const late = await newPerson(service());
    const stay = { userId: late.userId, token: late.token };
    service().clock.advance(30 * DAY - 60_000);
    expect((await service().call('auth_users/user_query', stay)).errorCode).toBe(0);
    service().clock.advance(61_000);
    expect(await codes(service(), strict, stay)).toEqual(all(strict, 203));
    expect((await service().call('auth_users/user_delete', stay)).errorCode).toBe(203);
    expect((await service().call('auth_users/user_logout', stay)).errorCode).toBe(0);
    service().clock.advance(-30 * DAY);
    // Signing out with an expired token ends the session even so: an earlier clock does not bring it back.
    expect((await service().call('auth_users/user_query', stay)).errorCode).toBe(204);
  });

  test('signing out ends the old and the new token of a session, and no other session', async () => {
    const person = await newPerson(service());
    const tablet = await signInAgain(service(), person);
    const renewed = await person.must<{ token: string }>('auth_users/user_login_token');
    expect(renewed.token).not.toBe(person.token);
    for (const token of [person.token, renewed.token]) await person.must('auth_users/user_keepalive', { token });
    await person.must('auth_users/user_logout', { token: renewed.token });
    for (const token of [person.token, renewed.token]) {
      const ended = await codes(service(), strict, { userId: person.userId, token });
      expect(ended).toEqual(all(strict, 204));
      // Section 3, row 9 of the client rules: deleting needs a valid token.
      expect((await person.call('auth_users/user_delete', { token })).errorCode).toBe(204);
    }
    await tablet.must('auth_users/user_query');
  });

  test('a deleted user is no user: every token of theirs is invalid and deleting again succeeds', async () => {
    const person = await newPerson(service());
    const tablet = await signInAgain(service(), person);
    await person.must('auth_users/user_delete');
    for (const { token } of [person, tablet]) {
      expect(await codes(service(), strict, { userId: person.userId, token })).toEqual(all(strict, 204));
      expect((await person.call('auth_users/user_delete', { token })).errorCode).toBe(0);
    }
    expect((await service().call('auth_users/user_delete', { userId: person.userId, token: 'x' })).errorCode).toBe(0);
    expect((await alice.call('auth_users/user_query', { searchUserId: person.userId })).errorCode).toBe(206);
    // The name is free again, and its next owner is another user.
    const heir = await newPerson(service(), { username: person.username });
    expect(Number(heir.userId)).toBeGreaterThan(Number(person.userId));
  });

  test('deleting the account ends its rooms and takes it out of every other room', async () => {
    const [anchor, host] = (await newPeople(service(), 2)) as [Person, Person];
    await goLive(anchor);
    const other = await goLive(host);
    await anchor.must('rooms/enter_room', { roomId: other, role: 'audience' });
    await anchor.must('auth_users/user_delete');
    expect((await host.call('rooms/room_detail', { roomId: anchor.userId })).errorCode).toBe(2004);
    const users = await host.must<{ userId: string }[]>('rooms/list_users', { roomId: other });
    expect(users.map(({ userId }) => userId)).toEqual([host.userId]);
    expect((await host.call('rooms/enter_room', { roomId: anchor.userId, role: 'anchor' })).errorCode).not.toBe(0);
  });
});
