/**
 * How many rows one account (or client address, before there is an account) can add to each table in a day: from the costs of the
 * contract and the limits, or the reason why the table stays bounded without a number.
 */
import type { Setting, Words } from '../../src/config/setting';
import { contract } from '../../src/contract';
import type { Cost, Costs, LimitName, OneCost } from '../../src/contract/costs';
import type { Endpoint } from '../../src/contract/endpoint';
import { PRIVACY } from '../../src/data/privacy';
import type { Schema } from '../../src/data/schema';
import { LIMITS_IN_FORCE, type Limit, type Within } from '../../src/limits';

const TIMES: Record<Within, number> = {
  interval: Number.POSITIVE_INFINITY,
  'half minute': 2_880,
  minute: 1_440,
  hour: 24,
  day: 1,
  stock: 1,
  call: Number.POSITIVE_INFINITY,
};

const OPERATORS: Words = { en: 'written by operators, or by the service itself', zh: '由运营人员或服务自身写入' };
const BY_ROOM: Words = {
  en: 'one row for each live room; it goes after the broadcast',
  zh: '每个直播中的房间一行，直播结束后删除',
};

/** Instead of a number, or beside it. */
const REASONS: Partial<Record<keyof Schema, Words>> = {
  appeals: { en: 'for each sanction', zh: '每个处置' },
  activity: {
    en: 'the scheduled work counts and deletes the rows every ten minutes',
    zh: '定时任务每十分钟统计并删除',
  },
  chat_rules: { en: 'one row for each of the own rooms', zh: '自己的每个房间一行' },
  commits: { en: 'transactions of the last ten minutes; MySQL only', zh: '最近十分钟的事务，仅 MySQL' },
  deliveries: { en: 'a row of webhook_events for each webhook that wants it', zh: '每个订阅的 webhook 对应一行' },
  held: { en: 'the limit `held`; rows go with the chat log', zh: '限制 `held`；与聊天记录一起删除' },
  im_said: { en: 'one row for each live room of the last day', zh: '最近一天每个直播间一行' },
  members: BY_ROOM,
  review_settings: { en: 'one row for each tenant', zh: '每个租户一行' },
  kept_rooms: OPERATORS,
  jobs: OPERATORS,
  operator_reasons: OPERATORS,
  operators: OPERATORS,
  samples: OPERATORS,
  user_notes: OPERATORS,
  webhook_attempts: OPERATORS,
  webhooks: OPERATORS,
  words: OPERATORS,
};

/** These count rows, and not calls. */
const OF_ROWS: ReadonlySet<LimitName> = new Set(['chatLog']);

/** Accounts for which a backend of the customer vouches are as many as it says. */
const OTHERS: ReadonlySet<LimitName> = new Set(['vouched', 'swept', 'oncePerRoom', 'oncePerTenant']);

const isSetting = (most: Limit['most']): most is Setting<number> => typeof most === 'object' && most !== null;

function perDay(name: LimitName): number {
  const { most, part = 1, within } = LIMITS_IN_FORCE[name];
  const number = isSetting(most) ? most.fallback : most;
  return number === null ? Number.POSITIVE_INFINITY : Math.floor(number / part) * TIMES[within];
}

const isSum = (cost: Cost): cost is readonly OneCost[] => Array.isArray(cost[0]);

interface Term {
  most: number;
  by: readonly LimitName[];
}

/** What may exist at a time bounds the rows of a day only if nothing else does. */
function numberOf({ most, by }: Term): number {
  const counted = by.filter((name) => !OTHERS.has(name));
  const ofTime = counted.filter((name) => LIMITS_IN_FORCE[name].within !== 'stock');
  const least = Math.min(...(ofTime.length > 0 ? ofTime : counted).map(perDay));
  return by.some((name) => OF_ROWS.has(name)) ? least : most * least;
}

function termsOf(cost: Cost): Term[] {
  if (isSum(cost)) return cost.flatMap((one) => termsOf(one));
  const parts: readonly (number | LimitName)[] = cost;
  const by = parts.filter((one) => typeof one === 'string');
  return [{ most: typeof parts[0] === 'number' ? parts[0] : 1, by }];
}

function costsOf({ rows = {}, calls = {}, events = {} }: Costs): [table: string, cost: Cost][] {
  const later = [...Object.entries(calls)].filter(([vendor]) => vendor === 'im' || vendor === 'trtc');
  return [
    ...Object.entries(rows),
    ...later.map(([, cost]): [string, Cost] => ['outbox', cost]),
    ...Object.values(events).map((cost): [string, Cost] => ['webhook_events', cost]),
  ];
}

export interface Growth {
  table: string;
  /** Rows a day; 0: no number. */
  most: number;
  by: readonly LimitName[];
  reason: Words | undefined;
}

/** One for each table. */
export function growthOf(endpoints: readonly Endpoint[], tables: readonly (keyof Schema)[]): Growth[] {
  const all = endpoints.flatMap(({ costs }) => costsOf(costs));
  return tables.map((table) => {
    /** Calls that share their limits share the number. */
    const shared = new Map<string, Term>();
    for (const term of all.filter(([name]) => name === table).flatMap(([, cost]) => termsOf(cost))) {
      const key = [...term.by].sort().join();
      if (term.most > (shared.get(key)?.most ?? 0)) shared.set(key, term);
    }
    const bounded = [...shared.values()].filter(({ by }) => !by.every((name) => OTHERS.has(name)));
    const most = bounded.reduce((sum, term) => sum + numberOf(term), 0);
    return { table, most, by: [...new Set(bounded.flatMap(({ by }) => by))], reason: REASONS[table] };
  });
}

export const GROWTH: readonly Growth[] = growthOf(
  Object.values<Endpoint>(contract),
  Object.keys(PRIVACY).sort() as (keyof Schema)[],
);

const TITLES = {
  en: [
    '## Rows of one account in a day',
    'With the default numbers. Rows before there is an account are those of one client address. How long rows stay: [privacy](privacy.md).',
    '| table | at most | bounded by |',
  ],
  zh: [
    '## 一个账号一天的行数',
    '按默认数字计算。尚无账号时按客户端地址计算。保留时间见[隐私](privacy.zh-CN.md)。',
    '| 表 | 最多 | 约束 |',
  ],
} as const;

const grouped = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

export function createGrowth(language: 'en' | 'zh'): string {
  const [title, note, columns] = TITLES[language];
  const rows = GROWTH.map(({ table, most, by, reason }) => {
    const why = [...(by.length > 0 ? [by.join(', ')] : []), ...(reason ? [reason[language]] : [])];
    return `| \`${table}\` | ${most > 0 ? grouped(most) : '–'} | ${why.join('; ')} |`;
  });
  return [title, '', note, '', columns, '| --- | --- | --- |', ...rows].join('\n');
}
