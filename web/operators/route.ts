/**
 * The current view: the part of the address after #, so that every screen, panel and filter can be linked to, reloaded and
 * gone back to. `#/rooms/room/100?order=newest` is the list of rooms by age with a room in the panel over it.
 */
import { signal } from '@preact/signals';
import { HOME, PANELS, WITH_ID } from './places';

export interface Panel {
  name: string;
  id: string;
}

export interface Route {
  screen: string;
  /** Id of the subject of a screen, such as a webhook; else ''. */
  id: string;
  panel: Panel | undefined;
  /** Filters, order, page of the list. */
  params: Readonly<Record<string, string>>;
}

export function parseRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#?\/?/, '').split('?');
  const params = Object.fromEntries(new URLSearchParams(query));
  const parts = path.split('/').filter((part) => part !== '');
  try {
    const [first = HOME, ...rest] = parts.map(decodeURIComponent);
    const parent = PANELS[first];
    if (parent && rest[0] !== undefined) return { screen: parent, id: '', panel: { name: first, id: rest[0] }, params };
    const id = WITH_ID.has(first) ? (rest.shift() ?? '') : '';
    const [name, of] = rest;
    const panel = name !== undefined && name in PANELS && of !== undefined ? { name, id: of } : undefined;
    return { screen: first, id, panel, params };
  } catch {
    return { screen: HOME, id: '', panel: undefined, params: {} };
  }
}

export const route = signal(parseRoute(location.hash));
/** Whether the list is being walked along by j and k: the keyboard stays in it then. */
export const walking = { now: false };

function follow(): void {
  // Other marks, as that of the link to the head of the screen, lead nowhere else.
  if (location.hash !== '' && !location.hash.startsWith('#/')) return;
  route.value = parseRoute(location.hash);
}
window.addEventListener('hashchange', follow);

function queryOf(params: Readonly<Record<string, string>>): string {
  const query = new URLSearchParams(params).toString();
  return query === '' ? '' : `?${query}`;
}

const path = (...parts: readonly string[]) =>
  `#/${parts
    .filter((part) => part !== '')
    .map(encodeURIComponent)
    .join('/')}`;

/** A separate screen, without filters. */
export function href(screen: string, id = '', params: Readonly<Record<string, string>> = {}): string {
  return `${path(screen, id)}${queryOf(params)}`;
}

/** A panel over the current list, which stays unchanged. */
export function panelHref(name: string, id: string): string {
  const { screen, id: of, params } = route.value;
  return `${path(screen, of, name, id)}${queryOf(params)}`;
}

/** The view without the panel. */
export function listHref(): string {
  const { screen, id, params } = route.value;
  return `${path(screen, id)}${queryOf(params)}`;
}

/** Changes the filters in the address; '' takes one away. No entry of the history for each key that is typed. */
export function setParams(changes: Readonly<Record<string, string>>): void {
  const { screen, id, panel, params } = route.peek();
  const next = Object.fromEntries(Object.entries({ ...params, ...changes }).filter(([, value]) => value !== ''));
  const where = path(screen, id, ...(panel ? [panel.name, panel.id] : []));
  history.replaceState(null, '', `${location.pathname}${location.search}${where}${queryOf(next)}`);
  follow();
}
