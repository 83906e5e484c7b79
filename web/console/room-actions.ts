/** Room actions of the two people. Each returns its message. */
import { signal } from '@preact/signals';
import type { Room } from '../../client/src/index';
import { host, type Person } from './person';
import { NotSent } from './problem';
import { chosen, refresh } from './rooms';
import { t } from './texts';

export const draft = {
  title: signal('Hello, live-room'),
  // The category that shipped apps open and list rooms in.
  category: signal('mlvb-show-live'),
  cover: signal(''),
};

type Draft = Record<keyof typeof draft, string>;

function drafted(): Draft {
  return { title: draft.title.peek(), category: draft.category.peek(), cover: draft.cover.peek() };
}

/** The API accepts other texts too, for apps that send names of built-in pictures; a browser can show none of those. */
function checkCover(cover: string): void {
  const isWebAddress = /^https?:\/\//i.test(cover) && URL.canParse(cover);
  if (cover !== '' && !isWebAddress) throw new NotSent('badCover');
}

/** The form of a live room starts with the room's values. */
export function takeOver({ title, category, cover }: Room): void {
  draft.title.value = title;
  draft.category.value = category;
  draft.cover.value = cover;
}

export async function goLive(): Promise<string> {
  const known = host.room.peek();
  if (known) {
    // The request came before the service said that the room is live already: it stays live.
    takeOver(known);
    return t('onAir', known.title || known.roomId);
  }
  const { title, category, cover } = drafted();
  checkCover(cover);
  const { api } = host.client;
  const roomId = host.userId;
  await api.enterRoom({ roomId, role: 'anchor', title, ...(category && { category }) });
  if (cover !== '') await api.updateRoom({ roomId, cover });
  host.room.value = await host.background.api.roomDetail({ roomId });
  host.remember();
  await refresh();
  return t('onAir', title || roomId);
}

export async function update(room: Room): Promise<string> {
  const wanted = drafted();
  const names = ['title', 'category', 'cover'] as const;
  const changed = names.filter((name) => wanted[name] !== room[name] && (name !== 'category' || wanted[name] !== ''));
  if (changed.length === 0) return t('same');
  if (changed.includes('cover')) checkCover(wanted.cover);
  await host.client.api.updateRoom({
    roomId: room.roomId,
    ...Object.fromEntries(changed.map((name) => [name, wanted[name]])),
  });
  await refresh();
  return t('updated');
}

export async function end({ roomId }: Room): Promise<string> {
  await host.client.api.destroyRoom({ roomId });
  host.room.value = undefined;
  host.remember();
  await refresh();
  return t('ended');
}

/** One room at a time, as in an app: the room that was watched is left first. */
export async function watch(viewer: Person, room: Room): Promise<string> {
  const { api } = viewer.client;
  const before = viewer.room.peek();
  if (before && before.roomId !== room.roomId) await leave(viewer, before);
  await api.enterRoom({ roomId: room.roomId, role: 'audience' });
  viewer.room.value = room;
  viewer.remember();
  chosen.value = room.roomId;
  await refresh();
  return `${t('watching')}: ${room.title || room.roomId}`;
}

export async function leave(viewer: Person, { roomId, title }: Room): Promise<string> {
  await viewer.client.api.leaveRoom({ roomId });
  viewer.room.value = undefined;
  viewer.remember();
  await refresh();
  return t('leftRoom', title || roomId);
}
