/** The pages of a service with `USER_IDS=username`: names are shown as ids, and links with them work. */
import type { Page } from 'playwright-core';
import { describeWithChromium, openWindow, type Window } from '../../testkit/browser';
import { type Running, runBundle } from './support/bundle';
import { openScreen, signIn } from './support/operators-pages';
import { at, expectSoon, texts, until } from './support/pages';

const ADMIN_KEY = 'lrk_a-key-for-these-tests-only-0123456789';
const HOST = 'Host_of-the-evening';
const VIEWER = 'some-Viewer_2';

describeWithChromium('pages where user names are ids', () => {
  let service: Running;
  let window: Window;
  let page: Page;

  async function signUp(who: 'host' | 'viewer', username: string): Promise<void> {
    await page.fill(`#${who} [name=username]`, username);
    await page.click(`#${who} ${at('sign-up')}`);
    await page.waitForSelector(`#${who} ${at('who')}`);
  }

  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY, USER_IDS: 'username' } });
    window = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    page = window.page;
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  it('the console signs up, goes live under the name, lists it, and a viewer watches', async () => {
    await page.goto(`${service.base}console`);
    await signUp('host', HOST);
    await signUp('viewer', VIEWER);
    expect((await texts(page, `#host ${at('who')}`))[0]).toContain(HOST);
    await page.click(`#host ${at('go-live')}`);
    await page.waitForSelector(`.card[data-room="${HOST}"]`);
    expect((await texts(page, '.card .soft >> nth=0'))[0]).toContain(HOST);
    await page.click(`.card[data-room="${HOST}"] ${at('watch')}`);
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await page.click(`.card[data-room="${HOST}"] ${at('people')}`);
    await expectSoon(async () => (await texts(page, `${at('people-of')} li`)).length, 2);
  });

  it('the console refuses a name that cannot be an id with the sentence of the service', async () => {
    await page.click(`#viewer ${at('leave-room')}`);
    await page.click(`#viewer ${at('sign-out')}`);
    await page.fill('#viewer [name=username]', 'has a blank');
    await page.click(`#viewer ${at('sign-up')}`);
    await page.waitForSelector('#viewer .notice.bad');
    expect(await page.textContent('#viewer .notice.bad')).toMatch(/1 to 32 letters, digits, _ or -/);
  });

  it('operators find users and rooms by name, and follow links from one to the other', async () => {
    await page.goto(`${service.base}operators`);
    await signIn(page, ADMIN_KEY);
    await openScreen(page, 'rooms');
    await page.click(`tbody tr a[href$="room/${HOST}"]`);
    await page.waitForSelector(`[data-screen="room/${HOST}"]`);
    await page.click(`.side a[href*="user/${HOST}"] >> nth=0`);
    await page.waitForSelector(`[data-screen="user/${HOST}"]`);
    await expectSoon(async () => (await texts(page, '.side .fact-list')).join().includes(HOST), true);
    await openScreen(page, 'users');
    await page.fill(at('search'), VIEWER);
    await expectSoon(() => page.locator(`tbody tr a[href*="user/${VIEWER}"]`).count(), 1);
    await page.click(`tbody tr a[href*="user/${VIEWER}"]`);
    await page.waitForSelector(`[data-screen="user/${VIEWER}"]`);
    await page.click(`.side ${at('mute_user')}`);
    await page.fill(`dialog ${at('reason')}`, 'spam');
    await page.click(at('do'));
    await page.waitForSelector('dialog', { state: 'hidden' });
    await openScreen(page, `sanctions?userId=${VIEWER}`);
    await until(page, `tbody tr a[href*="user/${VIEWER}"]`, [VIEWER]);
    // The refused name of the console is a response that the browser reports.
    expect(window.problems).toEqual([]);
  });
});
