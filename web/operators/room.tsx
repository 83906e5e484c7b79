/** One room: its state, its members, the timeline, sanctions, reports, and actions. */
import { Cover } from '../shared/cover';
import { duration, number, utc } from '../shared/format';
import { ChatIcon } from '../shared/icons';
import { say, type Text, translator } from '../shared/language';
import { Age, CopyId, Empty, Notice, Skeleton, Time, UserText } from '../shared/parts';
import { may } from './api';
import { covers, elsewhere, PictureLink } from './covers';
import { FromReview } from './lazy/screens';
import { UserLink, UserName } from './links';
import { type Detail, useDetail, useEvery } from './list';
import { MeasureButton } from './measure-form';
import { MEASURES, type Target } from './measures';
import { ReportTable } from './report-table';
import { every } from './rhythm';
import { RoomState, Warned } from './room-state';
import { href } from './route';
import { SanctionTable } from './sanction-table';
import { PanelFrame, Part } from './screen';
import { type Column, Refresh, Table } from './table';
import type { RoomDetail } from './types';
import { Watch } from './watch';

const t = translator({
  room: ['Room {1}', '直播间 {1}'],
  id: ['Room ID', '房间 ID'],
  host: ['Host', '主播'],
  members: ['In room', '在线人数'],
  joined: ['Total joined', '累计观看人数'],
  since: ['Live for', '已播时长'],
  ended: ['Ended', '结束时间'],
  lasted: ['Lasted', '直播时长'],
  category: ['Category', '分类'],
  broadcast: ['Broadcast #', '场次'],
  cover: ['Cover', '封面'],
  people: ['Members (the first 200)', '在线成员（最早进入的 200 人）'],
  timeline: ['Timeline', '时间线'],
  sanctions: ['Active sanctions', '生效中的处罚'],
  reports: ['Reports', '举报'],
  name: ['Name', '昵称'],
  role: ['Role', '角色'],
  anchor: ['Host', '主播'],
  audience: ['Viewer', '观众'],
  joinedUtc: ['Joined', '进入时间'],
  at: ['Time', '时间'],
  event: ['Event', '事件'],
  who: ['User', '用户'],
  text: ['Text', '内容'],
  actions: ['Actions', '操作'],
  nobody: ['The room is empty.', '直播间内没有人'],
  nobodyHint: ['Members appear here when they join.', '用户进入后会显示在这里。'],
  over: ['The broadcast has ended.', '本场直播已结束'],
  nothingYet: ['No events yet.', '暂无事件'],
  chat: ['Chat', '聊天记录'],
  loading: ['Loading …', '加载中…'],
});

const KINDS: Readonly<Record<string, Text>> = {
  opened: ['went live', '开播'],
  ended: ['broadcast ended', '直播结束'],
  joined: ['joined', '进入直播间'],
  left: ['left', '离开直播间'],
  report: ['reported', '被举报'],
  warn_room: ['warned by an operator', '被警告'],
  end_room: ['ended by an operator', '强制下播'],
  kick_user: ['kicked', '被踢出'],
  mute_user: ['muted', '被禁言'],
  ban_user: ['banned', '被封禁'],
  lift_sanction: ['sanction lifted', '解除处罚'],
  watch_room: ['watched by an operator', '运营人员观看'],
};

const ROLES: Readonly<Record<string, 'anchor' | 'audience'>> = { anchor: 'anchor', audience: 'audience' };

function Facts({ detail: { room } }: { detail: RoomDetail }) {
  const over = room.state === 'ended';
  return (
    <div class="head-card">
      <Cover room={room} from={covers.value} />
      <dl class="fact-list">
        <dt>{t('host')}</dt>
        <dd>
          <UserName userId={room.ownBy} name={room.ownerName} />
        </dd>
        <dt>{t('id')}</dt>
        <dd>
          <CopyId id={room.roomId} />
        </dd>
        <dt>{t('members')}</dt>
        <dd data-test="viewers">{number(room.viewers)}</dd>
        <dt>{t('joined')}</dt>
        <dd>{number(room.joined)}</dd>
        <dt>{t(over ? 'lasted' : 'since')}</dt>
        <dd>{over && room.endUtc ? duration(utc(room.endUtc) - utc(room.startUtc)) : <Age since={room.startUtc} />}</dd>
        {over && (
          <>
            <dt>{t('ended')}</dt>
            <dd>
              <Time text={room.endUtc} />
            </dd>
          </>
        )}
        <dt>{t('category')}</dt>
        <dd>
          <UserText text={room.category || '–'} />
        </dd>
        <dt>{t('broadcast')}</dt>
        <dd>{room.broadcastNo}</dd>
        {elsewhere(room.cover) && (
          <>
            <dt>{t('cover')}</dt>
            <dd>
              <PictureLink url={room.cover} />
            </dd>
          </>
        )}
      </dl>
    </div>
  );
}

