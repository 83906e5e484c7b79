/** The operators' calls as flat descriptions, for the documents and for the client: made from the contract only. */
import { toJsonSchema } from '@valibot/to-json-schema';
import { keysOf } from '../../src/base/fields';
import { BASE_PATH } from '../../src/contract';
import { type AdminCall, adminContract } from '../../src/contract/admin';
import type { AdminEndpoint } from '../../src/contract/admin/endpoint';
import { TENANT } from '../../src/contract/admin/fields';
import type { Text } from '../../src/contract/answer-texts';
import type { Field, FieldDocs, Fields } from '../../src/contract/fields';
import type { JsonSchema } from './endpoints';

export interface AdminParameter {
  name: string;
  required: boolean;
  docs: FieldDocs;
}

export interface AdminInfo {
  name: AdminCall;
  /** The last part of the path, for example `kick_user`. */
  call: string;
  path: string;
  summary: Text;
  notes: Text;
  scope: AdminEndpoint['scope'];
  changes: boolean;
  /** The body is lines of JSON; the parameters are in the query. */
  lines: boolean;
  parameters: readonly AdminParameter[];
  data: JsonSchema | undefined;
  exampleData: unknown;
}

const parameter = ([name, field]: [string, Field]): AdminParameter => ({
  name,
  required: field.required,
  docs: field.docs,
});

/** Drops the parts that only validators need. */
function plain(schema: JsonSchema): JsonSchema {
  const { $schema: _, additionalProperties: __, ...rest } = schema;
  const properties = Object.entries(rest.properties ?? {}).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`the schema of ${name} says nothing`);
    return [name, plain(property)];
  });
  const { items } = rest;
  return {
    ...rest,
    ...(rest.properties && { properties: Object.fromEntries(properties) }),
    ...(items && typeof items === 'object' && !Array.isArray(items) && { items: plain(items) }),
  };
}

export function schemaOf(data: Parameters<typeof toJsonSchema>[0]): JsonSchema {
  return plain(toJsonSchema(data, { errorMode: 'throw', typeMode: 'output' }));
}

function describe(name: AdminCall): AdminInfo {
  const endpoint: AdminEndpoint = adminContract[name];
  const { path, summary, notes, scope, changes, lines = false, data, exampleData } = endpoint;
  const fields: Fields = { ...endpoint.fields, ...(!Object.hasOwn(endpoint.fields, 'tenant') && { tenant: TENANT }) };
  return {
    name,
    call: path.slice('admin/'.length),
    path: `${BASE_PATH}${path}`,
    summary,
    notes,
    scope,
    changes,
    lines,
    parameters: Object.entries(fields).map(parameter),
    data: data && schemaOf(data),
    exampleData,
  };
}

export const ADMIN_CALLS: readonly AdminInfo[] = keysOf(adminContract).map(describe);

/** The parameters of a call with their examples. */
export function adminExample({ parameters }: AdminInfo): Record<string, unknown> {
  const given = parameters.filter(({ required, docs }) => required && docs.example !== undefined);
  return Object.fromEntries(given.map(({ name, docs }) => [name, docs.example]));
}
