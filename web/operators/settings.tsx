/** The settings in force, without secrets; and the reasons that this tenant's operators use often. */
import { useSignal } from '@preact/signals';
import { say, translator } from '../shared/language';
import { Field, type Message, Notice, Pill, Skeleton } from '../shared/parts';
import { call, may, toMessage } from './api';
import { outcome } from './dialog';
import { useDetail } from './list';
import { reasons } from './reasons';
import { Part, Screen } from './screen';
import { type Column, Refresh, Table } from './table';
import type { Page, Setting } from './types';

const t = translator({
  title: ['Settings', '设置'],
  search: ['Search', '搜索'],
  searchHint: ['name or meaning', '名称或含义'],
  inForce: ['Settings in force', '生效中的配置'],
  note: [
    'Set by environment variables; change them and restart the service. Secrets are never shown.',
    '由环境变量设置，修改后需重启服务。不显示密钥等机密。',
  ],
  name: ['Name', '名称'],
  value: ['Value', '值'],
  meaning: ['Meaning', '含义'],
  set: ['set', '已设置'],
  notSet: ['not set', '未设置'],
  changed: ['Changed', '已修改'],
  loading: ['Loading …', '加载中…'],
  often: ['Often used reasons', '常用原因'],
  oftenNote: [
    'Offered wherever a reason is asked for. Users see them, so word them for users.',
    '填写原因时可直接选择。用户可见，请面向用户措辞。',
  ],
  add: ['Add', '添加'],
  reason: ['New reason', '新原因'],
  remove: ['Remove {1}', '删除 {1}'],
  saved: ['The reasons are saved.', '常用原因已保存。'],
});

const columns = (): readonly Column<Setting>[] => [
  {
    head: t('name'),
    cell: ({ name, isDefault }) => (
      <>
        <code>{name}</code> {!isDefault && <Pill tone="info">{t('changed')}</Pill>}
      </>
    ),
  },
  {
    head: t('value'),
    cell: ({ value, secret, isSet }) =>
      secret ? <span class="soft">{t(isSet ? 'set' : 'notSet')}</span> : <code title={value}>{value || '–'}</code>,
  },
  {
    head: t('meaning'),
    grow: true,
    cell: ({ en, zh }) => <span class="whole">{say([en, zh])}</span>,
  },
];

function Reasons() {
  const text = useSignal('');
  const message = useSignal<Message | undefined>(undefined);
  const save = async (next: readonly string[]) => {
    try {
      await call('set_reasons', { reasons: next });
      reasons.value = next;
      text.value = '';
      message.value = undefined;
      outcome.value = { good: true, text: () => t('saved') };
    } catch (error) {
      message.value = toMessage(error);
    }
  };
  return (
    <Part title={t('often')}>
      <p class="soft">{t('oftenNote')}</p>
      <ul class="chips" data-test="reasons">
        {reasons.value.map((one) => (
          <li key={one} class="chip">
            {one}
            {may('manage') && (
              <button
                type="button"
                class="plain"
                aria-label={t('remove', one)}
                onClick={() => void save(reasons.value.filter((other) => other !== one))}
              >
                ×
              </button>
            )}
          </li>
        ))}
      </ul>
      <form
        class="narrow-form"
        onSubmit={(event) => {
          event.preventDefault();
          void save([...reasons.value.filter((one) => one !== text.value.trim()), text.value.trim()]);
        }}
      >
        <Field label={t('reason')} name="new-reason" value={text} required>
          <button type="submit" data-test="add-reason">
            {t('add')}
          </button>
        </Field>
      </form>
      <Notice message={message.value} />
    </Part>
  );
}

export function Settings() {
  const { data, at, message, refresh } = useDetail<Page<Setting>>('settings', {});
  const search = useSignal('');
  const wanted = search.value.trim().toLowerCase();
  const items = (data?.items ?? []).filter(({ name, en, zh }) => `${name} ${en} ${zh}`.toLowerCase().includes(wanted));
  return (
    <Screen title={t('title')} tools={<Refresh at={at} refresh={refresh} />}>
      <Reasons />
      <Part title={t('inForce')}>
        <p class="soft">{t('note')}</p>
        <search class="filters">
          <Field label={t('search')} name="search" type="search" value={search} placeholder={t('searchHint')} />
        </search>
        <Notice message={message} />
        {data ? (
          <Table label={t('inForce')} items={items} columns={columns()} keyOf={({ name }) => name} />
        ) : (
          !message && <Skeleton rows={8} word={t('loading')} />
        )}
      </Part>
    </Screen>
  );
}
