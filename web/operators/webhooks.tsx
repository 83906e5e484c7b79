/** Webhooks, their deliveries, and sending one again. */
import { signal, useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Field, Select, Time, UserText } from '../shared/parts';
import { call, toMessage } from './api';
import { outcome, question } from './dialog';
import { useList } from './list';
import { AddButton, ListScreen } from './list-screen';
import { href } from './route';
import type { Column } from './table';
import type { Delivery, Webhook } from './types';

const t = translator({
  title: ['Webhooks', 'Webhook'],
  url: ['Address', '地址'],
  events: ['Events', '事件'],
  eventsHint: ['Names with commas between; empty = all.', '用逗号分隔；留空表示全部。'],
  all: ['all', '全部'],
  description: ['Description', '说明'],
  state: ['State', '状态'],
  on: ['on', '启用'],
  off: ['off', '停用'],
  last: ['Last answer', '最近应答'],
  failing: ['Failing since', '开始失败'],
  failed: ['failed', '失败'],
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
  of: ['Deliveries of webhook {1}', 'Webhook {1} 的投递记录'],
  event: ['Event', '事件'],
  at: ['When', '时间'],
  attempts: ['Attempts', '次数'],
  next: ['Next try', '下次重试'],
  replay: ['Send again', '重新发送'],
  replayed: ['{1} is sent again.', '正在重新发送 {1}。'],
  none: ['No webhooks.', '没有 Webhook。'],
  pending: ['waiting', '等待中'],
  delivered: ['delivered', '已送达'],
});

type Secret = { secret?: string } | null;

const namesOf = (text: string) => text.split(/[\s,，]+/).filter((name) => name !== '');
const shownOnce = (data: Secret) => (data?.secret ? { secret: data.secret, label: t('secret') } : t('saved'));

function askAdd(after: () => void): void {
  const url = signal('');
  const events = signal('');
  const description = signal('');
  question.value = {
    title: t('add'),
    word: t('add'),
    after,
    body: () => (
      <>
        <Field label={t('url')} name="url" type="url" value={url} required />
        <Field label={t('events')} name="events" value={events} hint={t('eventsHint')} />
        <Field label={t('description')} name="description" value={description} />
        <p class="effect">{t('addEffect')}</p>
      </>
    ),
    run: async () => {
      const names = namesOf(events.value);
      const params = { url: url.value, description: description.value, ...(names.length > 0 && { events: names }) };
      return shownOnce(await call<Secret>('add_webhook', params));
    },
  };
}

function askChange(webhook: Webhook, after: () => void): void {
  const { webhookId } = webhook;
  const url = signal(webhook.url);
  const events = signal(webhook.events.join(', '));
  const enabled = signal<'true' | 'false'>(webhook.enabled ? 'true' : 'false');
  question.value = {
    title: `${t('change')}: ${webhook.url}`,
    word: t('save'),
    after,
    body: () => (
      <>
        <Field label={t('url')} name="url" type="url" value={url} required />
        <Field label={t('events')} name="events" value={events} hint={t('eventsHint')} />
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
      const names = namesOf(events.value);
      const params = { webhookId, url: url.value, enabled: enabled.value === 'true', events: names };
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
      <a href={href('deliveries', webhook.webhookId)}>{t('deliveries')}</a>
      {one('change', askChange)}
      {one('rotate', askRotate)}
      {one('remove', askRemove)}
    </span>
  );
}

function columns(refresh: () => void): readonly Column<Webhook>[] {
  return [
    {
      head: t('url'),
      cell: ({ url, description }) => <UserText text={description ? `${url} (${description})` : url} />,
    },
    { head: t('events'), cell: ({ events }) => (events.length > 0 ? events.join(', ') : t('all')) },
    { head: t('state'), cell: ({ enabled }) => t(enabled ? 'on' : 'off') },
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

async function replay({ deliveryId, event }: Delivery, after: () => void): Promise<void> {
  try {
    await call('replay_delivery', { deliveryId });
    outcome.value = { good: true, text: () => t('replayed', event) };
    after();
  } catch (error) {
    outcome.value = toMessage(error);
  }
}

const STATES = ['pending', 'delivered', 'failed'] as const;

const stateText = (state: string) => {
  const known = STATES.find((one) => one === state);
  return known ? t(known) : state;
};

function deliveryColumns(refresh: () => void): readonly Column<Delivery>[] {
  return [
    { head: t('event'), cell: ({ event }) => <code>{event}</code> },
    { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
    { head: t('state'), cell: ({ state }) => stateText(state) },
    { head: t('attempts'), number: true, cell: ({ attempts }) => attempts },
    { head: t('last'), number: true, cell: ({ lastStatus }) => lastStatus || '–' },
    { head: t('next'), cell: ({ nextUtc }) => <Time text={nextUtc} /> },
    {
      head: t('action'),
      cell: (delivery) => (
        <button
          type="button"
          class="small"
          data-test="replay"
          aria-label={`${t('replay')}: ${delivery.event} ${delivery.deliveryId}`}
          onClick={() => void replay(delivery, refresh)}
        >
          {t('replay')}
        </button>
      ),
    },
  ];
}

export function Deliveries({ id }: { id: string }) {
  const state = useSignal<'' | (typeof STATES)[number]>('');
  const list = useList<Delivery>('deliveries', { webhookId: id, state: state.value });
  return (
    <ListScreen
      title={t('of', id)}
      label={t('deliveries')}
      list={list}
      columns={deliveryColumns(list.refresh)}
      keyOf={({ deliveryId }) => deliveryId}
    >
      <search class="filters">
        <Select
          label={t('state')}
          name="state"
          value={state}
          options={[['', t('all')], ...STATES.map((one) => [one, t(one)] as const)]}
        />
      </search>
    </ListScreen>
  );
}
