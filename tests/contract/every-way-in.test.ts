/** The same story through every way in, every encoding and both databases comes out the same, byte for byte. */
import { mysqlAvailable, usesSqlite } from '../../testkit/mysql-server';
import { DrivenClock, jsonAsk, onBothDatabases, type Params, startService } from '../../testkit/service';
import { type Answer, type Ask, envelopeOf, essence, send, WAYS, type Way } from '../../testkit/ways';
import { type Known, STORY, STORY_TIME, withoutRandomness } from './support/story';

type Encoding = 'json' | 'form' | 'query by GET' | 'query by POST' | 'GET with a JSON body';

function pairs(params: Params): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) =>
    (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
  );
}

function ask(endpoint: string, params: Params, encoding: Encoding): Ask {
  const json = jsonAsk(endpoint, params);
  const path = json.path;
  if (encoding === 'json') return json;
  if (encoding === 'GET with a JSON body') return { ...json, method: 'GET' };
  if (encoding === 'query by GET') return { path, query: pairs(params) };
  // A client of an older server does this: no body and no content type.
  if (encoding === 'query by POST') return { method: 'POST', path, query: pairs(params) };
  const headers = { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' };
  // The empty pairs at the end are what some clients send.
  return { method: 'POST', path, headers, body: `${new URLSearchParams(pairs(params))}&unknown=1&` };
}

const RUNS: readonly { way: Way; encoding: Encoding }[] = [
  ...WAYS.map((way) => ({ way, encoding: 'json' as const })),
  { way: 'http', encoding: 'form' },
  { way: 'http', encoding: 'query by GET' },
  { way: 'http', encoding: 'query by POST' },
  { way: 'http', encoding: 'GET with a JSON body' },
  { way: 'api-gateway', encoding: 'query by GET' },
  { way: 'function-url', encoding: 'form' },
  { way: 'base64', encoding: 'form' },
  { way: 'function-url-observed', encoding: 'GET with a JSON body' },
];

type Transcript = Pick<Answer, 'status' | 'headers' | 'text'>[];
const transcripts: { run: string; transcript: Transcript }[] = [];

onBothDatabases((kind) => {
  test.each(RUNS)(
    'the story through $way as $encoding has exactly the answers of the contract',
    async ({ way, encoding }) => {
      const clock = new DrivenClock();
      clock.freeze(STORY_TIME);
      const service = await startService(kind, { clock });
      const known: Known = { alice: { userId: '', token: '' }, bob: { userId: '', token: '' }, generated: '' };
      const transcript: Transcript = [];
      try {
        for (const [index, step] of STORY.entries()) {
          const request = ask(step.endpoint, step.params(known), encoding);
          const headers = { ...request.headers, 'x-request-id': `5e900000${index}` };
          const answer = essence(await send(service, way, { ...request, headers }));
          step.learn?.(known, envelopeOf(answer));
          const text = withoutRandomness(answer.text);
          transcript.push({ ...answer, text });
          const { requestId, version, ...said } = JSON.parse(text);
          expect({ step: `${index} ${step.endpoint}`, ...said }).toEqual({
            step: `${index} ${step.endpoint}`,
            ...step.expected,
          });
          expect(requestId).toBe(`5e900000${index}`);
          expect(typeof version).toBe('string');
          expect(answer.status).toBe(200);
        }
      } finally {
        await service.close();
      }
      transcripts.push({ run: `${kind} ${way} ${encoding}`, transcript });
    },
  );
});

test('all of these transcripts are the same, byte for byte', () => {
  const [first, ...others] = transcripts;
  expect(transcripts).toHaveLength(RUNS.length * (Number(usesSqlite) + Number(mysqlAvailable)));
  for (const other of others) expect(other).toEqual({ run: other.run, transcript: first?.transcript });
});

test('an answer carries the request id of the platform or the proxy, in the order of trust', async () => {
  const service = await startService('sqlite');
  try {
    const seen = async (headers: Record<string, string>, way: Way = 'http') =>
      (await service.ask(way, { ...jsonAsk('auth_users/user_logout'), headers })).requestId;
    const gateway = { 'x-api-requestid': 'bbbbbbb2', 'x-request-id': 'ccccccc3' };
    const all = { 'x-scf-request-id': 'aaaaaaa1', ...gateway };
    expect(await seen(all, 'function-url')).toBe('aaaaaaa1');
    expect(await seen(gateway, 'api-gateway')).toBe('bbbbbbb2');
    // The platform has another, the proxy's, since clients can send the others (attacks/request-ids.test.ts).
    expect(await seen(all)).toBe('ccccccc3');
    expect(await seen({ 'x-request-id': 'ccccccc3' })).toBe('ccccccc3');
    const made = await seen({});
    expect(made).toMatch(/^[0-9a-f-]{36}$/);
    for (const bad of ['a b', '"}{"', 'x'.repeat(81), '<script>'])
      expect(await seen({ 'x-request-id': bad })).not.toBe(bad);
    expect(service.lines.some((line) => JSON.parse(line).requestId === made)).toBe(true);
  } finally {
    await service.close();
  }
});
