/** Short ways to look at a page. */
import type { Page } from 'playwright-core';

export const at = (test: string) => `[data-test=${test}]`;

export async function texts(page: Page, selector: string): Promise<string[]> {
  return page.locator(selector).allInnerTexts();
}

/** Looks again until it is as expected. */
export async function until(page: Page, selector: string, expected: readonly string[]): Promise<void> {
  for (let round = 0; round < 100; round += 1) {
    if ((await texts(page, selector)).join('|') === expected.join('|')) return;
    await page.waitForTimeout(100);
  }
  expect(await texts(page, selector)).toEqual(expected);
}

/** Wider than the window means scrolling sideways, which nobody does on a phone. */
export async function overflow(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth - window.innerWidth');
}

/** What the keyboard is at, as its data-test, name, id or text. */
export async function focused(page: Page): Promise<string> {
  return page.evaluate(
    "(e => e.dataset.test || e.getAttribute('name') || e.id || e.textContent.trim())(document.activeElement)",
  );
}

/** Tab until the keyboard is at `name`, at most 60 times; fails where it never gets there. */
export async function tabTo(page: Page, name: string): Promise<void> {
  const seen: string[] = [];
  for (let round = 0; round < 60; round += 1) {
    await page.keyboard.press('Tab');
    seen.push(await focused(page));
    if (seen.at(-1) === name) return;
  }
  throw new Error(`the keyboard never reaches ${name}, only ${[...new Set(seen)].join(', ')}`);
}
