/** Statistics: samples and ended broadcasts. */
import type { AdminInputOf } from '../../contract/admin';
import { type BroadcastData, MAX_STEPS, SERIES_NAMES, STEP_WORDS } from '../../contract/admin/statistics';
import { ENDED_BY } from '../../contract/kinds';
import { type Broadcast, type BroadcastQuery, countBroadcasts, listBroadcasts } from '../../data/statistics/broadcasts';
import { STEPS, type Step } from '../../data/statistics/samples';
import { answerQuestion, type Series } from '../statistics/statistics-query';
import { type ReadContext, type Reader, wantedUser } from './change-context';
import { allPages, exportList } from './exports';
import { type Names, namesFor } from './list-names';
import { pageResult, readPage, totalOf } from './pages';
import { utc } from './present';
import { malformed } from './refusal';

type StepWord = (typeof STEP_WORDS)[number];
const STEP_OF: Readonly<Record<StepWord, Step>> = { '1m': 'minute', '1h': 'hour', '1d': 'day' };
/** Maximum points; more do not fit on a screen. */
const COMFORTABLE_STEPS = 1_500;

function finestStep(ms: number): StepWord {
  return STEP_WORDS.find((word) => ms / STEPS[STEP_OF[word]] <= COMFORTABLE_STEPS) ?? '1d';
}

function isSeries(name: string): name is Series {
  return SERIES_NAMES.some((known) => known === name);
}

export async function statistics(input: AdminInputOf<'statistics'>, ctx: ReadContext) {
  const { fromUtc: from, toUtc: to } = input;
  if (from >= to) throw malformed('fromUtc must be before toUtc');
  const word = input.step ?? finestStep(to - from);
  const step = STEP_OF[word];
  if ((to - from) / STEPS[step] > MAX_STEPS)
    throw malformed(`range too long for this step: more than ${MAX_STEPS} points`);
  const wanted = input.series?.filter(isSeries) ?? [];
  const series = wanted.length > 0 ? wanted : SERIES_NAMES;
  const found = await answerQuestion(ctx.db, { tenant: ctx.tenant.id, step, from, to, series });
  const peaks = Object.entries(found.peaks).map(([name, { value, at }]) => [name, { value, atUtc: utc(at) }]);
  return {
    step: word,
    atUtc: found.at.map(utc),
    series: Object.fromEntries(Object.entries(found.series).map(([name, values]) => [name, [...values]])),
    peaks: Object.fromEntries(peaks),
  };
}

function present(row: Broadcast, names: Names): BroadcastData {
  return {
    roomId: row.room_id,
    broadcastNo: row.broadcast_no,
    ownBy: names.id(row.owner_id),
    ownerName: names.user(row.owner_id),
    title: row.title,
    category: row.category,
    startUtc: utc(row.started_at),
    endUtc: utc(row.ended_at),
    // keepBroadcast() writes no other word.
    endedBy: ENDED_BY.find((word) => word === row.ended_by) ?? 'owner',
    reason: row.reason,
    peak: row.peak,
    joined: row.joined,
  };
}

const COLUMNS = [
  'roomId',
  'broadcastNo',
  'ownBy',
  'title',
  'category',
  'startUtc',
  'endUtc',
  'endedBy',
  'reason',
  'peak',
  'joined',
] as const satisfies readonly (keyof BroadcastData)[];

const placeOf = (row: Broadcast) => ({ endedAt: row.ended_at, id: row.id });

function namesOf(ctx: ReadContext, db: Reader, rows: readonly Broadcast[]): Promise<Names> {
  return namesFor({ ...ctx, db }, { users: rows.map((row) => row.owner_id) });
}

async function* presented(ctx: ReadContext, filter: Omit<BroadcastQuery, 'limit' | 'after'>) {
  const pages = allPages<Broadcast>((last, limit) =>
    // A handle for each part: an export may take longer than a request's time for the database.
    listBroadcasts(ctx.services.database.forRequest(), { ...filter, after: last && placeOf(last), limit }),
  );
  for await (const rows of pages) {
    const names = await namesOf(ctx, ctx.services.database.forRequest(), rows);
    yield rows.map((row) => present(row, names));
  }
}

export async function broadcasts(input: AdminInputOf<'broadcasts'>, ctx: ReadContext) {
  const { ownBy, roomId, fromUtc, toUtc, format, count } = input;
  const tenant = ctx.tenant.id;
  // An id that no user of this tenant can have has no broadcasts.
  const ownerId = await wantedUser(ctx, ownBy, 0);
  const filter = { tenant, ownerId, roomId, from: fromUtc, to: toUtc };
  if (format !== undefined) {
    return exportList({ format, name: 'broadcasts', columns: COLUMNS, pages: presented(ctx, filter) });
  }
  const page = readPage<[number, number]>(ctx, { of: ['broadcasts', filter], ...input });
  const after = page.after && { endedAt: page.after[0], id: page.after[1] };
  const rows = await listBroadcasts(ctx.db, { ...filter, after, limit: page.limit + 1 });
  const names = await namesOf(ctx, ctx.db, rows);
  return {
    ...pageResult(page, rows, {
      present: (row) => present(row, names),
      place: (row) => [row.ended_at, row.id],
    }),
    ...(await totalOf(count, (most) => countBroadcasts(ctx.db, filter, most))),
  };
}
