/** Writes docs/limits.md (.zh-CN.md) from the costs of the contract and the list of limits. */
import { ERROR_CODES, type ErrorName } from '../../src/base/errors';
import type { Setting } from '../../src/config/setting';
import { contract } from '../../src/contract';
import { adminContract } from '../../src/contract/admin';
import type { AdminEndpoint } from '../../src/contract/admin/endpoint';
import { type Cost, type LimitName, type OneCost, UNKNOWN_STATEMENTS } from '../../src/contract/costs';
import type { Endpoint } from '../../src/contract/endpoint';
import { type Counted, LIMITS_IN_FORCE, type Limit, type Subject, type Within } from '../../src/limits';
import { MAX_TRIES } from '../../src/vendors/tencent/im-call';
import { createGrowth } from './growth';

type Language = 'en' | 'zh';
type ByLanguage<T> = { readonly [L in Language]: T };

const PER: ByLanguage<Record<Subject, string>> = {
  en: {
    account: 'account',
    room: 'account and room',
    address: 'client address',
    name: 'user name',
    contact: 'phone number or mail address',
    tenant: 'tenant',
    provider: 'identity provider',
    key: 'key',
    connection: 'connection',
    process: 'process',
  },
  zh: {
    account: '账号',
    room: '账号和房间',
    address: '客户端地址',
    name: '用户名',
    contact: '手机号或邮箱',
    tenant: '租户',
    provider: '身份提供方',
    key: '密钥',
    connection: '连接',
    process: '进程',
  },
};

const WITHIN: ByLanguage<Record<Within, string>> = {
  en: {
    interval: 'per interval',
    'half minute': 'per 30 s',
    minute: 'per minute',
    hour: 'per hour',
    day: 'per day',
    stock: 'at a time',
    call: 'per call',
  },
  zh: {
    interval: '每个间隔',
    'half minute': '每 30 秒',
    minute: '每分钟',
    hour: '每小时',
    day: '每天',
    stock: '同时',
    call: '每次调用',
  },
};

const COUNTED: ByLanguage<Record<Counted, string>> = {
  en: { database: 'database', soon: 'memory, then database', process: 'process' },
  zh: { database: '数据库', soon: '内存，然后数据库', process: '进程' },
};

