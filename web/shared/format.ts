/** Times, durations and numbers as people read them. */
import { computed, signal } from '@preact/signals';
import { chinese, say } from './language';

/** Milliseconds since 1970, moving once a second: what shows an age reads this. */
export const now = signal(Date.now());
setInterval(() => {
  if (!document.hidden) now.value = Date.now();
}, 1_000);

/** `1 d 3 h`, `2 h 5 min`, `4 min 10 s`. */
export function duration(ms: number): string {
  const seconds = Math.max(0, Math.floor(ms / 1000));
  const [day, hour, minute, second] = chinese.value ? ['天', '小时', '分', '秒'] : ['d', 'h', 'min', 's'];
  const parts: [number, string | undefined][] = [
    [Math.floor(seconds / 86_400), day],
    [Math.floor(seconds / 3_600) % 24, hour],
    [Math.floor(seconds / 60) % 60, minute],
    [seconds % 60, second],
  ];
  const first = parts.findIndex(([count]) => count > 0);
  const shown = first < 0 ? parts.slice(3) : parts.slice(first, first + 2).filter(([count]) => count > 0);
  return shown.map(([count, unit]) => `${count} ${unit}`).join(' ');
}

/** A time of the API (`YYYY-MM-DD HH:mm:ss`, UTC) in milliseconds since 1970. */
export function utc(text: string): number {
  return Date.parse(`${text.replace(' ', 'T')}Z`);
}

const locale = () => (chinese.value ? 'zh-CN' : 'en-GB');
const two = (value: number) => String(value).padStart(2, '0');

/** `2026-11-30 14:02:11` by the reader's clock, in both languages. */
export function clockTime(time: Date | number): string {
  const date = new Date(time);
  const day = `${date.getFullYear()}-${two(date.getMonth() + 1)}-${two(date.getDate())}`;
  return `${day} ${two(date.getHours())}:${two(date.getMinutes())}:${two(date.getSeconds())}`;
}

/** The reader's zone, as times of these pages name it: `UTC+8`, `UTC-3:30`. */
export function zone(time: Date | number = Date.now()): string {
  const minutes = -new Date(time).getTimezoneOffset();
  const rest = Math.abs(minutes) % 60;
  const hours = Math.floor(Math.abs(minutes) / 60);
  return `UTC${minutes < 0 ? '-' : '+'}${hours}${rest === 0 ? '' : `:${two(rest)}`}`;
}

/** A time without year and seconds. */
export function shortTime(time: Date | number): string {
  return clockTime(time).slice(5, 16);
}

/** Moves every ten seconds: enough for `2 min ago`, and lists draw six times less often than by the second. */
const slowNow = computed(() => Math.floor(now.value / 10_000) * 10_000);

const UNITS = [
  [86_400, 'd', '天'],
  [3_600, 'h', '小时'],
  [60, 'min', '分钟'],
] as const;

/** `just now`, `2 min ago`, `in 3 h`, `5 d ago`; the exact time is in the title. */
export function ago(time: number): string {
  const seconds = Math.round((time - Math.max(slowNow.value, Date.now() - 10_000)) / 1_000);
  const size = Math.abs(seconds);
  const unit = UNITS.find(([length]) => size >= length);
  if (!unit) {
    // The clock of these texts is up to ten seconds behind: a time that has just passed is no time to come.
    if (seconds > 10) return say(['in under a minute', '1 分钟内']);
    return say(['just now', '刚刚']);
  }
  const count = Math.floor(size / unit[0]);
  if (seconds > 0) return say([`in ${count} ${unit[1]}`, `${count} ${unit[2]}后`]);
  return say([`${count} ${unit[1]} ago`, `${count} ${unit[2]}前`]);
}

export function number(value: number): string {
  return value.toLocaleString(locale());
}

/** Short numbers for narrow columns: `20K`, `1.5M`, `2万`. */
export function roundNumber(value: number): string {
  return value.toLocaleString(locale(), { notation: 'compact' });
}
