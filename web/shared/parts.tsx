/** Parts of all pages: fields, copy buttons, secrets, notices, ages. */
import { type Signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useState } from 'preact/hooks';
import { copyText } from './clipboard';
import { ago, clockTime, duration, now, utc, zone } from './format';
import { EmptyIcon, GoodIcon, ProblemIcon } from './icons';
import { chinese, say, type Text } from './language';

const TEXTS = {
  copy: ['Copy', '复制'],
  copied: ['Copied', '已复制'],
  show: ['Show', '显示'],
  hide: ['Hide', '隐藏'],
  more: ['What to do', '如何处理'],
  copyId: ['Copy {1}', '复制 {1}'],
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
  /** An element next to the input, for example a button. */
  children?: ComponentChildren;
}

export function Field({ label, name, value, type = 'text', hint, children, ...more }: FieldProps) {
  const id = useId();
  // The types of preact distinguish inputs by their roles; none is set here.
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
  /** The text in the language chosen at the time of reading. */
  text: () => string;
  /** The service's text, if it sent one; a plain text is English. */
  detail?: string | { en: string; zh: string };
  /** Address of the remedy. */
  more?: string;
  /** A button, for example Undo or Retry. */
  after?: ComponentChildren;
  /** How long good news stays; 4 s by default. */
  forMs?: number;
}

function Detail({ text }: { text: NonNullable<Message['detail']> }) {
  const { en, zh } = typeof text === 'string' ? { en: text, zh: text } : text;
  const shown = chinese.value ? zh : en;
  return (
    <code lang={shown === en ? 'en' : 'zh'} class="detail">
      {shown}
    </code>
  );
}

/** A success disappears after some time; an error stays until the next try. Draws nothing without a message. */
export function Notice({ message }: { message: Message | undefined }) {
  const [over, setOver] = useState<Message | undefined>(undefined);
  useEffect(() => {
    if (!message?.good) return undefined;
    const timer = setTimeout(() => setOver(message), message.forMs ?? 4_000);
    return () => clearTimeout(timer);
  }, [message]);
  const said = message === over ? undefined : message;
  // The regions are there before anything is said in them, as screen readers need it.
  return (
    <>
      <div role="status">
        {said?.good && (
          <div class="notice good">
            <GoodIcon />
            <div>
              <p>{said.text()}</p>
              {said.after}
            </div>
          </div>
        )}
      </div>
      <div role="alert">
        {said && !said.good && (
          <div class="notice bad">
            <ProblemIcon />
            <div>
              <p>{said.text()}</p>
              {said.detail && <Detail text={said.detail} />}
              {said.more && <a href={said.more}>{say(TEXTS.more)}</a>}
              {said.after}
            </div>
          </div>
        )}
      </div>
    </>
  );
}

/** A text by a user: in its own direction, isolated from the surrounding text. */
export function UserText({ text, class: name, test }: { text: string; class?: string; test?: string }) {
  return (
    <bdi class={name ? `user-text ${name}` : 'user-text'} data-test={test}>
      {text}
    </bdi>
  );
}

/** A time of the API: how long ago, and exactly under the pointer, with the zone by its name. */
export function Time({ text }: { text: string }) {
  if (!text) return <>–</>;
  const at = utc(text);
  return (
    <time class="number" dateTime={`${text.replace(' ', 'T')}Z`} title={`${clockTime(at)} (${zone(at)})`}>
      {ago(at)}
    </time>
  );
}

/** The exact time, if it matters more than the age. */
export function ExactTime({ text }: { text: string }) {
  if (!text) return <>–</>;
  const at = utc(text);
  return (
    <time class="number" dateTime={`${text.replace(' ', 'T')}Z`} title={`${ago(at)} (${zone(at)})`}>
      {clockTime(at)}
    </time>
  );
}

export function Age({ since }: { since: string }) {
  return (
    <span class="number" title={`${clockTime(utc(since))} (${zone()})`}>
      {duration(now.value - utc(since))}
    </span>
  );
}

export type Tone = 'ok' | 'warn' | 'bad' | 'info' | 'violet' | 'quiet';

/** A state: the only thing that has a colour. */
export function Pill({ tone, children, test }: { tone: Tone; children: ComponentChildren; test?: string }) {
  return (
    <span class={`pill ${tone}`} data-test={test}>
      {children}
    </span>
  );
}

/** An id in grey, copied by a click. */
export function CopyId({ id }: { id: string }) {
  const copied = useSignal(false);
  const copy = async (event: MouseEvent) => {
    event.stopPropagation();
    await copyText(id);
    copied.value = true;
    setTimeout(() => {
      copied.value = false;
    }, 1_200);
  };
  const word = say(TEXTS.copyId).replace('{1}', id);
  return (
    <button type="button" class="copy-id" title={word} aria-label={word} onClick={(event) => void copy(event)}>
      {copied.value ? say(TEXTS.copied) : id}
    </button>
  );
}

interface EmptyProps {
  title: string;
  /** The next step. */
  hint?: string | undefined;
  icon?: ComponentChildren;
  /** Buttons or links. */
  children?: ComponentChildren;
}

/** Replaces an empty list: the reason, and the next step. */
export function Empty({ title, hint, icon = <EmptyIcon />, children }: EmptyProps) {
  return (
    <div class="empty">
      {icon}
      <b>{title}</b>
      {hint && <span>{hint}</span>}
      {children && <div class="actions">{children}</div>}
    </div>
  );
}

/** While a list is loaded for the first time: its shape. */
export function Skeleton({ rows, word }: { rows: number; word: string }) {
  return (
    <div class="skeleton" role="status">
      <span class="offscreen">{word}</span>
      {Array.from({ length: rows }, (_, index) => (
        <i key={index} />
      ))}
    </div>
  );
}