const WORDS = {
  en: {
    title: '# Limits and costs',
    other: '[中文](limits.zh-CN.md) · [all settings](settings.md) · [error codes](error-codes.md)',
    intro: `The highest cost of one call, and the total limits of one account, client address or tenant. Made by \`npm run docs\` from the
declarations in \`src/contract\` and the list in \`src/limits.ts\`, whose numbers are the settings and constants that the code uses.
\`npm run walk\` calls every endpoint 1,000 times, at once and in a row, through one and two processes, and fails on each row, vendor call
or event beyond its declaration; \`npm test\` runs a tenth of it.`,
    reading: `## At a limit

- **For apps.** A refused call answers \`UserQueryLimit(209)\`, and its text says how long to wait or what to end first. Do not retry it
  in a loop. Calls that succeed at a limit are marked in the last column. Calls at the same moment count like calls in a row.
- **For operators.** A number with a setting can be changed; 0 turns the limit off. An IPv6 client counts as its /64, and all clients
  of a /48 in total have twice the number. Without a trusted client address ([reverse proxies](self-host.md)) limits per
  address have no effect; sign-ups are then limited per tenant, at ten times the number.
- **Counted in the database**: exact for any number of processes. **In memory, then in the database**: a process counts separately
  until a subject becomes suspicious, so a good request costs no statement; in one moment, each process lets requests pass that it has in
  flight, so two processes may let through twice the number. **In the process**: each process lets through the number.`,
    limits: ['## All limits', ['limit', 'what', 'for each', 'number', 'period', 'counted in', 'at the limit']],
    costs: [
      '## What a call costs',
      [
        'call',
        'rows added',
        'vendor calls and messages',
        'events',
        'also limited by',
        'statements if the caller is unknown',
      ],
    ],
    costsNote: `The most that one call may add, with the limits that bound it. "–": nothing. Not listed: an event is one row of
\`webhook_events\` and one of \`deliveries\` for each webhook that wants it, and a call to IM or TRTC that is made later is a row of \`outbox\`
until then. With MySQL, a transaction is a row of \`commits\` for ten minutes. A call to IM without an answer
is tried up to ${MAX_TRIES} times. A missing or forged token costs no statement; the last column is for a wrong secret, or a token whose session has ended.`,
    operators: [
      '## Costs of the calls of operators and services',
      ['call', 'key', 'rows added', 'vendor calls and messages', 'events'],
    ],
    others: `Each of these calls also adds one row of \`audit\`; the other calls of operators only read. A key may make a number of calls per minute,
reads included (\`keyCalls\`), and every call costs one statement that finds the key. One import brings up to 10,000 users: of all keys, those
of services can add the most, so give one only to your own service. A wrong key costs at most one statement and is limited
(\`operatorKeys\`). A callback of IM or TRTC costs no statement before its signature is verified.`,
    refused: (name: ErrorName) => `\`${name}(${ERROR_CODES[name]})\``,
    allowed: 'any number',
    unlimited: 'no number',
    plus: ' + ',
  },
  zh: {
    title: '# 限制与开销',
    other: '[English](limits.md) · [全部配置](settings.zh-CN.md) · [错误码](error-codes.zh-CN.md)',
    intro: `一次调用最多产生多少开销，一个账号、客户端地址或租户总共最多产生多少开销。由 \`npm run docs\` 从 \`src/contract\` 的声明和
\`src/limits.ts\` 的列表生成，其中的数字就是代码使用的配置和常量。\`npm run walk\` 对每个接口并发和连续各调用 1,000 次，经过一个和两个进程，
任何超出声明的行、服务商调用或事件都会使其失败；\`npm test\` 运行其中的十分之一。`,
    reading: `## 达到限制时

- **客户端开发者**：被拒绝的调用返回 \`UserQueryLimit(209)\`，文字说明需要等待多久或先结束什么。不要循环重试。达到限制仍然成功的调用见最后一列。
  并发调用与连续调用的计数方式相同。
- **运维**：有配置的数字可以修改，0 表示不限。IPv6 客户端按 /64 计算，同一 /48 内的所有客户端共用两倍的数字。没有可信的客户端地址时
  （[反向代理](self-host.zh-CN.md)），按地址的限制不生效，注册改为按租户限制，数字为十倍。
- **数据库**：精确，与进程数无关。**内存，然后数据库**：可疑之前每个进程各自计数，正常请求没有额外的语句；同一时刻每个进程会放行处理中的请求，
  因此两个进程最多放行两倍。**进程**：每个进程各自放行该数字。`,
    limits: ['## 全部限制', ['限制', '内容', '对象', '数字', '周期', '计数位置', '达到时']],
    costs: ['## 一次调用的开销', ['调用', '新增的行', '服务商调用和消息', '事件', '其他限制', '调用者未知时的语句数']],
    costsNote: `一次调用最多新增的数量，以及约束它的限制。“–”表示没有。未列出：一个事件在 \`webhook_events\` 中有一行，每个订阅的 webhook 在
\`deliveries\` 中有一行；稍后执行的 IM 或 TRTC 调用在执行前是 \`outbox\` 中的一行；
使用 MySQL 时，每个事务在 \`commits\` 中有一行，保留十分钟。
未得到响应的 IM 调用最多尝试 ${MAX_TRIES} 次。没有 token 或 token 是伪造的，不产生语句；最后一列是密钥错误，
或 token 的会话已结束的情况。`,
    operators: ['## 运营和服务调用的开销', ['调用', '密钥', '新增的行', '服务商调用和消息', '事件']],
    others: `以上每个调用还在 \`audit\` 中新增一行，其他运营调用只读取数据。一个密钥每分钟的调用次数有限，包括读取（\`keyCalls\`），每个调用有一条查找密钥的语句。
一次导入最多新增 10,000 个用户：服务密钥能新增的数据最多，请只交给自有服务。错误的密钥最多产生一条语句，并受 \`operatorKeys\` 限制。
IM 和 TRTC 的回调在验证签名之前不产生语句。`,
    refused: (name: ErrorName) => `\`${name}(${ERROR_CODES[name]})\``,
    allowed: '限制允许的数量',
    unlimited: '无',
    plus: ' + ',
  },
} as const;

