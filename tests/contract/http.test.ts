/** The HTTP way in, attacked: malformed, oversized, slow and cut-off requests; nothing of it may end the process. */
import { connect, type Socket } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { newPerson, type Person } from '../../testkit/people';
import { type RawOptions, rawHttp } from '../../testkit/raw-http';
import { useService } from '../../testkit/service';
import { envelopeOf, overHttp } from '../../testkit/ways';

const service = useService('sqlite');
let alice: Person;

beforeAll(async () => {
  alice = await newPerson(service());
});

afterEach(async () => {
  await alice.must('auth_users/user_keepalive');
});

const KEEPALIVE = '/base/v1/auth_users/user_keepalive';
const who = () => `userId=${alice.userId}&token=${alice.token}`;

const raw = (parts: readonly (string | Buffer)[], options: RawOptions = {}) => rawHttp(service().port, parts, options);

const close = 'Host: a\r\nConnection: close\r\n\r\n';

describe('requests that are not HTTP', () => {
  test.each([
    ['a line of garbage', 'garbage\r\n\r\n', '400 Bad Request'],
    ['a TLS hello', Buffer.from('16030100a5010000a1', 'hex'), '400 Bad Request'],
    ['an unknown method', `FROB ${KEEPALIVE} HTTP/1.1\r\n${close}`, '200 OK'],
    ['a bad header', `GET ${KEEPALIVE} HTTP/1.1\r\nno colon here\r\n${close}`, '200 OK'],
    ['a control character in a header', `GET ${KEEPALIVE} HTTP/1.1\r\nx: a\u0000b\r\n${close}`, '200 OK'],
    ['two lengths', `POST ${KEEPALIVE} HTTP/1.1\r\nContent-Length: 1\r\nContent-Length: 2\r\n${close}ab`, '200 OK'],
    [
      'a length and chunks',
      `POST ${KEEPALIVE} HTTP/1.1\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n${close}`,
      '200 OK',
    ],
    ['a bad chunk', `POST ${KEEPALIVE} HTTP/1.1\r\nTransfer-Encoding: chunked\r\n${close}zz\r\n`, undefined],
    ['a URL of 100 kB', `GET ${KEEPALIVE}?x=${'x'.repeat(100_000)} HTTP/1.1\r\n${close}`, '200 OK'],
    ['headers of 100 kB', `GET ${KEEPALIVE} HTTP/1.1\r\nx: ${'x'.repeat(100_000)}\r\n${close}`, '200 OK'],
    ['HTTP/3.7', `GET ${KEEPALIVE} HTTP/3.7\r\n${close}`, '200 OK'],
  ])('%s is answered in JSON', async (_, bytes, status) => {
    const answer = await raw([bytes]);
    if (status === undefined) return;
    const [head = '', body = ''] = answer.split('\r\n\r\n');
    expect(head.split('\r\n')[0]).toBe(`HTTP/1.1 ${status}`);
    expect(head.toLowerCase()).toContain('content-type: application/json');
    expect(JSON.parse(body)).toMatchObject({ errorCode: 98, codeStr: 'SystemVerifyError' });
  });

  test('accepts a missing Host header, HTTP/1.0 and a whole URL in the request line', async () => {
    expect(await raw([`GET ${KEEPALIVE}?${who()} HTTP/1.0\r\n\r\n`])).toContain('"errorCode":0');
    expect(await raw([`GET http://a.example.com${KEEPALIVE}?${who()} HTTP/1.1\r\n${close}`])).toContain(
      '"errorCode":0',
    );
  });
});

describe('bytes in the URL that no user escaped', () => {
  const update = '/base/v1/auth_users/user_update';

  test.each(['爱丽丝', 'a b', 'Zoë 😀', 'tab\there'])('%s is read, or refused as a parameter', async (name) => {
    const answer = await raw([Buffer.from(`GET ${update}?${who()}&name=${name} HTTP/1.1\r\n${close}`)]);
    const control = name.includes('\t');
    expect(answer).toContain(control ? '"errorCode":98' : '"errorCode":0');
    if (!control) expect(await alice.must('auth_users/user_query')).toMatchObject({ name });
  });

  test('the body is read as well, and the connection ends with the answer', async () => {
    const first = Buffer.from(`POST ${update}?${who()}&x=爱 HTTP/1.1\r\nHost: a\r\nContent-Length: 10\r\n\r\nname=`);
    const answer = await raw([first, 'first'], { pauseMs: 40 });
    expect(answer).toContain('"errorCode":0');
    expect(answer).toMatch(/^connection: close\r$/im);
    expect(await alice.must('auth_users/user_query')).toMatchObject({ name: 'first' });
  });

  test('one connection with thousands of them is answered once and does no harm', async () => {
    const one = Buffer.from(`GET /helloworld?x=爱 HTTP/1.1\r\nHost: a\r\n\r\n`);
    const socket: Socket = connect(service().port, '127.0.0.1');
    let answers = 0;
    await new Promise<void>((resolve) => {
      socket.on('data', (data) => {
        answers += data.toString().split('HelloWorld').length - 1;
        // Each is sent after the answer to the previous one, in the way of an app.
        if (answers < 4_000) socket.write(one);
        else resolve();
      });
      socket.on('error', () => resolve());
      socket.on('close', () => resolve());
      socket.write(one);
    });
    socket.destroy();
    expect(answers).toBe(1);
  });
});

