/** Rooms, users and ends of sanctions, as all screens show them: by their names, the id in grey. */
import type { ComponentChildren } from 'preact';
import { translator } from '../shared/language';
import { CopyId, Pill, Time, type Tone, UserText } from '../shared/parts';
import { panelHref } from './route';
import type { Sanction } from './types';

const t = translator({
  ban: ['banned', '封禁'],
  mute: ['muted', '禁言'],
  kick: ['kicked', '踢出'],
  forEver: ['permanently', '永久'],
  broadcast: ['until the broadcast ends', '至本场直播结束'],
  lifted: ['lifted by {1}', '已由 {1} 解除'],
  everywhere: ['all rooms', '所有直播间'],
});

interface LinkProps {
  panel: string;
  id: string;
  name: string | undefined;
  /** The target of a click on the row, and of j and k. */
  opens?: boolean | undefined;
}

function PanelLink({ panel, id, name, opens }: LinkProps) {
  if (!id) return <>–</>;
  return (
    <a href={panelHref(panel, id)} title={name || id} data-open={opens ? '' : undefined}>
      <UserText text={name || id} />
    </a>
  );
}

export function RoomLink({ roomId, title, opens }: { roomId: string; title?: string | undefined; opens?: boolean }) {
  return <PanelLink panel="room" id={roomId} name={title} opens={opens} />;
}

export function UserLink({ userId, name, opens }: { userId: string; name?: string | undefined; opens?: boolean }) {
  return <PanelLink panel="user" id={userId} name={name} opens={opens} />;
}

/** The name, and the id if it differs. */
export function WithId({ id, name, children }: { id: string; name: string | undefined; children: ComponentChildren }) {
  return (
    <>
      {children} {id && name && name !== id && <CopyId id={id} />}
    </>
  );
}

export function UserName({ userId, name, opens }: { userId: string; name?: string | undefined; opens?: boolean }) {
  return (
    <WithId id={userId} name={name}>
      <UserLink userId={userId} name={name} {...(opens && { opens })} />
    </WithId>
  );
}

export function RoomName({ roomId, title, opens }: { roomId: string; title?: string | undefined; opens?: boolean }) {
  return (
    <WithId id={roomId} name={title}>
      <RoomLink roomId={roomId} title={title} {...(opens && { opens })} />
    </WithId>
  );
}

export const kindText = (kind: Sanction['kind']) => t(kind);

const TONES: Readonly<Record<Sanction['kind'], Tone>> = { ban: 'bad', mute: 'violet', kick: 'warn' };

export function KindPill({ sanction: { kind, liftedUtc } }: { sanction: Sanction }) {
  return <Pill tone={liftedUtc ? 'quiet' : TONES[kind]}>{t(kind)}</Pill>;
}

export function Where({ sanction: { kind, roomId, roomTitle } }: { sanction: Sanction }) {
  if (roomId) return <RoomLink roomId={roomId} title={roomTitle} />;
  return <>{kind === 'kick' ? '–' : t('everywhere')}</>;
}

export function Until({ sanction }: { sanction: Sanction }) {
  if (sanction.liftedUtc) return <span class="soft">{t('lifted', sanction.liftedBy)}</span>;
  if (sanction.untilBroadcastEnds) return <>{t('broadcast')}</>;
  if (sanction.untilUtc) return <Time text={sanction.untilUtc} />;
  return <>{t('forEver')}</>;
}
