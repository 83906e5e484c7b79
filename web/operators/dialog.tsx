/** A question that is asked before something is done. The browser keeps the keyboard inside, and Escape means no. */
import { signal, useSignal } from '@preact/signals';
import type { ComponentChildren } from 'preact';
import { useEffect, useId, useRef } from 'preact/hooks';
import { translator } from '../shared/language';
import { CopyButton, type Message, Notice } from '../shared/parts';
import { toMessage } from './api';

const t = translator({
  cancel: ['Cancel', '取消'],
  close: ['Close', '关闭'],
  once: ['Copy it now. It will not be shown again.', '只显示这一次，请立即复制保存。'],
});

/** A message, with a button for some seconds. */
export interface Done {
  text: string;
  after: ComponentChildren;
  forMs: number;
}

export interface Question {
  title: string;
  /** The fields, and the effects. */
  body: () => ComponentChildren;
  /** The button that does it. */
  word: string;
  danger?: boolean;
  /** Returns the message after it, or a secret that is shown once. */
  run: () => Promise<string | Done | { secret: string; label: string }>;
  /** Runs after the action. */
  after?: () => void;
}

export const question = signal<Question | undefined>(undefined);
/** The last action, shown at the foot of the window. */
export const outcome = signal<Message | undefined>(undefined);

function Secret({ label, secret }: { label: string; secret: string }) {
  const id = useId();
  const input = useRef<HTMLInputElement>(null);
  // The pressed button is gone: the focus moves to the text to copy.
  useEffect(() => input.current?.select(), []);
  return (
    <div class="form">
      <div class="field">
        <label for={id}>{label}</label>
        <div class="field-row">
          <input ref={input} id={id} class="secret" readOnly value={secret} data-test="secret" />
          <CopyButton text={() => secret} />
        </div>
      </div>
      <p class="notice warn">{t('once')}</p>
      <div class="actions end">
        <button
          type="button"
          data-test="close"
          onClick={() => {
            question.value = undefined;
          }}
        >
          {t('close')}
        </button>
      </div>
    </div>
  );
}

function Form({ asked }: { asked: Question }) {
  const message = useSignal<Message | undefined>(undefined);
  const busy = useSignal(false);
  const secret = useSignal<{ secret: string; label: string } | undefined>(undefined);
  const run = async () => {
    if (busy.peek()) return;
    busy.value = true;
    message.value = undefined;
    try {
      const done = await asked.run();
      if (typeof done !== 'string' && 'secret' in done) secret.value = done;
      else {
        outcome.value =
          typeof done === 'string' ? { good: true, text: () => done } : { ...done, good: true, text: () => done.text };
        if (question.peek() === asked) question.value = undefined;
      }
      asked.after?.();
    } catch (error) {
      message.value = toMessage(error);
    } finally {
      busy.value = false;
    }
  };
  if (secret.value) return <Secret {...secret.value} />;
  return (
    <form
      class="form"
      aria-busy={busy.value}
      onSubmit={(event) => {
        event.preventDefault();
        void run();
      }}
    >
      {asked.body()}
      <Notice message={message.value} />
      <div class="actions end">
        <button
          type="button"
          data-test="cancel"
          onClick={() => {
            question.value = undefined;
          }}
        >
          {t('cancel')}
        </button>
        <button type="submit" class={asked.danger ? 'primary danger' : 'primary'} data-test="do">
          {asked.word}
        </button>
      </div>
    </form>
  );
}

export function Dialog() {
  const dialog = useRef<HTMLDialogElement>(null);
  const before = useRef<Element | null>(null);
  const shown = useRef<Question | undefined>(undefined);
  const head = useId();
  const asked = question.value;
  useEffect(() => {
    if (asked && !dialog.current?.open) {
      before.current = document.activeElement;
      shown.current = asked;
      dialog.current?.showModal();
    }
    if (!asked && dialog.current?.open) {
      dialog.current.close();
      // If the pressed button is gone, the focus moves to the heading of the screen.
      if (before.current instanceof HTMLElement && before.current.isConnected) before.current.focus();
      else document.querySelector<HTMLElement>('main h2')?.focus();
    }
  }, [asked]);
  return (
    <dialog
      ref={dialog}
      aria-labelledby={head}
      onClose={() => {
        // The browser says so a frame after it has closed: by then the next question may have been asked, or be open.
        if (!dialog.current?.open && question.peek() === shown.current) question.value = undefined;
      }}
    >
      {asked && (
        <>
          <h2 id={head}>{asked.title}</h2>
          <Form key={asked} asked={asked} />
        </>
      )}
    </dialog>
  );
}
