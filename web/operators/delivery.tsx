/** One delivery: the event as it is sent, and each attempt with its headers and the response. */
import { number } from '../shared/format';
import { translator } from '../shared/language';
import { CopyButton, CopyId, Empty, ExactTime, Notice, Pill, Skeleton, Time } from '../shared/parts';
import { DeliveryState, replay } from './deliveries';
import { useDetail, useEvery } from './list';
import { PanelFrame, Part } from './screen';
import { Refresh } from './table';
import type { DeliveryDetail } from './types';

const t = translator({
  delivery: ['Delivery {1}', '推送记录 {1}'],
  eventId: ['Event ID', '事件 ID'],
  at: ['Created', '创建时间'],
  next: ['Next attempt', '下次重试'],
  waits: ['Waits for', '等待'],
  waitsFor: ['an earlier event of the same room ({1})', '同一直播间较早的事件（{1}）'],
  payload: ['Payload', '推送内容'],
  attempts: ['Attempts', '推送记录'],
  attempt: ['Attempt {1}', '第 {1} 次'],
  noResponse: ['no response', '无响应'],
  took: ['{1} ms', '{1} 毫秒'],
  request: ['Request headers', '请求头'],
  response: ['Response', '响应'],
  none: ['No attempts yet.', '尚未推送'],
  replay: ['Send again', '重新推送'],
  copy: ['Copy payload', '复制推送内容'],
  loading: ['Loading …', '加载中…'],
});

function pretty(json: string): string {
  try {
    return JSON.stringify(JSON.parse(json), null, 2);
  } catch {
    return json;
  }
}

type Attempt = DeliveryDetail['attempts'][number];

function AttemptView({ attempt, index }: { attempt: Attempt; index: number }) {
  const { atUtc, status, ms, requestHeaders, responseHeaders, responseBody, fault } = attempt;
  const fine = status >= 200 && status < 300;
  return (
    <details class="attempt" open={index === 0} data-test="attempt">
      <summary>
        <b>{t('attempt', attempt.number)}</b>
        <Pill tone={fine ? 'ok' : 'bad'}>{status || t('noResponse')}</Pill>
        <span class="soft number">{t('took', number(ms))}</span>
        <ExactTime text={atUtc} />
      </summary>
      {fault && (
        <p class="bad-text" lang="en">
          {fault}
        </p>
      )}
      <h4>{t('request')}</h4>
      <pre>{requestHeaders}</pre>
      {status > 0 && (
        <>
          <h4>{t('response')}</h4>
          <pre>{`${responseHeaders}${responseBody ? `\n\n${responseBody}` : ''}`}</pre>
        </>
      )}
    </details>
  );
}

function Shown({ delivery, refresh }: { delivery: DeliveryDetail; refresh: () => void }) {
  const { deliveryId, event, eventId, atUtc, nextUtc, waitsFor, payload, attempts } = delivery;
  return (
    <>
      <div class="actions">
        <button
          type="button"
          class="small"
          data-test="replay"
          onClick={() => void replay({ deliveryId, event }, { isOff: false, refresh })}
        >
          {t('replay')}
        </button>
        <CopyButton text={() => payload} label={t('copy')} />
      </div>
      <dl class="fact-list">
        <dt>{t('eventId')}</dt>
        <dd>
          <CopyId id={eventId} />
        </dd>
        <dt>{t('at')}</dt>
        <dd>
          <ExactTime text={atUtc} />
        </dd>
        {nextUtc && (
          <>
            <dt>{t('next')}</dt>
            <dd>
              <Time text={nextUtc} />
            </dd>
          </>
        )}
        {waitsFor && (
          <>
            <dt>{t('waits')}</dt>
            <dd data-test="waits-for">{t('waitsFor', waitsFor)}</dd>
          </>
        )}
      </dl>
      <Part title={t('attempts')}>
        {attempts.length === 0 && <Empty title={t('none')} />}
        {attempts.map((attempt, index) => (
          <AttemptView key={attempt.number} attempt={attempt} index={index} />
        ))}
      </Part>
      <Part title={t('payload')}>
        <pre data-test="payload">{pretty(payload)}</pre>
      </Part>
    </>
  );
}

const PENDING_SECONDS = 3;

export function DeliveryPanel({ id }: { id: string }) {
  const { data, at, message, refresh } = useDetail<DeliveryDetail>('delivery', { deliveryId: id });
  useEvery(data?.state === 'pending' ? PENDING_SECONDS : 0, refresh);
  return (
    <PanelFrame
      title={data ? <code>{data.event}</code> : t('delivery', id)}
      state={data && <DeliveryState state={data.state} />}
      tools={<Refresh at={at} refresh={refresh} />}
    >
      <Notice message={message} />
      {data ? <Shown delivery={data} refresh={refresh} /> : !message && <Skeleton rows={6} word={t('loading')} />}
    </PanelFrame>
  );
}
