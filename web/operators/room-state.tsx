/** The state of a room, as a pill: the one thing of a room that has a colour. */
import { translator } from '../shared/language';
import { Pill, type Tone } from '../shared/parts';
import type { RoomDetail } from './types';

type State = RoomDetail['room']['state'];

const t = translator({
  live: ['Live', '直播中'],
  hostAway: ['Host away', '主播离开'],
  ended: ['Ended', '已结束'],
  warned: ['Warned', '已警告'],
});

const TONES: Readonly<Record<State, Tone>> = { live: 'ok', hostAway: 'warn', ended: 'quiet' };

export function RoomState({ state }: { state: State }) {
  return (
    <Pill tone={TONES[state]} test="state">
      {t(state)}
    </Pill>
  );
}

export function Warned() {
  return (
    <Pill tone="warn" test="warned">
      {t('warned')}
    </Pill>
  );
}
