/** What one webhook was sent, what became of it, and sending it again. */
import { useSignal } from '@preact/signals';
import { translator } from '../shared/language';
import { Select, Time, UserText } from '../shared/parts';
import { call, toMessage } from './api';
import { outcome } from './dialog';
import { useDetail, useEvery, useList } from './list';
import { ListScreen } from './list-screen';
import type { Column } from './table';
import type { Delivery, Page, Webhook } from './types';

const t = translator({
  deliveries: ['Deliveries', '投递记录'],
  number: ['Webhook {1}', 'Webhook {1}'],
  event: ['Event', '事件'],
  at: ['When', '时间'],
  state: ['State', '状态'],
  all: ['all', '全部'],
  pending: ['waiting', '等待中'],
  delivered: ['delivered', '已送达'],
  failed: ['failed', '失败'],
  attempts: ['Attempts', '次数'],
  last: ['Last answer', '最近应答'],
  next: ['Next try', '下次重试'],
  action: ['Measures', '操作'],
  replay: ['Send again', '重新发送'],
  replayed: ['{1} is sent again.', '正在重新发送 {1}。'],
  replayedLater: ['{1} is sent again when the webhook is on.', '启用 Webhook 后重新发送 {1}。'],
  off: ['This webhook is off: nothing is sent until it is switched on.', '该 Webhook 已停用，启用之前不会发送。'],
});

/** What is on its way is looked at again after so many seconds. */
const PENDING_SECONDS = 3;
const STATES = ['pending', 'delivered', 'failed'] as const satisfies readonly Delivery['state'][];

interface Sent {
  isOff: boolean;
  refresh: () => void;
}

async function replay({ deliveryId, event }: Delivery, { isOff, refresh }: Sent): Promise<void> {
  try {
    await call('replay_delivery', { deliveryId });
    outcome.value = { good: true, text: () => t(isOff ? 'replayedLater' : 'replayed', event) };
    refresh();
  } catch (error) {
    outcome.value = toMessage(error);
  }
}

function columns(sent: Sent): readonly Column<Delivery>[] {
  return [
    {
      head: t('event'),
      // The receiver knows it by its id, which comes in the header webhook-id.
      cell: ({ event, eventId }) => (
        <>
          <code>{event}</code>
          <small class="soft">
            <UserText text={eventId} />
          </small>
        </>
      ),
    },
    { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
    {
      head: t('state'),
      cell: ({ state }) => <span class={state === 'failed' ? 'bad-text' : undefined}>{t(state)}</span>,
    },
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
          onClick={() => void replay(delivery, sent)}
        >
          {t('replay')}
        </button>
      ),
    },
  ];
}

export function Deliveries({ id }: { id: string }) {
  const state = useSignal<'' | Delivery['state']>('');
  const { data, refresh: refreshWebhook } = useDetail<Page<Webhook>>('webhooks', { limit: 200 });
  const list = useList<Delivery>('deliveries', { webhookId: id, state: state.value });
  const webhook = data?.items.find(({ webhookId }) => webhookId === id);
  const isOff = webhook?.enabled === false;
  const refresh = () => {
    list.refresh();
    refreshWebhook();
  };
  const waiting = list.items?.some((delivery) => delivery.state === 'pending') ?? false;
  useEvery(waiting ? PENDING_SECONDS : 0, refresh);
  return (
    <ListScreen
      title={`${t('deliveries')}: ${webhook?.url ?? t('number', id)}`}
      label={t('deliveries')}
      list={{ ...list, refresh }}
      columns={columns({ isOff, refresh })}
      keyOf={({ deliveryId }) => deliveryId}
    >
      {isOff && <p class="notice warn">{t('off')}</p>}
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
