/** The deliveries of one webhook, their results, and sending one again. */
import { BroadcastsIcon } from '../shared/icons';
import { translator } from '../shared/language';
import { CopyId, Empty, Pill, Select, Time, type Tone } from '../shared/parts';
import { call, toMessage } from './api';
import { outcome } from './dialog';
import { useDetail, useEvery, useList } from './list';
import { ListScreen } from './list-screen';
import { useParam } from './params';
import { href, panelHref } from './route';
import { Filters } from './screen';
import type { Column } from './table';
import type { Delivery, Page, Webhook } from './types';

const t = translator({
  deliveries: ['Deliveries', '推送记录'],
  number: ['Webhook {1}', '事件推送 {1}'],
  event: ['Event', '事件'],
  id: ['Event ID', '事件 ID'],
  at: ['Time', '时间'],
  state: ['State', '状态'],
  all: ['All', '全部'],
  pending: ['Waiting', '等待中'],
  delivered: ['Delivered', '已送达'],
  failed: ['Failed', '失败'],
  attempts: ['Attempts', '次数'],
  last: ['Last status', '最近状态码'],
  next: ['Next attempt', '下次重试'],
  action: ['Actions', '操作'],
  replay: ['Send again', '重新推送'],
  replayed: ['{1} is being sent again.', '正在重新推送 {1}。'],
  replayedBehind: [
    'Queued. {1} is sent after an earlier event of the same room, which still fails: events of a room keep their order.',
    '已加入队列。同一直播间较早的事件仍在失败，{1} 会在它之后推送（同一直播间的事件按顺序推送）。',
  ],
  replayedLater: ['Queued. {1} is sent once the webhook is enabled.', '已加入队列，启用事件推送后发送 {1}。'],
  off: ['This webhook is off. Nothing is sent until it is enabled.', '该事件推送已停用，启用之前不会推送。'],
  back: ['All webhooks', '全部事件推送'],
  none: ['No deliveries.', '暂无推送记录'],
  noneHint: [
    'Deliveries appear here when an event happens. Send a test event to try.',
    '事件发生后会显示在这里，可先发送测试事件。',
  ],
});

/** Deliveries on their way are asked for again after this many seconds. */
const PENDING_SECONDS = 3;
const STATES = ['pending', 'delivered', 'failed'] as const satisfies readonly Delivery['state'][];
const TONES: Readonly<Record<Delivery['state'], Tone>> = { pending: 'info', delivered: 'ok', failed: 'bad' };

export function DeliveryState({ state }: { state: Delivery['state'] }) {
  return <Pill tone={TONES[state]}>{t(state)}</Pill>;
}

interface Sent {
  isOff: boolean;
  refresh: () => void;
}

export async function replay(
  { deliveryId, event }: Pick<Delivery, 'deliveryId' | 'event'>,
  { isOff, refresh }: Sent,
): Promise<void> {
  try {
    const { waitsFor } = await call<{ waitsFor: string }>('replay_delivery', { deliveryId });
    const name = isOff ? 'replayedLater' : waitsFor ? 'replayedBehind' : 'replayed';
    outcome.value = { good: true, text: () => t(name, event), ...(name !== 'replayed' && { forMs: 10_000 }) };
    refresh();
  } catch (error) {
    outcome.value = toMessage(error);
  }
}

function columns(sent: Sent): readonly Column<Delivery>[] {
  return [
    {
      head: t('event'),
      grow: true,
      cell: ({ event, deliveryId }) => (
        <a data-open="" href={panelHref('delivery', deliveryId)}>
          <code>{event}</code>
        </a>
      ),
    },
    // The receiver knows it by this id, which comes in the header webhook-id.
    { head: t('id'), wide: true, cell: ({ eventId }) => <CopyId id={eventId} /> },
    { head: t('state'), cell: ({ state }) => <DeliveryState state={state} /> },
    { head: t('at'), cell: ({ atUtc }) => <Time text={atUtc} /> },
    { head: t('attempts'), number: true, wide: true, cell: ({ attempts }) => attempts },
    { head: t('last'), number: true, wide: true, cell: ({ lastStatus }) => lastStatus || '–' },
    { head: t('next'), wide: true, cell: ({ nextUtc }) => <Time text={nextUtc} /> },
    {
      head: t('action'),
      wide: true,
      cell: (delivery) => (
        <button
          type="button"
          class="quiet small"
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
  const state = useParam<'' | Delivery['state']>('state', '', ['', ...STATES]);
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
      empty={state.value ? undefined : <Empty icon={<BroadcastsIcon />} title={t('none')} hint={t('noneHint')} />}
      tools={
        <a class="button quiet" href={href('webhooks')}>
          {t('back')}
        </a>
      }
    >
      {isOff && <p class="notice warn">{t('off')}</p>}
      <Filters used={Number(state.value !== '')}>
        <Select
          label={t('state')}
          name="state"
          value={state}
          options={[['', t('all')], ...STATES.map((one) => [one, t(one)] as const)]}
        />
      </Filters>
    </ListScreen>
  );
}
