/** One room: who is there, what has happened, who must stay away, what viewers complain of, and what can be done. */
import { Cover } from '../shared/cover';
import { number } from '../shared/format';
import { say, type Text, translator } from '../shared/language';
import { Age, Notice, Time, UserText } from '../shared/parts';
import { may } from './api';
import { UserLink } from './links';
import { type Detail, useDetail } from './list';
import { MeasureButton } from './measure-form';
import { MEASURES, type Target } from './measures';
import { ReportTable } from './report-table';
import { SanctionTable } from './sanction-table';
import { Part, Screen } from './screen';
import { type Column, Refresh, Table } from './table';
import type { RoomDetail } from './types';

const t = translator({
  room: ['Room {1}', '房间 {1}'],
  owner: ['Owner', '房主'],
  viewers: ['People now', '当前人数'],
  joined: ['In all', '累计人数'],
  since: ['Live for', '已开播'],
  category: ['Category', '分类'],
  broadcast: ['Broadcast no.', '第几次直播'],
  people: ['People (the first 200)', '成员（前 200 名）'],
  timeline: ['What has happened', '时间线'],
  sanctions: ['Who must stay away or silent', '处罚'],
  reports: ['Reports', '举报'],
  name: ['Name', '名称'],
  role: ['Role', '角色'],
  joinedUtc: ['Since', '进入时间'],
  at: ['When', '时间'],
  what: ['What', '事件'],
  who: ['Who', '用户'],
  text: ['Text', '内容'],
  measures: ['Measures', '处理'],
  nobody: ['Nobody is in the room.', '房间内没有人。'],
  warned: ['warned', '已警告'],
});

const KINDS: Readonly<Record<string, Text>> = {
  opened: ['on the air', '开播'],
  ended: ['ended', '结束'],
  joined: ['came in', '进入'],
  left: ['left', '离开'],
  report: ['reported', '被举报'],
  warn_room: ['warned', '警告'],
  end_room: ['ended by an operator', '运营结束直播'],
  kick_user: ['kicked out', '踢出'],
  mute_user: ['muted', '禁言'],
  ban_user: ['banned', '封禁'],
  lift_sanction: ['sanction lifted', '解除处罚'],
};

function Facts({ detail: { room } }: { detail: RoomDetail }) {
  return (
    <div class="head-card">
      <Cover room={room} />
      <dl class="fact-list">
        <dt>{t('owner')}</dt>
        <dd>
          <UserLink userId={room.ownBy} name={room.ownerName} />
        </dd>
        <dt>{t('viewers')}</dt>
        <dd data-test="viewers">{number(room.viewers)}</dd>
        <dt>{t('joined')}</dt>
        <dd>{number(room.joined)}</dd>
        <dt>{t('since')}</dt>
        <dd>
          <Age since={room.startUtc} />
        </dd>
        <dt>{t('category')}</dt>
        <dd>
          <UserText text={room.category || '–'} />
        </dd>
        <dt>{t('broadcast')}</dt>
        <dd>{room.broadcastNo}</dd>
      </dl>
    </div>
  );
}

type Member = RoomDetail['members'][number];

function memberColumns(room: Target, refresh: () => void): readonly Column<Member>[] {
  const all: readonly Column<Member>[] = [
    { head: t('name'), cell: ({ userId, name }) => <UserLink userId={userId} name={name} /> },
    { head: t('role'), cell: ({ role }) => <UserText text={role} /> },
    { head: t('joinedUtc'), cell: ({ joinedUtc }) => <Time text={joinedUtc} /> },
  ];
  if (!may('moderate')) return all;
  const measures: Column<Member> = {
    head: t('measures'),
    cell: ({ userId, name }) => (
      <span class="actions">
        {MEASURES.filter((measure) => measure.endsWith('_user')).map((measure) => (
          <MeasureButton key={measure} measure={measure} target={{ ...room, userId, userName: name }} after={refresh} />
        ))}
      </span>
    ),
  };
  return [...all, measures];
}

const timelineColumns = (): readonly Column<RoomDetail['timeline'][number]>[] => [
  { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
  { head: t('what'), cell: ({ kind }) => say(KINDS[kind] ?? [kind, kind]) },
  { head: t('who'), cell: ({ userId }) => <UserLink userId={userId} /> },
  { head: t('text'), cell: ({ text }) => <UserText text={text || '–'} /> },
];

function Shown({ detail, refresh }: { detail: RoomDetail; refresh: () => void }) {
  const { room, members, timeline, sanctions, reports } = detail;
  const target = { roomId: room.roomId, roomTitle: room.title || room.roomId, viewers: room.viewers };
  return (
    <>
      <Facts detail={detail} />
      {may('moderate') && (
        <div class="actions">
          <MeasureButton measure="warn_room" target={target} after={refresh} />
          <MeasureButton measure="end_room" target={target} after={refresh} />
        </div>
      )}
      <Part title={t('reports')}>
        <ReportTable items={reports} refresh={refresh} />
      </Part>
      <Part title={t('people')}>
        <Table
          label={t('people')}
          items={members}
          columns={memberColumns(target, refresh)}
          keyOf={({ userId }) => userId}
          empty={t('nobody')}
        />
      </Part>
      <Part title={t('timeline')}>
        <Table
          label={t('timeline')}
          items={timeline}
          columns={timelineColumns()}
          keyOf={({ atUtc, kind }, index) => `${atUtc} ${kind} ${index}`}
        />
      </Part>
      <Part title={t('sanctions')}>
        <SanctionTable items={sanctions} refresh={refresh} />
      </Part>
    </>
  );
}

export function RoomScreen({ id }: { id: string }) {
  const { data, at, message, refresh }: Detail<RoomDetail> = useDetail('room', { roomId: id });
  const title = data?.room.title;
  return (
    <Screen
      title={
        <>
          <UserText text={title || t('room', id)} />{' '}
          {data?.room.warned && <span class="badge warn">{t('warned')}</span>}
        </>
      }
      tools={<Refresh at={at} refresh={refresh} />}
    >
      <Notice message={message} />
      {data && <Shown detail={data} refresh={refresh} />}
    </Screen>
  );
}
