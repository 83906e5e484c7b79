/** Rooms, users and ends of sanctions, as all screens show them. */
import { translator } from '../shared/language';
import { Time, UserText } from '../shared/parts';
import { href } from './route';
import type { Sanction } from './types';

const t = translator({
  ban: ['banned', '封禁'],
  mute: ['muted', '禁言'],
  kick: ['kept out', '禁止进入'],
  forEver: ['for ever', '永久'],
  broadcast: ['until the broadcast ends', '至本次直播结束'],
  lifted: ['lifted by {1}', '已由 {1} 解除'],
  everywhere: ['everywhere', '所有房间'],
});

export function RoomLink({ roomId, title }: { roomId: string; title?: string }) {
  if (!roomId) return <>–</>;
  return (
    <a href={href('room', roomId)}>
      <UserText text={title || roomId} />
    </a>
  );
}

export function UserLink({ userId, name }: { userId: string; name?: string }) {
  if (!userId) return <>–</>;
  return (
    <a href={href('user', userId)}>
      <UserText text={name || userId} />
    </a>
  );
}

export const kindText = (kind: Sanction['kind']) => t(kind);

export function Where({ sanction: { kind, roomId } }: { sanction: Sanction }) {
  if (roomId) return <RoomLink roomId={roomId} />;
  return <>{kind === 'kick' ? '–' : t('everywhere')}</>;
}

export function Until({ sanction }: { sanction: Sanction }) {
  if (sanction.liftedUtc) return <span class="soft">{t('lifted', sanction.liftedBy)}</span>;
  if (sanction.untilBroadcastEnds) return <>{t('broadcast')}</>;
  if (sanction.untilUtc) return <Time text={sanction.untilUtc} />;
  return <>{t('forEver')}</>;
}
