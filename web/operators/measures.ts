/**
 * The actions on rooms and people: the fields that each asks for, its effect in words, and the parameters of its call.
 * Nothing here draws anything.
 */
import { signal } from '@preact/signals';
import { number } from '../shared/format';
import { translator } from '../shared/language';
import { type Duration, durationText, SECONDS } from './duration';

export const MEASURES = ['end_room', 'warn_room', 'kick_user', 'mute_user', 'ban_user'] as const;
export type Measure = (typeof MEASURES)[number];
export type FieldName = 'reason' | 'text' | 'seconds' | 'banOwner' | 'withAddress' | 'everywhere';

/** The room and the person that it is about. */
export interface Target {
  roomId?: string;
  roomTitle?: string;
  userId?: string;
  userName?: string;
  viewers?: number;
  /** IM is off: messages reach no user. */
  imOff?: boolean;
}

/** Values of the fields. */
export function newInput() {
  return {
    reason: signal(''),
    text: signal(''),
    seconds: signal<Duration>('3600'),
    banOwner: signal<Duration>('none'),
    withAddress: signal(false),
    everywhere: signal(false),
  };
}
export type Input = ReturnType<typeof newInput>;

const t = translator({
  end_room: ['End broadcast', '强制下播'],
  warn_room: ['Send a warning', '发送警告'],
  kick_user: ['Kick', '踢出'],
  mute_user: ['Mute', '禁言'],
  ban_user: ['Ban', '封禁'],
  end: [
    'Ends “{1}” now. Its {2} people see the reason and are disconnected. This cannot be undone.',
    '强制下播“{1}”：直播间内 {2} 人会看到原因并退出。操作不可撤销。',
  ],
  endOne: [
    'Ends “{1}” now. The one person in it sees the reason and is disconnected. This cannot be undone.',
    '强制下播“{1}”：直播间内 1 人会看到原因并退出。操作不可撤销。',
  ],
  endUnheard: [
    'Ends “{1}” now. IM is off: viewers see the end, but not the reason. This cannot be undone.',
    '强制下播“{1}”。IM 未开启：观众会退出，但看不到原因。操作不可撤销。',
  ],
  endOnly: ['The host may go live again.', '主播可以重新开播。'],
  endBan: [
    'Also bans the host {1}: signs them out and blocks sign-in.',
    '同时封禁主播（{1}）：强制下线，期间不能登录。',
  ],
  warn: [
    'Everyone in “{1}” sees this text, not only the host. The broadcast continues.',
    '“{1}”中的所有人都会看到该警告，不只是主播。直播继续。',
  ],
  warnUnheard: [
    'IM is off, so no user in “{1}” sees this text. The warning is only recorded: here, in the timeline and in the audit log.',
    'IM 未开启，“{1}”中没有人会看到该警告。警告只会记录在时间线和操作日志中。',
  ],
  kick: ['Removes {1} from “{2}” now. They cannot rejoin {3}.', '将 {1} 踢出“{2}”，期间不能再次进入（{3}）。'],
  muteRoom: [
    '{1} can keep watching but cannot send messages in “{2}” {3}.',
    '{1} 可以继续观看，但不能在“{2}”发言（{3}）。',
  ],
  muteAll: [
    '{1} can keep watching but cannot send messages in any room {2}.',
    '{1} 可以继续观看，但不能在任何直播间发言（{2}）。',
  ],
  muteUnheard: [
    'IM is off: there is no chat to mute, and {1} is not told. The sanction is only recorded.',
    'IM 未开启：没有聊天可以禁言，{1} 也不会收到通知。处罚只会记录下来。',
  ],
  ban: [
    'Signs {1} out on every device, ends their broadcasts, and blocks sign-in and entry {2}. They see the reason.',
    '{1} 将在所有设备下线，正在进行的直播强制下播；期间不能登录和进房（{2}），并会看到原因。',
  ],
  banAddress: [
    'Also blocks every other user on that IP address (one address can be a whole campus or carrier).',
    '同一 IP 的其他用户也不能登录和进房，可能误伤（校园网、公司、运营商 NAT）。',
  ],
});

export const measureText = (measure: Measure) => t(measure);

/** The fields, in this order. A mute may be for one room only if one is known. */
export function fieldsOf(measure: Measure, target: Target): readonly FieldName[] {
  if (measure === 'warn_room') return ['text'];
  if (measure === 'end_room') return ['reason', 'banOwner'];
  if (measure === 'kick_user') return ['seconds', 'reason'];
  if (measure === 'ban_user') return ['seconds', 'reason', 'withAddress'];
  return target.roomId ? ['seconds', 'everywhere', 'reason'] : ['seconds', 'reason'];
}

export function durationsOf(measure: Measure): readonly Duration[] {
  return measure === 'kick_user' ? ['broadcast', ...SECONDS] : SECONDS;
}

/** The defaults that consoles of other services have: a kick for this broadcast, a mute for minutes, a ban for an hour. */
export function usualDuration(measure: Measure): Duration {
  if (measure === 'kick_user') return 'broadcast';
  return measure === 'mute_user' ? '600' : '3600';
}

function endEffect(room: string, { viewers = 0, imOff }: Target, input: Input): string {
  const ban = input.banOwner.value;
  const then = ban === 'none' ? t('endOnly') : t('endBan', durationText(ban));
  const name = imOff ? 'endUnheard' : viewers === 1 ? 'endOne' : 'end';
  return `${t(name, room, number(viewers))} ${then}`;
}

/** Its effects, and who is notified. */
export function effectOf(measure: Measure, target: Target, input: Input): string {
  const room = target.roomTitle || target.roomId || '';
  const user = target.userName || target.userId || '';
  const time = durationText(input.seconds.value);
  if (measure === 'warn_room') return t(target.imOff ? 'warnUnheard' : 'warn', room);
  if (measure === 'kick_user') return t('kick', user, room, time);
  if (measure === 'end_room') return endEffect(room, target, input);
  if (measure === 'ban_user') return `${t('ban', user, time)}${input.withAddress.value ? ` ${t('banAddress')}` : ''}`;
  if (target.imOff) return t('muteUnheard', user);
  if (target.roomId && !input.everywhere.value) return t('muteRoom', user, room, time);
  return t('muteAll', user, time);
}

/** The parameters of the call. */
export function paramsOf(measure: Measure, target: Target, input: Input): Record<string, unknown> {
  const { roomId, userId } = target;
  const reason = input.reason.value;
  const seconds = Number(input.seconds.value);
  if (measure === 'warn_room') return { roomId, text: input.text.value };
  if (measure === 'end_room') {
    const ban = input.banOwner.value;
    return { roomId, reason, ...(ban !== 'none' && { banOwnerSeconds: Number(ban) }) };
  }
  if (measure === 'kick_user') {
    return { roomId, userId, reason, ...(input.seconds.value !== 'broadcast' && { seconds }) };
  }
  if (measure === 'ban_user') return { userId, reason, seconds, ...(input.withAddress.value && { withAddress: true }) };
  return { userId, reason, seconds, ...(roomId && !input.everywhere.value && { roomId }) };
}
