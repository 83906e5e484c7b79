/** The keys of the pages: / searches, Ctrl-K jumps, j and k walk a list, Esc closes, ? lists them. */
import { question } from './dialog';
import { overlay } from './overlay';
import { listHref, route, walking } from './route';

/** Keys of the screen that is shown, which mean something nowhere else. */
const ofScreen = new Map<string, () => void>();

/** Adds keys while a screen is shown; answers with what takes them away. */
export function addKeys(keys: Readonly<Record<string, () => void>>): () => void {
  for (const [key, act] of Object.entries(keys)) ofScreen.set(key, act);
  return () => {
    for (const key of Object.keys(keys)) ofScreen.delete(key);
  };
}

const types = (element: Element | null) =>
  element?.matches('input:not([type=checkbox], [type=radio]), textarea, select') ?? false;

/** The links that rows are opened by, of the list; those of a panel are not walked along. */
const opens = () => [...document.querySelectorAll<HTMLAnchorElement>('[data-list] a[data-open]')];

function walk(by: 1 | -1): void {
  const links = opens();
  if (links.length === 0) return;
  const { panel } = route.peek();
  const row = panel && links.findIndex((link) => link.closest('[data-row]')?.classList.contains('current'));
  const at = row !== undefined && row >= 0 ? row : links.findIndex((link) => link.matches(':focus'));
  const next = links[Math.min(links.length - 1, Math.max(0, at + by))];
  if (!next) return;
  walking.now = panel !== undefined;
  next.focus();
  next.closest('[data-row]')?.scrollIntoView({ block: 'nearest' });
  // If a panel is open, the next one is shown in it.
  if (panel) location.hash = next.hash;
}

function search(): boolean {
  const field = document.querySelector<HTMLInputElement>('input[type=search]');
  field?.focus();
  field?.select();
  return field !== null;
}

/** Whether the key meant something. */
function act(event: KeyboardEvent): boolean {
  const { key } = event;
  if (key === 'k' && (event.ctrlKey || event.metaKey)) {
    overlay.value = 'jump';
    return true;
  }
  if (event.ctrlKey || event.metaKey || event.altKey || question.peek() || overlay.peek()) return false;
  if (key === 'Escape') return leave();
  if (types(document.activeElement)) return false;
  if (key === '/') return search();
  if (key === '?') {
    overlay.value = 'keys';
    return true;
  }
  if (key === 'j' || key === 'k') {
    walk(key === 'j' ? 1 : -1);
    return true;
  }
  // A key that is kept down repeats: a verdict is one press.
  const own = event.repeat ? undefined : ofScreen.get(key);
  own?.();
  return own !== undefined;
}

function leave(): boolean {
  const { activeElement } = document;
  if (types(activeElement) && activeElement instanceof HTMLElement) {
    activeElement.blur();
    return true;
  }
  if (!route.peek().panel) return false;
  location.hash = listHref();
  return true;
}

/** The link to the head of the screen moves the keyboard there; the address stays. */
function skip(event: MouseEvent): void {
  if (!(event.target instanceof Element) || !event.target.closest('[data-skip]')) return;
  event.preventDefault();
  document.getElementById('screen-head')?.focus();
}

export function listenToKeys(): () => void {
  const listen = (event: KeyboardEvent) => {
    if (!event.defaultPrevented && act(event)) event.preventDefault();
  };
  document.addEventListener('keydown', listen);
  document.addEventListener('click', skip);
  return () => {
    document.removeEventListener('keydown', listen);
    document.removeEventListener('click', skip);
  };
}