const isSetting = (most: Limit['most']): most is Setting<number> => typeof most === 'object' && most !== null;
const grouped = (number: number) => String(number).replace(/\B(?=(\d{3})+$)/g, ',');

function numberOf({ most, part = 1, unit }: Limit, language: Language): string {
  if (most === null) return WORDS[language].unlimited;
  const number = isSetting(most) ? most.fallback : most;
  const shown = `${grouped(Math.floor(number / part))}${unit ? ` ${unit[language]}` : ''}`;
  if (!isSetting(most)) return shown;
  return part === 1 ? `${shown} (\`${most.name}\`)` : `${shown} (\`${most.name}\` / ${part})`;
}

const isSum = (cost: Cost): cost is readonly OneCost[] => Array.isArray(cost[0]);

function costText(cost: Cost, language: Language): string {
  if (isSum(cost)) return cost.map((one) => costText(one, language)).join(WORDS[language].plus);
  const [first, ...rest] = cost;
  const names = typeof first === 'number' ? rest : [first, ...rest];
  const most = typeof first === 'number' ? String(first) : WORDS[language].allowed;
  return `${most} (${names.join(', ')})`;
}

function costsText(costs: Readonly<Partial<Record<string, Cost>>> = {}, language: Language): string {
  /** Those that cost the same are named together. */
  const names = new Map<string, string[]>();
  for (const [name, cost] of Object.entries(costs)) {
    const text = cost ? costText(cost, language) : '';
    names.set(text, [...(names.get(text) ?? []), `\`${name}\``]);
  }
  const texts = [...names].map(([text, alike]) => `${alike.join(', ')}: ${text}`);
  return texts.length === 0 ? '–' : texts.join('<br>');
}

const row = (cells: readonly (string | number)[]) => `| ${cells.join(' | ')} |`;

function table([title, columns]: readonly [string, readonly string[]], rows: readonly string[]): string {
  return [title, '', row(columns), row(columns.map(() => '---')), ...rows].join('\n');
}

function limitRow([name, limit]: readonly [string, Limit], language: Language): string {
  const { of, per, within, counted, error, instead } = limit;
  const then = error ? WORDS[language].refused(error) : (instead?.[language] ?? '–');
  const number = numberOf(limit, language);
  return row([
    `\`${name}\``,
    of[language],
    PER[language][per],
    number,
    limit.most === null ? '' : WITHIN[language][within],
    COUNTED[language][counted],
    then,
  ]);
}

function costRow({ path, costs }: Endpoint, language: Language): string {
  const { rows, calls, events, answers = [], failures = [], unknown = UNKNOWN_STATEMENTS } = costs;
  const limits: readonly LimitName[] = [...answers, ...failures];
  const also = limits.length === 0 ? '–' : limits.join(', ');
  const texts = [rows, calls, events].map((part) => costsText(part, language));
  return row([`\`${path}\``, ...texts, also, unknown]);
}

function operatorRow({ path, scope, costs = {} }: AdminEndpoint, language: Language): string {
  const texts = [costs.rows, costs.calls, costs.events].map((part) => costsText(part, language));
  return row([`\`${path}\``, `\`${scope}\``, ...texts]);
}

export function createLimits(language: Language): string {
  const words = WORDS[language];
  const limits = Object.entries(LIMITS_IN_FORCE).map((one) => limitRow(one, language));
  const costs = Object.values<Endpoint>(contract).map((endpoint) => costRow(endpoint, language));
  const ofOperators = Object.values<AdminEndpoint>(adminContract).filter(({ costs }) => costs !== undefined);
  const parts = [
    words.title,
    words.other,
    words.intro,
    words.reading,
    table(words.limits, limits),
    table(words.costs, costs),
    words.costsNote,
    createGrowth(language),
    table(
      words.operators,
      ofOperators.map((one) => operatorRow(one, language)),
    ),
    words.others,
  ];
  return `${parts.join('\n\n')}\n`;
}
