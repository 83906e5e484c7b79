/** The live rooms as cards; the list and its counts refresh by themselves while somebody is signed in. */
import type { ListUsersEntry, Room } from '../../client/src/client';
import { button, h } from './dom';
import type { Person } from './person';
import { watch } from './room-actions';
import { t, utc } from './texts';

export const REFRESH_MS = 3_000;

export interface Rooms {
  /** Asks the service now. */
  refresh(): Promise<void>;
  render(): void;
}

/** Only http and https: anything else in a user's text is not a picture. */
function coverUrl(text: string): string | undefined {
  try {
    const url = new URL(text);
    return url.protocol === 'https:' || url.protocol === 'http:' ? url.href : undefined;
  } catch {
    return undefined;
  }
}

/** Steps of the golden angle: neighbouring ids get colours that are far apart. */
function hue(text: string): number {
  let sum = 0;
  for (const character of text) sum = (sum * 31 + (character.codePointAt(0) ?? 0)) % 100_000;
  return Math.round(sum * 137.5) % 360;
}

function cover(room: Room): HTMLElement {
  const place = h(
    'div',
    { class: 'cover' },
    h('span', { class: 'initial' }, [...(room.title || room.roomId)][0] ?? ''),
  );
  place.style.setProperty('--hue', String(hue(room.roomId)));
  const url = coverUrl(room.cover);
  if (url) {
    const picture = h('img', { attributes: { alt: '', loading: 'lazy', referrerpolicy: 'no-referrer', src: url } });
    // Without the picture the coloured ground stays.
    picture.addEventListener('error', () => picture.remove());
    place.append(picture);
  }
  place.append(h('span', { class: 'badge' }, t('live')));
  return place;
}

interface Card {
  element: HTMLElement;
  /** What the card was drawn from, but for the counts. */
  key: string;
  counts: (room: Room) => void;
}

function makeCard(room: Room, key: string, watchButton: HTMLElement | undefined): Card {
  const now = h('b', { attributes: { 'data-test': 'nn-users' } });
  const ever = h('b', { attributes: { 'data-test': 'total-joined' } });
  const since = h('span', { class: 'soft', attributes: { 'data-since': String(utc(room.createUtc)) } });
  const element = h(
    'article',
    { class: 'card', attributes: { 'data-room': room.roomId } },
    cover(room),
    h(
      'div',
      { class: 'card-body' },
      h('b', { class: 'card-title' }, room.title || room.roomId),
      h('span', { class: 'soft' }, `${room.category || '–'} · ${room.ownBy}`),
      since,
      h('div', { class: 'counts' }, h('span', {}, now, ` ${t('here')}`), h('span', {}, ever, ` ${t('joined')}`)),
      watchButton,
    ),
  );
  const counts = ({ nnUsers, totalJoined }: Room) => {
    now.textContent = String(nnUsers);
    ever.textContent = String(totalJoined);
  };
  counts(room);
  return { element, key, counts };
}

function people(list: readonly ListUsersEntry[]): HTMLElement | undefined {
  if (list.length === 0) return undefined;
  const chips = list.map(({ name, userId, role }) => h('span', { class: 'chip' }, `${name || userId} · ${role}`));
  return h('div', { class: 'people' }, h('span', { class: 'label' }, t('people')), ...chips);
}

export function createRooms(place: HTMLElement, who: { host: Person; viewer: Person }, changed: () => void): Rooms {
  const { host, viewer } = who;
  const cards = new Map<string, Card>();
  let rooms: readonly Room[] = [];
  let members: readonly ListUsersEntry[] = [];
  let orderBy = 'createUtc';

  const select = h('select', { attributes: { 'aria-label': 'orderBy' } });
  select.addEventListener('change', () => {
    orderBy = select.value;
    void refresh();
  });

  const asker = () => [host, viewer].find((person) => person.signedIn);

  /** What the list says of the two people's rooms is newer than what they remember. */
  function follow(): void {
    host.room = rooms.find(({ ownBy }) => ownBy === host.userId);
    const watched = viewer.room?.roomId;
    viewer.room = rooms.find(({ roomId }) => roomId === watched);
  }

  async function refresh(): Promise<void> {
    const person = asker();
    if (person) {
      try {
        rooms = await person.background.api.queryRoom({ limit: 100, orderBy });
        follow();
        const shown = host.room ?? viewer.room;
        members = shown ? await person.background.api.listUsers({ roomId: shown.roomId, limit: 100 }) : [];
      } catch {
        // The list of calls shows what happened; the next round may be better.
      }
    } else {
      rooms = [];
      members = [];
    }
    changed();
  }

  function card(room: Room): HTMLElement {
    const { roomId, title, category, cover: picture, createUtc } = room;
    const mine = room.ownBy === viewer.userId;
    const watching = viewer.room?.roomId === roomId;
    const state = `${viewer.signedIn}${mine}${watching}${document.documentElement.lang}`;
    const key = JSON.stringify([title, category, picture, createUtc, state]);
    const known = cards.get(roomId);
    if (known?.key === key) {
      known.counts(room);
      return known.element;
    }
    const watchButton = button(watching ? t('watching') : t('watch'), () => {
      void viewer.act(() => watch(viewer, room), 'watching');
    });
    watchButton.dataset['test'] = 'watch';
    watchButton.disabled = !viewer.signedIn || watching || mine;
    if (!viewer.signedIn) watchButton.title = t('signInFirst');
    const made = makeCard(room, key, watchButton);
    cards.set(roomId, made);
    return made.element;
  }

  function render(): void {
    const options = [h('option', { attributes: { value: 'createUtc' } }, t('newest'))];
    options.push(h('option', { attributes: { value: 'totalJoined' } }, t('mostJoined')));
    select.replaceChildren(...options);
    select.value = orderBy;
    const head = h(
      'div',
      { class: 'panel-head' },
      h('h2', {}, `${t('rooms')} (${rooms.length})`),
      h('span', { class: 'soft' }, t('auto')),
      select,
    );
    for (const id of cards.keys()) if (!rooms.some(({ roomId }) => roomId === id)) cards.delete(id);
    const empty = h('p', { class: 'empty' }, t(asker() ? 'noRooms' : 'needSignIn'));
    const list = rooms.length > 0 ? h('div', { class: 'cards' }, ...rooms.map(card)) : empty;
    const inside = people(members);
    place.replaceChildren(head, list, ...(inside ? [inside] : []));
  }

  return { refresh, render };
}
