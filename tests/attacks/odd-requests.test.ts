/** Attack 16: requests that HTTP allows and no user sends. Each gets the envelope, and HEAD changes nothing. */
import { contract } from '../../src/contract';
import { goLive, newPerson, type Person } from '../../testkit/people';
import { answersIn, rawHttp } from '../../testkit/raw-http';
import { onBothDatabases, useService } from '../../testkit/service';
import { send, WAYS } from '../../testkit/ways';

const CLOSE = 'Host: a\r\nConnection: close\r\n\r\n';
const KEEPALIVE = '/base/v1/auth_users/user_keepalive';

describe('requests that no user sends', () => {
  const service = useService('sqlite');
  let alice: Person;
  beforeAll(async () => {
    alice = await newPerson(service());
  });
  const query = () => `?userId=${alice.userId}&token=${alice.token}`;

  test.each<[string, () => string, string, number]>([
    ['Expect: nonsense', () => `GET ${KEEPALIVE}${query()} HTTP/1.1\r\nExpect: nonsense\r\n${CLOSE}`, '200 OK', 0],
    [
      'Expect: 100-continue',
      () => `GET ${KEEPALIVE}${query()} HTTP/1.1\r\nExpect: 100-continue\r\n${CLOSE}`,
      '200 OK',
      0,
    ],
    ['no Host', () => `GET ${KEEPALIVE}${query()} HTTP/1.1\r\nConnection: close\r\n\r\n`, '200 OK', 0],
    ['two Hosts', () => `GET ${KEEPALIVE}${query()} HTTP/1.1\r\nHost: b\r\n${CLOSE}`, '200 OK', 0],
    [
      'an Upgrade',
      () => `GET ${KEEPALIVE}${query()} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: websocket\r\nHost: a\r\n\r\n`,
      '200 OK',
      0,
    ],
    ['HTTP/2 over plain text', () => 'PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n', '400 Bad Request', 98],
    ['CONNECT', () => `CONNECT a:443 HTTP/1.1\r\n${CLOSE}`, '400 Bad Request', 98],
    ['CONNECT of an endpoint', () => `CONNECT ${KEEPALIVE} HTTP/1.1\r\n${CLOSE}`, '200 OK', 98],
    ['an asterisk', () => `GET * HTTP/1.1\r\n${CLOSE}`, '404 Not Found', 98],
    ['TRACE', () => `TRACE ${KEEPALIVE}${query()} HTTP/1.1\r\n${CLOSE}`, '200 OK', 98],
    [
      'an unknown transfer coding',
      () => `POST ${KEEPALIVE}${query()} HTTP/1.1\r\nTransfer-Encoding: gzip\r\n${CLOSE}`,
      '200 OK',
      98,
    ],
  ])('%s gets the envelope', async (_name, request, status, errorCode) => {
    const answers = answersIn(await rawHttp(service().port, [request()], { until: /"version":"[^"]*"\}/ }));
    const last = answers.at(-1);
    expect(last?.status).toBe(`HTTP/1.1 ${status}`);
    expect(last?.headers.toLowerCase()).toContain('content-type: application/json');
    expect(JSON.parse(last?.body ?? '')).toMatchObject({
      errorCode,
      requestId: expect.any(String),
      version: expect.any(String),
    });
  });
});

onBothDatabases((kind) => {
  const service = useService(kind);

  test.each(WAYS)('HEAD of every endpoint changes nothing, through %s', async (way) => {
    const alice = await newPerson(service());
    const bob = await newPerson(service());
    const roomId = await goLive(alice, { title: 'before' });
    await bob.must('rooms/enter_room', { roomId, role: 'audience' });
    const state = async () => ({
      alice: await alice.must('auth_users/user_query'),
      room: await alice.must('rooms/room_detail', { roomId }),
      users: await alice.must('rooms/list_users', { roomId }),
    });
    const before = await state();
    const params = { roomId, title: 'after', name: 'after', role: 'after', username: 'head', salt: 'f'.repeat(32) };
    for (const { path } of Object.values(contract)) {
      for (const person of [alice, bob]) {
        const query = Object.entries({ ...params, userId: person.userId, token: person.token });
        const answer = await send(service(), way, { method: 'HEAD', path: `/base/v1/${path}`, query });
        expect({ path, status: answer.status }).toEqual({ path, status: 200 });
      }
    }
    expect(await state()).toEqual(before);
    // The name was not registered by it: another user can still have it.
    const free = await service().call('oauth/register', { username: `head-${way}`, salt: 'e'.repeat(32) });
    expect(free.errorCode).toBe(0);
    expect((await service().call('oauth/signature', { username: 'head', signature: 'x' })).errorCode).toBe(98);
  });
});
