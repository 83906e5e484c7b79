/** The list of requests and answers. Secrets are hidden until their owner asks to see them. */
import { useSignal } from '@preact/signals';
import { curlOf, hasSecrets, maskSecrets } from '../shared/mask';
import { CopyButton, Empty, ShowButton } from '../shared/parts';
import { publicUrl } from '../shared/service';
import { calls, clearCalls, type Entry } from './calls';
import { t } from './texts';

function codeOf({ answer, error }: Entry['record']): { text: string; good: boolean } {
  const code: unknown = Object(answer).errorCode ?? error?.code;
  return { text: String(code ?? '?'), good: code === 0 };
}

function Details({ record }: { record: Entry['record'] }) {
  const shown = useSignal(false);
  const secrets = hasSecrets(record.body) || hasSecrets(record.answer);
  const visible = (value: unknown) => (shown.value ? value : maskSecrets(value));
  const url = publicUrl(record.url);
  return (
    <div class="call-body">
      <h3>{t('request')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>{curlOf({ url, body: visible(record.body) })}</pre>
      <h3>{t('answer')}</h3>
      {/* biome-ignore lint/a11y/noNoninteractiveTabindex: what scrolls must be reached by keyboard */}
      <pre tabIndex={0}>
        {record.answer === undefined ? t('noAnswer') : JSON.stringify(visible(record.answer), null, 2)}
      </pre>
      <div class="actions">
        <CopyButton text={() => curlOf({ url, body: record.body })} label={t('copyCurl')} test="copy-curl" />
        {secrets && <ShowButton shown={shown} what={t('secrets')} test="reveal" />}
      </div>
      {secrets && !shown.value && <p class="hint">{t('curlHint')}</p>}
    </div>
  );
}

function Call({ entry: { who, background, record } }: { entry: Entry }) {
  const open = useSignal(false);
  const { text, good } = codeOf(record);
  const path = new URL(record.url).pathname.replace(/^.*\/base\/v1\//, '');
  return (
    <details
      class={background ? 'call background' : 'call'}
      data-call={record.name}
      onToggle={(event) => {
        open.value = event.currentTarget.open;
      }}
    >
      <summary>
        <span class={good ? 'code good' : 'code bad'}>{text}</span>
        <span class="call-path">{path}</span>
        <span class="call-who">{t(who)}</span>
        <span class="call-ms number">{Math.round(record.ms)} ms</span>
      </summary>
      {open.value && <Details record={record} />}
    </details>
  );
}

export function CallsPanel() {
  const withBackground = useSignal(false);
  const shown = calls.value.filter(({ background }) => withBackground.value || !background);
  const hidden = calls.value.filter(({ background }) => background).length;
  return (
    <section class="panel" id="calls" aria-labelledby="calls-head">
      <div class="panel-head">
        <h2 id="calls-head">{t('calls')}</h2>
        <label class="check">
          <input
            type="checkbox"
            id="with-background"
            checked={withBackground}
            onChange={(event) => {
              withBackground.value = event.currentTarget.checked;
            }}
          />
          {t('background', hidden)}
        </label>
        <button type="button" class="plain" onClick={clearCalls}>
          {t('clear')}
        </button>
      </div>
      {shown.length === 0 && <Empty title={t('noCallsYet')} hint={t('noCalls')} />}
      <div class="call-list">
        {shown.map((entry) => (
          <Call key={entry.id} entry={entry} />
        ))}
      </div>
    </section>
  );
}
