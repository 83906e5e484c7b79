/**
 * The log as a person reads it in a terminal: one short line per request, heartbeats and repeated calls counted instead of
 * listed, routine events left out. Takes the JSON lines of http/log.ts; a pipe or LOG_FORMAT=json gets those unchanged.
 */
import { styleText } from 'node:util';
import type { Write } from '../base/log';

/** How long successful repeats of a call are counted before one line reports them (ms). */
const FOLD_MS = 10_000;
/** The calls remembered for folding; at this number the fold is written early. */
const MAX_FOLDED = 1_000;
/** Events that are shown only if they report a failure. */
const ROUTINE = new Set(['maintenance', 'configuration_warning', 'configuration_invalid']);
const FAILED = /_(failed|refused|not_sent|not_told|not_stored|stopped|put_off)$|^failed$/;

/** `colours` has decided already; styleText would check the standard output again. */
const ALWAYS = { validateStream: false };

type Fields = Readonly<Record<string, unknown>>;

export interface ReadableLogOptions {
  write: Write;
  /** Whether the terminal shows colours. */
  colours: boolean;
  foldMs?: number;
}

function parse(line: string): Fields | undefined {
  try {
    const value: unknown = JSON.parse(line);
    return typeof value === 'object' && value !== null ? { ...value } : undefined;
  } catch {
    return undefined;
  }
}

function textOf(fields: Fields, name: string): string {
  const value = fields[name];
  return typeof value === 'string' || typeof value === 'number' ? String(value) : '';
}

/** `17:45:02` in the zone of the machine; the JSON line has the time in UTC. */
function clockText(fields: Fields): string {
  const at = new Date(textOf(fields, 'time'));
  const two = (value: number) => String(value).padStart(2, '0');
  return `${two(at.getHours())}:${two(at.getMinutes())}:${two(at.getSeconds())}`;
}

/** `auth_users/user_keepalive` → `user_keepalive`; pages and callbacks keep their path. */
function callName(endpoint: string): string {
  return endpoint.replace(/^(auth_users|oauth|rooms|reports)\//, '');
}

/** `12 × user_keepalive, 3 × query_room` from the counts, most frequent first. */
function foldText(counts: ReadonlyMap<string, number>): string {
  const calls = [...counts].sort(([, a], [, b]) => b - a).slice(0, 4);
  const rest = [...counts.values()].reduce((sum, count) => sum + count, 0) - calls.reduce((sum, [, n]) => sum + n, 0);
  const listed = calls.map(([call, count]) => `${count} × ${callName(call)}`).join(', ');
  return rest > 0 ? `${listed}, ${rest} others` : listed;
}

export function createReadableLog({ write, colours, foldMs = FOLD_MS }: ReadableLogOptions): Write {
  const paint = (style: 'dim' | 'green' | 'red' | 'yellow' | 'bold', text: string) =>
    colours ? styleText(style, text, ALWAYS) : text;
  const seen = new Set<string>();
  let folded = new Map<string, number>();
  let timer: NodeJS.Timeout | undefined;

  function flush(): void {
    clearTimeout(timer);
    timer = undefined;
    if (folded.size > 0) write(`${paint('dim', `          ${foldText(folded)}`)}\n`);
    folded = new Map();
    seen.clear();
  }

  function fold(endpoint: string): void {
    folded.set(endpoint, (folded.get(endpoint) ?? 0) + 1);
    timer ??= setTimeout(flush, foldMs).unref();
  }

  /** Whether the same has been listed since the last fold. */
  function isRepeated(text: string): boolean {
    if (seen.has(text)) return true;
    if (seen.size >= MAX_FOLDED) flush();
    seen.add(text);
    timer ??= setTimeout(flush, foldMs).unref();
    return false;
  }

  /** Lists only the first success of a user's call, and never heartbeats or pages. */
  function isFolded(endpoint: string, userId: string): boolean {
    if (endpoint.startsWith('/') || endpoint.endsWith('/user_keepalive')) return true;
    return isRepeated(`${endpoint} ${userId}`);
  }

  function request(fields: Fields): void {
    const endpoint = textOf(fields, 'endpoint');
    const code = textOf(fields, 'errorCode');
    const userId = textOf(fields, 'userId');
    if (code === '0' && isFolded(endpoint, userId)) {
      fold(endpoint);
      return;
    }
    const who = (userId === '' ? '' : `user ${userId}`).padEnd(12);
    const result = code === '0' ? paint('green', 'ok') : paint('red', `${code} ${textOf(fields, 'reason')}`);
    const took = paint('dim', `${textOf(fields, 'ms')} ms`);
    write(`${paint('dim', clockText(fields))}  ${callName(endpoint).padEnd(24)} ${who} ${result}  ${took}\n`);
  }

  function event(fields: Fields, name: string): void {
    const failed = FAILED.test(name) || Object.keys(fields).some((field) => field.endsWith('Failed'));
    if (ROUTINE.has(name) && !failed) return;
    const { time: _time, event: _event, ...details } = fields;
    const listed = Object.entries(details).flatMap(([key, value]) =>
      value === undefined || value === ''
        ? []
        : [`${key} ${typeof value === 'object' ? JSON.stringify(value) : value}`],
    );
    const text = `${name.replaceAll('_', ' ')}${listed.length > 0 ? `: ${listed.join(', ')}` : ''}`;
    if (isRepeated(text)) {
      fold(name);
      return;
    }
    write(`${paint('dim', clockText(fields))}  ${failed ? paint('yellow', text) : text}\n`);
  }

  return (lines) => {
    for (const line of lines.split('\n')) {
      if (line === '') continue;
      const fields = parse(line);
      if (!fields) write(`${line}\n`);
      else if (typeof fields['event'] === 'string') event(fields, fields['event']);
      else request(fields);
    }
  };
}
