/** Helpers to read a page. */
import { setTimeout as sleep } from 'node:timers/promises';
import type { Page } from 'playwright-core';

export const at = (test: string) => `[data-test=${test}]`;

export async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allInnerTexts();
}

/** Looks again until it is as expected, for a minute: only ends what hangs. */
export async function expectSoon<T>(look: () => Promise<T>, expected: T): Promise<void> {
  const deadline = performance.now() + 60_000;
  for (;;) {
    const found = await look();
    try {
      // isDeepStrictEqual would not do: a list of fetch's is of another realm than one of the tests.
      return expect(found).toEqual(expected);
    } catch (error) {
      if (performance.now() > deadline) throw error;
    }
    await sleep(20);
  }
}

export async function until(page: Page, selector: string, expected: readonly string[]): Promise<void> {
  await expectSoon(() => texts(page, selector), [...expected]);
}

/** Wider than the window means scrolling sideways, which no user does on a phone. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

/** The focused element, by its data-test, name, id or text. */
export async function focused(page: Page): Promise<string> {
  return page.evaluate(
    "(e => e.dataset.test || e.getAttribute('name') || e.id || e.textContent.trim())(document.activeElement)",
  );
}

/** Presses Tab until `name` has the focus, at most 60 times; fails otherwise. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
    if (seen.at(-1) === name) return;
  }
  throw new Error(`the keyboard never reaches ${name}, only ${[...new Set(seen)].join(', ')}`);
}
