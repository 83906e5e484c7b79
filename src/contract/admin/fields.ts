/** Parameters that several calls of operators take. */
import * as v from 'valibot';
import { type Field, type FieldDocs, integer, required, text, textList } from '../fields';
import { ID_PATTERN, LIMITS } from '../limits';

type Describe = Pick<FieldDocs, 'en' | 'zh'> & Partial<Pick<FieldDocs, 'example'>>;

/** Ten years; a longer time counts as permanent. */
export const MAX_SECONDS = 315_360_000;
const MAX_REASON = 200;
const MAX_LIST = 200;

/** One of a few words. */
export function oneOf<const T extends readonly string[]>(words: T, docs: Describe): Field<T[number], false> {
  const rule = `must be ${words.join(' or ')}`;
  return {
    schema: v.picklist(words, rule),
    required: false,
    allowEmpty: false,
    docs: { type: 'string', words, closed: true, ...docs },
  };
}

/** true or false, in a query as text. */
export function flag(docs: Describe): Field<boolean, false> {
  const rule = 'must be true or false';
  const schema = v.pipe(
    v.union([v.boolean(), v.picklist(['true', 'false'])], rule),
    v.transform((value) => value === true || value === 'true'),
  );
  return { schema, required: false, allowEmpty: false, docs: { type: 'boolean', ...docs } };
}

const DATE = /^(\d{4}-\d{2}-\d{2})(?:[T ](\d{2}:\d{2}:\d{2}(?:\.\d{1,9})?)(Z|[+-]\d{2}:?\d{2})?)?$/;

/** Milliseconds since 1970 for a UTC text `YYYY-MM-DD HH:MM:SS` or ISO 8601; NaN for anything else. */
function parseTime(value: string): number {
  const [, day = '', time = '00:00:00', zone = 'Z'] = DATE.exec(value) ?? [];
  const midnight = Date.parse(`${day}T00:00:00Z`);
  // JavaScript takes the 30th of February for the 2nd of March.
  if (!Number.isFinite(midnight) || new Date(midnight).toISOString().slice(0, 10) !== day) return Number.NaN;
  return Date.parse(`${day}T${time}${zone}`);
}

/** A time, as milliseconds since 1970. */
function instant(docs: Describe): Field<number, false> {
  const rule = 'must be a UTC time like 2026-11-23 12:00:00, or ISO 8601';
  const schema = v.pipe(
    v.string(rule),
    v.transform(parseTime),
    v.check((time) => Number.isFinite(time), rule),
  );
  return { schema, required: false, allowEmpty: false, docs: { type: 'string', ...docs } };
}

export const ROOM_ID = text(
  { max: LIMITS.roomId, numbers: true, pattern: ID_PATTERN, patternText: 'must be letters, digits, _ or -' },
  { en: 'The room.', zh: '房间 ID。', example: '1' },
);

export const USER_ID = text(
  { max: 32, numbers: true, pattern: ID_PATTERN, patternText: 'must be a user id' },
  { en: 'The user.', zh: '用户 ID。', example: '2' },
);

/** Ids of a kind, at least one. */
export const idList = (most: number, en: string, zh: string) =>
  required(
    textList(
      { max: 16, maxEntries: most, pattern: /^[1-9]\d{0,15}$/, patternText: 'must be ids' },
      { en, zh, example: ['1'] },
    ),
  );

export const REASON = required(
  text(
    { max: MAX_REASON },
    {
      en: 'Reason; recorded in the audit log and shown to the user.',
      zh: '原因；写入操作日志，并告知当事人。',
      example: 'spam',
    },
  ),
);

export const SECONDS = integer(
  { min: 0, max: MAX_SECONDS },
  { en: 'Duration in seconds; 0 = permanent.', zh: '时长（秒）；0 表示永久。', example: 3600 },
);

/** Lists. */
export const PAGE = {
  limit: integer(
    { min: 1, max: MAX_LIST },
    { en: 'Page size, 1 to 200. Default 50.', zh: '最多返回的条数，默认 50。', example: 50 },
  ),
  cursor: text(
    { max: 512, pattern: /^[A-Za-z0-9_-]+$/, patternText: 'is not one of ours' },
    { en: 'The cursor of the previous response.', zh: '上一次返回的 cursor。' },
  ),
} as const;

/** The longest list that is counted to its end. */
export const MAX_COUNTED = 10_000;

export const COUNT = flag({
  en: `true: total is the length of the list, up to ${MAX_COUNTED}; beyond that totalIsMore is true. A search has no total.`,
  zh: `true：返回总数 total，最多 ${MAX_COUNTED}，超过时 totalIsMore 为 true。搜索时不返回。`,
});

/** Every call has it. */
export const TENANT: Field<string, false> = text(
  { max: 64 },
  {
    en: 'Which tenant, for operators of all of them; absent = the default one.',
    zh: '租户（仅限可管理全部租户的运营账号）；不传表示默认租户。',
  },
);

export const FROM_UTC = instant({
  en: 'At this time or later, UTC.',
  zh: '起始时间（UTC）。',
  example: '2026-11-01 00:00:00',
});
export const TO_UTC = instant({
  en: 'Before this time, UTC.',
  zh: '结束时间（UTC，不含）。',
  example: '2026-12-01 00:00:00',
});
