/** `sls logs`: the functions' log lines from CLS, oldest first; --tail follows them until it is interrupted. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Context } from './context';
import { DeployError } from './deploy-error';
import { findLogTopic } from './log-topic';
import { functionNames } from './names';

export interface LogsOptions {
  /** web or timer; undefined = both. */
  readonly functionName: string | undefined;
  /** `10m`, `2h`, `1d` ago, or a date. */
  readonly since: string;
  /** A CLS search expression, added to the rest with AND. */
  readonly filter: string | undefined;
  readonly tail: boolean;
}

const units: Record<string, number> = { s: 1000, m: 60_000, h: 3_600_000, d: 86_400_000 };
/** Lines become searchable seconds after they were written: look back a little, and print nothing twice. */
const overlap = 30_000;
const tailPause = 2000;
/** SearchLog gives no further pages after this number of lines. */
const mostByPages = 10_000;

/** Milliseconds since 1970. Throws DeployError. */
export function parseSince(text: string, now: number): number {
  const relative = /^(\d{1,6})([smhd])$/.exec(text);
  const unit = units[relative?.[2] ?? ''];
  if (relative && unit !== undefined) return now - Number(relative[1]) * unit;
  const date = Date.parse(text);
  if (Number.isNaN(date))
    throw new DeployError(`--since must be like 10m, 2h, 1d or 2026-11-23T08:00:00Z, not ${text}.`);
  return date;
}

interface Line {
  readonly id: string;
  readonly time: number;
  readonly text: string;
}

function lineOf(log: { Time?: number; PkgId?: string; PkgLogId?: string; LogJson?: string }): Line {
  let fields = new Map<string, unknown>();
  try {
    fields = new Map(Object.entries(JSON.parse(log.LogJson ?? '{}') as object));
  } catch {}
  const field = (key: string) => String(fields.get(key) ?? '');
  const time = log.Time ?? 0;
  const message = field('SCF_Message').trimEnd() || (log.LogJson ?? '');
  return {
    id: `${log.PkgId}/${log.PkgLogId}/${time}/${message}`,
    time,
    text: [new Date(time).toISOString(), field('SCF_FunctionName'), message].filter(Boolean).join('  '),
  };
}

interface Search {
  readonly topicId: string;
  readonly query: string;
  readonly from: number;
  readonly to: number;
}

/** At most 10,000 lines; the API pages no further. */
async function searchPages({ cloud }: Context, { topicId, query, from, to }: Search): Promise<Line[]> {
  const lines: Line[] = [];
  let page: string | undefined;
  do {
    const answer = await cloud.cls('SearchLog', {
      TopicId: topicId,
      From: from,
      To: to,
      QueryString: query,
      QuerySyntax: 1,
      Sort: 'asc',
      Limit: 1000,
      ...(page ? { Context: page } : {}),
    });
    lines.push(...(answer.Results ?? []).map(lineOf));
    page = answer.ListOver === false && lines.length < mostByPages ? answer.Context : undefined;
  } while (page);
  return lines;
}

/** Goes on from the time of the last line after 10,000 lines, unless all of them have the same time. */
async function search(context: Context, wanted: Search): Promise<Line[]> {
  const lines = new Map<string, Line>();
  let from = wanted.from;
  for (;;) {
    const found = await searchPages(context, { ...wanted, from });
    for (const line of found) lines.set(line.id, line);
    const last = found.at(-1)?.time ?? from;
    if (found.length < mostByPages || last <= from) return [...lines.values()];
    from = last;
  }
}

export async function logs(context: Context, options: LogsOptions): Promise<void> {
  const { report, settings } = context;
  const topic = await findLogTopic(context);
  if (!topic) throw new DeployError(`${settings.name} has no logs in ${settings.region}: it is not deployed.`);
  const names = functionNames(settings);
  const wanted =
    options.functionName === undefined ? names.all : [options.functionName === 'timer' ? names.scheduled : names.main];
  const who = wanted.map((name) => `SCF_FunctionName:"${name}"`).join(' OR ');
  const query = options.filter ? `(${who}) AND (${options.filter})` : who;
  let from = parseSince(options.since, Date.now());
  let seen = new Set<string>();
  for (;;) {
    const to = Date.now() + 1000;
    const lines = await search(context, { topicId: topic.topicId, query, from, to });
    for (const { id, text } of lines) if (!seen.has(id)) report.print(text);
    if (!options.tail) {
      if (lines.length === 0)
        report.note('No log lines in this time. Lines appear some seconds after they are written.');
      return;
    }
    seen = new Set(lines.map(({ id }) => id));
    from = Math.max(from, to - overlap);
    await sleep(tailPause);
  }
}
