/**
 * One flat description per endpoint, made from the contract. The OpenAPI document, the docs page, the collection
 * and the client's types are made from it.
 */
import { type JsonSchema as ConverterSchema, toJsonSchema } from '@valibot/to-json-schema';
import { ERROR_CODES, type ErrorName } from '../../src/base/errors';
import { BASE_PATH, contract, type EndpointName } from '../../src/contract';
import { DATA_TEXTS, type Text } from '../../src/contract/answer-texts';
import { CALLER_FIELDS, type Endpoint, needsToken, type SessionProof } from '../../src/contract/endpoint';
import { ERROR_REMEDIES } from '../../src/contract/error-remedies';
import { ERROR_TEXTS } from '../../src/contract/error-texts';
import type { Field, FieldDocs, Fields } from '../../src/contract/fields';

export type JsonSchema = ConverterSchema;

export interface ParameterInfo {
  name: string;
  required: boolean;
  /** An empty text means "clear it" instead of "not given". */
  allowEmpty: boolean;
  docs: FieldDocs;
}

export interface ErrorInfo {
  name: ErrorName;
  code: number;
  text: Text;
  remedy: Text;
}

export interface EndpointInfo {
  name: EndpointName;
  /** The last part of the path, for example `enter_room`. */
  call: string;
  area: string;
  path: string;
  summary: Text;
  notes: Text;
  session: SessionProof;
  repeatable: boolean;
  /** The endpoint's own parameters first, then those of the caller. */
  parameters: readonly ParameterInfo[];
  /** JSON schema of `data`; undefined if there is none. */
  data: JsonSchema | undefined;
  exampleData: unknown;
  okMessage: string;
  errors: readonly ErrorInfo[];
}

export function errorInfo(name: ErrorName): ErrorInfo {
  return { name, code: ERROR_CODES[name], text: ERROR_TEXTS[name], remedy: ERROR_REMEDIES[name] };
}

export const ALL_ERRORS: readonly ErrorInfo[] = Object.keys(ERROR_CODES)
  // Object.keys forgets that the keys are the table's own.
  .map((name) => errorInfo(name as ErrorName));

/** All errors of the endpoint, by code. */
function errorsOf(endpoint: Endpoint): readonly ErrorInfo[] {
  const session: readonly ErrorName[] = needsToken(endpoint) ? ['UserTokenExpired', 'UserTokenInvalid'] : [];
  const database: readonly ErrorName[] = endpoint.withoutDatabase ? [] : ['ServiceDBFailed'];
  const all = new Set<ErrorName>([...endpoint.errors, endpoint.invalid, 'SystemError', ...database, ...session]);
  return [...all].map(errorInfo).sort((a, b) => a.code - b.code);
}

function parameter(name: string, field: Field): ParameterInfo {
  return { name, required: field.required, allowEmpty: field.allowEmpty, docs: field.docs };
}

function parametersOf(endpoint: Endpoint): readonly ParameterInfo[] {
  const own = Object.entries(endpoint.fields).map(([name, field]) => parameter(name, field));
  if (endpoint.session === 'none') return own;
  const callerFields: Fields = CALLER_FIELDS;
  const named = Object.entries(callerFields).filter(([name]) => !(endpoint.tokenAlone && /userId/i.test(name)));
  const caller = named.map(([name, field]) => ({
    ...parameter(name, field),
    required: name === 'token' && needsToken(endpoint),
  }));
  return [...own, ...caller];
}

/** Puts the descriptions in, and leaves room for fields that come later. */
function described(schema: JsonSchema): JsonSchema {
  const { $schema: _, additionalProperties: __, ...rest } = schema;
  const properties = Object.entries(rest.properties ?? {}).map(([name, property]): [string, JsonSchema] => {
    const text = DATA_TEXTS[name];
    if (!text) throw new Error(`no description of the answer's field ${name} in src/contract/answer-texts.ts`);
    if (typeof property === 'boolean') throw new Error(`the schema of ${name} says nothing`);
    return [name, { ...described(property), description: `${text.en} ${text.zh}` }];
  });
  const { items } = rest;
  return {
    ...rest,
    ...(rest.properties && { properties: Object.fromEntries(properties) }),
    ...(items && typeof items === 'object' && !Array.isArray(items) && { items: described(items) }),
  };
}

function describe(name: EndpointName): EndpointInfo {
  const endpoint: Endpoint = contract[name];
  const parts = endpoint.path.split('/');
  const call = parts.at(-1) ?? '';
  // gslb has no area in its path: it is called before those of auth_users. Uploads are covers of rooms.
  const area =
    parts.length === 1 ? 'auth_users' : parts[0] === 'cos' || parts[0] === 'reports' ? 'rooms' : (parts[0] ?? '');
  return {
    name,
    area,
    call,
    path: `${BASE_PATH}${endpoint.path}`,
    summary: endpoint.summary,
    notes: endpoint.notes,
    session: endpoint.session,
    repeatable: endpoint.notRepeatable !== true,
    parameters: parametersOf(endpoint),
    data: endpoint.data && described(toJsonSchema(endpoint.data, { errorMode: 'throw' })),
    exampleData: endpoint.exampleData,
    okMessage: endpoint.okMessage,
    errors: errorsOf(endpoint),
  };
}

/** oauth first: every app starts there. */
const AREAS = ['oauth', 'auth_users', 'rooms'];

export const ENDPOINTS: readonly EndpointInfo[] = Object.keys(contract)
  .map((name) => describe(name as EndpointName))
  .sort((a, b) => AREAS.indexOf(a.area) - AREAS.indexOf(b.area));

/** Example parameters of a call: the caller's id and token, what is required, and what the contract has examples of. */
export function exampleInput(endpoint: EndpointInfo): Record<string, string | number | readonly string[]> {
  const entries = endpoint.parameters
    .filter(({ name, docs }) => docs.example !== undefined && docs.example !== '' && name !== 'apaasUserId')
    .map(({ name, docs }): [string, string | number | readonly string[]] => [name, docs.example ?? '']);
  return Object.fromEntries(entries);
}
