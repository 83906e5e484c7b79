/** What the docs page does in a browser: the service's own address in the examples, search, copying. It reads without. */
import { copyText } from '../shared/clipboard';
import { address } from '../shared/service';

type Text = readonly [en: string, zh: string];

/** This page is read far more than it is used: without signals, it does not need the library of the others. */
const say = ([en, zh]: Text) => (document.documentElement.lang === 'zh' ? zh : en);

const COPY: Text = ['Copy', '复制'];
const COPIED: Text = ['Copied', '已复制'];
const COPIED_MS = 1_500;

function fillAddress(): void {
  for (const place of document.querySelectorAll('[data-address]')) place.textContent = address;
}

function addCopyButtons(): void {
  for (const example of document.querySelectorAll('.example')) {
    const button = document.createElement('button');
    button.type = 'button';
    button.className = 'copy';
    button.addEventListener('click', () => {
      void copyText(example.querySelector('pre')?.textContent ?? '').then(() => {
        button.textContent = say(COPIED);
        setTimeout(() => {
          button.textContent = say(COPY);
        }, COPIED_MS);
      });
    });
    example.append(button);
  }
}

/** In the language that is chosen; again when it changes. */
function nameButtons(): void {
  for (const button of document.querySelectorAll('.copy')) button.textContent = say(COPY);
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

/** The contents are open where there is room for them, and get out of the way on a phone. */
function keepContents(): void {
  const contents = document.querySelector<HTMLDetailsElement>('.contents');
  const wide = matchMedia('(min-width: 1080px)');
  if (contents && wide.matches) contents.open = true;
  contents?.addEventListener('click', (event) => {
    if (event.target instanceof Element && event.target.closest('a') && !wide.matches) contents.open = false;
  });
}

/** Shows the parts that hold every word, and says how many there are. */
function find(text: string): void {
  const words = text
    .toLowerCase()
    .split(/\s+/)
    .filter((word) => word !== '');
  let count = 0;
  for (const part of document.querySelectorAll<HTMLElement>('[data-find]')) {
    const content = (part.textContent ?? '').toLowerCase();
    part.hidden = !words.every((word) => content.includes(word));
    if (!part.hidden) count += 1;
  }
  // A heading with nothing left below it goes too.
  for (const section of document.querySelectorAll<HTMLElement>('main > section:not([data-find])')) {
    section.hidden = !section.querySelector('[data-find]:not([hidden])');
  }
  for (const link of document.querySelectorAll<HTMLElement>('.contents li:has(> a)')) {
    const target = link.querySelector('a')?.hash.slice(1) ?? '';
    link.hidden = document.getElementById(target)?.closest('[hidden]') !== null;
  }
  const found = document.getElementById('found');
  const several: Text = [`${count} places`, `${count} 处`];
  if (found) found.textContent = words.length > 0 ? say(count === 1 ? ['1 place', '1 处'] : several) : '';
}

fillAddress();
addCopyButtons();
explainLinks();
keepContents();
const search = document.querySelector<HTMLInputElement>('#search');
search?.addEventListener('input', () => find(search.value));
// Whoever comes to a place is shown it, whatever was searched for.
window.addEventListener('hashchange', () => {
  if (!search?.value || !document.getElementById(location.hash.slice(1))?.closest('[hidden]')) return;
  search.value = '';
  find('');
});
nameButtons();
document.addEventListener('live-room:preferences', nameButtons);
