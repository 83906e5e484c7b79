/**
 * What an operator can do to rooms and people: what is asked for, what it will do, in words, and what is sent. Nothing here
 * draws anything.
 */
import { signal } from '@preact/signals';
import { translator } from '../shared/language';
import { type Duration, durationText, SECONDS } from './duration';

export const MEASURES = ['end_room', 'warn_room', 'kick_user', 'mute_user', 'ban_user'] as const;
export type Measure = (typeof MEASURES)[number];
export type FieldName = 'reason' | 'text' | 'seconds' | 'banOwner' | 'withAddress' | 'everywhere';

/** Whom it is about. */
export interface Target {
  roomId?: string;
  roomTitle?: string;
  userId?: string;
  userName?: string;
  viewers?: number;
}

/** What is filled in. */
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
  end_room: ['End the room', '结束直播'],
  warn_room: ['Warn the room', '警告房间'],
  kick_user: ['Kick out', '踢出房间'],
  mute_user: ['Mute', '禁言'],
  ban_user: ['Ban', '封禁'],
  end: [
    '“{1}” goes off the air at once. The {2} people inside are told the reason and have to leave. It cannot be undone.',
    '“{1}”立即停播，房间内 {2} 人会看到原因并退出。此操作无法撤销。',
  ],
  endOnly: ['The owner may go live again.', '房主可以重新开播。'],
  endBan: [
    'The owner is banned too, {1}: signed out, and refused when signing in.',
    '同时封禁房主（{1}）：强制下线并拒绝登录。',
  ],
  warn: ['Everybody in “{1}” gets this text. The broadcast goes on.', '“{1}”中的所有人都会收到该提示，直播继续。'],
  kick: ['{1} leaves “{2}” at once and cannot come back {3}.', '{1} 立即离开“{2}”，禁止再次进入（{3}）。'],
  muteRoom: [
    '{1} goes on watching, but nobody in “{2}” sees what they write, {3}.',
    '{1} 可以继续观看，但不能在“{2}”发言（{3}）。',
  ],
  muteAll: [
    '{1} goes on watching, but nobody in any room sees what they write, {2}.',
    '{1} 可以继续观看，但不能在任何房间发言（{2}）。',
  ],
  ban: [
    '{1} is signed out everywhere and own rooms end. Signing in and entering are refused {2}; the reason is shown.',
    '{1} 在所有设备上被强制下线，其直播立即结束；登录和进入房间均被拒绝（{2}），并显示原因。',
  ],
  banAddress: [
    'So is everybody else who comes from the address they were last seen at.',
    '来自其最近所用地址的其他用户也会被拒绝。',
  ],
});

export const measureText = (measure: Measure) => t(measure);

/** What has to be filled in, in this order. Muting may be for one room only where one is known. */
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

/** What it will do. */
export function effectOf(measure: Measure, target: Target, input: Input): string {
  const room = target.roomTitle || target.roomId || '';
  const user = target.userName || target.userId || '';
  const time = durationText(input.seconds.value);
  if (measure === 'warn_room') return t('warn', room);
  if (measure === 'kick_user') return t('kick', user, room, time);
  if (measure === 'end_room') {
    const ban = input.banOwner.value;
    const then = ban === 'none' ? t('endOnly') : t('endBan', durationText(ban));
    return `${t('end', room, target.viewers ?? 0)} ${then}`;
  }
  if (measure === 'ban_user') return `${t('ban', user, time)}${input.withAddress.value ? ` ${t('banAddress')}` : ''}`;
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
