/** Live rooms as their covers: what moderators look over at a glance. */
import { Cover } from '../shared/cover';
import { number } from '../shared/format';
import { ReportsIcon, ViewersIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { UserText } from '../shared/parts';
import { covers } from './covers';
import { RoomState, Warned } from './room-state';
import { panelHref } from './route';
import type { LiveRoom } from './types';

const t = translator({
  wall: ['Live rooms', '正在直播的直播间'],
  members: ['{1} in room', '在线 {1} 人'],
  reports: ['{1} reports', '{1} 条举报'],
});

function Tile({ room }: { room: LiveRoom }) {
  const { roomId, title, ownerName, ownBy, viewers, reports, warned, state } = room;
  return (
    <li data-row={roomId}>
      <a href={panelHref('room', roomId)} data-open="">
        <Cover room={room} from={covers.value} />
        <b>
          <UserText text={title || roomId} />
        </b>
      </a>
      <span class="soft clip">
        <UserText text={ownerName || ownBy} />
      </span>
      <span class="tile-facts">
        <span class="number" title={t('members', number(viewers))}>
          <ViewersIcon /> {number(viewers)}
        </span>
        {reports > 0 && (
          <span class="number bad-text" title={t('reports', number(reports))}>
            <ReportsIcon /> {number(reports)}
          </span>
        )}
        {state !== 'live' && <RoomState state={state} />}
        {warned && <Warned />}
      </span>
    </li>
  );
}

export function Wall({ rooms }: { rooms: readonly LiveRoom[] }) {
  return (
    <ul class="wall" aria-label={t('wall')} data-test="wall">
      {rooms.map((room) => (
        <Tile key={room.roomId} room={room} />
      ))}
    </ul>
  );
}
