/** Live rooms by members: searched, filtered, as a list or as a wall of covers. */
import { useMemo } from 'preact/hooks';
import { Cover } from '../shared/cover';
import { number } from '../shared/format';
import { ListIcon, RoomsIcon, WallIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Age, Empty, Field, Select, UserText } from '../shared/parts';
import { may } from './api';
import { Bulk } from './bulk';
import { covers } from './covers';
import { RoomLink, UserLink } from './links';
import { type List, useList } from './list';
import { ListScreen } from './list-screen';
import { MeasureButton } from './measure-form';
import { useParam } from './params';
import { RoomState, Warned } from './room-state';
import { route } from './route';
import { Filters } from './screen';
import { type Column, useChosen } from './table';
import type { LiveRoom } from './types';
import { Wall } from './wall';

const t = translator({
  title: ['Live', '正在直播'],
  search: ['Search', '搜索'],
  searchHint: ['title, room ID or host ID', '标题、房间 ID 或主播 ID（不支持昵称）'],
  category: ['Category', '分类'],
  order: ['Order', '排序'],
  members: ['In room', '在线人数'],
  joined: ['Total joined', '累计观看人数'],
  byMembers: ['Most in room', '在线人数从高到低'],
  byNewest: ['Newest', '最新开播'],
  byJoined: ['Most joined', '累计观看从高到低'],
  room: ['Room', '直播间'],
  host: ['Host', '主播'],
  age: ['Live for', '已播时长'],
  reports: ['Reports', '举报'],
  empty: ['No live rooms.', '当前没有直播'],
  emptyHint: ['A room appears here within seconds after its host goes live.', '主播开播后几秒内会显示在这里。'],
  action: ['Actions', '操作'],
  wall: ['Wall of covers', '封面墙'],
  list: ['List', '列表'],
});

export function columnsOfRooms(refresh: () => void, withActions: boolean): readonly Column<LiveRoom>[] {
  const all: readonly Column<LiveRoom>[] = [
    {
      head: t('room'),
      grow: true,
      cell: (room) => (
        <span class="room-cell">
          <Cover room={room} from={covers.value} />
          <RoomLink roomId={room.roomId} title={room.title} opens />
          {room.state !== 'live' && <RoomState state={room.state} />}
          {room.warned && <Warned />}
        </span>
      ),
    },
    { head: t('host'), wide: true, cell: (room) => <UserLink userId={room.ownBy} name={room.ownerName} /> },
    { head: t('category'), wide: true, cell: (room) => <UserText text={room.category || '–'} class="soft" /> },
    { head: t('members'), number: true, cell: (room) => <b>{number(room.viewers)}</b> },
    { head: t('joined'), number: true, wide: true, cell: (room) => number(room.joined) },
    { head: t('age'), number: true, wide: true, cell: (room) => <Age since={room.startUtc} /> },
    {
      head: t('reports'),
      number: true,
      cell: ({ reports }) => (reports > 0 ? <b class="bad-text">{number(reports)}</b> : <span class="soft">0</span>),
    },
  ];
  if (!withActions) return all;
  const end: Column<LiveRoom> = {
    head: t('action'),
    cell: ({ roomId, title, viewers }) => (
      <MeasureButton measure="end_room" target={{ roomId, roomTitle: title, viewers }} after={refresh} quiet />
    ),
  };
  return [...all, end];
}

type Look = 'list' | 'wall';

function LookButton({ look, change }: { look: Look; change: (look: Look) => void }) {
  const other = look === 'list' ? 'wall' : 'list';
  return (
    <button type="button" class="quiet" aria-label={t(other)} data-test={`to-${other}`} onClick={() => change(other)}>
      {other === 'wall' ? <WallIcon /> : <ListIcon />} <span>{t(other)}</span>
    </button>
  );
}

const keyOf = ({ roomId }: LiveRoom) => roomId;

/** Orders by the shown number: the service orders by a count that is some seconds older. */
export function byMembers(rooms: readonly LiveRoom[]): readonly LiveRoom[] {
  return rooms.toSorted((a, b) => b.viewers - a.viewers);
}

function ordered(list: List<LiveRoom>, sort: boolean): List<LiveRoom> {
  return sort && list.items ? { ...list, items: byMembers(list.items) } : list;
}

export function Board() {
  const search = useParam('search', '');
  const category = useParam('category', '');
  const order = useParam('order', 'viewers', ['viewers', 'newest', 'joined']);
  const look = useParam<Look>('look', 'list', ['list', 'wall']);
  const asked = useList<LiveRoom>('rooms', {
    search: search.value.trim(),
    category: category.value.trim(),
    orderBy: order.value,
    count: true,
  });
  // Exact matches come first in a search.
  const sort = order.value === 'viewers' && search.value === '';
  const list = useMemo(() => ordered(asked, sort), [asked.items, asked.loading, asked.message, sort]);
  const chosen = useChosen(list.items, keyOf);
  const acting = may('moderate') && !route.value.panel;
  const filtered = search.value !== '' || category.value !== '';
  const refresh = list.refresh;
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columnsOfRooms(refresh, acting)}
      keyOf={keyOf}
      bySelf
      empty={filtered ? undefined : <Empty icon={<RoomsIcon />} title={t('empty')} hint={t('emptyHint')} />}
      choosing={acting ? { chosen, nameOf: ({ title, roomId }) => title || roomId } : undefined}
      instead={look.value === 'wall' && list.items ? <Wall rooms={list.items} /> : undefined}
      tools={
        <LookButton
          look={look.value}
          change={(next) => {
            look.value = next;
          }}
        />
      }
    >
      <Filters
        used={Number(category.value !== '') + Number(order.value !== 'viewers')}
        search={<Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />}
      >
        <Field label={t('category')} name="category" value={category} />
        <Select
          label={t('order')}
          name="order"
          value={order}
          options={[
            ['viewers', t('byMembers')],
            ['newest', t('byNewest')],
            ['joined', t('byJoined')],
          ]}
        />
      </Filters>
      {acting && (
        <Bulk
          measures={['warn_room', 'end_room']}
          chosen={chosen}
          targets={(list.items ?? [])
            .filter((room) => chosen.value.has(room.roomId))
            .map(({ roomId, title, viewers }) => ({ roomId, roomTitle: title || roomId, viewers }))}
          after={refresh}
        />
      )}
    </ListScreen>
  );
}
