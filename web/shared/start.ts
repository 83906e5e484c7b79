/** Starts a page: links to the other pages, the address of the service, and its content. */
import { type ComponentChild, render } from 'preact';
import { address, base } from './service';

/**
 * Shows `content` in `#app`, or in `<main>` if a page has no such element. Links with `data-page` lead to the page of that name, and `#base` shows
 * the address of the service.
 */
export function start(content: ComponentChild): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('[data-page]')) {
    link.href = `${base}${link.dataset['page']}`;
  }
  const place = document.getElementById('base');
  if (place) place.textContent = address;
  const root = document.getElementById('app') ?? document.querySelector('main');
  if (root) render(content, root);
}
