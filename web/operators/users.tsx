/** Users: found by id, name, user name, phone or mail. */
import { UsersIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { CopyId, Empty, Field, Pill, Time, UserText } from '../shared/parts';
import { may } from './api';
import { Bulk } from './bulk';
import { UserLink } from './links';
import { useList } from './list';
import { ListScreen } from './list-screen';
import { useParam } from './params';
import { route } from './route';
import { Filters } from './screen';
import { type Column, useChosen } from './table';
import type { User } from './types';

const t = translator({
  title: ['Users', '用户'],
  search: ['Search', '搜索'],
  searchHint: ['ID, name, user name, phone or email', 'ID、昵称、用户名、手机号或邮箱'],
  id: ['ID', 'ID'],
  name: ['Name', '昵称'],
  username: ['User name', '用户名'],
  created: ['Signed up', '注册时间'],
  seen: ['Last seen', '最近在线'],
  banned: ['Banned', '已封禁'],
  online: ['Online', '在线'],
  offline: ['Offline', '离线'],
  state: ['State', '状态'],
  none: ['No users yet.', '暂无用户'],
  noneHint: ['Users appear here when they sign up in your app.', '用户在客户端注册后会显示在这里。'],
});

export function UserState({ user: { banned, online } }: { user: Pick<User, 'banned' | 'online'> }) {
  return (
    <>
      {banned && (
        <Pill tone="bad" test="banned">
          {t('banned')}
        </Pill>
      )}
      {online ? <Pill tone="ok">{t('online')}</Pill> : !banned && <Pill tone="quiet">{t('offline')}</Pill>}
    </>
  );
}

const columns = (): readonly Column<User>[] => [
  {
    head: t('name'),
    grow: true,
    cell: ({ userId, name, username }) => <UserLink userId={userId} name={name || username} opens />,
  },
  { head: t('id'), wide: true, cell: ({ userId }) => <CopyId id={userId} /> },
  { head: t('username'), wide: true, cell: ({ username }) => <UserText text={username || '–'} /> },
  { head: t('created'), wide: true, cell: ({ createUtc }) => <Time text={createUtc} /> },
  { head: t('seen'), cell: ({ lastSeenUtc }) => <Time text={lastSeenUtc} /> },
  { head: t('state'), cell: (user) => <UserState user={user} /> },
];

const keyOf = ({ userId }: User) => userId;

export function Users() {
  const search = useParam('search', '');
  const list = useList<User>('users', { search: search.value.trim(), count: true });
  const chosen = useChosen(list.items, keyOf);
  const acting = may('moderate') && !route.value.panel;
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns()}
      keyOf={keyOf}
      bySelf
      empty={search.value ? undefined : <Empty icon={<UsersIcon />} title={t('none')} hint={t('noneHint')} />}
      choosing={acting ? { chosen, nameOf: ({ name, username, userId }) => name || username || userId } : undefined}
    >
      <Filters
        used={0}
        search={<Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />}
      />
      {acting && (
        <Bulk
          measures={['mute_user', 'ban_user']}
          chosen={chosen}
          targets={(list.items ?? [])
            .filter((user) => chosen.value.has(user.userId))
            .map(({ userId, name, username }) => ({ userId, userName: name || username || userId }))}
          after={list.refresh}
        />
      )}
    </ListScreen>
  );
}
