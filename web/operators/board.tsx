/** What is on the air, by viewers: searched, filtered, refreshed by itself. */
import { useSignal } from '@preact/signals';
import { Cover } from '../shared/cover';
import { number } from '../shared/format';
import { translator } from '../shared/language';
import { Age, Field, Select, UserText } from '../shared/parts';
import { may } from './api';
import { RoomLink, UserLink } from './links';
import { useEvery, useList } from './list';
import { ListScreen } from './list-screen';
import { MeasureButton } from './measure-form';
import type { Column } from './table';
import type { LiveRoom } from './types';

const t = translator({
  title: ['On the air', '正在直播'],
  search: ['Search', '搜索'],
  searchHint: ['title, room or owner', '标题、房间或房主'],
  category: ['Category', '分类'],
  order: ['Order', '排序'],
  viewers: ['Viewers', '当前人数'],
  joined: ['In all', '累计人数'],
  byViewers: ['most viewers', '当前人数'],
  byNewest: ['newest', '最新'],
  byJoined: ['most in all', '累计人数'],
  room: ['Room', '房间'],
  owner: ['Owner', '房主'],
  age: ['Live for', '时长'],
  reports: ['Reports', '举报'],
  warned: ['warned', '已警告'],
  every: ['By itself', '自动刷新'],
  off: ['off', '关闭'],
  empty: ['Nobody is on the air.', '当前没有直播。'],
  action: ['Measures', '处理'],
});

const EVERY = ['0', '10', '30', '60', '300'] as const;

function columns(refresh: () => void): readonly Column<LiveRoom>[] {
  const all: readonly Column<LiveRoom>[] = [
    {
      head: t('room'),
      cell: (room) => (
        <span class="room-cell">
          <Cover room={room} />
          <span>
            <RoomLink roomId={room.roomId} title={room.title} />
            {room.warned && <span class="badge warn">{t('warned')}</span>}
            <small class="soft">
              <UserText text={room.category || '–'} />
            </small>
          </span>
        </span>
      ),
    },
    { head: t('owner'), cell: (room) => <UserLink userId={room.ownBy} name={room.ownerName} /> },
    { head: t('viewers'), number: true, cell: (room) => <b>{number(room.viewers)}</b> },
    { head: t('joined'), number: true, cell: (room) => number(room.joined) },
    { head: t('age'), number: true, cell: (room) => <Age since={room.startUtc} /> },
    {
      head: t('reports'),
      number: true,
      cell: ({ reports }) => (reports > 0 ? <b class="bad-text">{number(reports)}</b> : 0),
    },
  ];
  if (!may('moderate')) return all;
  const end: Column<LiveRoom> = {
    head: t('action'),
    cell: ({ roomId, title, viewers }) => (
      <MeasureButton measure="end_room" target={{ roomId, roomTitle: title, viewers }} after={refresh} />
    ),
  };
  return [...all, end];
}

export function Board() {
  const search = useSignal('');
  const category = useSignal('');
  const order = useSignal<'viewers' | 'newest' | 'joined'>('viewers');
  const every = useSignal<(typeof EVERY)[number]>('10');
  const list = useList<LiveRoom>('rooms', {
    search: search.value.trim(),
    category: category.value.trim(),
    orderBy: order.value,
  });
  useEvery(Number(every.value), list.refresh);
  const rhythm = EVERY.map((seconds) => [seconds, seconds === '0' ? t('off') : `${seconds} s`] as const);
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns(list.refresh)}
      keyOf={({ roomId }) => roomId}
      empty={search.value || category.value ? undefined : t('empty')}
    >
      <search class="filters">
        <Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />
        <Field label={t('category')} name="category" value={category} />
        <Select
          label={t('order')}
          name="order"
          value={order}
          options={[
            ['viewers', t('byViewers')],
            ['newest', t('byNewest')],
            ['joined', t('byJoined')],
          ]}
        />
        <Select label={t('every')} name="every" value={every} options={rhythm} />
      </search>
    </ListScreen>
  );
}
