/** Times, durations and numbers as people read them. */
import { signal } from '@preact/signals';
import { chinese } from './language';

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

export function clockTime(time: Date | number): string {
  return new Date(time).toLocaleString(locale(), { hour12: false });
}

/** Without the year and the seconds. */
export function shortTime(time: Date | number): string {
  const parts = { month: '2-digit', day: '2-digit', hour: '2-digit', minute: '2-digit', hour12: false } as const;
  return new Date(time).toLocaleString(locale(), parts);
}

export function number(value: number): string {
  return value.toLocaleString(locale());
}

/** Where there is little room: `20K`, `1.5M`, `2万`. */
export function roundNumber(value: number): string {
  return value.toLocaleString(locale(), { notation: 'compact' });
}
