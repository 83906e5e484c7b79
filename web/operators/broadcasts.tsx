/** Broadcasts that have ended, also as CSV. */
import { duration, number, utc } from '../shared/format';
import { BroadcastsIcon } from '../shared/icons';
import { say, type Text, translator } from '../shared/language';
import { Empty, ExactTime, Field, UserText } from '../shared/parts';
import { Csv, DayFields, endOfDay, startOfDay } from './days';
import { RoomLink, UserLink } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { useParam } from './params';
import { Filters } from './screen';
import type { Column } from './table';
import type { Broadcast } from './types';

const t = translator({
  title: ['Broadcasts', '直播场次'],
  hostId: ['Host ID', '主播 ID'],
  room: ['Room', '直播间'],
  roomId: ['Room ID', '房间 ID'],
  category: ['Category', '分类'],
  host: ['Host', '主播'],
  start: ['Started', '开始'],
  lasted: ['Lasted', '时长'],
  endedBy: ['Ended by', '结束方式'],
  peak: ['Peak', '人数峰值'],
  joined: ['Total joined', '累计观看人数'],
  none: ['No ended broadcasts yet.', '暂无已结束的直播'],
  noneHint: ['A broadcast appears here when it ends.', '直播结束后会显示在这里。'],
});

const ENDED_BY: Readonly<Record<string, Text>> = {
  owner: ['the host', '主播下播'],
  operator: ['an operator', '强制下播'],
  absence: ['host absent', '主播掉线'],
  account: ['account deleted', '账号注销'],
  im: ['IM group dismissed', 'IM 群解散'],
};

const columns = (): readonly Column<Broadcast>[] => [
  { head: t('room'), grow: true, cell: ({ roomId, title }) => <RoomLink roomId={roomId} title={title} opens /> },
  { head: t('host'), cell: ({ ownBy, ownerName }) => <UserLink userId={ownBy} name={ownerName} /> },
  { head: t('category'), wide: true, cell: ({ category }) => <UserText text={category || '–'} /> },
  { head: t('start'), wide: true, cell: ({ startUtc }) => <ExactTime text={startUtc} /> },
  {
    head: t('lasted'),
    number: true,
    wide: true,
    cell: ({ startUtc, endUtc }) => duration(utc(endUtc) - utc(startUtc)),
  },
  {
    head: t('endedBy'),
    wide: true,
    cell: ({ endedBy, reason }) => (
      <>
        {say(ENDED_BY[endedBy] ?? [endedBy, endedBy])} <UserText text={reason} class="soft" />
      </>
    ),
  },
  { head: t('peak'), number: true, cell: ({ peak }) => number(peak) },
  { head: t('joined'), number: true, wide: true, cell: ({ joined }) => number(joined) },
];

export function Broadcasts() {
  const ownBy = useParam('ownBy', '');
  const roomId = useParam('roomId', '');
  const from = useParam('from', '');
  const to = useParam('to', '');
  const params = {
    ownBy: ownBy.value.trim(),
    roomId: roomId.value.trim(),
    fromUtc: startOfDay(from.value),
    toUtc: endOfDay(to.value),
  };
  const list = useList<Broadcast>('broadcasts', { ...params, count: true });
  const used = [ownBy, roomId, from, to].filter(({ value }) => value !== '').length;
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns()}
      keyOf={({ roomId: room, broadcastNo }) => `${room} ${broadcastNo}`}
      empty={used > 0 ? undefined : <Empty icon={<BroadcastsIcon />} title={t('none')} hint={t('noneHint')} />}
      tools={<Csv name="broadcasts" params={params} />}
    >
      <Filters used={used}>
        <Field label={t('hostId')} name="ownBy" value={ownBy} />
        <Field label={t('roomId')} name="roomId" value={roomId} />
        <DayFields from={from} to={to} />
      </Filters>
    </ListScreen>
  );
}
