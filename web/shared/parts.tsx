/** What all pages are put together from: fields, buttons that copy, secrets, notices, ages. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { copyText } from './clipboard';
import { clockTime, duration, now, utc } from './format';
import { say, type Text } from './language';

const TEXTS = {
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  show: ['Show', '显示'],
  hide: ['Hide', '隐藏'],
  more: ['What to do', '如何处理'],
} as const satisfies Record<string, Text>;

interface FieldProps {
  label: string;
  name: string;
  value: Signal<string>;
  type?: 'text' | 'url' | 'search' | 'date' | 'password' | 'number';
  hint?: string | undefined;
  required?: boolean;
  autofocus?: boolean;
  placeholder?: string;
  /** Beside the input, for example a button. */
  children?: ComponentChildren;
}

export function Field({ label, name, value, type = 'text', hint, children, ...more }: FieldProps) {
  const id = useId();
  // The types of preact tell inputs apart for the sake of their roles, of which none is set here.
  const kind = { type } as { type: 'text' };
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <div class="field-row">
        <input
          {...kind}
          id={id}
          name={name}
          value={value}
          data-test={name}
          autocomplete="off"
          spellcheck={false}
          dir={type === 'text' || type === 'search' ? 'auto' : undefined}
          aria-describedby={hint ? `${id}-hint` : undefined}
          onInput={(event) => {
            value.value = event.currentTarget.value;
          }}
          {...more}
        />
        {children}
      </div>
      {hint && (
        <p class="hint" id={`${id}-hint`}>
          {hint}
        </p>
      )}
    </div>
  );
}

interface SelectProps<V extends string> {
  label: string;
  name: string;
  value: Signal<V>;
  options: readonly (readonly [value: V, text: string])[];
}

export function Select<V extends string>({ label, name, value, options }: SelectProps<V>) {
  const id = useId();
  return (
    <div class="field">
      <label for={id}>{label}</label>
      <select
        id={id}
        name={name}
        data-test={name}
        value={value.value}
        onChange={(event) => {
          const chosen = options.find(([one]) => one === event.currentTarget.value);
          if (chosen) value.value = chosen[0];
        }}
      >
        {options.map(([one, text]) => (
          <option key={one} value={one} selected={one === value.value}>
            {text}
          </option>
        ))}
      </select>
    </div>
  );
}

interface CheckProps {
  name: string;
  label: ComponentChildren;
  checked: boolean;
  change: (checked: boolean) => void;
  required?: boolean;
}

export function Check({ name, label, checked, change, required }: CheckProps) {
  return (
    <label class="check">
      <input
        type="checkbox"
        name={name}
        data-test={name}
        checked={checked}
        required={required}
        onChange={(event) => change(event.currentTarget.checked)}
      />
      {label}
    </label>
  );
}

export function CopyButton({ text, label, test }: { text: () => string; label?: string; test?: string }) {
  const copied = useSignal(false);
  const copy = async () => {
    await copyText(text());
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 1_500);
  };
  return (
    <button type="button" data-test={test} onClick={() => void copy()}>
      <span aria-live="polite">{copied.value ? say(TEXTS.copied) : (label ?? say(TEXTS.copy))}</span>
    </button>
  );
}

export function ShowButton({ shown, what, test }: { shown: Signal<boolean>; what: string; test?: string | undefined }) {
  const word = say(shown.value ? TEXTS.hide : TEXTS.show);
  return (
    <button
      type="button"
      data-test={test}
      aria-label={`${word}: ${what}`}
      onClick={() => {
        shown.value = !shown.value;
      }}
    >
      {word}
    </button>
  );
}

export interface Message {
  good: boolean;
  /** In the language that is chosen when it is read. */
  text: () => string;
  /** The service's own words, where it said something. */
  detail?: string;
  /** Address of where it says what can be done about it. */
  more?: string;
}

/** Good news goes by itself; what went wrong stays until the next try. Nothing is drawn where there is nothing to say. */
export function Notice({ message }: { message: Message | undefined }) {
  const [over, setOver] = useState<Message | undefined>(undefined);
  useEffect(() => {
    if (!message?.good) return undefined;
    const timer = setTimeout(() => setOver(message), 4_000);
    return () => clearTimeout(timer);
  }, [message]);
  const said = message === over ? undefined : message;
  // The regions are there before anything is said in them, as screen readers need it.
  return (
    <>
      <div role="status">{said?.good && <p class="notice good">{said.text()}</p>}</div>
      <div role="alert">
        {said && !said.good && (
          <div class="notice bad">
            <p>{said.text()}</p>
            {said.detail && (
              <code lang="en" class="detail">
                {said.detail}
              </code>
            )}
            {said.more && <a href={said.more}>{say(TEXTS.more)}</a>}
          </div>
        )}
      </div>
    </>
  );
}

/** A text that a user wrote: in its own direction, never mixing with what stands around it. */
export function UserText({ text, class: name, test }: { text: string; class?: string; test?: string }) {
  return (
    <bdi class={name ? `user-text ${name}` : 'user-text'} data-test={test}>
      {text}
    </bdi>
  );
}

/** A time of the API as the reader's clock shows it. */
export function Time({ text }: { text: string }) {
  if (!text) return <>–</>;
  return (
    <time dateTime={`${text.replace(' ', 'T')}Z`} title={`${text} UTC`}>
      {clockTime(utc(text))}
    </time>
  );
}

export function Age({ since }: { since: string }) {
  return <span class="number">{duration(now.value - utc(since))}</span>;
}
