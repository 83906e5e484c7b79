/** The time that something is forbidden, as choices and in words. */
import { say, type Text } from '../shared/language';

/** `none` and `broadcast`, else seconds; 0 = permanently. */
export type Duration = 'none' | 'broadcast' | '600' | '3600' | '86400' | '604800' | '2592000' | '0';

const TEXTS = new Map<Duration, Text>([
  ['none', ['no', '否']],
  ['broadcast', ['until this broadcast ends', '至本场直播结束']],
  ['600', ['for 10 minutes', '10 分钟']],
  ['3600', ['for 1 hour', '1 小时']],
  ['86400', ['for 1 day', '1 天']],
  ['604800', ['for 7 days', '7 天']],
  ['2592000', ['for 30 days', '30 天']],
  ['0', ['permanently', '永久']],
]);

export const SECONDS: readonly Duration[] = ['600', '3600', '86400', '604800', '2592000', '0'];

export function durationText(value: Duration): string {
  return say(TEXTS.get(value) ?? ['', '']);
}

export function choices(values: readonly Duration[]): readonly (readonly [Duration, string])[] {
  return values.map((value) => [value, durationText(value)]);
}
