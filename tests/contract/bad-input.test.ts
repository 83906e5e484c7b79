/**
 * Every parameter of every endpoint, wrong in every way, and through every other way in one text of each endpoint: a way in
 * reads a body and knows no parameter. It is refused before the database is asked: on the second database one way in shows the
 * same answers, and nothing changed. A body far beyond
 * the limit is not even read to its end, for any endpoint: one endpoint shows it.
 */
import { ERROR_CODES } from '../../src/base/errors';
import { TOO_LONG } from '../../src/http/node/server';
import { UNLIMITED } from '../../testkit/codes';
import { goLive, newPerson, type Person } from '../../testkit/people';
import { onBothDatabases, type Service, useService } from '../../testkit/service';
import { type Ask, type Envelope, envelopeOf, essence, send, WAYS, type Way } from '../../testkit/ways';
import { BAD_TEXTS, type BadValue, ENDPOINT_CASES, type EndpointCases, SQL_TEXTS, WRONG_TYPES } from './support/cases';

const FIRST_WAY = WAYS.slice(0, 1);

interface Bad {
  name: string;
  body: string;
}

/** The body of a call with one parameter replaced by literal JSON. */
function bodyWith(cases: EndpointCases, person: Person, replaced: { name: string; json: string }): string {
  const good: Record<string, unknown> = { userId: person.userId, token: person.token, ...cases.good };
  delete good[replaced.name];
  const rest = JSON.stringify(good).slice(0, -1);
  return `${rest},${JSON.stringify(replaced.name)}:${replaced.json}}`;
}

const tooLong = (max: number): readonly BadValue[] => [
  { name: 'one character too many', json: JSON.stringify('x'.repeat(max + 1)) },
  { name: 'one emoji too many', json: JSON.stringify('😀'.repeat(max + 1)) },
];

function badCalls(cases: EndpointCases, person: Person, all: boolean): Bad[] {
  const calls: Bad[] = [];
  const add = (parameter: string, value: BadValue) =>
    calls.push({
      name: `${parameter}: ${value.name}`,
      body: bodyWith(cases, person, { name: parameter, json: value.json }),
    });
  for (const [parameter, max] of Object.entries(cases.texts).slice(0, all ? undefined : 1)) {
    for (const value of [...WRONG_TYPES, ...BAD_TEXTS, ...tooLong(max)]) add(parameter, value);
  }
  for (const [parameter, values] of all ? Object.entries(cases.others ?? {}) : []) {
    for (const json of values) add(parameter, { name: json.slice(0, 40), json });
  }
  for (const parameter of cases.required) {
    for (const json of ['""', 'null']) add(parameter, { name: json, json });
  }
  for (const body of ['{', '{"a":', 'null', '[]', '"text"', '{"a":1}}', "{'a':1}", '{"a":\u0000}']) {
    calls.push({ name: `the body ${body.slice(0, 20)}`, body });
  }
  calls.push({ name: '64 KiB and one byte', body: `{"pad":"${'x'.repeat(65_536 - 9)}"}` });
  return calls;
}

/** Far larger than is read, or deeper than a parser likes. */
const HUGE: readonly Bad[] = [
  { name: '3 MB', body: `{"pad":"${'x'.repeat(3_000_000)}"}` },
  { name: 'a hundred thousand lists', body: '['.repeat(100_000) },
  { name: 'a hundred thousand characters', body: JSON.stringify({ token: 'x'.repeat(100_000) }) },
];

function post(endpoint: string, body: string | Buffer, type = 'application/json'): Ask {
  const headers = { 'content-type': type, 'x-request-id': 'f12ed00000000001' };
  return { method: 'POST', path: `/base/v1/${endpoint}`, headers, body };
}

/** Deviations from the form that every answer must have. */
function faultsOf(envelope: Envelope): string[] {
  const { errorCode, codeStr, errorMessage } = envelope;
  if (!Number.isInteger(errorCode) || typeof errorMessage !== 'string') return ['no code or no text'];
  if (errorCode === 0) return [];
  const known = Object.entries(ERROR_CODES).find(([, code]) => code === errorCode)?.[0];
  const form = new RegExp(`^${known}\\(${errorCode}\\): .{5,120}$`);
  return [
    ...(codeStr === known ? [] : [`codeStr ${codeStr} of ${errorCode}`]),
    ...(form.test(errorMessage) ? [] : [errorMessage]),
    ...(Object.hasOwn(envelope, 'data') ? ['data with an error'] : []),
  ];
}

