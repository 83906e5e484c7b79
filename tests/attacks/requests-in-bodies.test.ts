/** Attack 15: bytes of a body that look like a request line with a raw byte in its URL. */
import { newPerson, type Person } from '../../testkit/people';
import { answersIn, rawHttp } from '../../testkit/raw-http';
import { useService } from '../../testkit/service';

const service = useService('sqlite');
let alice: Person;
beforeAll(async () => {
  alice = await newPerson(service());
});

const send = (parts: readonly (string | Buffer)[]) => rawHttp(service().port, parts, { pauseMs: 40 });
const who = () => `userId=${alice.userId}&token=${alice.token}`;
const rename = (name: string) => `GET /base/v1/auth_users/user_update?${who()}&name=${name}爱 HTTP/1.1\r\n`;
const CLOSE = 'Host: a\r\nConnection: close\r\n\r\n';
const KEEPALIVE = '/base/v1/auth_users/user_keepalive';

async function nameNow(): Promise<string> {
  return (await alice.must<{ name: string }>('auth_users/user_query')).name;
}

const INSIDE: readonly [string, () => readonly string[]][] = [
  ['a chunk size', () => ['\r\n', `${rename('smuggled')}${CLOSE}`]],
  ['a chunk size, immediately', () => [`\r\n${rename('smuggled')}${CLOSE}`]],
  ['the line behind a chunk', () => ['\r\n5\r\nhello', `${rename('smuggled')}${CLOSE}`]],
  ['a trailer', () => ['\r\n0\r\n', `${rename('smuggled')}${CLOSE}`]],
];

test.each(INSIDE)('%s that reads like a request is not run', async (_name, body) => {
  const head = `POST ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\nTransfer-Encoding: chunked\r\n`;
  const received = await send([head, ...body()]);
  expect(received).not.toContain('update ok');
  expect(await nameNow()).toBe('');
});

test('a body that reads like a request, and then a request with a raw URL: the body is not run', async () => {
  const body = `${rename('smuggled')}\r\n`;
  const head = `POST ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\nContent-Length: ${Buffer.byteLength(body)}\r\n\r\n`;
  const received = await send([head, `${body}GET /helloworld?x=爱 HTTP/1.1\r\n${CLOSE}`]);
  expect(received).not.toContain('update ok');
  expect(await nameNow()).toBe('');
  // The request that carried the body has its answer.
  expect(received).toContain('"keep alive done"');
});

test('the tail of a body that completes a method is not run', async () => {
  const head = `POST ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\nContent-Length: 5\r\n\r\n123`;
  const received = await send([head, `UN${rename('smuggled').replace('GET', 'LOCK')}${CLOSE}`]);
  expect(received).toContain('"keep alive done"');
  expect(await nameNow()).toBe('');
});

describe('a raw URL at the start of a message is still read', () => {
  const split = (text: string, at: number) => {
    const bytes = Buffer.from(text);
    return [bytes.subarray(0, at), bytes.subarray(at)];
  };

  test.each([
    'in one packet',
    'split in the URL',
    'split in a character',
    'split before the version',
    'byte by byte at its end',
  ])('%s', async (how) => {
    const name = `${how.replaceAll(' ', '')} x`;
    const line = `GET /base/v1/auth_users/user_update?${who()}&name=${name}爱 HTTP/1.1\r\n${CLOSE}`;
    const at = Buffer.from(line).indexOf(' x爱');
    const parts = {
      'in one packet': [line],
      'split in the URL': split(line, at - 3),
      'split in a character': split(line, at + 4),
      'split before the version': split(line, at + 6),
      'byte by byte at its end': [
        Buffer.from(line).subarray(0, at),
        ...Array.from(Buffer.from(line).subarray(at, at + 12), (byte) => Buffer.of(byte)),
        Buffer.from(line).subarray(at + 12),
      ],
    }[how] as readonly (string | Buffer)[];
    expect(await send(parts)).toContain('"update ok"');
    expect(await nameNow()).toBe(`${name}爱`);
  });

  test('behind a request of the same connection, whose answer comes first', async () => {
    const first = `POST ${KEEPALIVE} HTTP/1.1\r\nHost: a\r\nContent-Length: ${who().length}\r\n\r\n${who()}`;
    const received = await send([first, `${rename('after')}${CLOSE}`]);
    const answers = answersIn(received).map(({ body }) => JSON.parse(body).errorMessage);
    expect(answers).toEqual(['keep alive done', 'update ok']);
  });

  test('in one packet with the request before it: nothing answered is lost', async () => {
    const one = `GET ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\n\r\n`;
    const received = await send([`${one}${one}${rename('together')}${CLOSE}`]);
    const answers = answersIn(received).map(({ body }) => JSON.parse(body).errorMessage);
    expect(answers.slice(0, 2)).toEqual(['keep alive done', 'keep alive done']);
    expect(answers).toHaveLength(3);
  });
});

test('garbage behind requests does not take their answers away', async () => {
  const one = `GET ${KEEPALIVE}?${who()} HTTP/1.1\r\nHost: a\r\n\r\n`;
  const answers = answersIn(await send([`${one}${one}${one}\u0000\u0001 garbage\r\n\r\n`]));
  expect(answers.slice(0, 3).map(({ body }) => JSON.parse(body).errorCode)).toEqual([0, 0, 0]);
  expect(JSON.parse(answers[3]?.body ?? '{}')).toMatchObject({ errorCode: 98 });
});
