/** Operators and their keys. */
import { signal } from '@preact/signals';
import { OperatorsIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Field, Pill, Select, Time, UserText } from '../shared/parts';
import { call, filled } from './api';
import { question } from './dialog';
import { useList } from './list';
import { AddButton, ListScreen } from './list-screen';
import type { Column } from './table';
import { type Operator, SCOPES, type Scope } from './types';

const t = translator({
  title: ['Operators and keys', '运营账号与密钥'],
  name: ['Name', '名称'],
  scope: ['Permission', '权限'],
  tenant: ['Tenant', '租户'],
  tenantHint: ['Leave empty for the current tenant. Use * for all tenants.', '留空表示当前租户，* 表示全部租户。'],
  allTenants: ['all', '全部'],
  created: ['Created', '创建时间'],
  used: ['Last used', '最近使用'],
  expires: ['Expires', '有效期至'],
  valid: ['Key valid for', '密钥有效期'],
  never: ['no expiry', '长期有效'],
  days: ['{1} days', '{1} 天'],
  expired: ['Expired', '已过期'],
  action: ['Actions', '操作'],
  add: ['Add operator', '添加运营账号'],
  rotate: ['New key', '更换密钥'],
  rotateOne: ['New key for {1}', '为 {1} 更换密钥'],
  rotateEffect: [
    'The old key of {1} stops working now. The new one is shown once.',
    '{1} 的旧密钥立即失效，新密钥只显示一次。',
  ],
  remove: ['Remove', '删除'],
  removeOne: ['Remove {1}', '删除 {1}'],
  removeEffect: [
    'The key of {1} stops working now. The audit log keeps the name.',
    '{1} 的密钥立即失效，操作日志中保留其名称。',
  ],
  removed: ['{1} is removed.', '已删除 {1}。'],
  key: ['Key of {1}', '{1} 的密钥'],
  read: ['Read only', '只读'],
  moderate: ['Moderator', '可处置'],
  service: ['Own service', '自有服务'],
  manage: ['Full access', '全部权限'],
  readMay: [
    'Sees rooms, users, reports, sanctions and statistics. Changes nothing.',
    '可查看直播间、用户、举报、处罚和统计，不能操作。',
  ],
  moderateMay: [
    'Also ends broadcasts, warns, kicks, mutes and bans, resolves reports and watches rooms.',
    '还可强制下播、警告、踢出、禁言、封禁、处理举报、观看直播间。',
  ],
  serviceMay: [
    'A key for your own backend: issues tokens, imports users, opens, changes and ends rooms.',
    '供自有后台使用的密钥：签发登录、导入用户，开启、修改和结束直播。',
  ],
  manageMay: [
    'Also manages operators and webhooks, and reads the audit log and the settings.',
    '还可管理运营账号和事件推送，查看操作日志和设置。',
  ],
  once: ['The key is shown once.', '密钥只显示一次。'],
  none: ['No operators yet. Only ADMIN_KEY has access.', '还没有运营账号，目前只有 ADMIN_KEY 可用。'],
  noneHint: [
    'Add one per person: the audit log then names who did what.',
    '请为每个人添加账号，操作日志会记录具体操作人。',
  ],
});

const MAY = { read: 'readMay', moderate: 'moderateMay', service: 'serviceMay', manage: 'manageMay' } as const;
const VALID_DAYS = ['', '30', '90', '365'] as const;

interface Keyed {
  name: string;
  key: string;
}

const shownOnce = ({ name, key }: Keyed) => ({ secret: key, label: t('key', name) });
const validOptions = () => VALID_DAYS.map((days) => [days, days === '' ? t('never') : t('days', days)] as const);
const validParams = (days: string) => (days === '' ? {} : { validDays: Number(days) });

function askAdd(after: () => void): void {
  const name = signal('');
  const scope = signal<Scope>('moderate');
  const tenant = signal('');
  const valid = signal<(typeof VALID_DAYS)[number]>('');
  question.value = {
    title: t('add'),
    word: t('add'),
    after,
    body: () => (
      <>
        <Field label={t('name')} name="name" value={name} required />
        <Select label={t('scope')} name="scope" value={scope} options={SCOPES.map((one) => [one, t(one)] as const)} />
        <Select label={t('valid')} name="valid" value={valid} options={validOptions()} />
        <Field label={t('tenant')} name="tenant" value={tenant} hint={t('tenantHint')} />
        <p class="effect">
          {t(MAY[scope.value])} {t('once')}
        </p>
      </>
    ),
    run: async () => {
      const given = filled({ name: name.value.trim(), scope: scope.value, tenant: tenant.value.trim() });
      return shownOnce(await call<Keyed>('add_operator', { ...given, ...validParams(valid.value) }));
    },
  };
}

function askRotate(name: string, after: () => void): void {
  const valid = signal<(typeof VALID_DAYS)[number]>('');
  question.value = {
    title: t('rotateOne', name),
    word: t('rotate'),
    danger: true,
    after,
    body: () => (
      <>
        <Select label={t('valid')} name="valid" value={valid} options={validOptions()} />
        <p class="effect">{t('rotateEffect', name)}</p>
      </>
    ),
    run: async () => shownOnce(await call<Keyed>('rotate_operator', { name, ...validParams(valid.value) })),
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

function Expires({ operator: { expireUtc, expired } }: { operator: Operator }) {
  if (expired) return <Pill tone="bad">{t('expired')}</Pill>;
  return expireUtc ? <Time text={expireUtc} /> : <span class="soft">{t('never')}</span>;
}

function Actions({ name, refresh }: { name: string; refresh: () => void }) {
  return (
    <span class="actions">
      <button
        type="button"
        class="quiet small"
        data-test="rotate"
        aria-label={t('rotateOne', name)}
        onClick={() => askRotate(name, refresh)}
      >
        {t('rotate')}
      </button>
      <button
        type="button"
        class="quiet small danger"
        data-test="remove"
        aria-label={t('removeOne', name)}
        onClick={() => askRemove(name, refresh)}
      >
        {t('remove')}
      </button>
    </span>
  );
}

function columns(refresh: () => void): readonly Column<Operator>[] {
  return [
    { head: t('name'), grow: true, cell: ({ name }) => <UserText text={name} /> },
    { head: t('scope'), cell: ({ scope }) => <span title={t(MAY[scope])}>{t(scope)}</span> },
    { head: t('tenant'), wide: true, cell: ({ tenant }) => (tenant === '*' ? t('allTenants') : tenant || '–') },
    { head: t('created'), wide: true, cell: ({ createUtc }) => <Time text={createUtc} /> },
    { head: t('used'), wide: true, cell: ({ lastUsedUtc }) => <Time text={lastUsedUtc} /> },
    { head: t('expires'), cell: (operator) => <Expires operator={operator} /> },
    { head: t('action'), cell: ({ name }) => <Actions name={name} refresh={refresh} /> },
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
      empty={<Empty icon={<OperatorsIcon />} title={t('none')} hint={t('noneHint')} />}
      tools={<AddButton word={t('add')} ask={askAdd} after={list.refresh} />}
    />
  );
}
