/** Texts and copy buttons of the docs page. */
import { copyText } from '../shared/clipboard';

export type Text = readonly [en: string, zh: string];

/** This page is read far more than it is used: without signals, it does not need the library of the others. */
export const say = ([en, zh]: Text) => (document.documentElement.lang === 'zh' ? zh : en);

const COPY: Text = ['Copy', '复制'];
const COPIED: Text = ['Copied', '已复制'];
const COPIED_MS = 1_500;

export function copyButton(text: () => string): HTMLButtonElement {
  const button = document.createElement('button');
  button.type = 'button';
  button.className = 'copy';
  button.textContent = say(COPY);
  button.addEventListener('click', () => {
    void copyText(text()).then(() => {
      button.textContent = say(COPIED);
      setTimeout(() => {
        button.textContent = say(COPY);
      }, COPIED_MS);
    });
  });
  return button;
}

/** Runs again when the language changes. */
export function nameCopyButtons(): void {
  for (const button of document.querySelectorAll('.copy')) button.textContent = say(COPY);
}
