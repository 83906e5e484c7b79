/** Chat rules of a room: shape, defaults and parameters, the same for apps and operators. */
import * as v from 'valibot';
import { flag, oneOf } from './admin/fields';
import type { Field } from './fields';

export const SPEAKERS = ['all', 'admins', 'nobody'] as const;

const int = v.pipe(v.number(), v.integer());

export const CHAT_RULES = v.strictObject({
  speak: v.picklist(SPEAKERS),
  slowSeconds: int,
  unique: v.boolean(),
  links: v.boolean(),
  minSecondsInRoom: int,
});
export type ChatRules = v.InferOutput<typeof CHAT_RULES>;

export const DEFAULT_CHAT_RULES: ChatRules = {
  speak: 'all',
  slowSeconds: 0,
  unique: false,
  links: true,
  minSecondsInRoom: 0,
};

export const CHAT_RULES_EXAMPLE: ChatRules = { ...DEFAULT_CHAT_RULES, slowSeconds: 10, links: false };

const MIN_SLOW = 3;
const MAX_SLOW = 120;
const MAX_SECONDS_IN_ROOM = 3600;

/** Whole seconds, as a number or as decimal text. */
function seconds(rule: string, fits: (value: number) => boolean, docs: Field['docs']): Field<number, false> {
  const schema = v.pipe(
    v.union([v.string(), v.number()], rule),
    v.check((value) => /^\d{1,6}$/.test(String(value)), rule),
    v.transform(Number),
    v.check(fits, rule),
  );
  return { schema, required: false, allowEmpty: false, docs };
}

export const CHAT_RULES_FIELDS = {
  speak: oneOf(SPEAKERS, {
    en: 'Who may write: all, admins (the owner and the admins) or nobody.',
    zh: '谁可以发言：all 所有人，admins 主播和房管，nobody 全员禁言。',
    example: 'all',
  }),
  slowSeconds: seconds(
    `must be 0 or from ${MIN_SLOW} to ${MAX_SLOW}`,
    (value) => value === 0 || (value >= MIN_SLOW && value <= MAX_SLOW),
    {
      type: 'integer',
      minimum: 0,
      maximum: MAX_SLOW,
      en: 'Slow mode: seconds between two messages of one person, 3 to 120; 0 switches it off.',
      zh: '慢速模式：同一用户两条消息之间的秒数，3 到 120；0 表示关闭。',
      example: 10,
    },
  ),
  unique: flag({
    en: 'true: no message twice in a row by the same person.',
    zh: 'true：同一用户不能连续发送相同的消息。',
  }),
  links: flag({ en: 'false: messages with a link are refused.', zh: 'false：拒绝带链接的消息。' }),
  minSecondsInRoom: seconds(`must be from 0 to ${MAX_SECONDS_IN_ROOM}`, (value) => value <= MAX_SECONDS_IN_ROOM, {
    type: 'integer',
    minimum: 0,
    maximum: MAX_SECONDS_IN_ROOM,
    en: 'Seconds that a viewer has to be in the room before the first message, up to 3600.',
    zh: '进入房间多少秒后才能发言，最多 3600。',
    example: 0,
  }),
} as const;
