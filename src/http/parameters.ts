/**
 * Collects a request's parameters from query, form and JSON body, and checks them against an endpoint's fields. Unknown
 * names are never read; the query wins over the body.
 */
import * as v from 'valibot';
import { ApiError } from '../base/errors';
import type { AnyEndpoint } from '../contract/endpoint';
import type { Field } from '../contract/fields';
import { MAX_BODY } from '../contract/limits';
import { decodePairs, MAX_PAIRS, type Request } from './messages';

type Raw = ReadonlyMap<string, unknown>;
const NOTHING: Raw = new Map();

/** The endpoint's own error for a bad parameter. */
function invalid(endpoint: AnyEndpoint, text: string): ApiError {
  return new ApiError(endpoint.invalid, text);
}

/** Repeated names form a list if the field is a list (`roomIds=a&roomIds=b`, `roomIds[]=a`); else the last one counts. */
function fromPairs(pairs: readonly (readonly [string, string])[], endpoint: AnyEndpoint): Map<string, unknown> {
  const { fields } = endpoint;
  // The caller is unknown here, so the size is checked before parsing.
  if (pairs.length > MAX_PAIRS) throw invalid(endpoint, `at most ${MAX_PAIRS} parameters are read`);
  const values = new Map<string, unknown>();
  for (const [key, value] of pairs) {
    const name = key.endsWith(']') ? key.replace(/\[\d*\]$/, '') : key;
    const isList = Object.hasOwn(fields, name) && fields[name]?.docs.type === 'string[]';
    if (!isList) values.set(key, value);
    else if (value !== '') {
      const list = values.get(name);
      if (Array.isArray(list)) list.push(value);
      else values.set(name, [value]);
    }
  }
  return values;
}

function fromJson(text: string, endpoint: AnyEndpoint): Map<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalid(endpoint, 'the body is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalid(endpoint, 'the body must be a JSON object');
  }
  return new Map(Object.entries(parsed));
}

function fromBody(request: Request, endpoint: AnyEndpoint): Raw {
  if (request.bodyTooLarge || request.body.length > MAX_BODY) throw invalid(endpoint, 'the body is larger than 64 KiB');
  if (request.body.length === 0) return NOTHING;
  const text = request.body.toString('utf8').replace(/^\ufeff/, '');
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  const start = text.trimStart().charAt(0);
  if (start === '') return new Map();
  if (type.includes('multipart/')) throw invalid(endpoint, 'multipart bodies are not supported; send a form or JSON');
  if (type.includes('json') || start === '{' || start === '[') return fromJson(text, endpoint);
  return fromPairs(decodePairs(text), endpoint);
}

const FIRST_ISSUE = { abortEarly: true, abortPipeEarly: true } as const;

function labelOf(name: string, { docs }: Field): string {
  return docs.label ?? name;
}

export interface Parameters {
  /** The endpoint's own fields, checked. */
  input: Record<string, unknown>;
  /** The claimed caller, unchecked; the token is checked separately. */
  claimed: { userId?: unknown; apaasUserId?: unknown; token?: unknown; apaasAppId?: unknown };
}

/** Throws the endpoint's own error for the first parameter that is missing, malformed or too long. */
export function readParameters(request: Request, endpoint: AnyEndpoint): Parameters {
  if (endpoint.withoutDatabase) return { input: {}, claimed: {} };
  const query = request.query.length === 0 ? NOTHING : fromPairs(request.query, endpoint);
  const body = fromBody(request, endpoint);
  const raw: Raw = body.size === 0 ? query : query.size === 0 ? body : new Map([...body, ...query]);
  const input: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(endpoint.fields)) {
    const value = raw.get(name) ?? undefined;
    if (value !== undefined && (value !== '' || field.allowEmpty)) {
      const result = v.safeParse(field.schema, value, FIRST_ISSUE);
      // The field's own text; valibot's would repeat the received value.
      if (!result.success) throw invalid(endpoint, `${labelOf(name, field)} ${result.issues[0].message}`);
      input[name] = result.output;
    } else if (field.required) throw invalid(endpoint, `${labelOf(name, field)} is required`);
  }
  // Written out: objects whose names are not known beforehand are slow to make and slow to read.
  const claimed = {
    userId: raw.get('userId'),
    apaasUserId: raw.get('apaasUserId'),
    token: raw.get('token'),
    apaasAppId: raw.get('apaasAppId'),
  };
  return { input, claimed };
}
