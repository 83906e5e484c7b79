/** Pieces of HTML for the docs page. The page's script adds the service's address, which it is loaded from. */
import type { FieldDocs } from '../../src/contract/fields';

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

/** `more` are attributes, with a blank in front. */
export function row(name: string, type: string, text: string, more = ''): string {
  return `<div class="row"${more}><dt><code>${escapeHtml(name)}</code> <small>${type}</small></dt><dd>${text}</dd></div>`;
}

/** A parameter as a row; its attributes are what the page's script makes a form of. */
export function parameterRow(name: string, type: string, required: boolean, docs: FieldDocs): string {
  const need = required ? ` <b class="need">${both({ en: 'required', zh: '必填' })}</b>` : '';
  const words = docs.type === 'boolean' ? ['true', 'false'] : docs.closed ? docs.words : undefined;
  const attributes = {
    'data-type': docs.type,
    ...(required && { 'data-required': '' }),
    ...(words && { 'data-words': words.join(' ') }),
    ...(docs.example !== undefined && { 'data-example': String(docs.example) }),
  };
  const more = Object.entries(attributes).map(([key, value]) => ` ${key}="${escapeHtml(value)}"`);
  return row(name, `${type}${need}`, both(docs), more.join(''));
}

export function heading(level: 3 | 4, en: string, zh: string): string {
  return `<h${level}>${both({ en, zh })}</h${level}>`;
}

export function list(items: readonly Words[]): string {
  return `<ul>${items.map((item) => `<li>${both(item)}</li>`).join('')}</ul>`;
}
