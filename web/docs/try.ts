/** "Try it": a form for each call, made of the rows of its parameters; it sends to this service and shows the answer. */
import { saltOf, signatureOf } from '../../client/src/index';
import { curlOf, hasSecrets, isSecret, maskSecrets } from '../shared/mask';
import { base, publicUrl } from '../shared/service';
import { UNREACHABLE } from '../shared/unreachable';
import { copyButton, say, type Text } from './page';

const TIMEOUT_MS = 20_000;

const TRY: Text = ['Try it', '试一试'];
const SEND: Text = ['Send', '发送'];
const SHOW: Text = ['Show secrets', '显示密钥'];
const ANSWER: Text = ['Answer', '响应'];
const KEY: Text = ['Operator key, lrk_…', '运营密钥，lrk_…'];
const PASSWORD: Text = [
  'Password, not sent: it makes the salt and the signature',
  '密码（不发送，用于计算 salt 和签名）',
];
const LINES: Text = ['One JSON object per line', '每行一个 JSON 对象'];
const KEPT: Text = [
  'Sends to this service. Token and key stay in the memory of this page until you reload it.',
  '发送到当前服务。token 和密钥只保存在本页内存中，刷新后清除。',
];

/** Values for the next forms, until a reload: typed ones, and those of answers. Nothing is stored. */
const remembered = new Map<string, string>();

/** An element with children; texts in both languages become a pair that the style sheet chooses from. */
function element<K extends keyof HTMLElementTagNameMap>(
  name: K,
  properties: Partial<HTMLElementTagNameMap[K]> = {},
  ...children: readonly (Node | string | Text)[]
): HTMLElementTagNameMap[K] {
  const made = Object.assign(document.createElement(name), properties);
  for (const child of children) {
    if (typeof child === 'string' || child instanceof Node) made.append(child);
    else {
      made.append(...['en', 'zh'].map((lang, index) => element('span', { className: lang, lang }, child[index] ?? '')));
    }
  }
  return made;
}

interface Call {
  path: string;
  /** Of operators: the key is a header. */
  admin: boolean;
  /** The body is lines of JSON, the parameters are in the query. */
  lines: boolean;
  rows: readonly HTMLElement[];
}

const nameOf = (row: HTMLElement) => row.querySelector('code')?.textContent ?? '';

function callOf(article: HTMLElement): Call | undefined {
  const path = article.querySelector('.path code')?.textContent;
  if (!path) return undefined;
  const rows = [...article.querySelectorAll<HTMLElement>('.row[data-type]')];
  return { path, admin: path.includes('/admin/'), lines: 'lines' in article.dataset, rows };
}

type Control = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function control(name: string, { words, example = '' }: DOMStringMap): Control {
  if (words !== undefined) {
    const options = ['', ...words.split(' ')].map((word) => element('option', { value: word }, word || '–'));
    return element('select', { name }, ...options);
  }
  const type = isSecret(name) || name === 'password' ? 'password' : 'text';
  return element('input', { name, type, autocomplete: 'off', spellcheck: false, placeholder: example });
}

function labelled(title: Node | string | Text, field: Control, needed = false): HTMLLabelElement {
  const mark = needed ? [element('b', { className: 'need', ariaHidden: 'true' }, ' *')] : [];
  return element('label', {}, element('span', {}, title, ...mark), field);
}

/** The fields in the order of the documents, with those that are no parameters: the key, the password, the lines. */
function fieldsOf(call: Call): readonly HTMLLabelElement[] {
  const names = call.rows.map(nameOf);
  const own = call.rows.map((row, index) => {
    const name = names[index] ?? '';
    const field = control(name, row.dataset);
    return labelled(element('code', {}, name), field, 'required' in row.dataset);
  });
  return [
    ...(call.admin ? [labelled(KEY, control('key', {}), true)] : []),
    ...own,
    ...(call.lines ? [labelled(LINES, element('textarea', { name: 'lines', rows: 4, spellcheck: false }), true)] : []),
    ...(names.includes('salt') || names.includes('signature') ? [labelled(PASSWORD, control('password', {}))] : []),
  ];
}

/** The values that the client of an app computes from the password. */
function signed(call: Call, typed: ReadonlyMap<string, string>): Record<string, unknown> {
  const password = typed.get('password');
  if (!password) return {};
  const username = typed.get('username') ?? '';
  const secret = saltOf(username, password);
  if (call.path.endsWith('/register')) return { salt: secret };
  const ts = String(Date.now());
  const [tag = '', nonce = ''] = [typed.get('tag'), typed.get('nonce')];
  return { ts, hash: 'md5', signature: signatureOf({ username, secret, tag, nonce, ts }) };
}

