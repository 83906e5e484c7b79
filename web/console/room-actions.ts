/** What a user does with rooms: the host opens, changes and ends the own one, the viewer watches one and leaves it. */
import type { Room } from '../../client/src/client';
import { button, h } from './dom';
import type { Person } from './person';
import { field } from './person-panel';
import { t } from './texts';

const draft = { title: 'Hello, live-room', category: 'liveRoom', cover: '' };

async function goLive(person: Person): Promise<void> {
  const { title, category, cover } = draft;
  const roomId = person.userId;
  await person.client.api.enterRoom({ roomId, role: 'anchor', ...(category && { category }), title });
  if (cover !== '') await person.client.api.updateRoom({ roomId, cover });
  person.room = await person.client.api.roomDetail({ roomId });
}

async function update(person: Person, roomId: string): Promise<void> {
  const { title, category, cover } = draft;
  await person.client.api.updateRoom({ roomId, title, cover, ...(category && { category }) });
}

async function end(person: Person, roomId: string): Promise<void> {
  await person.client.api.destroyRoom({ roomId });
  person.room = undefined;
}

function roomForm(): HTMLElement[] {
  return [
    field(t('title'), draft.title, { name: 'title', on: (value) => (draft.title = value) }),
    h(
      'div',
      { class: 'two' },
      field(t('category'), draft.category, { name: 'category', on: (value) => (draft.category = value) }),
      field(t('cover'), draft.cover, { name: 'cover', type: 'url', on: (value) => (draft.cover = value) }),
    ),
  ];
}

/** The same form for as long as the host stays in the same state, so that what is typed survives a refresh. */
let form: { key: string; elements: HTMLElement[] } = { key: '', elements: [] };

export function hostActions(person: Person): HTMLElement {
  const { room } = person;
  const key = `${person.userId}${document.documentElement.lang}`;
  if (form.key !== key) form = { key, elements: roomForm() };
  if (!room) {
    const start = button(t('goLive'), () => void person.act(() => goLive(person), 'live'), {
      class: 'primary',
      test: 'go-live',
    });
    return h('div', { class: 'form' }, ...form.elements, h('div', { class: 'actions' }, start));
  }
  const { roomId } = room;
  return h(
    'div',
    { class: 'form' },
    h('div', { class: 'now' }, h('span', { class: 'badge' }, t('live')), h('b', {}, room.title || roomId)),
    ...form.elements,
    h(
      'div',
      { class: 'actions' },
      button(t('update'), () => void person.act(() => update(person, roomId)), { test: 'update-room' }),
      button(t('end'), () => void person.act(() => end(person, roomId)), { class: 'danger', test: 'end-room' }),
    ),
  );
}

export async function watch(person: Person, room: Room): Promise<void> {
  const { roomId } = room;
  await person.client.api.enterRoom({ roomId, role: 'audience' });
  person.room = room;
}

export function viewerActions(person: Person): HTMLElement {
  const { room } = person;
  if (!room) return h('p', { class: 'empty' }, t('viewerHint'), ' → ', t('rooms'));
  const leave = async () => {
    await person.client.api.leaveRoom({ roomId: room.roomId });
    person.room = undefined;
  };
  return h(
    'div',
    { class: 'form' },
    h(
      'div',
      { class: 'now' },
      h('span', { class: 'badge quiet' }, t('watching')),
      h('b', {}, room.title || room.roomId),
    ),
    h(
      'div',
      { class: 'actions' },
      button(t('leave'), () => void person.act(leave), { test: 'leave-room' }),
    ),
  );
}
