/** Webhooks: the servers that receive events. */
import { type Signal, signal } from '@preact/signals';
import { WebhooksIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { Empty, Field, Pill, Select, Time, UserText } from '../shared/parts';
import { call, toMessage } from './api';
import { outcome, question } from './dialog';
import { useList } from './list';
import { AddButton, ListScreen } from './list-screen';
import { href } from './route';
import type { Column } from './table';
import type { Webhook } from './types';
import { ALL_EVENTS, type Chosen, EventChoice, eventsParam, eventsText } from './webhook-events';

const t = translator({
  title: ['Webhooks', '事件推送'],
  url: ['Address', '地址'],
  events: ['Events', '事件'],
  description: ['Description', '说明'],
  state: ['State', '状态'],
  on: ['On', '启用'],
  off: ['Off', '停用'],
  failing: ['Failing', '失败'],
  gone: ['Disabled: the receiver returned 410 Gone', '已停用：接收地址返回 410'],
  last: ['Last status', '最近状态码'],
  failingSince: ['Failing since', '首次失败时间'],
  action: ['Actions', '操作'],
  add: ['Add webhook', '添加事件推送'],
  addEffect: [
    'Events are sent there from now on. The secret that signs them is shown once.',
    '从现在起向该地址推送事件。签名密钥只显示一次。',
  ],
  privateHint: [
    'Addresses inside your own network need WEBHOOK_ALLOW_PRIVATE=true (always allowed in demo mode).',
    '内网地址需要设置 WEBHOOK_ALLOW_PRIVATE=true（演示模式下默认允许）。',
  ],
  change: ['Change', '修改'],
  save: ['Save', '保存'],
  saved: ['The webhook is changed.', '事件推送已修改。'],
  offEffect: ['Nothing is sent there until it is enabled again.', '重新启用之前不会推送。'],
  onEffect: ['Events are sent there.', '事件会推送到该地址。'],
  rotate: ['New secret', '更换密钥'],
  rotateEffect: ['The old secret stops signing now. The new one is shown once.', '旧密钥立即停用，新密钥只显示一次。'],
  remove: ['Remove', '删除'],
  removeEffect: [
    'Stops deliveries to {1} and discards pending ones.',
    '不再向 {1} 推送任何事件，等待中的推送也会丢弃。',
  ],
  removed: ['The webhook is removed.', '事件推送已删除。'],
  secret: ['Secret', '签名密钥'],
  deliveries: ['Deliveries', '推送记录'],
  test: ['Send test event', '发送测试事件'],
  tested: [
    'A test event is queued for {1}. Its delivery shows what was received.',
    '测试事件已加入队列：{1}。推送记录会显示接收结果。',
  ],
  testedOff: ['A test event is queued. It is sent once the webhook is enabled.', '测试事件已加入队列，启用后推送。'],
  none: ['No webhooks.', '暂无事件推送'],
  noneHint: ['Add the address of your server to receive signed events.', '添加服务器地址后，可接收带签名的事件。'],
});

type Secret = { secret?: string } | null;

const GONE = 410;

const shownOnce = (data: Secret) => (data?.secret ? { secret: data.secret, label: t('secret') } : t('saved'));

/** The fields of the form. */
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
      <Field label={t('url')} name="url" type="url" value={form.url} hint={t('privateHint')} required />
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

async function sendTest({ webhookId, url, enabled }: Webhook): Promise<void> {
  try {
    await call('test_webhook', { webhookId });
    location.hash = href('deliveries', webhookId);
    outcome.value = { good: true, text: () => t(enabled ? 'tested' : 'testedOff', url) };
  } catch (error) {
    outcome.value = toMessage(error);
  }
}

function Actions({ webhook, refresh }: { webhook: Webhook; refresh: () => void }) {
  const one = (name: 'change' | 'rotate' | 'remove', ask: typeof askChange) => (
    <button
      type="button"
      class={name === 'remove' ? 'quiet small danger' : 'quiet small'}
      data-test={name}
      aria-label={`${t(name)}: ${webhook.url}`}
      onClick={() => ask(webhook, refresh)}
    >
      {t(name)}
    </button>
  );
  return (
    <span class="actions">
      <button
        type="button"
        class="quiet small"
        data-test="test"
        aria-label={`${t('test')}: ${webhook.url}`}
        onClick={() => void sendTest(webhook)}
      >
        {t('test')}
      </button>
      {one('change', askChange)}
      {one('rotate', askRotate)}
      {one('remove', askRemove)}
    </span>
  );
}

function State({ webhook: { enabled, lastStatus, failingSinceUtc } }: { webhook: Webhook }) {
  if (enabled) return <Pill tone={failingSinceUtc ? 'bad' : 'ok'}>{t(failingSinceUtc ? 'failing' : 'on')}</Pill>;
  if (lastStatus !== GONE) return <Pill tone="quiet">{t('off')}</Pill>;
  return (
    <>
      <Pill tone="bad">{t('off')}</Pill> <span class="soft">{t('gone')}</span>
    </>
  );
}

function columns(refresh: () => void): readonly Column<Webhook>[] {
  return [
    {
      head: t('url'),
      grow: true,
      cell: ({ url, description, webhookId }) => (
        <>
          <a data-open="" href={href('deliveries', webhookId)} title={`${t('deliveries')}: ${url}`}>
            <UserText text={url} />
          </a>{' '}
          <UserText text={description} class="soft" />
        </>
      ),
    },
    { head: t('events'), cell: ({ events }) => <span title={events.join(', ')}>{eventsText(events)}</span> },
    { head: t('state'), cell: (webhook) => <State webhook={webhook} /> },
    { head: t('last'), number: true, cell: ({ lastStatus }) => lastStatus || '–' },
    { head: t('failingSince'), cell: ({ failingSinceUtc }) => <Time text={failingSinceUtc} /> },
    { head: t('action'), cell: (webhook) => <Actions webhook={webhook} refresh={refresh} /> },
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
      bySelf
      empty={<Empty icon={<WebhooksIcon />} title={t('none')} hint={t('noneHint')} />}
      tools={<AddButton word={t('add')} ask={askAdd} after={list.refresh} />}
    />
  );
}
