/**
 * Prices of the vendor's public pages for mainland regions, in USD, read 2026-11. The bill counts, not this.
 * docs/deploy.md has the pages and their dates.
 */
import type { Settings } from './settings';

/** One CCU for one second while the cluster is awake. */
const ccuSecond = 0.000_013_97;
/** One GB of data for one hour, paused or not. */
const storageHour = 0.000_72;
const hoursPerMonth = 30 * 24;

const dollars = (amount: number): string => `${amount.toFixed(2)} USD`;

/** A cluster for a month that is awake all the time at its least size. */
export function awakeMonth(minCpu: number): string {
  return dollars(minCpu * ccuSecond * 3600 * hoursPerMonth);
}

export function storageMonth(): string {
  return dollars(storageHour * hoursPerMonth);
}

/** Seconds between two runs of a timer, if its cron expression has a fixed interval within the day. */
function period(timer: string): number | undefined {
  const [seconds = '', minutes = '', hours = '', ...days] = timer.split(/\s+/);
  if (days.some((field) => field !== '*' && field !== '?')) return undefined;
  const every = (field: string): number | undefined => {
    if (field === '*') return 1;
    const step = /^\*\/(\d+)$/.exec(field)?.[1];
    return step === undefined ? undefined : Number(step);
  };
  if (hours === '*' && minutes === '*') return every(seconds);
  if (hours === '*' && every(minutes) !== undefined) return 60 * (every(minutes) ?? 1);
  if (hours === '*') return 3600;
  return every(hours) === undefined ? 24 * 3600 : 3600 * (every(hours) ?? 1);
}

/** The cost of the cluster, in one sentence. */
export function clusterCost({ cluster, timer }: Pick<Settings, 'cluster' | 'timer'>): string {
  const { minCpu, pauseAfterSeconds } = cluster;
  const awake = `PAID: ${awakeMonth(minCpu)} a month while it is awake at its least size, ${storageMonth()} a month for each GB`;
  return keepsAwake(timer, pauseAfterSeconds)
    ? `${awake}; the timer (${timer}) keeps it awake`
    : `${awake}; it pauses ${pauseAfterSeconds} s after the last connection`;
}

/** Whether a timer that uses the database keeps it from ever pausing. */
export function keepsAwake(timer: string, pauseAfterSeconds: number): boolean {
  if (pauseAfterSeconds === 0) return true;
  const seconds = period(timer);
  return seconds !== undefined && seconds <= pauseAfterSeconds;
}
