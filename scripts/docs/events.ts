/** The events of webhooks as flat descriptions for the documents and the client: made from the contract only. */
import { toJsonSchema } from '@valibot/to-json-schema';
import type { Text } from '../../src/contract/answer-texts';
import { EVENT_TYPES, EVENTS, type EventType, envelopeOf } from '../../src/contract/events';
import type { JsonSchema } from './endpoints';

export interface EventInfo {
  type: EventType;
  /** `RoomOpened`: for languages that have no dots in names. */
  name: string;
  summary: Text;
  /** JSON schema of the whole body, and of its `data`. */
  body: JsonSchema;
  data: JsonSchema;
  example: Readonly<Record<string, unknown>>;
}

/** Receivers leave room for fields that come later. */
function open(schema: JsonSchema): JsonSchema {
  const { $schema: _, additionalProperties: __, ...rest } = schema;
  const properties = Object.entries(rest.properties ?? {}).map(([name, property]) => {
    if (typeof property === 'boolean') throw new Error(`the schema of ${name} says nothing`);
    return [name, open(property)];
  });
  return { ...rest, ...(rest.properties && { properties: Object.fromEntries(properties) }) };
}

const schemaOf = (schema: Parameters<typeof toJsonSchema>[0]) => open(toJsonSchema(schema, { errorMode: 'throw' }));

const capital = (word: string) => word.charAt(0).toUpperCase() + word.slice(1);

export const EVENT_INFOS: readonly EventInfo[] = EVENT_TYPES.map((type) => {
  const { summary, data, exampleData } = EVENTS[type];
  const meta = { id: 'evt_5f0GZr0kQ1uVb8yTqvYx2A', type, createdUtc: '2026-11-24 12:00:00', tenant: '' };
  return {
    type,
    name: type.split('.').map(capital).join(''),
    summary,
    body: schemaOf(envelopeOf(type)),
    data: schemaOf(data),
    example: { ...meta, data: exampleData },
  };
});

type Language = 'en' | 'zh';

/** The possible words of a field follow it. */
function fieldText([name, schema]: [string, unknown], required: ReadonlySet<string>): string {
  const words: unknown = typeof schema === 'object' && schema !== null ? Reflect.get(schema, 'enum') : undefined;
  const text = Array.isArray(words) ? `${name} (${words.join(', ')})` : name;
  if (required.has(name)) return text;
  return `${text}?`;
}

/** The table of docs/webhooks-out.md; a `?` marks optional fields. */
export function eventTable(language: Language): string {
  const rows = EVENT_INFOS.map(({ type, summary, data }) => {
    const required = new Set(data.required ?? []);
    const fields = Object.entries(data.properties ?? {}).map((field) => fieldText(field, required));
    return `| \`${type}\` | ${summary[language]} | ${fields.join(', ')} |\n`;
  });
  const head = language === 'en' ? '| type | when | data |\n' : '| 类型 | 含义 | data |\n';
  return `${head}| --- | --- | --- |\n${rows.join('')}`;
}
