/** Webhooks: who is told of what happens. */
import { type Signal, signal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Select, Time, UserText } from '../shared/parts';
import { call } from './api';
import { question } from './dialog';
import { useList } from './list';
import { AddButton, ListScreen } from './list-screen';
import { href } from './route';
import type { Column } from './table';
import type { Webhook } from './types';
import { ALL_EVENTS, type Chosen, EventChoice, eventsParam, eventsText } from './webhook-events';

const t = translator({
  title: ['Webhooks', 'Webhook'],
  url: ['Address', '地址'],
  events: ['Events', '事件'],
  description: ['Description', '说明'],
  state: ['State', '状态'],
  on: ['on', '启用'],
  off: ['off', '停用'],
  gone: ['off: the receiver said that it is gone', '停用：接收方已不存在'],
  last: ['Last answer', '最近应答'],
  failing: ['Failing since', '开始失败'],
  action: ['Measures', '操作'],
  add: ['Add a webhook', '添加 Webhook'],
  addEffect: [
    'Events are sent there from now on. The secret that signs them is shown once.',
    '从现在起向该地址发送事件。签名密钥只显示一次。',
  ],
  change: ['Change', '修改'],
  save: ['Save', '保存'],
  saved: ['The webhook is changed.', 'Webhook 已修改。'],
  offEffect: ['Nothing is sent there until it is switched on again.', '重新启用之前不会发送。'],
  onEffect: ['Events are sent there.', '事件会发送到该地址。'],
  rotate: ['New secret', '更换密钥'],
  rotateEffect: [
    'The old secret signs nothing more from now on. The new one is shown once.',
    '旧密钥立即停用，新密钥只显示一次。',
  ],
  remove: ['Remove', '删除'],
  removeEffect: ['Nothing more is sent to {1}, also of what is waiting.', '不再向 {1} 发送任何事件，包括等待中的。'],
  removed: ['The webhook is removed.', 'Webhook 已删除。'],
  secret: ['Secret', '签名密钥'],
  deliveries: ['Deliveries', '投递记录'],
  none: ['No webhooks.', '没有 Webhook。'],
});

type Secret = { secret?: string } | null;

const GONE = 410;

const shownOnce = (data: Secret) => (data?.secret ? { secret: data.secret, label: t('secret') } : t('saved'));

/** What is filled in. */
function newForm({ url, events, description }: Pick<Webhook, 'url' | 'events' | 'description'>) {
  const chosen: Signal<Chosen> = signal(events.length === 0 ? ALL_EVENTS : new Set(events));
  return { url: signal(url), chosen, description: signal(description) };
}
type Form = ReturnType<typeof newForm>;

const paramsOf = ({ url, chosen, description }: Form) => ({
  url: url.value.trim(),
  events: eventsParam(chosen.value),
  description: description.value.trim(),
});

function Fields({ form }: { form: Form }) {
  return (
    <>
      <Field label={t('url')} name="url" type="url" value={form.url} required />
      <EventChoice chosen={form.chosen} />
      <Field label={t('description')} name="description" value={form.description} />
    </>
  );
}

function askAdd(after: () => void): void {
  const form = newForm({ url: '', events: [], description: '' });
  question.value = {
    title: t('add'),
    word: t('add'),
    after,
    body: () => (
      <>
        <Fields form={form} />
        <p class="effect">{t('addEffect')}</p>
      </>
    ),
    run: async () => shownOnce(await call<Secret>('add_webhook', paramsOf(form))),
  };
}

function askChange(webhook: Webhook, after: () => void): void {
  const { webhookId } = webhook;
  const form = newForm(webhook);
  const enabled = signal<'true' | 'false'>(webhook.enabled ? 'true' : 'false');
  question.value = {
    title: `${t('change')}: ${webhook.url}`,
    word: t('save'),
    after,
    body: () => (
      <>
        <Fields form={form} />
        <Select
          label={t('state')}
          name="enabled"
          value={enabled}
          options={[
            ['true', t('on')],
            ['false', t('off')],
          ]}
        />
        <p class="effect">{t(enabled.value === 'true' ? 'onEffect' : 'offEffect')}</p>
      </>
    ),
    run: async () => {
      const params = { webhookId, ...paramsOf(form), enabled: enabled.value === 'true' };
      return shownOnce(await call<Secret>('change_webhook', params));
    },
  };
}

function askRotate({ webhookId, url }: Webhook, after: () => void): void {
  question.value = {
    title: `${t('rotate')}: ${url}`,
    word: t('rotate'),
    danger: true,
    after,
    body: () => <p class="effect">{t('rotateEffect')}</p>,
    run: async () => shownOnce(await call<Secret>('change_webhook', { webhookId, rotate: true })),
  };
}

function askRemove({ webhookId, url }: Webhook, after: () => void): void {
  question.value = {
    title: `${t('remove')}: ${url}`,
    word: t('remove'),
    danger: true,
    after,
    body: () => <p class="effect">{t('removeEffect', url)}</p>,
    run: async () => {
      await call('remove_webhook', { webhookId });
      return t('removed');
    },
  };
}

function Measures({ webhook, refresh }: { webhook: Webhook; refresh: () => void }) {
  const one = (name: 'change' | 'rotate' | 'remove', ask: typeof askChange) => (
    <button
      type="button"
      class={name === 'remove' ? 'small danger' : 'small'}
      data-test={name}
      aria-label={`${t(name)}: ${webhook.url}`}
      onClick={() => ask(webhook, refresh)}
    >
      {t(name)}
    </button>
  );
  return (
    <span class="actions">
      <a href={href('deliveries', webhook.webhookId)} aria-label={`${t('deliveries')}: ${webhook.url}`}>
        {t('deliveries')}
      </a>
      {one('change', askChange)}
      {one('rotate', askRotate)}
      {one('remove', askRemove)}
    </span>
  );
}

function State({ webhook: { enabled, lastStatus } }: { webhook: Webhook }) {
  if (enabled) return t('on');
  return lastStatus === GONE ? <span class="bad-text">{t('gone')}</span> : t('off');
}

function columns(refresh: () => void): readonly Column<Webhook>[] {
  return [
    {
      head: t('url'),
      cell: ({ url, description }) => (
        <>
          <UserText text={url} />
          <small class="soft">
            <UserText text={description} />
          </small>
        </>
      ),
    },
    { head: t('events'), cell: ({ events }) => eventsText(events) },
    { head: t('state'), cell: (webhook) => <State webhook={webhook} /> },
    { head: t('last'), number: true, cell: ({ lastStatus }) => lastStatus || '–' },
    {
      head: t('failing'),
      cell: ({ failingSinceUtc }) => (
        <span class={failingSinceUtc ? 'bad-text' : undefined}>
          <Time text={failingSinceUtc} />
        </span>
      ),
    },
    { head: t('action'), cell: (webhook) => <Measures webhook={webhook} refresh={refresh} /> },
  ];
}

export function Webhooks() {
  const list = useList<Webhook>('webhooks', {});
  return (
    <ListScreen
      title={t('title')}
      list={list}
      columns={columns(list.refresh)}
      keyOf={({ webhookId }) => webhookId}
      empty={t('none')}
    >
      <AddButton word={t('add')} ask={askAdd} after={list.refresh} />
    </ListScreen>
  );
}
