/** Writes client/src/admin-contract.ts: the operators' calls as plain types and one small table. */
import { AUDIT_ENTRY, LIVE_ROOM, REPORT, SANCTION } from '../../src/contract/admin/items';
import { BROADCAST } from '../../src/contract/admin/statistics';
import { ADMIN_CALLS, type AdminInfo, type AdminParameter, schemaOf } from './admin';
import type { JsonSchema } from './endpoints';

const capital = (name: string) => name.charAt(0).toUpperCase() + name.slice(1);

function parameterType({ docs }: AdminParameter): string {
  if (docs.type === 'integer') return 'number';
  if (docs.type === 'boolean') return 'boolean';
  if (docs.type === 'object') return 'Readonly<Record<string, unknown>>';
  return docs.type === 'string[]'
    ? 'readonly string[]'
    : (docs.words?.map((word) => `'${word}'`).join(' | ') ?? 'string');
}

/** What several calls answer with is declared once. */
const ITEMS = {
  LiveRoom: LIVE_ROOM,
  Sanction: SANCTION,
  Report: REPORT,
  AuditEntry: AUDIT_ENTRY,
  Broadcast: BROADCAST,
};

const itemNames = new Map(Object.entries(ITEMS).map(([name, schema]) => [JSON.stringify(schemaOf(schema)), name]));

/** Written as the formatter leaves it: one field a line. */
export function dataType(schema: JsonSchema, indent = ''): string {
  if (schema.enum) return schema.enum.map((value) => `'${String(value)}'`).join(' | ');
  const choices = schema.anyOf?.map((one) => (typeof one === 'boolean' ? 'unknown' : dataType(one, indent)));
  if (choices) return choices.join(' | ');
  switch (schema.type) {
    case 'string':
    case 'boolean':
    case 'null':
      return schema.type;
    case 'integer':
    case 'number':
      return 'number';
    case 'array':
      return listType(schema, indent);
    case 'object':
      return itemNames.get(JSON.stringify(schema)) ?? objectType(schema, indent);
    default:
      throw new Error(`no TypeScript for a schema of type ${String(schema.type)}`);
  }
}

/** The formatter puts longer ones on a line for each word. */
const MAX_UNION = 90;

function listType({ items }: JsonSchema, indent: string): string {
  if (!items || typeof items !== 'object' || Array.isArray(items)) throw new Error('a list of what?');
  const item = dataType(items, indent);
  const words = item.startsWith('{') ? [] : item.split(' | ');
  if (words.length < 2) return `${item}[]`;
  if (item.length < MAX_UNION) return `(${item})[]`;
  return `(\n${words.map((word) => `${indent}  | ${word}\n`).join('')}${indent})[]`;
}

function objectType(schema: JsonSchema, indent: string): string {
  const inner = `${indent}  `;
  const required = new Set(schema.required ?? []);
  const fields = Object.entries(schema.properties ?? {}).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`the schema of ${name} says nothing`);
    return `${inner}${name}${required.has(name) ? '' : '?'}: ${dataType(property, inner)};\n`;
  });
  const { additionalProperties } = schema;
  const isRecord = fields.length === 0 && typeof additionalProperties === 'object';
  if (!schema.properties && !isRecord) return 'Record<string, unknown>';
  return isRecord ? `Record<string, ${dataType(additionalProperties, indent)}>` : `{\n${fields.join('')}${indent}}`;
}

function inputType({ name, parameters }: AdminInfo): string {
  const fields = parameters.map(
    (one) =>
      `  /** ${one.docs.en} ${one.docs.zh} */\n  ${one.name}${one.required ? '' : '?'}: ${parameterType(one)};\n`,
  );
  return `export interface ${capital(name)}Input {\n${fields.join('')}}\n`;
}

export function createAdminClientContract(): string {
  const items = Object.entries(ITEMS).map(
    ([name, schema]) => `export type ${name} = ${objectType(schemaOf(schema), '')};\n`,
  );
  const data = ADMIN_CALLS.flatMap((call) =>
    call.data ? [`export type ${capital(call.name)}Data = ${dataType(call.data)};\n`] : [],
  );
  const calls = ADMIN_CALLS.map(({ name, summary, notes, data: shape }) => {
    const given = shape ? `${capital(name)}Data` : 'undefined';
    return `  /** ${summary.en}. ${notes.en} */\n  ${name}: { input: ${capital(name)}Input; data: ${given} };\n`;
  });
  const table = ADMIN_CALLS.map(({ name, call }) => `  ${name}: '${call}',\n`);
  return [
    '/** Made from src/contract/admin by `npm run docs`; a test fails when it differs. Not to be edited. */\n',
    ...ADMIN_CALLS.map(inputType),
    ...items,
    ...data,
    `/** Every call by its name: its parameters and its \`data\`. */\nexport interface AdminCalls {\n${calls.join('')}}\n`,
    `/** The path of each call after /base/v1/admin/. */\nexport const ADMIN_CALLS: { readonly [N in keyof AdminCalls]: string } = {\n${table.join('')}};\n`,
  ].join('\n');
}
