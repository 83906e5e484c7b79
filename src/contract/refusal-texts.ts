/**
 * The answer to a user who may not sign in, enter or continue: reason and end, in the tenant's language and time zone.
 * English in UTC is what every version has said; apps may compare it.
 */
import type { Refusal } from '../base/errors';
import { formatUtc } from './fields';

export const MESSAGE_LANGUAGES = ['en', 'zh'] as const;

/** How a tenant words what its users read. */
export interface Wording {
  language: (typeof MESSAGE_LANGUAGES)[number];
  /** Name of the IANA time zone database. */
  timeZone: string;
}

/** The text of every version; used in the log too. */
export const DEFAULT_WORDING: Wording = { language: 'en', timeZone: 'UTC' };

/** `UTC+8`, `UTC-3:30`: the offset of the zone at that time. */
function offsetOf(at: number, timeZone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone, timeZoneName: 'longOffset' });
  const name = format.formatToParts(at).find(({ type }) => type === 'timeZoneName')?.value ?? '';
  return name.replace('GMT', 'UTC').replace(/([+-])0?(\d{1,2}):(\d\d)/, (_all, sign, hours, minutes) => {
    return `${sign}${hours}${minutes === '00' ? '' : `:${minutes}`}`;
  });
}

/** `2026-12-01 08:00:00 (UTC+8)`; without the zone in UTC. */
function timeIn(at: number, timeZone: string): string {
  if (timeZone === 'UTC') return formatUtc(at);
  const options = { timeZone, dateStyle: 'short', timeStyle: 'medium', hourCycle: 'h23' } as const;
  // The Swedish form is that of ISO 8601.
  return `${new Intl.DateTimeFormat('sv', options).format(at)} (${offsetOf(at, timeZone)})`;
}

const EN = {
  account: 'this account is banned',
  address: 'this network address is banned',
  room: 'you were kicked from this room',
} as const;

function inEnglish(refusal: Refusal, timeZone: string): string {
  const { kind, until, reason, appeal } = refusal;
  if (kind === 'broadcast') return `an operator ended this room: ${reason}`;
  const end =
    until === 'broadcast'
      ? 'until this broadcast ends'
      : until === 'permanent'
        ? 'permanently'
        : `until ${timeIn(until, timeZone)}`;
  const verdict = appeal === undefined ? '' : ` (appeal turned down: ${appeal})`;
  return `${EN[kind]} ${end}: ${reason}${verdict}`;
}

const ZH = { account: '该账号已被封禁', address: '该网络地址已被封禁', room: '你已被踢出该直播间' } as const;

function inChinese({ kind, until, reason, appeal }: Refusal, timeZone: string): string {
  const why = reason === '' ? '' : `。原因：${reason}`;
  if (kind === 'broadcast') return `直播已被平台结束${why}`;
  const time = typeof until === 'number' ? timeIn(until, timeZone).replace(' (', '（').replace(')', '）') : '';
  const ends =
    kind === 'room'
      ? { broadcast: '，本场直播结束前不能再次进入', permanent: '，不能再次进入', time: `，${time} 前不能再次进入` }
      : { broadcast: '', permanent: '（永久）', time: `，解封时间 ${time}` };
  const end = typeof until === 'number' ? ends.time : ends[until];
  return `${ZH[kind]}${end}${why}${appeal === undefined ? '' : `。申诉未通过：${appeal}`}`;
}

export function refusalText(refusal: Refusal, { language, timeZone }: Wording): string {
  return language === 'zh' ? inChinese(refusal, timeZone) : inEnglish(refusal, timeZone);
}

/** The same as fields, for apps that word it themselves. untilUtc '': no fixed end. */
export function refusalFields({ kind, until, reason, sanctionId }: Refusal): Record<string, string | boolean> {
  if (kind === 'broadcast') return { reason };
  return {
    reason,
    untilUtc: typeof until === 'number' ? formatUtc(until) : '',
    untilBroadcastEnds: until === 'broadcast',
    sanctionId,
  };
}
