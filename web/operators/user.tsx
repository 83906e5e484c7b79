/** One user: current room, notes, sanctions, reports, sessions, broadcasts, and actions. */
import { ChatIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { CopyId, Empty, ExactTime, Notice, Pill, Skeleton, Time, UserText } from '../shared/parts';
import { may } from './api';
import { RoomLink } from './links';
import { useDetail, useEvery } from './list';
import { askReason, MeasureButton } from './measure-form';
import { Notes } from './notes';
import { ReportTable } from './report-table';
import { every } from './rhythm';
import { href } from './route';
import { SanctionTable } from './sanction-table';
import { PanelFrame, Part } from './screen';
import { type Column, Refresh, Table } from './table';
import type { UserDetail } from './types';
import { UserState } from './users';

const t = translator({
  user: ['User {1}', '用户 {1}'],
  id: ['User ID', '用户 ID'],
  username: ['User name', '用户名'],
  created: ['Signed up', '注册时间'],
  seen: ['Last seen', '最近在线'],
  here: ['In rooms now', '当前所在直播间'],
  nowhere: ['Not in a room.', '不在直播间内'],
  hosting: ['hosting {1}', '正在直播：{1}'],
  watching: ['watching {1}', '正在观看：{1}'],
  sessions: ['Sessions', '登录会话'],
  since: ['Signed in', '登录时间'],
  expires: ['Expires', '有效期至'],
  address: ['IP address', 'IP 地址'],
  broadcasts: ['Broadcasts', '直播记录'],
  room: ['Room', '直播间'],
  category: ['Category', '分类'],
  start: ['Started', '开始'],
  end: ['Ended', '结束'],
  live: ['Live', '直播中'],
  sanctions: ['Sanctions', '处罚'],
  reports: ['Reports', '举报'],
  signOut: ['Sign out', '强制下线'],
  signOutOne: ['Sign out {1}', '强制 {1} 下线'],
  signOutEffect: ['Signs {1} out on every device. They can sign in again.', '{1} 将在所有设备下线，可以重新登录。'],
  noSessions: ['No active sessions.', '暂无登录会话'],
  noBroadcasts: ['No broadcasts yet.', '暂无直播记录'],
  chat: ['Chat', '聊天记录'],
  loading: ['Loading …', '加载中…'],
});

const sessionColumns = (): readonly Column<UserDetail['sessions'][number]>[] => [
  { head: t('since'), grow: true, cell: ({ createUtc }) => <Time text={createUtc} /> },
  { head: t('expires'), cell: ({ expireUtc }) => <Time text={expireUtc} /> },
  { head: t('address'), cell: ({ address }) => (address ? <CopyId id={address} /> : '–') },
];

const broadcastColumns = (): readonly Column<UserDetail['broadcasts'][number]>[] => [
  { head: t('room'), grow: true, cell: ({ roomId, title }) => <RoomLink roomId={roomId} title={title} /> },
  { head: t('category'), cell: ({ category }) => <UserText text={category || '–'} /> },
  { head: t('start'), cell: ({ startUtc }) => <Time text={startUtc} /> },
  {
    head: t('end'),
    cell: ({ endUtc }) => (endUtc ? <Time text={endUtc} /> : <Pill tone="ok">{t('live')}</Pill>),
  },
];

const nameOf = ({ name, username, userId }: UserDetail) => name || username || userId;

function Actions({ user, refresh }: { user: UserDetail; refresh: () => void }) {
  const { userId } = user;
  const userName = nameOf(user);
  const target = { userId, userName };
  return (
    <div class="actions">
      <MeasureButton measure="mute_user" target={target} after={refresh} />
      <MeasureButton measure="ban_user" target={target} after={refresh} />
      <button
        type="button"
        class="small"
        data-test="sign_out_user"
        onClick={() =>
          askReason({
            title: t('signOutOne', userName),
            word: t('signOut'),
            effect: t('signOutEffect', userName),
            call: 'sign_out_user',
            params: { userId },
            after: refresh,
          })
        }
      >
        {t('signOut')}
      </button>
    </div>
  );
}

function Facts({ user }: { user: UserDetail }) {
  return (
    <dl class="fact-list">
      <dt>{t('here')}</dt>
      <dd data-test="where">
        {user.rooms.length === 0 && <span class="soft">{t('nowhere')}</span>}
        {user.rooms.map(({ roomId, title, role }) => (
          <div key={roomId}>
            <span class="soft">{t(role === 'anchor' ? 'hosting' : 'watching', '')}</span>{' '}
            <RoomLink roomId={roomId} title={title} />
          </div>
        ))}
      </dd>
      <dt>{t('id')}</dt>
      <dd>
        <CopyId id={user.userId} />
      </dd>
      <dt>{t('username')}</dt>
      <dd>
        <UserText text={user.username || '–'} />
      </dd>
      <dt>{t('created')}</dt>
      <dd>
        <ExactTime text={user.createUtc} />
      </dd>
      <dt>{t('seen')}</dt>
      <dd>
        <Time text={user.lastSeenUtc} />
      </dd>
    </dl>
  );
}

function Shown({ user, refresh }: { user: UserDetail; refresh: () => void }) {
  return (
    <>
      {may('moderate') && <Actions user={user} refresh={refresh} />}
      <Facts user={user} />
      <Notes user={user} refresh={refresh} />
      <Part title={t('sanctions')}>
        <SanctionTable items={user.sanctions} refresh={refresh} about="user" />
      </Part>
      <Part title={t('reports')}>
        <ReportTable items={user.reports} refresh={refresh} about="user" />
      </Part>
      <Part title={t('sessions')}>
        <Table
          label={t('sessions')}
          items={user.sessions}
          columns={sessionColumns()}
          keyOf={({ createUtc }, index) => `${createUtc} ${index}`}
          empty={<Empty title={t('noSessions')} />}
        />
      </Part>
      <Part title={t('broadcasts')}>
        <Table
          label={t('broadcasts')}
          items={user.broadcasts}
          columns={broadcastColumns()}
          keyOf={({ roomId, broadcastNo }) => `${roomId} ${broadcastNo}`}
          empty={<Empty title={t('noBroadcasts')} />}
        />
      </Part>
    </>
  );
}

export function UserPanel({ id }: { id: string }) {
  const { data, at, message, refresh } = useDetail<UserDetail>('user', { userId: id });
  useEvery(Number(every.value), refresh);
  return (
    <PanelFrame
      title={<UserText text={data ? nameOf(data) : t('user', id)} />}
      state={data && <UserState user={data} />}
      tools={
        <>
          <a class="button quiet" href={href('chat', '', { userId: id })} data-test="to-chat-of">
            <ChatIcon /> <span>{t('chat')}</span>
          </a>
          <Refresh at={at} refresh={refresh} />
        </>
      }
    >
      <Notice message={message} />
      {data ? <Shown user={data} refresh={refresh} /> : !message && <Skeleton rows={8} word={t('loading')} />}
    </PanelFrame>
  );
}
