/**
 * Parameters of operators' calls: one JSON object, or the query of a GET. No shipped app calls these, so whatever is not
 * known is refused by its name instead of being passed over.
 */
import * as v from 'valibot';
import { type AdminEndpoint, shownName } from '../contract/admin/endpoint';
import { TENANT } from '../contract/admin/fields';
import type { Field, Fields } from '../contract/fields';
import { malformed } from '../rules/operators/refusal';
import type { Request } from './messages';

/** Reasons and descriptions are short; nothing of this API needs more (bytes). */
const MAX_ADMIN_BODY = 65_536;

function fromJson(request: Request): Map<string, unknown> {
  if (request.bodyTooLarge || request.body.length > MAX_ADMIN_BODY) throw malformed('the body is larger than 64 KiB');
  if (request.query.length > 0) throw malformed('send the parameters in the body, not in the query');
  const text = request.body.toString('utf8').trim();
  if (text === '') return new Map();
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw malformed('the body is not valid JSON');
  }
  if (typeof parsed !== 'object' || parsed === null || Array.isArray(parsed)) {
    throw malformed('the body must be a JSON object');
  }
  return new Map(Object.entries(parsed));
}

function fromQuery(request: Request, fields: Fields): Map<string, unknown> {
  const values = new Map<string, unknown>();
  for (const [name, value] of request.query) {
    const isList = Object.hasOwn(fields, name) && fields[name]?.docs.type === 'string[]';
    if (values.has(name) && !isList) throw malformed(`${shownName(name)} is given twice`);
    const earlier = values.get(name);
    values.set(name, isList ? [...(Array.isArray(earlier) ? earlier : []), value] : value);
  }
  return values;
}

function checked(name: string, field: Field, value: unknown): unknown {
  const result = v.safeParse(field.schema, value, { abortEarly: true, abortPipeEarly: true });
  if (result.success) return result.output;
  throw malformed(`${name} ${result.issues[0].message}`);
}

interface AdminInput {
  input: Record<string, unknown>;
  tenant: string | undefined;
}

/** The body is for the rule; the tenant is in the query. */
function fromLines(request: Request, fields: Fields): AdminInput {
  if (request.bodyTooLarge) throw malformed('the body is larger than 8 MiB, or other imports are running');
  if (!/^application\/x-ndjson\b/i.test(request.headers['content-type'] ?? '')) {
    throw malformed('send NDJSON with content-type application/x-ndjson');
  }
  const { tenant } = checkedInput(fromQuery(request, fields), fields);
  return { input: { text: request.body.toString('utf8') }, tenant };
}

/** Throws a Refusal that names the first parameter that is unknown, missing or wrong. */
export function readAdminParameters(request: Request, endpoint: AdminEndpoint): AdminInput {
  const fields: Fields = { tenant: TENANT, ...endpoint.fields };
  if (endpoint.lines) return fromLines(request, fields);
  const raw = request.method === 'POST' ? fromJson(request) : fromQuery(request, fields);
  return checkedInput(raw, fields);
}

function checkedInput(raw: ReadonlyMap<string, unknown>, fields: Fields): AdminInput {
  for (const name of raw.keys()) {
    if (!Object.hasOwn(fields, name)) throw malformed(`${shownName(name)} is not a parameter of this call`);
  }
  const input: Record<string, unknown> = {};
  for (const [name, field] of Object.entries(fields)) {
    const value = raw.get(name);
    const given = value !== undefined && value !== null && (value !== '' || field.allowEmpty);
    if (given) input[name] = checked(name, field, value);
    else if (field.required) throw malformed(`${name} is required`);
  }
  const tenant = typeof input['tenant'] === 'string' ? input['tenant'] : undefined;
  return { input, tenant };
}
