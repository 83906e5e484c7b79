/**
 * Every answer that a test gets from an endpoint of the contract is held against the contract, whatever the test itself
 * looks at: the envelope, the codes that the endpoint declares, its message and the shape of its data.
 */
import * as v from 'valibot';
import { ERROR_CODES, type ErrorName } from '../src/base/errors';
import { contract } from '../src/contract';
import { type Endpoint, needsToken } from '../src/contract/endpoint';
import { TOO_LONG } from '../src/http/node/server';

export interface AnswerToCheck {
  method: string;
  /** As it was asked, with or without a stage and a query. */
  path: string;
  status: number;
  headers: Readonly<Record<string, unknown>>;
  text: string;
}

const ENDPOINTS: ReadonlyMap<string, Endpoint> = new Map(
  Object.values(contract).map((endpoint): [string, Endpoint] => [endpoint.path, endpoint]),
);

function endpointAt(path: string): Endpoint | undefined {
  const [, name] = /^\/+(?:[^/?]+\/+)?base\/+v1\/+([^?]*?)\/*(?:\?.*)?$/s.exec(path) ?? [];
  return name === undefined ? undefined : ENDPOINTS.get(name.replace(/\/+/g, '/'));
}

const SUCCESS = {
  errorCode: v.literal(0),
  requestId: v.pipe(v.string(), v.minLength(1)),
  version: v.pipe(v.string(), v.minLength(1)),
};

/** Only of bans, kicks and ended broadcasts. */
const REFUSAL = {
  reason: v.optional(v.string()),
  untilUtc: v.optional(v.pipe(v.string(), v.regex(/^(?:|\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)$/))),
  untilBroadcastEnds: v.optional(v.boolean()),
  sanctionId: v.optional(v.pipe(v.string(), v.regex(/^\d*$/))),
};

function successOf({ okMessage, data }: Endpoint): v.GenericSchema {
  const envelope = { ...SUCCESS, errorMessage: v.literal(okMessage) };
  return data ? v.strictObject({ ...envelope, data }) : v.strictObject(envelope);
}

/** What a caller of this endpoint may be told. */
function codesOf(endpoint: Endpoint, method: string): ReadonlySet<ErrorName> {
  const token: readonly ErrorName[] = needsToken(endpoint) ? ['UserTokenExpired', 'UserTokenInvalid'] : [];
  const wrongMethod: readonly ErrorName[] = ['GET', 'POST', 'HEAD'].includes(method) ? [] : ['SystemVerifyError'];
  return new Set([...endpoint.errors, endpoint.invalid, 'SystemError', 'ServiceDBFailed', ...token, ...wrongMethod]);
}

function failureOf(endpoint: Endpoint, method: string): v.GenericSchema {
  const names = [...codesOf(endpoint, method)];
  return v.pipe(
    v.strictObject({
      ...SUCCESS,
      ...REFUSAL,
      errorCode: v.number(),
      errorMessage: v.string(),
      codeStr: v.picklist(names),
    }),
    v.check(({ errorCode, codeStr }) => errorCode === ERROR_CODES[codeStr], 'the code is not that of its name'),
    v.check(
      ({ errorCode, errorMessage, codeStr }) =>
        errorMessage.startsWith(`${codeStr}(${errorCode}): `) && /^[^\n]{10,200}$/.test(errorMessage),
      'the message is not Name(code): text',
    ),
  );
}

const HEADERS: v.GenericSchema = v.looseObject({
  'content-type': v.literal('application/json; charset=utf-8'),
  'cache-control': v.literal('no-store'),
  'access-control-allow-origin': v.literal('*'),
});

/** Throws where the answer is not what the contract says; other paths, preflights and HEAD have their own tests. */
export function checkAnswer(answer: AnswerToCheck): void {
  const { method, path, status, headers, text } = answer;
  const endpoint = endpointAt(path);
  if (!endpoint || method === 'OPTIONS' || method === 'HEAD') return;
  const fail = (why: string): never => {
    throw new Error(`${method} ${endpoint.path} broke the contract: ${why}\n${status} ${text.slice(0, 2_000)}`);
  };
  if (status !== 200) fail('not HTTP 200');
  let body: unknown;
  try {
    body = JSON.parse(text);
  } catch {
    fail('not JSON');
  }
  // Refused while it came in, when nobody knew yet what endpoint it was for.
  if (text.includes(`"SystemVerifyError(98): ${TOO_LONG}"`)) return;
  const succeeded = typeof body === 'object' && body !== null && Reflect.get(body, 'errorCode') === 0;
  for (const [schema, value] of [
    [HEADERS, headers],
    [succeeded ? successOf(endpoint) : failureOf(endpoint, method), body],
  ] as const) {
    const { issues } = v.safeParse(schema, value);
    if (issues) fail(issues.map((issue) => `${v.getDotPath(issue) ?? ''} ${issue.message}`).join('; '));
  }
}
