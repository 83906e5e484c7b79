/** Whether IM asks the service before messages: as a pill, and in words with what to check. */
import { now, utc } from '../../shared/format';
import { translator } from '../../shared/language';
import { Pill, Time, type Tone } from '../../shared/parts';
import type { ReviewSettings } from '../types';

const t = translator({
  off: ['Off', '未开启'],
  never: ['Nothing arrives', '未收到回调'],
  quiet: ['Quiet', '近期无消息'],
  ok: ['Receiving', '正常'],
  offText: ['Messages go out without review, and no chat is recorded.', '消息不经审核直接发出，也不记录聊天。'],
  neverText: [
    'IM has never asked about a message, so nothing is reviewed.',
    'IM 从未就消息发起回调，因此没有任何消息经过审核。',
  ],
  last: ['IM last asked about a message', 'IM 最近一次回调'],
  quietText: [
    'This is normal if no user writes. If messages appear in the app, check the callback.',
    '没有人发言时属于正常情况。如果客户端里有新消息，请检查回调配置。',
  ],
  check: ['What to check', '检查项'],
  ticked: [
    'Group.CallbackBeforeSendMsg is ticked in the IM console.',
    '已在 IM 控制台勾选 Group.CallbackBeforeSendMsg（发言前回调）。',
  ],
  url: ['The callback URL there ends with /base/v1/callbacks/im.', '控制台中的回调地址以 /base/v1/callbacks/im 结尾。'],
  wait: ['A new URL takes IM about two minutes.', '新地址约两分钟后生效。'],
  token: [
    'The token there is the value of IM_CALLBACK_TOKEN. A wrong token leaves callback_refused in the log.',
    '控制台中的鉴权 Token 与 IM_CALLBACK_TOKEN 一致。不一致时，日志中有 callback_refused。',
  ],
});

const HOUR_MS = 3_600_000;

type State = 'off' | 'never' | 'quiet' | 'ok';
const TONES: Readonly<Record<State, Tone>> = { off: 'quiet', never: 'bad', quiet: 'warn', ok: 'ok' };

function stateOf({ enabled, lastCallbackUtc }: ReviewSettings): State {
  if (!enabled) return 'off';
  if (lastCallbackUtc === '') return 'never';
  return now.value - utc(lastCallbackUtc) > HOUR_MS ? 'quiet' : 'ok';
}

export function CallbackPill({ settings }: { settings: ReviewSettings }) {
  const state = stateOf(settings);
  return (
    <Pill tone={TONES[state]} test="callback-state">
      {t(state)}
    </Pill>
  );
}

/** One sentence. */
export function CallbackSentence({ settings }: { settings: ReviewSettings }) {
  const state = stateOf(settings);
  if (state === 'off' || state === 'never') return <>{t(`${state}Text`)}</>;
  return (
    <>
      {t('last')}: <Time text={settings.lastCallbackUtc} />
      {state === 'quiet' && ` ${t('quietText')}`}
    </>
  );
}

/** What to check; nothing while IM asks, or while review is off. */
export function CallbackAdvice({ settings }: { settings: ReviewSettings }) {
  const state = stateOf(settings);
  if (state !== 'never' && state !== 'quiet') return null;
  return (
    <div class="notice warn advice" data-test="callback-advice">
      <div>
        <p>{t(`${state}Text`)}</p>
        <p class="label">{t('check')}</p>
        <ul>
          <li>{t('ticked')}</li>
          <li>
            {t('url')} {t('wait')}
          </li>
          <li>{t('token')}</li>
        </ul>
      </div>
    </div>
  );
}
