/** Pieces of HTML for the docs page. The page's script adds the service's address, which it is loaded from. */

export interface Words {
  en: string;
  zh: string;
}

/** Stands for the address in examples, with its final slash. */
export const ADDRESS = 'https://example.com/';

export function escapeHtml(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`);
}

export function both({ en, zh }: Words): string {
  return `<span class="en" lang="en">${escapeHtml(en)}</span><span class="zh" lang="zh">${escapeHtml(zh)}</span>`;
}

function withAddress(text: string): string {
  return text.replaceAll(ADDRESS, `<span data-address>${ADDRESS}</span>`);
}

/** An example that can be copied. `more` is HTML that comes after it, inside. */
export function example(text: string, more = ''): string {
  return `<div class="example"><pre tabindex="0">${withAddress(escapeHtml(text))}${more}</pre></div>`;
}

export function row(name: string, type: string, text: string): string {
  return `<div class="row"><dt><code>${escapeHtml(name)}</code> <small>${type}</small></dt><dd>${text}</dd></div>`;
}

export function heading(level: 3 | 4, en: string, zh: string): string {
  return `<h${level}>${both({ en, zh })}</h${level}>`;
}

export function list(items: readonly Words[]): string {
  return `<ul>${items.map((item) => `<li>${both(item)}</li>`).join('')}</ul>`;
}
