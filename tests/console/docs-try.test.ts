/** "Try it" on the docs page in a real browser: forms of the contract that send to this service. */
import { execFileSync } from 'node:child_process';
import type { Page } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { expectSoon, overflow, tabTo, texts } from './support/pages';

const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };
const PHONE: Look = { width: 360, height: 780, locale: 'zh-CN', colorScheme: 'dark' };
const ADMIN_KEY = 'lrk_for-the-test-of-the-docs-page-0123456789';
const PASSWORD = 'hunter2-hunter2';

const open = (page: Page, call: string) => page.click(`#${call} .try > summary`);
const field = (call: string, name: string) => `#${call} .try [name=${name}]`;
const status = async (page: Page, call: string) => (await texts(page, `#${call} .try [role=status]`))[0] ?? '';
const shown = async (page: Page, call: string) =>
  JSON.parse((await texts(page, `#${call} .tried pre >> nth=1`))[0] ?? '');

/** Sends the form; the answer that is on the screen. */
async function sent(page: Page, call: string) {
  await page.click(`#${call} .try button[type=submit]`);
  await expectSoon(async () => /^HTTP \d+ · \d+ ms$/.test(await status(page, call)), true);
  return shown(page, call);
}

/** Registers and signs in with the forms. */
async function signIn(page: Page, username: string) {
  for (const call of ['register', 'signature']) {
    await open(page, call);
    await page.fill(field(call, 'username'), username);
    await page.fill(field(call, 'password'), PASSWORD);
    expect(await sent(page, call)).toMatchObject({ errorCode: 0 });
  }
}

describeWithChromium('a call on the docs page is tried', () => {
  let service: Running;
  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY } });
  });
  afterAll(() => service?.stop());

  it('by the keyboard: the session of a sign-in fills the next form, and its token is in no address and no storage', async () => {
    const { page, problems, requests, close } = await openWindow(DESK);
    try {
      await page.goto(`${service.base}docs`);
      await signIn(page, 'alice');
      const { token } = await shown(page, 'signature').then(({ data }) => data);
      expect(token).toMatch(/••••••$/);
      await open(page, 'enter_room');
      const secret = await page.inputValue(field('enter_room', 'token'));
      expect(secret).toMatch(/^eyJ/);
      await page.focus('#enter_room .try > summary');
      await tabTo(page, 'roomId');
      await page.keyboard.type('7001');
      await page.keyboard.press('Enter');
      await expectSoon(async () => (await status(page, 'enter_room')).startsWith('HTTP 200 · '), true);
      expect(await shown(page, 'enter_room')).toMatchObject({ errorCode: 0 });
      await screenshot(page, 'docs-try');
      expect(await inspect(page)).toEqual([]);
      expect(requests.filter((url) => url.includes(secret) || url.includes(PASSWORD))).toEqual([]);
      const stored = 'JSON.stringify([{ ...localStorage }, { ...sessionStorage }, document.cookie])';
      expect(await page.evaluate<string>(stored)).not.toContain(secret);
      expect(await page.evaluate<string>('document.body.innerText')).not.toContain(secret);
      expect(problems).toEqual([]);
      await page.reload();
      await open(page, 'enter_room');
      expect(await page.inputValue(field('enter_room', 'token'))).toBe('');
    } finally {
      await close();
    }
  });

  it('and its copied curl line makes the same call', async () => {
    const { page, close } = await openWindow(DESK);
    try {
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.goto(`${service.base}docs`);
      await signIn(page, "o'brien");
      await open(page, 'user_query');
      await sent(page, 'user_query');
      await page.click('#user_query .tried .copy >> nth=0');
      await expectSoon(async () => (await texts(page, '#user_query .tried .copy >> nth=0'))[0], 'Copied');
      const command = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(command).toContain(`${service.base}base/v1/auth_users/user_query`);
      expect((await texts(page, '#user_query .tried pre >> nth=0'))[0]).toContain('••••••');
      const answer: unknown = JSON.parse(execFileSync('sh', ['-c', `${command} -s`], { encoding: 'utf8' }));
      expect(answer).toMatchObject(
        await shown(page, 'user_query').then(({ errorCode, errorMessage }) => ({ errorCode, errorMessage })),
      );
      await page.click('#user_query .show-secrets');
      expect((await texts(page, '#user_query .tried pre >> nth=0'))[0]).toBe(command);
    } finally {
      await close();
    }
  });

  it('by an operator on a phone, in Chinese: the key is sent as a header; refusals and lines of JSON are shown', async () => {
    const { page, problems, requests, close } = await openWindow(PHONE);
    try {
      await page.goto(`${service.base}docs`);
      await open(page, 'admin-rooms');
      await page.fill(field('admin-rooms', 'key'), 'lrk_wrong');
      expect(await sent(page, 'admin-rooms')).toMatchObject({ errorCode: 98 });
      expect(await status(page, 'admin-rooms')).toMatch(/^HTTP 401/);
      await page.fill(field('admin-rooms', 'key'), ADMIN_KEY);
      await page.selectOption(field('admin-rooms', 'orderBy'), 'newest');
      expect(await sent(page, 'admin-rooms')).toMatchObject({ errorCode: 0 });
      await open(page, 'admin-import_users');
      expect(await page.inputValue(field('admin-import_users', 'key'))).toBe(ADMIN_KEY);
      await page.fill(field('admin-import_users', 'lines'), '{"username":"carol"}\n{"username":""}');
      expect(await sent(page, 'admin-import_users')).toMatchObject({ data: { added: 1, refused: [{ line: 2 }] } });
      await screenshot(page, 'docs-try-phone');
      expect(await overflow(page)).toBe(0);
      expect(await inspect(page)).toEqual([]);
      expect(requests.filter((url) => url.includes('lrk_'))).toEqual([]);
      // The browser reports the refusal with status 401 itself.
      expect(problems.filter((text) => !text.includes('401'))).toEqual([]);
    } finally {
      await close();
    }
  });

  it('without an answer: the page says that the service cannot be reached', async () => {
    const { page, close } = await openWindow(DESK);
    try {
      await page.goto(`${service.base}docs`);
      await page.context().setOffline(true);
      await open(page, 'register');
      await page.click('#register .try button[type=submit]');
      await expectSoon(async () => (await status(page, 'register')).startsWith('Cannot reach the service.'), true);
    } finally {
      await close();
    }
  });
});