type Member = RoomDetail['members'][number];

function memberColumns(room: Target, refresh: () => void): readonly Column<Member>[] {
  const all: readonly Column<Member>[] = [
    { head: t('name'), grow: true, cell: ({ userId, name }) => <UserName userId={userId} name={name} /> },
    {
      head: t('role'),
      cell: ({ role }) => {
        const known = ROLES[role];
        return known ? t(known) : <UserText text={role} />;
      },
    },
    { head: t('joinedUtc'), cell: ({ joinedUtc }) => <Time text={joinedUtc} /> },
  ];
  if (!may('moderate')) return all;
  const actions: Column<Member> = {
    head: t('actions'),
    cell: ({ userId, name }) => (
      <span class="actions">
        {MEASURES.filter((measure) => measure.endsWith('_user')).map((measure) => (
          <MeasureButton
            key={measure}
            measure={measure}
            target={{ ...room, userId, userName: name }}
            after={refresh}
            quiet
          />
        ))}
      </span>
    ),
  };
  return [...all, actions];
}

const timelineColumns = (): readonly Column<RoomDetail['timeline'][number]>[] => [
  { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
  { head: t('event'), cell: ({ kind }) => say(KINDS[kind] ?? [kind, kind]) },
  { head: t('who'), cell: ({ userId, userName }) => <UserLink userId={userId} name={userName} /> },
  { head: t('text'), grow: true, cell: ({ text }) => <UserText text={text || '–'} /> },
];

function Actions({ target, over, refresh }: { target: Target; over: boolean; refresh: () => void }) {
  if (!may('moderate') || over || !target.roomId) return null;
  return (
    <div class="actions">
      <Watch key={target.roomId} roomId={target.roomId} />
      <MeasureButton measure="warn_room" target={target} after={refresh} />
      <MeasureButton measure="end_room" target={target} after={refresh} />
    </div>
  );
}

function Shown({ detail, refresh }: { detail: RoomDetail; refresh: () => void }) {
  const { room, members, timeline, sanctions, reports } = detail;
  const target = { roomId: room.roomId, roomTitle: room.title || room.roomId, viewers: room.viewers };
  const over = room.state === 'ended';
  return (
    <>
      <Actions target={target} over={over} refresh={refresh} />
      <Facts detail={detail} />
      <Part title={t('reports')}>
        <ReportTable items={reports} refresh={refresh} about="room" />
      </Part>
      {!over && (
        <Part title={t('people')}>
          <Table
            label={t('people')}
            items={members}
            columns={memberColumns(target, refresh)}
            keyOf={({ userId }) => userId}
            empty={<Empty title={t('nobody')} hint={t('nobodyHint')} />}
          />
        </Part>
      )}
      <FromReview show={({ RoomChat }) => <RoomChat roomId={room.roomId} title={target.roomTitle} />} />
      <Part title={t('timeline')}>
        <Table
          label={t('timeline')}
          items={timeline}
          columns={timelineColumns()}
          keyOf={({ atUtc, kind }, index) => `${atUtc} ${kind} ${index}`}
          empty={<Empty title={t('nothingYet')} />}
        />
      </Part>
      <Part title={t('sanctions')}>
        <SanctionTable items={sanctions} refresh={refresh} about="room" />
      </Part>
    </>
  );
}

export function RoomPanel({ id }: { id: string }) {
  const { data, at, message, refresh }: Detail<RoomDetail> = useDetail('room', { roomId: id });
  useEvery(Number(every.value), refresh);
  const room = data?.room;
  return (
    <PanelFrame
      title={<UserText text={room?.title || t('room', id)} />}
      state={
        room && (
          <>
            <RoomState state={room.state} />
            {room.warned && <Warned />}
          </>
        )
      }
      tools={
        <>
          <a class="button quiet" href={href('chat', '', { roomId: id })} data-test="to-chat-of">
            <ChatIcon /> <span>{t('chat')}</span>
          </a>
          <Refresh at={at} refresh={refresh} />
        </>
      }
    >
      <Notice message={message} />
      {data ? <Shown detail={data} refresh={refresh} /> : !message && <Skeleton rows={8} word={t('loading')} />}
    </PanelFrame>
  );
}
