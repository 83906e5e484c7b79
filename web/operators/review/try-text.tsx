/** A test field for the words: the action for a text, and the hits with their places. */
import { useSignal } from '@preact/signals';
import { useEffect, useId } from 'preact/hooks';
import { translator } from '../../shared/language';
import { type Message, Notice, Pill, type Tone, UserText } from '../../shared/parts';
import { call, toMessage } from '../api';
import { Part } from '../screen';
import type { CheckedText } from '../types';
import { Marked } from './marked';
import { ActionPill } from './word-action';

const t = translator({
  title: ['Try a text', '试一试'],
  label: ['Text to check', '要检查的文本'],
  hint: ['Nothing is sent or stored.', '不会发送，也不会保存。'],
  pass: ['Goes out', '直接发出'],
  refuse: ['Refused', '拒绝发送'],
  silent: ['Only the sender sees it', '仅发送者可见'],
  mask: ['Goes out masked', '替换后发出'],
  hold: ['Waits for a verdict', '等待审核'],
  found: ['Words found', '命中的词'],
  none: ['No word was found.', '没有命中任何词'],
  goesOut: ['What others see', '他人看到的内容'],
});

const PAUSE_MS = 250;
const TONES: Readonly<Record<CheckedText['verdict'], Tone>> = {
  pass: 'ok',
  refuse: 'bad',
  silent: 'info',
  mask: 'violet',
  hold: 'warn',
};

function Result({ text, checked }: { text: string; checked: CheckedText }) {
  const words = [...new Map(checked.hits.map((hit) => [hit.wordId, hit])).values()];
  return (
    <dl class="fact-list">
      <dt>
        <Pill tone={TONES[checked.verdict]} test="verdict">
          {t(checked.verdict)}
        </Pill>
      </dt>
      <dd>
        <Marked text={text} places={checked.hits} test="checked" />
      </dd>
      <dt>{t('found')}</dt>
      <dd data-test="found">
        {words.length === 0 && <span class="soft">{t('none')}</span>}
        {words.map((hit) => (
          <span key={hit.wordId} class="found-word">
            <UserText text={hit.text} /> <ActionPill action={hit.action} />
          </span>
        ))}
      </dd>
      {checked.verdict === 'mask' && (
        <>
          <dt>{t('goesOut')}</dt>
          <dd>
            <bdi class="user-text written" data-test="goes-out">
              {checked.text}
            </bdi>
          </dd>
        </>
      )}
    </dl>
  );
}

/** `list` changes when the list of words was read again. */
export function TryText({ list }: { list: number }) {
  const id = useId();
  const text = useSignal('');
  const result = useSignal<{ text: string; checked: CheckedText } | undefined>(undefined);
  const message = useSignal<Message | undefined>(undefined);
  const wanted = text.value;
  useEffect(() => {
    let over = false;
    const check = async () => {
      try {
        const checked = await call<CheckedText>('check_text', { text: wanted });
        if (over) return;
        result.value = { text: wanted, checked };
        message.value = undefined;
      } catch (error) {
        if (!over) message.value = toMessage(error);
      }
    };
    if (wanted.trim() === '') {
      result.value = undefined;
      message.value = undefined;
      return undefined;
    }
    const timer = setTimeout(() => void check(), PAUSE_MS);
    return () => {
      over = true;
      clearTimeout(timer);
    };
  }, [wanted, list]);
  return (
    <Part title={t('title')}>
      <div class="field try">
        <label for={id}>{t('label')}</label>
        <textarea
          id={id}
          name="try"
          data-test="try"
          rows={2}
          maxLength={2_000}
          dir="auto"
          spellcheck={false}
          aria-describedby={`${id}-hint`}
          value={text}
          onInput={(event) => {
            text.value = event.currentTarget.value;
          }}
        />
        <p class="hint" id={`${id}-hint`}>
          {t('hint')}
        </p>
      </div>
      <Notice message={message.value} />
      <div aria-live="polite">{result.value && <Result {...result.value} />}</div>
    </Part>
  );
}