onBothDatabases((kind) => {
  const service = useService(kind, { env: UNLIMITED });
  let person: Person;
  let before: unknown;
  const reference = new Map<string, ReturnType<typeof essence>>();

  const state = async (at: Service) => {
    const profile = await person.must('auth_users/user_query');
    const room = await person.must('rooms/room_detail', { roomId: person.userId });
    const list = await person.must('rooms/query_room');
    const users = await person.must('rooms/list_users', { roomId: person.userId });
    const taken = await at.call('oauth/register', { username: 'bad-input', salt: 'x' });
    return { profile, room, list, users, taken: taken.errorCode };
  };

  /** Sends the request, checks the form, and compares the answer with that of the first way in, byte for byte. */
  async function sameAnswer(way: Way, ask: Ask, name: string): Promise<Envelope> {
    const answer = essence(await send(service(), way, ask));
    const envelope = envelopeOf(answer);
    const first = reference.get(name) ?? answer;
    reference.set(name, first);
    // One check for all of it: there are thousands of answers, and each check has its price.
    expect({ name, ...answer, faults: faultsOf(envelope) }).toEqual({ name, ...first, status: 200, faults: [] });
    return envelope;
  }

  beforeAll(async () => {
    service().clock.freeze(Date.UTC(2026, 10, 23, 12));
    person = await newPerson(service());
    await goLive(person, { title: 'unchanged' });
    before = await state(service());
  });

  describe.each(kind === 'sqlite' ? WAYS : FIRST_WAY)('through %s', (way) => {
    test.each(ENDPOINT_CASES.map((cases) => [cases.endpoint, cases] as const))(
      '%s answers its own parameter error for every bad parameter',
      async (endpoint, cases) => {
        const own = badCalls(cases, person, FIRST_WAY.includes(way));
        // A lenient call needs no parameter at all; a fault in the body is still an error.
        for (const { name, body } of own) {
          const envelope = await sameAnswer(way, post(endpoint, body), `${endpoint} ${name}`);
          expect({ name, code: envelope.errorCode }).toEqual({ name, code: cases.invalid });
        }
      },
    );

    test.each(
      ENDPOINT_CASES.filter(({ required }) => required.length > 0).map((cases) => [cases.endpoint, cases] as const),
    )('%s names the parameter that is missing', async (endpoint, cases) => {
      for (const parameter of cases.required) {
        const rest: Record<string, unknown> = { userId: person.userId, token: person.token, ...cases.good };
        delete rest[parameter];
        const name = `${endpoint} without ${parameter}`;
        const envelope = await sameAnswer(way, post(endpoint, JSON.stringify(rest)), name);
        expect({ name, code: envelope.errorCode }).toEqual({ name, code: cases.invalid });
        expect(envelope.errorMessage).toContain(`${parameter} is required`);
      }
    });

    test('a huge body gets a parameter error', async () => {
      for (const { endpoint, invalid } of ENDPOINT_CASES.slice(0, 1)) {
        for (const { name, body } of HUGE) {
          const envelope = await sameAnswer(way, post(endpoint, body), `${endpoint} ${name}`);
          expect({ name, code: envelope.errorCode }).toEqual({ name, code: invalid });
        }
      }
    });

    test('multipart bodies get a readable parameter error', async () => {
      for (const { endpoint, invalid } of ENDPOINT_CASES) {
        const body = '--x\r\ncontent-disposition: form-data; name="roomId"\r\n\r\n1\r\n--x--\r\n';
        const ask = post(endpoint, body, 'multipart/form-data; boundary=x');
        const envelope = await sameAnswer(way, ask, `${endpoint} multipart`);
        expect({ endpoint, code: envelope.errorCode }).toEqual({ endpoint, code: invalid });
        expect(envelope.errorMessage).toContain('multipart');
      }
    });

    if (way === 'http' || way === 'base64') {
      test('bytes that are not UTF-8 get a parameter error', async () => {
        for (const { endpoint, texts, good, invalid } of ENDPOINT_CASES) {
          const [parameter] = Object.keys(texts);
          if (parameter === undefined) continue;
          const start = JSON.stringify({ userId: person.userId, token: person.token, ...good, [parameter]: '' }).slice(
            0,
            -2,
          );
          const body = Buffer.concat([
            Buffer.from(start),
            Buffer.from([0x61, 0xff, 0xfe, 0xc3, 0x28]),
            Buffer.from('"}'),
          ]);
          const envelope = await sameAnswer(way, post(endpoint, body), `${endpoint} invalid UTF-8`);
          expect({ endpoint, code: envelope.errorCode }).toEqual({ endpoint, code: invalid });
        }
      });
    }
  });

  test('SQL in a text is only a text', async () => {
    for (const { endpoint, texts, good } of ENDPOINT_CASES) {
      if (endpoint === 'oauth/register') continue;
      for (const parameter of Object.keys(texts)) {
        for (const [index, text] of SQL_TEXTS.entries()) {
          // A user with a bad token: the text reaches every check, and must change nothing.
          const params = { userId: person.userId, token: text, ...good, [parameter]: text };
          const envelope = await sameAnswer(
            'http',
            post(endpoint, JSON.stringify(params)),
            `${endpoint} ${parameter} sql ${index}`,
          );
          expect([98, 200, 203, 204, 207, 208, 210, 2000, 2001, 2002, 2003]).toContain(envelope.errorCode);
        }
      }
    }
  });

  test('a URL that is longer than is read is refused with a text that says what to do', async () => {
    const query: Ask['query'] = [['title', 'x'.repeat(20_000)]];
    for (const method of ['GET', 'POST']) {
      const answer = await send(service(), 'http', { path: '/base/v1/rooms/query_room', method, query });
      expect(answer.status).toBe(200);
      expect(envelopeOf(answer).errorMessage).toBe(`SystemVerifyError(98): ${TOO_LONG}`);
    }
  });

  test('none of it changed anything', async () => {
    expect(await state(service())).toEqual(before);
  });

  test('none of it reached the log as a text', () => {
    const lines = service().lines.join('');
    for (const text of ['DROP TABLE', '<script>', 'xxxxxxxx', '\\u0000', person.token, person.salt]) {
      expect(lines.includes(text)).toBe(false);
    }
  });
});
