/** The names of a word's actions, the same on all review screens. */
import { translator } from '../../shared/language';
import { Pill, type Tone } from '../../shared/parts';
import type { Word } from '../types';

const t = translator({
  refuse: ['Refuse', '拒绝'],
  hold: ['Hold', '待审核'],
  mask: ['Mask', '替换为 *'],
  silent: ['Silent', '仅自己可见'],
  allow: ['Allow', '放行'],
});

const TONES: Readonly<Record<Word['action'], Tone>> = {
  refuse: 'bad',
  hold: 'warn',
  mask: 'violet',
  silent: 'info',
  allow: 'ok',
};

export const actionText = (action: Word['action']) => t(action);

export function ActionPill({ action }: { action: Word['action'] }) {
  return <Pill tone={TONES[action]}>{t(action)}</Pill>;
}
