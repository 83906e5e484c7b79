/** Users: found by id, name, user name, phone or mail; and one of them with all that is known. */
import { useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Notice, Time, UserText } from '../shared/parts';
import { may } from './api';
import { RoomLink, UserLink } from './links';
import { useDetail, useList } from './list';
import { ListScreen } from './list-screen';
import { askReason, MeasureButton } from './measure-form';
import { ReportTable } from './report-table';
import { SanctionTable } from './sanction-table';
import { Part, Screen } from './screen';
import { type Column, Refresh, Table } from './table';
import type { User, UserDetail } from './types';

const t = translator({
  title: ['Users', '用户'],
  search: ['Search', '搜索'],
  searchHint: ['id, name, user name, phone or mail', 'ID、昵称、用户名、手机或邮箱'],
  id: ['Id', 'ID'],
  name: ['Name', '昵称'],
  username: ['User name', '用户名'],
  created: ['Signed up', '注册时间'],
  seen: ['Last seen', '最近在线'],
  banned: ['banned', '已封禁'],
  state: ['State', '状态'],
  user: ['User {1}', '用户 {1}'],
  sessions: ['Sessions', '登录会话'],
  since: ['Since', '开始时间'],
  expires: ['Until', '到期时间'],
  address: ['Address', '地址'],
  broadcasts: ['Broadcasts', '直播记录'],
  room: ['Room', '房间'],
  category: ['Category', '分类'],
  start: ['Start', '开始'],
  end: ['End', '结束'],
  live: ['on the air', '直播中'],
  sanctions: ['Sanctions', '处罚'],
  reports: ['Reports', '举报'],
  signOut: ['Sign out', '强制下线'],
  signOutOne: ['Sign out {1}', '强制 {1} 下线'],
  signOutEffect: ['{1} is signed out on every device, and may sign in again.', '{1} 在所有设备上下线，可以重新登录。'],
});

const columns = (): readonly Column<User>[] => [
  { head: t('id'), cell: ({ userId }) => <UserLink userId={userId} /> },
  { head: t('name'), cell: ({ userId, name }) => (name ? <UserLink userId={userId} name={name} /> : '–') },
  { head: t('username'), cell: ({ username }) => <UserText text={username || '–'} /> },
  { head: t('created'), cell: ({ createUtc }) => <Time text={createUtc} /> },
  { head: t('seen'), cell: ({ lastSeenUtc }) => <Time text={lastSeenUtc} /> },
  { head: t('state'), cell: ({ banned }) => (banned ? <span class="badge">{t('banned')}</span> : null) },
];

export function Users() {
  const search = useSignal('');
  const list = useList<User>('users', { search: search.value.trim() });
  return (
    <ListScreen title={t('title')} list={list} columns={columns()} keyOf={({ userId }) => userId}>
      <search class="filters">
        <Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />
      </search>
    </ListScreen>
  );
}

const sessionColumns = (): readonly Column<UserDetail['sessions'][number]>[] => [
  { head: t('since'), cell: ({ createUtc }) => <Time text={createUtc} /> },
  { head: t('expires'), cell: ({ expireUtc }) => <Time text={expireUtc} /> },
  { head: t('address'), cell: ({ address }) => address || '–' },
];

const broadcastColumns = (): readonly Column<UserDetail['broadcasts'][number]>[] => [
  { head: t('room'), cell: ({ roomId, title }) => <RoomLink roomId={roomId} title={title} /> },
  { head: t('category'), cell: ({ category }) => <UserText text={category || '–'} /> },
  { head: t('start'), cell: ({ startUtc }) => <Time text={startUtc} /> },
  {
    head: t('end'),
    cell: ({ endUtc }) => (endUtc ? <Time text={endUtc} /> : <span class="badge">{t('live')}</span>),
  },
];

function Measures({ user, refresh }: { user: UserDetail; refresh: () => void }) {
  const { userId } = user;
  const userName = user.name || user.username || userId;
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

function Shown({ user, refresh }: { user: UserDetail; refresh: () => void }) {
  return (
    <>
      <dl class="fact-list">
        <dt>{t('id')}</dt>
        <dd>{user.userId}</dd>
        <dt>{t('username')}</dt>
        <dd>
          <UserText text={user.username || '–'} />
        </dd>
        <dt>{t('created')}</dt>
        <dd>
          <Time text={user.createUtc} />
        </dd>
        <dt>{t('seen')}</dt>
        <dd>
          <Time text={user.lastSeenUtc} />
        </dd>
      </dl>
      {may('moderate') && <Measures user={user} refresh={refresh} />}
      <Part title={t('sanctions')}>
        <SanctionTable items={user.sanctions} refresh={refresh} />
      </Part>
      <Part title={t('reports')}>
        <ReportTable items={user.reports} refresh={refresh} />
      </Part>
      <Part title={t('sessions')}>
        <Table
          label={t('sessions')}
          items={user.sessions}
          columns={sessionColumns()}
          keyOf={({ createUtc }, index) => `${createUtc} ${index}`}
        />
      </Part>
      <Part title={t('broadcasts')}>
        <Table
          label={t('broadcasts')}
          items={user.broadcasts}
          columns={broadcastColumns()}
          keyOf={({ roomId, broadcastNo }) => `${roomId} ${broadcastNo}`}
        />
      </Part>
    </>
  );
}

export function UserScreen({ id }: { id: string }) {
  const { data, at, message, refresh } = useDetail<UserDetail>('user', { userId: id });
  const name = data?.name || data?.username;
  return (
    <Screen
      title={
        <>
          <UserText text={name || t('user', id)} /> {data?.banned && <span class="badge">{t('banned')}</span>}
        </>
      }
      tools={<Refresh at={at} refresh={refresh} />}
    >
      <Notice message={message} />
      {data && <Shown user={data} refresh={refresh} />}
    </Screen>
  );
}
