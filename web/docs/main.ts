/** Behaviour of the docs page in a browser: the service's address in the examples, search, copying, trying calls. The page is readable without. */
import { address } from '../shared/service';
import { copyButton, nameCopyButtons, say, type Text } from './page';
import { addForms } from './try';

function fillAddress(): void {
  for (const place of document.querySelectorAll('[data-address]')) place.textContent = address;
}

function addCopyButtons(): void {
  for (const example of document.querySelectorAll('.example')) {
    example.append(copyButton(() => example.querySelector('pre')?.textContent ?? ''));
  }
}

/** The links of calls say what each is for, in the words of its heading. */
function explainLinks(): void {
  for (const link of document.querySelectorAll<HTMLAnchorElement>('.contents a:has(code)')) {
    const head = document.getElementById(`${link.hash.slice(1)}-head`);
    const words = document.createElement('small');
    words.append(' ', ...[...(head?.children ?? [])].map((child) => child.cloneNode(true)));
    link.append(words);
  }
}

/** The contents are open on wide screens, and closed on a phone. */
function keepContents(): void {
  const contents = document.querySelector<HTMLDetailsElement>('.contents');
  const wide = matchMedia('(min-width: 1080px)');
  if (contents && wide.matches) contents.open = true;
  contents?.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a') && !wide.matches) contents.open = false;
  });
}

interface Hit {
  part: HTMLElement;
  score: number;
}

const MAX_HITS = 8;
const NO_HIT: Text = [
  'Nothing found. Try the name of a call (enter_room), a parameter (roomId), or an error code (2004).',
  '没有结果。试试接口名（enter_room）、参数名（roomId）或错误码（2004）。',
];

function titleOf(part: HTMLElement): string {
  const heading = part.querySelector('h2, h3, dt');
  const shown = heading?.querySelector<HTMLElement>(
    `:scope > .${document.documentElement.lang === 'zh' ? 'zh' : 'en'}`,
  );
  return (shown ?? heading)?.textContent?.trim() ?? '';
}

/** How well a part fits a word: the name of the call, then the heading, then a parameter, then the text; 0 = not at all. */
function scoreOf(part: HTMLElement, word: string): number {
  const id = part.id.replace(/^(admin|error)-/, '').toLowerCase();
  if (id === word) return 100;
  if (id.includes(word)) return 60;
  const heading = part.querySelector('h2, h3, dt')?.textContent?.toLowerCase() ?? '';
  if (heading.includes(word)) return 40;
  const names = [...part.querySelectorAll('dl dt')].map((name) => name.textContent?.toLowerCase() ?? '');
  if (names.some((name) => name.split(/\s/)[0] === word)) return 20;
  return (part.textContent ?? '').toLowerCase().includes(word) ? 1 : 0;
}

/** The parts with every word, the best first; equal ones in the order of the page. */
function ranked(words: readonly string[]): Hit[] {
  const hits = [...document.querySelectorAll<HTMLElement>('[data-find]')].flatMap((part) => {
    const scores = words.map((word) => scoreOf(part, word));
    return scores.includes(0) ? [] : [{ part, score: scores.reduce((sum, score) => sum + score, 0) }];
  });
  return hits.sort((a, b) => b.score - a.score);
}

/** The text with the words marked. */
function marked(text: string, words: readonly string[]): Node[] {
  const pattern = new RegExp(`(${words.map((word) => word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|')})`, 'gi');
  return text.split(pattern).map((piece, index) => {
    if (index % 2 === 0) return document.createTextNode(piece);
    const mark = document.createElement('mark');
    mark.textContent = piece;
    return mark;
  });
}

function hitLink({ part }: Hit, words: readonly string[]): HTMLLIElement {
  const item = document.createElement('li');
  const link = document.createElement('a');
  link.href = `#${part.id}`;
  link.append(...marked(titleOf(part), words));
  const path = part.querySelector('.path code')?.textContent;
  if (path) {
    const small = document.createElement('small');
    small.append(' ', ...marked(path.replace('/base/v1/', ''), words));
    link.append(small);
  }
  item.append(link);
  return item;
}

function showHits(hits: readonly Hit[], words: readonly string[]): void {
  const list = document.getElementById('hits');
  list?.replaceChildren(...hits.slice(0, MAX_HITS).map((hit) => hitLink(hit, words)));
  const found = document.getElementById('found');
  const count = hits.length;
  const counted: Text = count === 1 ? ['1 place', '1 处'] : [`${count} places`, `${count} 处`];
  if (found) found.textContent = words.length === 0 ? '' : say(count === 0 ? NO_HIT : counted);
}

/** Lists the parts with every word, the best first, and shows only those. An empty search shows all. */
function find(text: string): void {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  const hits = words.length === 0 ? [] : ranked(words);
  const kept = new Set(hits.map(({ part }) => part));
  // If there is no hit, the page stays unchanged; the line below the field suggests another search.
  const filter = hits.length > 0;
  for (const part of document.querySelectorAll<HTMLElement>('[data-find]')) part.hidden = filter && !kept.has(part);
  // A heading with nothing left below it goes too.
  for (const section of document.querySelectorAll<HTMLElement>('main > section:not([data-find])')) {
    section.hidden = !section.querySelector('[data-find]:not([hidden])');
  }
  for (const link of document.querySelectorAll<HTMLElement>('.contents li:has(> a)')) {
    const target = link.querySelector('a')?.hash.slice(1) ?? '';
    link.hidden = document.getElementById(target)?.closest('[hidden]') !== null;
  }
  showHits(hits, words);
}

fillAddress();
addCopyButtons();
addForms();
explainLinks();
keepContents();
const search = document.querySelector<HTMLInputElement>('#search');
search?.addEventListener('input', () => find(search.value));
search?.addEventListener('keydown', (event) => {
  if (event.key === 'Enter') document.querySelector<HTMLAnchorElement>('#hits a')?.click();
});
document.addEventListener('keydown', (event) => {
  if (event.key !== '/' || (event.target instanceof Element && event.target.matches('input, select, textarea'))) return;
  event.preventDefault();
  search?.focus();
});
// A link to a part that the search hides ends the search.
window.addEventListener('hashchange', () => {
  if (!search?.value || !document.getElementById(location.hash.slice(1))?.closest('[hidden]')) return;
  search.value = '';
  find('');
});
function applyLanguage(): void {
  nameCopyButtons();
  document.title = say(['live-room API', 'live-room 接口文档']);
}

applyLanguage();
document.addEventListener('live-room:preferences', applyLanguage);
