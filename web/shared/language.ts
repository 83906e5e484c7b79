/** The language that is chosen (shared/preferences.js puts it on <html>), as a signal: texts change in place. */
import { signal } from '@preact/signals';

export type Text = readonly [en: string, zh: string];

export const chinese = signal(document.documentElement.lang === 'zh');
/** Counts changes of the colours, for drawings on a canvas. */
export const themeChanges = signal(0);

document.addEventListener('live-room:preferences', () => {
  chinese.value = document.documentElement.lang === 'zh';
  themeChanges.value += 1;
});

export function say([en, zh]: Text): string {
  return chinese.value ? zh : en;
}

/** Texts by name; `{1}`, `{2}` … are filled in. */
export function translator<N extends string>(texts: Readonly<Record<N, Text>>) {
  return (name: N, ...values: readonly (string | number)[]): string =>
    say(texts[name]).replace(/\{(\d)\}/g, (_mark, number: string) => String(values[Number(number) - 1] ?? ''));
}
