/** The console as a developer meets it first: nothing red on the happy path, and a plain sentence where input is wrong. */
import type { Page } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { at, overflow, texts, until } from './support/pages';

const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };

/** Collects every alert that the page shows, even for one frame. */
const WATCH_ALERTS = `
  window.alerts = [];
  new MutationObserver(() => {
    for (const alert of document.querySelectorAll('[role=alert]')) {
      const text = alert.textContent.trim();
      if (text !== '' && !window.alerts.includes(text)) window.alerts.push(text);
    }
  }).observe(document.body, { subtree: true, childList: true, characterData: true });
`;

const paths = (page: Page) => texts(page, '#calls .call-path');

describeWithChromium('the console of a demo', () => {
  let service: Running;
  let window: Window;
  beforeAll(async () => {
    service = await runBundle();
    window = await openWindow(DESK);
    await window.page.goto(`${service.base}console`);
    await window.page.waitForSelector('.tile');
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  it('names disabled parts and how to turn them on', async () => {
    const { page } = window;
    await until(page, '[data-tile=IM] .tile-state', ['off']);
    expect(await texts(page, '[data-tile=IM] .tile-detail')).toEqual([
      'Chat and notices to a room are not delivered. To turn IM on, set TRTC_TIM_APPID and TRTC_TIM_SECRET.',
    ]);
  });

  it('shows no alert during a sign-up, and makes no call without a token', async () => {
    const { page } = window;
    await page.evaluate(WATCH_ALERTS);
    for (const who of ['host', 'viewer']) {
      await page.click(`#${who} ${at('sign-up')}`);
      await page.waitForSelector(`#${who} ${at('who')}`);
    }
    await page.waitForFunction("document.querySelector('#rooms .empty')?.textContent.includes('go live')");
    await page.check('#with-background');
    await page.waitForFunction("document.querySelectorAll('#calls .background').length > 2");
    expect(await page.evaluate('window.alerts')).toEqual([]);
    // 2004: there is no room of the host yet, which the page asks about.
    const codes = await texts(page, '#calls .code');
    expect(codes.filter((code) => !['0', '2004'].includes(code))).toEqual([]);
    await page.uncheck('#with-background');
  });

  it('refuses a cover that is no address before any call', async () => {
    const { page } = window;
    const before = await paths(page);
    await page.fill(`#host ${at('cover')}`, 'notaurl');
    await page.click(`#host ${at('go-live')}`);
    await until(page, '#host .notice.bad p', ['The cover must be a web address that starts with http:// or https://.']);
    expect(await paths(page)).toEqual(before);
    expect(await inspect(page)).toEqual([]);
    await page.fill(`#host ${at('cover')}`, '');
    await page.click(`#host ${at('go-live')}`);
    await page.waitForSelector(`#host ${at('end-room')}`);
    // The same applies to a live room.
    await page.fill(`#host ${at('cover')}`, 'https://');
    await page.click(`#host ${at('update-room')}`);
    await page.waitForSelector('#host .notice.bad');
    expect((await paths(page))[0]).toBe('rooms/enter_room');
  });

  it.each([
    ['en-US', 'light', 'Service healthy', '服务正常'],
    ['zh-CN', 'dark', '服务正常', 'Service healthy'],
  ] as const)('the first page follows language and theme: %s, %s', async (locale, colorScheme, said, other) => {
    const first = await openWindow({ width: 360, height: 740, locale, colorScheme });
    try {
      const { page } = first;
      await page.goto(service.base);
      expect(await texts(page, '.card .pill:visible')).toEqual([said]);
      expect(await inspect(page)).toEqual([]);
      await screenshot(page, `first-page-${colorScheme}`);
      const ground = () => page.evaluate<string>('getComputedStyle(document.body).backgroundColor');
      const before = await ground();
      await page.click('[data-set=lang]');
      await page.click('[data-set=theme]');
      expect(await texts(page, '.card .pill:visible')).toEqual([other]);
      expect(await ground()).not.toBe(before);
      expect(await overflow(page)).toBe(0);
      expect(await inspect(page)).toEqual([]);
      // Both choices apply to the other pages and the next visit.
      await page.reload();
      expect(await texts(page, '.card .pill:visible')).toEqual([other]);
      expect(first.problems).toEqual([]);
    } finally {
      await first.close();
    }
  });
});