/** A text as the type of its parameter wants it; the service refuses the others. */
function typedAs(type: string | undefined, text: string): unknown {
  if (type === 'boolean') return text === 'true';
  if (type === 'integer' && /^\d{1,15}$/.test(text)) return Number(text);
  if (type !== 'object') return text;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

/** The remembered values that the form of a call takes. The userId of an operator's call is another user's. */
const fillable = (call: Call): readonly string[] => (call.admin ? ['key', 'roomId'] : ['token', 'userId', 'roomId']);

/** Typed values stay. */
function fill(call: Call, form: HTMLFormElement): void {
  for (const name of fillable(call)) {
    const field = form.elements.namedItem(name);
    if (field instanceof HTMLInputElement && field.value === '') field.value = remembered.get(name) ?? '';
  }
}

interface Asked {
  url: string;
  body: unknown;
  key?: string;
}

function askedOf(call: Call, form: HTMLFormElement): Asked {
  const typed = new Map([...new FormData(form)].map(([name, text]) => [name, String(text).trim()]));
  for (const name of fillable(call)) {
    const text = typed.get(name);
    if (text) remembered.set(name, text);
  }
  const given = call.rows
    .map((row): [string, string | undefined, string] => [
      nameOf(row),
      row.dataset['type'],
      typed.get(nameOf(row)) ?? '',
    ])
    .filter(([, , text]) => text !== '');
  const parameters = Object.fromEntries(given.map(([name, type, text]) => [name, typedAs(type, text)]));
  const url = base + call.path.slice(1);
  const key = call.admin ? { key: typed.get('key') ?? '' } : {};
  if (!call.lines) return { url, ...key, body: { ...parameters, ...signed(call, typed) } };
  const query = new URLSearchParams(given.map(([name, , text]) => [name, text])).toString();
  return { url: query ? `${url}?${query}` : url, ...key, body: typed.get('lines') ?? '' };
}

/** The answer, as JSON if it is, and a line about it. */
async function send({ url, body, key }: Asked): Promise<{ line: string; answer: unknown }> {
  const started = performance.now();
  const lines = typeof body === 'string';
  const response = await fetch(url, {
    method: 'POST',
    headers: {
      'content-type': `application/${lines ? 'x-ndjson' : 'json'}`,
      ...(key !== undefined && { authorization: `Bearer ${key}` }),
    },
    body: lines ? body : JSON.stringify(body),
    signal: AbortSignal.timeout(TIMEOUT_MS),
  });
  const text = await response.text();
  const line = `HTTP ${response.status} · ${Math.round(performance.now() - started)} ms`;
  try {
    return { line, answer: JSON.parse(text) };
  } catch {
    return { line, answer: text };
  }
}

/** The session of a sign-in, and the room that was made, fill the next forms. */
function remember(answer: unknown): void {
  const { data } = Object(answer);
  for (const name of ['token', 'userId', 'roomId']) {
    const value: unknown = Object(data)[name];
    if (typeof value === 'string' && value !== '') remembered.set(name, value);
  }
}

/** The curl line and the answer, without their secrets until the reader asks for them. */
function result(asked: Asked, answer: unknown): readonly HTMLElement[] {
  const shownAsked = { ...asked, url: publicUrl(asked.url) };
  const command = element('pre', { tabIndex: 0 });
  const answered = element('pre', { tabIndex: 0 });
  const hidden = asked.key !== undefined || hasSecrets(asked.body) || hasSecrets(answer);
  const write = (secrets: boolean) => {
    const visible = (value: unknown) => (secrets ? value : maskSecrets(value));
    const key = asked.key === undefined || secrets ? {} : { key: '••••••' };
    command.textContent = curlOf({ ...shownAsked, ...key, body: visible(asked.body) });
    const shown = visible(answer);
    answered.textContent = typeof shown === 'string' ? shown : JSON.stringify(shown, null, 2);
  };
  write(false);
  const show = element('button', { type: 'button', className: 'show-secrets' }, SHOW);
  show.addEventListener('click', () => {
    write(true);
    command.focus();
    show.remove();
  });
  return [
    element(
      'div',
      { className: 'example' },
      command,
      copyButton(() => curlOf(shownAsked)),
    ),
    element('h4', {}, ANSWER),
    element(
      'div',
      { className: 'example' },
      answered,
      copyButton(() => answered.textContent ?? ''),
    ),
    ...(hidden ? [show] : []),
  ];
}

function formOf(call: Call) {
  const out = element('div', { className: 'tried' });
  const said = element('p', { className: 'soft' });
  said.setAttribute('role', 'status');
  const button = element('button', { type: 'submit', className: 'primary' }, SEND);
  const form = element('form', {}, ...fieldsOf(call), element('div', { className: 'actions' }, button));
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    const asked = askedOf(call, form);
    button.disabled = true;
    out.replaceChildren();
    said.textContent = '';
    void send(asked)
      .then(
        ({ line, answer }) => {
          remember(answer);
          said.textContent = line;
          out.replaceChildren(...result(asked, answer));
        },
        () => {
          said.textContent = say(UNREACHABLE);
        },
      )
      .finally(() => {
        button.disabled = false;
      });
  });
  return { form, parts: [element('p', { className: 'soft' }, KEPT), form, said, out] };
}

/** Adds a closed form to every call; its fields are made when it is opened, with the values remembered by then. */
export function addForms(): void {
  for (const article of document.querySelectorAll<HTMLElement>('article')) {
    const call = callOf(article);
    if (!call) continue;
    const details = element('details', { className: 'try' }, element('summary', {}, TRY));
    let form: HTMLFormElement | undefined;
    details.addEventListener('toggle', () => {
      if (!details.open) return;
      if (!form) {
        const made = formOf(call);
        form = made.form;
        details.append(...made.parts);
      }
      fill(call, form);
    });
    article.querySelector('.example')?.after(details);
  }
}
