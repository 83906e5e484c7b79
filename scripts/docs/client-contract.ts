/** Writes client/src/client-contract.ts: the contract as plain types and one small table, so that the client carries no validator. */
import { BASE_PATH } from '../../src/contract';
import { ENDPOINTS, type EndpointInfo, type JsonSchema, type ParameterInfo } from './endpoints';

const CALLER_NAMES = new Set(['userId', 'apaasUserId', 'token']);

/** Responses with a named type, since several calls return them. */
const NAMES: Readonly<Record<string, string>> = {
  signature: 'SignIn',
  userLoginToken: 'SignIn',
  userLoginCode: 'SignIn',
  roomDetail: 'Room',
};

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function parameterType({ docs }: ParameterInfo): string {
  if (docs.type === 'integer') return 'number';
  if (docs.type === 'boolean') return 'boolean';
  return docs.type === 'string[]' ? 'readonly string[]' : 'string';
}

function dataType(schema: JsonSchema): string {
  if (schema.enum) return schema.enum.map((value) => `'${String(value)}'`).join(' | ');
  if (schema.type === 'string') return 'string';
  if (schema.type === 'boolean') return 'boolean';
  if (schema.type === 'integer' || schema.type === 'number') return 'number';
  if (schema.type === 'object') {
    if (!schema.properties) return 'Readonly<Record<string, unknown>>';
    const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
      if (typeof property === 'boolean') throw new Error(`the schema of ${name} says nothing`);
      return `${name}: ${dataType(property)}`;
    });
    if (fields.length === 0) return 'Readonly<Record<string, never>>';
    const line = `{ ${fields.join('; ')} }`;
    return line.length <= 90 ? line : `{\n${fields.map((field) => `    ${field};\n`).join('')}  }`;
  }
  throw new Error(`no TypeScript for a schema of type ${String(schema.type)}`);
}

function lines(entries: readonly (readonly [comment: string, declaration: string])[]): string {
  return entries.map(([comment, declaration]) => `  /** ${comment} */\n  ${declaration};\n`).join('');
}

function inputInterface(endpoint: EndpointInfo): string {
  // A required userId belongs to the call and means another user.
  const own = endpoint.parameters.filter(
    ({ name, required }) => !CALLER_NAMES.has(name) || (name === 'userId' && required),
  );
  const fields = own.map(
    (parameter) =>
      [
        `${parameter.docs.en} ${parameter.docs.zh}`,
        `${parameter.name}${parameter.required ? '' : '?'}: ${parameterType(parameter)}`,
      ] as const,
  );
  if (fields.length === 0) return `export type ${capital(endpoint.name)}Input = Readonly<Record<string, never>>;\n`;
  return `export interface ${capital(endpoint.name)}Input {\n${lines(fields)}}\n`;
}

function objectInterface(name: string, schema: JsonSchema): string {
  const fields = Object.entries(schema.properties ?? {}).map(([key, property]) => {
    if (typeof property === 'boolean') throw new Error(`the schema of ${key} says nothing`);
    const optional = schema.required?.includes(key) ? '' : '?';
    return [property.description ?? '', `${key}${optional}: ${dataType(property)}`] as const;
  });
  return `export interface ${name} {\n${lines(fields)}}\n`;
}

/** The name of the type of `data`, and its declaration if it is new. */
function dataOf(endpoint: EndpointInfo, known: Map<string, string>): string {
  const { data } = endpoint;
  if (!data) return 'undefined';
  if (data.type === 'array') {
    const { items } = data;
    if (!items || typeof items !== 'object' || Array.isArray(items)) throw new Error('a list of what?');
    const name = endpoint.name === 'queryRoom' ? 'Room' : `${capital(endpoint.name)}Entry`;
    known.set(name, objectInterface(name, items));
    return `${name}[]`;
  }
  const name = NAMES[endpoint.name] ?? `${capital(endpoint.name)}Data`;
  known.set(name, objectInterface(name, data));
  return name;
}

function callLines(endpoint: EndpointInfo, data: string): string {
  const { name, summary, notes } = endpoint;
  return `  /** ${summary.en}. ${notes.en} */\n  ${name}: { input: ${capital(name)}Input; data: ${data} };\n`;
}

export function createClientContract(): string {
  const known = new Map<string, string>();
  const calls = ENDPOINTS.map((endpoint) => callLines(endpoint, dataOf(endpoint, known))).join('');
  const table = ENDPOINTS.map(({ name, path, session, repeatable }) => {
    const policy = `caller: ${session !== 'none'}, repeatable: ${repeatable}`;
    return `  ${name}: { path: '${path.slice(BASE_PATH.length)}', ${policy} },\n`;
  }).join('');
  return [
    '/** Made from src/contract by `npm run docs`; a test fails when it differs. Not to be edited. */\n',
    ...known.values(),
    ...ENDPOINTS.map(inputInterface),
    `/** Every call by its name: its parameters without the caller, and its \`data\`. */\nexport interface Calls {\n${calls}}\n`,
    `/** The path of each call, whether it identifies its caller, and whether it is idempotent. */\nexport const CALLS: {\n  readonly [N in keyof Calls]: { readonly path: string; readonly caller: boolean; readonly repeatable: boolean };\n} = {\n${table}};\n`,
  ].join('\n');
}
