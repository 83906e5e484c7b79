/** The list of requests and answers, newest first. Secrets are hidden until their owner asks to see them. */
import type { CallRecord } from '../../client/src/client';
import { button, copy, h } from './dom';
import { curlOf, hasSecrets, maskSecrets } from './mask';
import type { Role } from './person';
import { t } from './texts';

const MOST_KEPT = 200;

interface Entry {
  who: Role;
  background: boolean;
  record: CallRecord;
  open: boolean;
  revealed: boolean;
}

export interface Calls {
  add(who: Role, background: boolean, record: CallRecord): void;
  render(): void;
}

function json(value: unknown): HTMLElement {
  const text = value === undefined ? t('noAnswer') : JSON.stringify(value, null, 2);
  return h('pre', { attributes: { tabindex: '0' } }, text);
}

function codeOf({ answer, error }: CallRecord): { text: string; good: boolean } {
  const code: unknown = Object(answer).errorCode ?? error?.code;
  return { text: String(code ?? '?'), good: code === 0 };
}

function copyButton(entry: Entry): HTMLElement {
  const element = button(t('copyCurl'), () => {
    void copy(curlOf(entry.record)).then(() => {
      element.textContent = t('copied');
      setTimeout(() => {
        element.textContent = t('copyCurl');
      }, 1500);
    });
  });
  element.dataset['test'] = 'copy-curl';
  return element;
}

function details(entry: Entry, again: () => void): HTMLElement {
  const { record, revealed } = entry;
  const shown = (value: unknown) => (revealed ? value : maskSecrets(value));
  const secrets = hasSecrets(record.body) || hasSecrets(record.answer);
  const reveal = () => {
    entry.revealed = !revealed;
    again();
  };
  return h(
    'div',
    { class: 'call-body' },
    h('div', { class: 'label' }, t('request')),
    h('pre', { attributes: { tabindex: '0' } }, curlOf({ url: record.url, body: shown(record.body) })),
    h('div', { class: 'label' }, t('answer')),
    json(shown(record.answer)),
    h(
      'div',
      { class: 'actions' },
      copyButton(entry),
      secrets ? button(revealed ? t('hide') : t('reveal'), reveal, { test: 'reveal' }) : undefined,
    ),
    secrets && !revealed ? h('p', { class: 'hint' }, t('curlHint')) : undefined,
  );
}

function item(entry: Entry, again: () => void): HTMLElement {
  const { record, who, background } = entry;
  const { text, good } = codeOf(record);
  const path = new URL(record.url).pathname.replace(/^.*\/base\/v1\//, '');
  const summary = h(
    'summary',
    {},
    h('span', { class: good ? 'code good' : 'code bad' }, text),
    h('span', { class: 'call-path' }, path),
    h('span', { class: 'call-who' }, t(who)),
    h('span', { class: 'call-ms' }, `${Math.round(record.ms)} ms`),
  );
  const element = h('details', {
    class: background ? 'call background' : 'call',
    attributes: { open: entry.open, 'data-call': record.name },
  });
  element.append(summary);
  if (entry.open) element.append(details(entry, again));
  element.addEventListener('toggle', () => {
    if (element.open === entry.open) return;
    entry.open = element.open;
    again();
  });
  return element;
}

export function createCalls(place: HTMLElement): Calls {
  let entries: Entry[] = [];
  let withBackground = false;
  const elements = new Map<Entry, { element: HTMLElement; key: string }>();

  /** Elements are kept while nothing about them changed, so that selections and scrolling survive. */
  function elementOf(entry: Entry): HTMLElement {
    const key = `${entry.open}${entry.revealed}${document.documentElement.lang}`;
    const known = elements.get(entry);
    if (known?.key === key) return known.element;
    const element = item(entry, render);
    elements.set(entry, { element, key });
    return element;
  }

  function toolbar(hidden: number): HTMLElement {
    const toggle = h('input', { attributes: { type: 'checkbox', checked: withBackground, id: 'with-background' } });
    toggle.addEventListener('change', () => {
      withBackground = toggle.checked;
      render();
    });
    const clear = () => {
      entries = [];
      elements.clear();
      render();
    };
    return h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, t('calls')),
      h('label', { class: 'check' }, toggle, `${hidden} ${t('background')}`),
      button(t('clear'), clear, { class: 'plain' }),
    );
  }

  function render(): void {
    const shown = entries.filter(({ background }) => withBackground || !background);
    const hidden = entries.filter(({ background }) => background).length;
    const list = h('div', { class: 'call-list' }, ...shown.map(elementOf));
    place.replaceChildren(toolbar(hidden), shown.length > 0 ? list : h('p', { class: 'empty' }, t('noCalls')));
  }

  return {
    add(who, background, record) {
      const entry: Entry = { who, background, record, open: false, revealed: false };
      entries = [entry, ...entries];
      for (const old of entries.splice(MOST_KEPT)) elements.delete(old);
      render();
    },
    render,
  };
}
