/**
 * Collects a request's parameters from query, form and JSON body, and checks them against an endpoint's fields. Unknown
 * names are never read; the query wins over the body.
 */
import * as v from 'valibot';
import { ApiError } from '../base/errors';
import { type AnyEndpoint, CALLER_FIELDS } from '../contract/endpoint';
import type { Field, Fields } from '../contract/fields';
import { MAX_BODY } from '../contract/limits';
import { decodePairs, MAX_PAIRS, type Request } from './messages';

type Raw = ReadonlyMap<string, unknown>;
const NOTHING: Raw = new Map();

/** The endpoint's own error for a bad parameter. */
type InvalidParameters = (text: string) => ApiError;

function invalidParametersError({ invalid }: AnyEndpoint): InvalidParameters {
  return (text) => new ApiError(invalid, text);
}

/** The fields of an endpoint as a list, made once. */
const listed = new WeakMap<Fields, readonly (readonly [string, Field])[]>();

function entriesOf(fields: Fields): readonly (readonly [string, Field])[] {
  const known = listed.get(fields);
  if (known) return known;
  const entries = Object.entries(fields);
  listed.set(fields, entries);
  return entries;
}

/** Repeated names form a list if the field is a list (`roomIds=a&roomIds=b`, `roomIds[]=a`); else the last one counts. */
function fromPairs(
  pairs: readonly (readonly [string, string])[],
  fields: Fields,
  invalidParameters: InvalidParameters,
): Map<string, unknown> {
  // The caller is unknown here, so the size is checked before parsing.
  if (pairs.length > MAX_PAIRS) throw invalidParameters(`at most ${MAX_PAIRS} parameters are read`);
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

function fromJson(text: string, invalidParameters: InvalidParameters): Map<string, unknown> {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw invalidParameters('the body is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw invalidParameters('the body must be a JSON object');
  }
  return new Map(Object.entries(parsed));
}

function fromBody(request: Request, fields: Fields, invalidParameters: InvalidParameters): Raw {
  if (request.bodyTooLarge || request.body.length > MAX_BODY) throw invalidParameters('the body is larger than 64 KiB');
  if (request.body.length === 0) return NOTHING;
  const text = request.body.toString('utf8').replace(/^\ufeff/, '');
  const type = (request.headers['content-type'] ?? '').toLowerCase();
  const start = text.trimStart().charAt(0);
  if (start === '') return new Map();
  if (type.includes('multipart/')) throw invalidParameters('multipart bodies are not supported; send a form or JSON');
  if (type.includes('json') || start === '{' || start === '[') return fromJson(text, invalidParameters);
  return fromPairs(decodePairs(text), fields, invalidParameters);
}

const FIRST_ISSUE = { abortEarly: true, abortPipeEarly: true } as const;

/** The sent value of a field; undefined if there is none. */
function sent(raw: Raw, name: string, field: Field): unknown {
  const value = raw.get(name);
  if (value === undefined || value === null) return undefined;
  return value === '' && !field.allowEmpty ? undefined : value;
}

function labelOf(name: string, { docs }: Field): string {
  return docs.label ?? name;
}

function checked(name: string, field: Field, value: unknown, invalidParameters: InvalidParameters): unknown {
  const result = v.safeParse(field.schema, value, FIRST_ISSUE);
  if (result.success) return result.output;
  // The field's own text; valibot's would repeat the received value.
  throw invalidParameters(`${labelOf(name, field)} ${result.issues[0].message}`);
}

export interface Parameters {
  /** The endpoint's own fields, checked. */
  input: Record<string, unknown>;
  /** The claimed caller, unchecked; the token is checked separately. */
  claimed: { userId?: unknown; apaasUserId?: unknown; token?: unknown; apaasAppId?: unknown };
}

/** Written out: objects whose names are not known beforehand are slow to make and slow to read. */
function claimedIn(raw: Raw): Parameters['claimed'] {
  const { userId, apaasUserId, token, apaasAppId } = CALLER_FIELDS;
  return {
    userId: sent(raw, 'userId', userId),
    apaasUserId: sent(raw, 'apaasUserId', apaasUserId),
    token: sent(raw, 'token', token),
    apaasAppId: sent(raw, 'apaasAppId', apaasAppId),
  };
}

/** Throws the endpoint's own error for the first parameter that is missing, malformed or too long. */
export function readParameters(request: Request, endpoint: AnyEndpoint): Parameters {
  const invalidParameters = invalidParametersError(endpoint);
  const { fields } = endpoint;
  if (endpoint.withoutDatabase) return { input: {}, claimed: {} };
  const query = fromPairs(request.query, fields, invalidParameters);
  const body = fromBody(request, fields, invalidParameters);
  const raw: Raw = body.size === 0 ? query : new Map([...body, ...query]);
  const input: Record<string, unknown> = {};
  for (const [name, field] of entriesOf(fields)) {
    const value = sent(raw, name, field);
    if (value !== undefined) input[name] = checked(name, field, value, invalidParameters);
    else if (field.required) throw invalidParameters(`${labelOf(name, field)} is required`);
  }
  return { input, claimed: claimedIn(raw) };
}