describe('bodies', () => {
  const post = (headers: string, body: string | Buffer) => [
    `POST ${KEEPALIVE}?${who()} HTTP/1.1\r\n${headers}${close}`,
    body,
  ];
  const code = async (parts: readonly (string | Buffer)[]) => /"errorCode":(\d+)/.exec(await raw(parts))?.[1];

  test('exactly 64 KiB are read and one byte more is refused, with and without a length', async () => {
    const body = (size: number) => `{"pad":"${'x'.repeat(size - 10)}"}`;
    const chunked = (text: string) => `${text.length.toString(16)}\r\n${text}\r\n0\r\n\r\n`;
    for (const [size, expected] of [
      [65_536, '0'],
      [65_537, '98'],
      [3_000_000, '98'],
    ] as const) {
      expect(await code(post(`Content-Length: ${size}\r\n`, body(size)))).toBe(expected);
      expect(await code(post('Transfer-Encoding: chunked\r\n', chunked(body(size))))).toBe(expected);
    }
  });

  test('an endless body is cut off, with an answer', async () => {
    const chunk = `100000\r\n${'x'.repeat(0x100000)}\r\n`;
    const answer = await raw(
      ['Transfer-Encoding: chunked\r\n'].flatMap((header) => [
        `POST ${KEEPALIVE} HTTP/1.1\r\n${header}${close}`,
        ...Array.from({ length: 40 }, () => chunk),
      ]),
      { pauseMs: 1 },
    );
    expect(answer).toContain('"errorCode":98');
  });

  test('a client that sends Expect gets 100 Continue', async () => {
    const answer = await raw(post('Content-Length: 2\r\nExpect: 100-continue\r\n', '{}'));
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue/);
    expect(answer).toContain('"errorCode":0');
  });

  test('a compressed body is a parameter error, not a failure', async () => {
    const gzip = Buffer.from('1f8b08000000000000', 'hex');
    expect(
      await code(
        post(`Content-Type: application/json\r\nContent-Encoding: gzip\r\nContent-Length: ${gzip.length}\r\n`, gzip),
      ),
    ).toBe('98');
  });

  test('a slow client gets its answer', async () => {
    const body = JSON.stringify({ userId: alice.userId, token: alice.token });
    const start = `POST ${KEEPALIVE} HTTP/1.1\r\nContent-Length: ${body.length}\r\n${close}`;
    expect(await code([start, ...(body.match(/.{1,20}/g) ?? [])])).toBe('0');
  });

  test('clients that go away at any point leave nothing behind', async () => {
    const whole = `POST ${KEEPALIVE} HTTP/1.1\r\nHost: a\r\nContent-Length: 500\r\n\r\n{"userId":"1"`;
    const sockets = Array.from({ length: 60 }, (_, index) => {
      const socket = connect(service().port, '127.0.0.1');
      socket.on('error', () => {});
      socket.write(whole.slice(0, Math.ceil((whole.length * (index + 1)) / 60)));
      return socket;
    });
    await sleep(50);
    for (const socket of sockets) socket.resetAndDestroy();
    const complete = Array.from({ length: 30 }, () => {
      const socket = connect(service().port, '127.0.0.1', () => {
        socket.write(`GET ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\n\r\n`, () => socket.resetAndDestroy());
      });
      socket.on('error', () => {});
      return socket;
    });
    await sleep(100);
    for (const socket of complete) socket.destroy();
  });
});

describe('methods and pipelines', () => {
  test('HEAD answers the headers of GET and no body', async () => {
    const answer = await overHttp(service(), { method: 'HEAD', path: KEEPALIVE });
    expect(answer).toMatchObject({ status: 200, text: '' });
    expect(Number(answer.headers['content-length'])).toBeGreaterThan(50);
  });

  test.each(['PUT', 'DELETE', 'PATCH', 'TRACE'])('%s is refused in JSON and changes nothing', async (method) => {
    const answer = await overHttp(service(), {
      method,
      path: `/base/v1/auth_users/user_delete`,
      query: [['token', alice.token]],
    });
    expect(answer.status).toBe(200);
    expect(envelopeOf(answer)).toMatchObject({ errorCode: 98, errorMessage: 'SystemVerifyError(98): use GET or POST' });
  });

  test('an upgrade and a CONNECT do no harm', async () => {
    const upgrade = `GET ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\nConnection: Upgrade, close\r\nUpgrade: websocket\r\n\r\n`;
    expect(await raw([upgrade])).toContain('"errorCode":0');
    await raw([`CONNECT a:1 HTTP/1.1\r\n${close}`]);
  });

  test('pipelined requests are answered in order', async () => {
    const one = `GET ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\nx-request-id:`;
    const answer = await raw([
      `${one} 11111111\r\n\r\n${one} 22222222\r\n\r\n${one} 33333333\r\nConnection: close\r\n\r\n`,
    ]);
    expect([...answer.matchAll(/"requestId":"(\w+)"/g)].map(([, id]) => id)).toEqual([
      '11111111',
      '22222222',
      '33333333',
    ]);
  });

  test('bytes behind the last request of a connection do not cost its answer', async () => {
    const answer = await raw([`GET ${KEEPALIVE}?${who()} HTTP/1.1\r\n${close}more`]);
    expect(answer.match(/"errorCode":\d+/g)).toEqual(['"errorCode":0']);
  });

  test('a query and a form of 900 parameters are read', async () => {
    const many = Array.from({ length: 900 }, (_, index) => `p${index}=1`).join('&');
    expect((await overHttp(service(), { path: '', rawUrl: `${KEEPALIVE}?${many}&${who()}` })).text).toContain(
      '"errorCode":0',
    );
    const form = { method: 'POST', path: KEEPALIVE, body: `${many}&${who()}` };
    expect((await overHttp(service(), form)).text).toContain('"errorCode":0');
  });
});
