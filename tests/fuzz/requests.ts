/** Requests as no user would write them: any endpoint, way in, method and encoding, parameters between good and absurd. */
import fc from 'fast-check';
import { contract } from '../../src/contract';
import type { Endpoint } from '../../src/contract/endpoint';
import type { Field } from '../../src/contract/fields';
import { type Ask, WAYS, type Way } from '../../testkit/ways';

export interface Fuzzed {
  way: Way;
  ask: Ask;
}

/** Values of a valid call. */
export interface Ingredients {
  callers: readonly { userId: string; token: string }[];
  roomIds: readonly string[];
}

const ENDPOINTS = Object.values<Endpoint>(contract);
/** Anyone who calls these with a good token is no user afterwards, and all that follows would be 204. */
const ENDING = /logout|delete/;

const ODD_TEXTS = [
  '',
  ' ',
  '\u0000',
  '\u202e',
  '\ud83d',
  '\ufffd',
  '😀'.repeat(300),
  "' OR 1=1 --",
  '{"$gt":""}',
  '__proto__',
  'constructor',
  '../../etc/passwd',
  '1e999',
  '-0',
  '2147483648',
  'x'.repeat(5_000),
  '2021-02-30 00:00:00',
  'javascript:alert(1)',
  '%00',
  '%f0%28%8c%28',
];

const text = fc.oneof(
  fc.constantFrom(...ODD_TEXTS),
  fc.string({ unit: 'binary', maxLength: 80 }),
  fc.string({ unit: 'grapheme', maxLength: 40 }),
);
const number = fc.oneof(fc.integer(), fc.double(), fc.constantFrom(-1, 0, 1, 100, 101, 2 ** 31, 2 ** 53, 1e308));
const anything = fc.oneof(
  { weight: 4, arbitrary: text },
  { weight: 2, arbitrary: number },
  { weight: 1, arbitrary: fc.jsonValue({ maxDepth: 4 }) },
  { weight: 1, arbitrary: fc.array(text, { maxLength: 120 }) },
);

function plausible(name: string, field: Field, { roomIds, callers }: Ingredients): fc.Arbitrary<unknown> {
  if (/roomIds?$/.test(name)) return fc.constantFrom<unknown>(...roomIds, [...roomIds]);
  if (/userId$/i.test(name)) return fc.constantFrom(...callers.map(({ userId }) => userId));
  if (name === 'role') return fc.constantFrom('anchor', 'audience');
  const { example, minimum, maximum } = field.docs;
  if (minimum !== undefined) return fc.integer({ min: minimum, max: Math.min(maximum ?? minimum, 1_000) });
  return fc.constant(example ?? 'x');
}

function parametersOf(endpoint: Endpoint, from: Ingredients): fc.Arbitrary<Record<string, unknown>> {
  const own = Object.entries<Field>(endpoint.fields).map(
    ([name, field]) =>
      [
        name,
        fc.option(
          fc.oneof({ weight: 3, arbitrary: plausible(name, field, from) }, { weight: 1, arbitrary: anything }),
          {
            nil: undefined,
            freq: field.required ? 20 : 2,
          },
        ),
      ] as const,
  );
  const good = ENDING.test(endpoint.path) ? fc.constant({}) : fc.constantFrom(...from.callers);
  const bad = fc.record(
    { userId: anything, apaasUserId: anything, token: anything, apaasAppId: anything },
    { requiredKeys: [] },
  );
  const caller = fc.oneof({ weight: 4, arbitrary: good }, { weight: 1, arbitrary: bad });
  const unknown = fc.oneof(
    { weight: 5, arbitrary: fc.constant({}) },
    { weight: 1, arbitrary: fc.dictionary(text, anything, { maxKeys: 5 }) },
  );
  return fc.tuple(unknown, caller, fc.record(Object.fromEntries(own))).map((parts) => Object.assign({}, ...parts));
}

function pairsOf(params: Readonly<Record<string, unknown>>): [string, string][] {
  return Object.entries(params).flatMap(([name, value]) => {
    if (value === undefined) return [];
    const list: readonly unknown[] = Array.isArray(value) ? value : [value];
    return list.map((one): [string, string] => [name, typeof one === 'string' ? one : (JSON.stringify(one) ?? '')]);
  });
}

const TYPES = [
  'application/json',
  'application/json; charset=utf-8',
  'application/x-www-form-urlencoded',
  'text/plain',
  'multipart/form-data; boundary=x',
  'nonsense',
];

type Encoding = 'json' | 'form' | 'query' | 'both' | 'bytes';

function encoded(
  path: string,
  params: Record<string, unknown>,
  how: { encoding: Encoding; method: string; type: string; bytes: Uint8Array },
): Ask {
  const { encoding, method, type, bytes } = how;
  const query = pairsOf(params);
  const json = JSON.stringify(params);
  if (encoding === 'query') return { method, path, query };
  if (encoding === 'json') return { method, path, headers: { 'content-type': 'application/json' }, body: json };
  if (encoding === 'form') {
    const body = new URLSearchParams(query).toString();
    return { method, path, headers: { 'content-type': 'application/x-www-form-urlencoded' }, body };
  }
  const body = encoding === 'bytes' ? Buffer.from(bytes) : json;
  return { method, path, query: query.slice(0, 3), headers: { 'content-type': type }, body };
}

export function requests(from: Ingredients): fc.Arbitrary<Fuzzed> {
  return fc
    .tuple(
      fc.constantFrom(...ENDPOINTS),
      fc.constantFrom(...WAYS),
      fc.record({
        encoding: fc.constantFrom<Encoding>('json', 'json', 'form', 'query', 'both', 'bytes'),
        method: fc.constantFrom('POST', 'POST', 'POST', 'GET', 'GET', 'PUT', 'DELETE'),
        type: fc.constantFrom(...TYPES),
        bytes: fc.uint8Array({ maxLength: 400 }),
      }),
      fc.constantFrom('', '/prod', '//release'),
    )
    .chain(([endpoint, way, how, stage]) =>
      parametersOf(endpoint, from).map((params) => {
        const path = `${stage}/base/v1/${endpoint.path}`;
        return { way, ask: encoded(path, params, how) };
      }),
    );
}
