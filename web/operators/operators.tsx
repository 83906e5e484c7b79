/** Operators and their keys. */
import { signal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Select, Time, UserText } from '../shared/parts';
import { call, filled } from './api';
import { question } from './dialog';
import { useList } from './list';
import { AddButton, ListScreen } from './list-screen';
import type { Column } from './table';
import { type Operator, SCOPES, type Scope } from './types';

const t = translator({
  title: ['Operators and keys', '管理员与密钥'],
  name: ['Name', '名称'],
  scope: ['May', '权限'],
  tenant: ['Tenant', '租户'],
  tenantHint: ['Empty = the one you are in, * = all.', '留空表示当前租户，* 表示全部。'],
  allTenants: ['all', '全部'],
  created: ['Since', '创建时间'],
  used: ['Last used', '最近使用'],
  action: ['Measures', '操作'],
  add: ['Add an operator', '添加管理员'],
  rotate: ['New key', '更换密钥'],
  rotateOne: ['New key for {1}', '为 {1} 更换密钥'],
  rotateEffect: [
    'The old key of {1} stops working at once. The new one is shown once.',
    '{1} 的旧密钥立即失效，新密钥只显示一次。',
  ],
  remove: ['Remove', '删除'],
  removeOne: ['Remove {1}', '删除 {1}'],
  removeEffect: [
    'The key of {1} stops working at once. The audit keeps the name.',
    '{1} 的密钥立即失效，审计中保留其名称。',
  ],
  removed: ['{1} is removed.', '已删除 {1}。'],
  key: ['Key of {1}', '{1} 的密钥'],
  read: ['look', '查看'],
  moderate: ['look and moderate', '查看和处理'],
  manage: ['all, also keys and webhooks', '全部（包括密钥和 Webhook）'],
  addEffect: ['{1} may {2}. The key is shown once.', '{1} 的权限：{2}。密钥只显示一次。'],
  none: ['Only the key of ADMIN_KEY.', '只有 ADMIN_KEY。'],
});

interface Keyed {
  name: string;
  key: string;
}

const shownOnce = ({ name, key }: Keyed) => ({ secret: key, label: t('key', name) });

function askAdd(after: () => void): void {
  const name = signal('');
  const scope = signal<Scope>('moderate');
  const tenant = signal('');
  question.value = {
    title: t('add'),
    word: t('add'),
    after,
    body: () => (
      <>
        <Field label={t('name')} name="name" value={name} required />
        <Select label={t('scope')} name="scope" value={scope} options={SCOPES.map((one) => [one, t(one)] as const)} />
        <Field label={t('tenant')} name="tenant" value={tenant} hint={t('tenantHint')} />
        <p class="effect">{t('addEffect', name.value || '…', t(scope.value))}</p>
      </>
    ),
    run: async () => {
      const params = filled({ name: name.value.trim(), scope: scope.value, tenant: tenant.value.trim() });
      return shownOnce(await call<Keyed>('add_operator', params));
    },
  };
}

function askRotate(name: string, after: () => void): void {
  question.value = {
    title: t('rotateOne', name),
    word: t('rotate'),
    danger: true,
    after,
    body: () => <p class="effect">{t('rotateEffect', name)}</p>,
    run: async () => shownOnce(await call<Keyed>('rotate_operator', { name })),
  };
}

function askRemove(name: string, after: () => void): void {
  question.value = {
    title: t('removeOne', name),
    word: t('remove'),
    danger: true,
    after,
    body: () => <p class="effect">{t('removeEffect', name)}</p>,
    run: async () => {
      await call('remove_operator', { name });
      return t('removed', name);
    },
  };
}

function columns(refresh: () => void): readonly Column<Operator>[] {
  return [
    { head: t('name'), cell: ({ name }) => <UserText text={name} /> },
    { head: t('scope'), cell: ({ scope }) => t(scope) },
    { head: t('tenant'), cell: ({ tenant }) => (tenant === '*' ? t('allTenants') : tenant || '–') },
    { head: t('created'), cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('used'), cell: ({ lastUsedUtc }) => <Time text={lastUsedUtc} /> },
    {
      head: t('action'),
      cell: ({ name }) => (
        <span class="actions">
          <button
            type="button"
            class="small"
            data-test="rotate"
            aria-label={t('rotateOne', name)}
            onClick={() => askRotate(name, refresh)}
          >
            {t('rotate')}
          </button>
          <button
            type="button"
            class="small danger"
            data-test="remove"
            aria-label={t('removeOne', name)}
            onClick={() => askRemove(name, refresh)}
          >
            {t('remove')}
          </button>
        </span>
      ),
    },
  ];
}

export function Operators() {
  const list = useList<Operator>('operators', {});
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns(list.refresh)}
      keyOf={({ name }) => name}
      empty={t('none')}
    >
      <AddButton word={t('add')} ask={askAdd} after={list.refresh} />
    </ListScreen>
  );
}
