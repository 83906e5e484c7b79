/** What is seen of one user: the sign-in form, then who it is, what the token and the UserSig are, and what can be done. */
import type { SignIn } from '../../client/src/client';
import { button, copy, h } from './dom';
import { masked } from './mask';
import type { Person } from './person';
import { clockTime, duration, isChinese, t, utc } from './texts';
import { decodeUserSig } from './usersig';

export interface PersonPanel {
  render(): void;
}

export function field(
  label: string,
  value: string,
  options: { name: string; type?: string; on: (value: string) => void },
) {
  const { name, type = 'text', on } = options;
  const input = h('input', { attributes: { type, name, autocomplete: 'off', spellcheck: 'false', 'data-test': name } });
  input.value = value;
  input.addEventListener('input', () => on(input.value));
  return h('label', { class: 'field' }, h('span', {}, label), input);
}

function signInForm(person: Person): HTMLElement {
  const form = h(
    'form',
    { class: 'form', attributes: { novalidate: true } },
    field(t('username'), person.username, { name: 'username', on: (value) => (person.username = value) }),
    field(t('password'), person.password, {
      name: 'password',
      type: 'password',
      on: (value) => (person.password = value),
    }),
    h(
      'div',
      { class: 'actions' },
      h('button', { class: 'primary', attributes: { type: 'submit', 'data-test': 'sign-up' } }, t('signUp')),
      button(t('signIn'), () => void person.act(() => person.signIn()), { test: 'sign-in' }),
    ),
  );
  form.addEventListener('submit', (event) => {
    event.preventDefault();
    void person.act(() => person.signUp());
  });
  return form;
}

/** A secret that is the user's own: hidden until asked for. */
function secret(label: string, text: string, test: string): HTMLElement {
  const shown = h('code', { class: 'secret', attributes: { 'data-test': test } }, masked(text));
  const toggle = button(t('reveal'), () => {
    const hidden = toggle.textContent === t('reveal');
    shown.textContent = hidden ? text : masked(text);
    toggle.textContent = hidden ? t('hide') : t('reveal');
  });
  const copier = button(t('copy'), () => void copy(text));
  return h('div', { class: 'secret-row' }, h('span', { class: 'label' }, label), shown, toggle, copier);
}

/** Fills `place` with what the UserSig says of itself; the countdown is kept going by tick(). */
function userSigFacts(session: SignIn): HTMLElement {
  const place = h('div', { class: 'facts', attributes: { 'data-test': 'usersig' } });
  decodeUserSig(session.userSig)
    .then(({ userId, sdkAppId, issuedAt, expiresAt }) => {
      const left = h('b', { attributes: { 'data-until': String(expiresAt), 'data-test': 'time-left' } });
      const line = (label: string, ...value: (string | Node)[]) =>
        h('div', {}, h('span', { class: 'label' }, label), h('span', {}, ...value));
      place.append(
        line('UserSig', left),
        line('sdkAppId', String(sdkAppId)),
        line('userId', userId),
        line(t('issued'), clockTime(issuedAt)),
      );
      tick();
    })
    .catch(() => place.append('UserSig ?'));
  return place;
}

/** Brings every countdown on the page up to date. */
export function tick(): void {
  for (const element of document.querySelectorAll<HTMLElement>('[data-until]')) {
    const left = Number(element.dataset['until']) - Date.now();
    const text = isChinese() ? `${t('left')} ${duration(left)}` : `${duration(left)} ${t('left')}`;
    element.textContent = left > 0 ? text : t('expired');
    element.classList.toggle('bad-text', left <= 0);
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-since]')) {
    element.textContent = `${t('since')} ${duration(Date.now() - Number(element.dataset['since']))}`;
  }
}

function identity(person: Person, session: SignIn): HTMLElement {
  return h(
    'div',
    { class: 'identity' },
    h('span', { class: 'avatar' }, [...person.username][0]?.toUpperCase() ?? '?'),
    h(
      'div',
      {},
      h('b', { attributes: { 'data-test': 'who' } }, session.name || person.username),
      h('div', { class: 'soft' }, `userId ${session.userId} · ${t('tokenUntil')} ${clockTime(utc(session.expire))}`),
    ),
  );
}

function account(person: Person): HTMLElement {
  const remove = () => {
    if (window.confirm(t('deleteSure'))) void person.act(() => person.deleteAccount());
  };
  return h(
    'div',
    { class: 'actions end' },
    button(t('signOut'), () => void person.act(() => person.signOut()), { class: 'plain', test: 'sign-out' }),
    button(t('deleteAccount'), remove, { class: 'plain danger', test: 'delete-account' }),
  );
}

export function createPersonPanel(
  place: HTMLElement,
  person: Person,
  actions: (person: Person) => HTMLElement,
): PersonPanel {
  let key = '';
  const body = h('div', { class: 'person-body' });
  const work = h('div', { class: 'work' });
  return {
    render() {
      const { session } = person.client;
      const head = h(
        'div',
        { class: 'panel-head' },
        h('h2', {}, t(person.role)),
        h('span', { class: 'soft' }, t(person.role === 'host' ? 'hostHint' : 'viewerHint')),
      );
      const now = `${session?.token ?? ''}${document.documentElement.lang}`;
      // The form and the facts stay as they are while only the room changes: nothing that is typed or shown is lost.
      if (now !== key || !body.isConnected) {
        key = now;
        const parts = session
          ? [
              identity(person, session),
              userSigFacts(session),
              secret(t('token'), session.token, 'token'),
              secret('UserSig', session.userSig, 'usersig-text'),
            ]
          : [signInForm(person)];
        body.replaceChildren(...parts);
        place.replaceChildren(head, body, work);
      }
      place.classList.toggle('busy', person.busy);
      if (session) work.replaceChildren(actions(person), account(person));
      else work.replaceChildren();
    },
  };
}
