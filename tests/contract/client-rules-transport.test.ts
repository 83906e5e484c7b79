/** The needs of the shipped apps in transport and envelope: one test per need, named after its guarantee. */
import { contract } from '../../src/contract';
import { lived } from '../../testkit/lived';
import { goLive, newPerson, type Person, sign } from '../../testkit/people';
import { jsonAsk, onBothDatabases, startService, useService } from '../../testkit/service';
import { type Answer, type Ask, envelopeOf, overHttp, send, WAYS } from '../../testkit/ways';
import { ENDPOINT_CASES } from './support/cases';

const paths = Object.values(contract).map((endpoint) => endpoint.path);
const KEEPALIVE = 'auth_users/user_keepalive';

onBothDatabases((kind) => {
  const service = useService(kind);
  let alice: Person;

  beforeAll(async () => {
    alice = await newPerson(service());
    await goLive(alice, { title: 'A live room' });
  });

  const http = (ask: Ask & { rawUrl?: string }) => overHttp(service(), ask);
  const who = () => ({ userId: alice.userId, token: alice.token });
  const query = (params: object) =>
    Object.entries(params).map(([name, value]): [string, string] => [name, String(value)]);

  /** Good, bad, forbidden and unknown calls of every kind. */
  async function everySortOfAnswer(): Promise<Answer[]> {
    const broken = await startService(kind, { env: { TRTC_TIM_APPID: '' } });
    const asks: Ask[] = [
      ...paths.flatMap((path) => [
        jsonAsk(path),
        jsonAsk(path, { ...who(), token: 'bad' }),
        { path: `/base/v1/${path}`, method: 'PUT' },
        { path: `/base/v1/${path}`, method: 'POST', body: '{' },
      ]),
      ...ENDPOINT_CASES.filter(({ endpoint }) => !/logout|delete|destroy/.test(endpoint)).map(({ endpoint, good }) =>
        jsonAsk(endpoint, { ...who(), ...good }),
      ),
      { path: '/base/v1/nowhere' },
      { path: '/base/v1/rooms' },
      { path: '/base/v1/rooms/__proto__' },
      { path: '/base/v1/' },
    ];
    const answers: Answer[] = [];
    for (const ask of asks) answers.push(await http(ask));
    for (const path of paths) answers.push(await overHttp(broken, jsonAsk(path, who())));
    await broken.close();
    return answers;
  }

  test('every answer below the base path is HTTP 200, errors too', async () => {
    for (const { status } of await everySortOfAnswer()) expect(status).toBe(200);
  });

  test('every answer is one JSON object with the content type of JSON', async () => {
    for (const { headers, text } of await everySortOfAnswer()) {
      expect(headers['content-type']).toMatch(/^application\/json/);
      expect(JSON.parse(text)).toEqual(expect.objectContaining({ errorCode: expect.any(Number) }));
    }
  });

  test('errorCode is always a 32-bit integer, errorMessage always a text, data absent on errors and never null', async () => {
    for (const { text } of await everySortOfAnswer()) {
      const { errorCode, errorMessage, ...rest } = JSON.parse(text);
      expect(Number.isInteger(errorCode) && Math.abs(errorCode) < 2 ** 31).toBe(true);
      expect(typeof errorMessage).toBe('string');
      expect(errorMessage.length).toBeLessThan(160);
      if (errorCode !== 0) expect(rest).not.toHaveProperty('data');
      expect(text).not.toContain('null');
      expect(text).not.toMatch(/SELECT|INSERT|UPDATE |\bat [\w.]+ \(|node_modules|\.ts:|\.js:/);
    }
  });

  test('parameters come from the query, a form and JSON, merged, and the query wins', async () => {
    const path = '/base/v1/auth_users/user_update';
    const name = async () => (await alice.must<{ name: string }>('auth_users/user_query')).name;
    const form = { 'content-type': 'application/x-www-form-urlencoded' };
    const json = { 'content-type': 'application/json' };
    const forms = `name=${encodeURIComponent('by form +1')}&userId=&unknown=1&`;
    for (const way of WAYS) {
      expect(
        (await service().ask(way, { method: 'POST', path, query: query(who()), headers: form, body: forms })).errorCode,
      ).toBe(0);
      expect(await name()).toBe('by form +1');
      const body = JSON.stringify({ name: 'by JSON', ...who() });
      await service().ask(way, { method: 'POST', path, headers: json, body });
      expect(await name()).toBe('by JSON');
      await service().ask(way, { method: 'POST', path, query: [['name', 'by query']], headers: json, body });
      expect(await name()).toBe('by query');
      await service().ask(way, { method: 'GET', path, headers: json, body });
      expect(await name()).toBe('by JSON');
    }
  });

  test('accepts a POST without body and content type, empty values, a final & and unknown names', async () => {
    for (const ask of [
      { method: 'POST', path: `/base/v1/${KEEPALIVE}`, query: query(who()) },
      {
        path: `/base/v1/${KEEPALIVE}`,
        query: [...query(who()), ['', ''], ['x', ''], ['apaasAppId', ''], ['__proto__', '1']] as [string, string][],
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        body: JSON.stringify({ ...who(), x: null, apaasUserId: null, constructor: 1 }),
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        headers: { 'content-type': 'text/plain' },
        body: JSON.stringify(who()),
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        headers: { 'content-type': 'text/html' },
        body: `${new URLSearchParams(who())}&&`,
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        headers: { 'content-type': 'application/json' },
        query: query(who()),
        body: '',
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        headers: { 'content-type': 'application/json' },
        query: query(who()),
        body: ' \n',
      },
      {
        method: 'POST',
        path: `/base/v1/${KEEPALIVE}`,
        headers: { 'content-type': 'application/json' },
        body: `\ufeff${JSON.stringify(who())}`,
      },
    ]) {
      for (const way of WAYS) expect(await service().ask(way, ask)).toMatchObject({ errorCode: 0 });
    }
    const { userId, token } = who();
    for (const end of ['&', '&&', '&x', '&=', '&%', '&a=%zz']) {
      const answer = await http({ path: '', rawUrl: `/base/v1/${KEEPALIVE}?userId=${userId}&token=${token}${end}` });
      expect({ end, code: envelopeOf(answer).errorCode }).toEqual({ end, code: 0 });
    }
  });

  test('raw, unescaped UTF-8 in a URL is read as UTF-8', async () => {
    const { userId, token } = who();
    const name = '爱丽丝😀';
    const rawUrl = Buffer.from(`/base/v1/auth_users/user_update?userId=${userId}&token=${token}&name=${name}`).toString(
      'latin1',
    );
    expect(envelopeOf(await http({ path: '', rawUrl })).errorCode).toBe(0);
    expect(await alice.must('auth_users/user_query')).toMatchObject({ name });
  });

  test('a stage in front, doubled and final slashes are tolerated, and nothing ever redirects', async () => {
    const whole = `base/v1/${KEEPALIVE}`;
    const good = [
      `/${whole}`,
      `/prod/${whole}`,
      `/local/${whole}`,
      `/release/${whole}`,
      `//${whole}`,
      `/prod//${whole}/`,
    ];
    for (const path of [...good, `/${whole}/`, `/base//v1//${KEEPALIVE.replace('/', '//')}`]) {
      for (const way of WAYS) {
        const answer = await send(service(), way, { path, query: query(who()) });
        expect({ path, way, status: answer.status, code: envelopeOf(answer).errorCode }).toEqual({
          path,
          way,
          status: 200,
          code: 0,
        });
      }
    }
    for (const path of [
      `/a/b/${whole}`,
      `/${KEEPALIVE}`,
      '/prod',
      '/base/v2/rooms/query_room',
      `/Base/V1/${KEEPALIVE}`,
    ]) {
      const answer = await http({ path, query: query(who()) });
      expect({ path, status: answer.status }).toEqual({ path, status: 404 });
      expect(envelopeOf(answer).errorCode).toBe(98);
      expect(answer.headers['location']).toBeUndefined();
    }
  });

  test('every answer may be read by other origins and kept by no user', async () => {
    for (const { headers } of [
      ...(await everySortOfAnswer()),
      await http({ path: '/' }),
      await http({ path: '/helloworld' }),
    ]) {
      expect(headers['access-control-allow-origin']).toBe('*');
      expect(headers['cache-control']).toBe('no-store');
    }
  });

  test('the preflight of a browser allows GET, POST and the headers it asks for', async () => {
    for (const way of WAYS) {
      const headers = {
        origin: 'https://app.example.com',
        'access-control-request-method': 'POST',
        'access-control-request-headers': 'content-type, x-requested-with',
      };
      const answer = await send(service(), way, { method: 'OPTIONS', path: `/base/v1/${KEEPALIVE}`, headers });
      expect(answer.status).toBe(200);
      expect(answer.headers).toMatchObject({
        'access-control-allow-origin': '*',
        'access-control-allow-methods': expect.stringMatching(/GET.*POST/),
        'access-control-allow-headers': 'content-type, x-requested-with',
      });
      expect(envelopeOf(answer).errorCode).toBe(0);
    }
  });

  test('signing in and reading the profile take far less than the six seconds of the app', async () => {
    const { username, salt } = alice;
    const signature = sign({ username, secret: salt });
    const signIn = service().call('oauth/signature', { username, signature });
    expect((await lived(signIn.then(() => alice.must('auth_users/user_query')))).ms).toBeLessThan(1_000);
  });

  test('lists are lists, empty ones too; other data is an object or absent; counts are numbers and ids are texts', async () => {
    expect(await alice.must('rooms/query_room', { category: 'nothing here' })).toEqual([]);
    const rooms = await alice.must<Record<string, unknown>[]>('rooms/query_room');
    expect(rooms.length).toBeGreaterThan(0);
    const numbers = ['removed', 'status', 'star', 'nnUsers', 'totalJoined'];
    for (const [name, value] of Object.entries(rooms[0] ?? {})) {
      expect({ name, type: typeof value }).toEqual({ name, type: numbers.includes(name) ? 'number' : 'string' });
    }
    const { roomId } = await alice.must<{ roomId: string }>('rooms/generate_roomid');
    const never = ['rooms/leave_room', 'rooms/update_room', 'auth_users/user_update', 'auth_users/user_logout'];
    for (const endpoint of never) {
      const extra = { roomId: alice.userId, name: 'x' };
      const token = endpoint.endsWith('logout') ? 'none' : alice.token;
      expect(await alice.call(endpoint, { ...extra, token })).not.toHaveProperty('data');
    }
    await alice.must('rooms/enter_room', { roomId });
    expect(await alice.call('rooms/destroy_room', { roomId })).not.toHaveProperty('data');
  });
});
