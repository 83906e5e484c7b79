/** Reads the samples of a period: in steps, with gaps as null, and the peak of each series with its minute. */
import type { Executor } from '../../data/engine/database';
import { edgeSample, type Sample, STEPS, type Step, samplesBetween } from '../../data/statistics/samples';
import { group, merge } from './roll-up';

export const SERIES = ['rooms', 'viewers', 'online', 'signIns', 'signUps', 'entries'] as const;
export type Series = (typeof SERIES)[number];

export interface Question {
  tenant: string;
  step: Step;
  /** Milliseconds since 1970; `to` is not in it. */
  from: number;
  to: number;
  series: readonly Series[];
}

export interface Statistics {
  /** When each step begins (ms since 1970). */
  at: readonly number[];
  /** One number per step; null if there is no sample. */
  series: Readonly<Partial<Record<Series, readonly (number | null)[]>>>;
  /** The highest value and its time; absent if there is no sample at all. */
  peaks: Readonly<Partial<Record<Series, { value: number; at: number }>>>;
}

const FINER: Readonly<Record<Step, Step | undefined>> = { minute: undefined, hour: 'minute', day: 'hour' };

/** The rolled-up steps, followed by finer steps for the current hour or day. */
async function samplesOf(
  db: Pick<Executor, 'kind' | 'query'>,
  { tenant, step, from, to }: Question,
): Promise<Sample[]> {
  const width = STEPS[step];
  const rolled = await samplesBetween(db, tenant, { step, from, to });
  const finer = FINER[step];
  if (finer === undefined) return rolled;
  const newest = await edgeSample(db, tenant, { step, edge: 'newest' });
  const begin = Math.max(from, newest === undefined ? 0 : newest + width);
  if (begin >= to) return rolled;
  const rest = await samplesOf(db, { tenant, step: finer, from: begin, to, series: [] });
  return [...rolled, ...group(rest, width)];
}

function valueIn(sample: Sample, series: Series): number {
  const { rooms, viewers, online, sign_ins: signIns, sign_ups: signUps, entries } = sample;
  return { rooms, viewers, online, signIns, signUps, entries }[series];
}

function momentOf(sample: Sample, series: Series): number {
  const moments: Partial<Record<Series, number>> = {
    rooms: sample.rooms_at,
    viewers: sample.viewers_at,
    online: sample.online_at,
  };
  return moments[series] ?? sample.at;
}

function peakOf(samples: readonly Sample[], series: Series): { value: number; at: number } | undefined {
  let peak: { value: number; at: number } | undefined;
  for (const sample of samples) {
    const value = valueIn(sample, series);
    if (peak === undefined || value > peak.value) peak = { value, at: momentOf(sample, series) };
  }
  return peak;
}

export async function answerQuestion(db: Pick<Executor, 'kind' | 'query'>, question: Question): Promise<Statistics> {
  const width = STEPS[question.step];
  const from = question.from - (question.from % width);
  const samples = await samplesOf(db, { ...question, from });
  const byTime = new Map<number, Sample>();
  // An hour may be rolled up while it is asked for: then it is there twice, and the same.
  for (const sample of samples) byTime.set(sample.at, byTime.get(sample.at) ?? merge(sample.at, [sample]));
  const at: number[] = [];
  for (let time = from; time < question.to; time += width) at.push(time);
  const column = (series: Series) =>
    at.map((time) => {
      const sample = byTime.get(time);
      return sample ? valueIn(sample, series) : null;
    });
  const peaks = question.series.flatMap((series) => {
    const peak = peakOf([...byTime.values()], series);
    return peak ? [[series, peak] as const] : [];
  });
  return {
    at,
    series: Object.fromEntries(question.series.map((series) => [series, column(series)])),
    peaks: Object.fromEntries(peaks),
  };
}
