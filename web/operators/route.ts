/** Which screen is shown: the part of the address after #, so that every screen can be linked to and reloaded. */
import { signal } from '@preact/signals';

export interface Route {
  screen: string;
  /** What the screen is about: a room, a user, a webhook; else ''. */
  id: string;
}

function read(): Route {
  const [screen = '', id = ''] = location.hash.replace(/^#\/?/, '').split('/');
  try {
    return { screen: screen || 'rooms', id: decodeURIComponent(id) };
  } catch {
    return { screen: 'rooms', id: '' };
  }
}

export const route = signal(read());

window.addEventListener('hashchange', () => {
  route.value = read();
  window.scrollTo(0, 0);
});

export function href(screen: string, id = ''): string {
  return id === '' ? `#/${screen}` : `#/${screen}/${encodeURIComponent(id)}`;
}
