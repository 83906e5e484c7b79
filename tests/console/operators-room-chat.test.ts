/** The chat rules and the admins of a room in its panel, against the built service: what is set there is what viewers are answered. */
import type { Page } from 'playwright-core';
import type { LiveRoomClient } from '../../client/src/index';
import { describeWithChromium, openWindow, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { startFakeOperators } from './support/fake-operators';
import { KEYS } from './support/fake-operators-world';
import { openScreen, serve, signIn } from './support/operators-pages';
import { at, expectSoon, focused, overflow, texts, until } from './support/pages';
import { askAsIm, idOf, newClient } from './support/people';

const ADMIN_KEY = 'lrk_a-key-for-tests-that-nobody-else-has';
const TOKEN = 'callback-token';

describeWithChromium('the chat of a room in the operators’ pages', () => {
  let service: Running;
  let window: Window;
  let page: Page;
  let host: LiveRoomClient;
  let helper: LiveRoomClient;
  let messages = 0;

  const person = (username: string) => newClient(service.base, username);
  const rules = async () => (await host.api.chatRules({ roomId: idOf(host) })) as object;

  /** The code that IM is answered for a text of a viewer. */
  async function write(from: LiveRoomClient): Promise<number> {
    messages += 1;
    return askAsIm(service.base, TOKEN, 'Group.CallbackBeforeSendMsg', {
      GroupId: idOf(host),
      Type: 'AVChatRoom',
      From_Account: idOf(from),
      MsgId: `m-${messages}`,
      MsgBody: [{ MsgType: 'TIMTextElem', MsgContent: { Text: `hello ${messages}` } }],
    });
  }

  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY, IM_CALLBACK_TOKEN: TOKEN } });
    [host, helper] = [await person('host'), await person('helper')];
    await host.api.enterRoom({ roomId: idOf(host), role: 'anchor', title: 'The real room', category: 'music' });
    await helper.api.enterRoom({ roomId: idOf(host), role: 'audience' });
    window = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    page = window.page;
    await page.goto(`${service.base}operators`);
    await signIn(page, ADMIN_KEY);
    await openScreen(page, `room/${idOf(host)}`);
    await page.waitForSelector(at('chat-rules'));
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  it('all are muted by one press, and not by a second one', async () => {
    const guest = await person('guest');
    expect(await write(guest)).toBe(0);
    await until(page, at('mute-all'), ['Mute all']);
    await page.click(at('mute-all'));
    await until(page, at('speak'), ['the host and the admins only: all are muted']);
    await expectSoon(() => write(guest), 10_102);
    expect(await write(host)).toBe(0);
    await page.click(at('mute-all'));
    await until(page, at('mute-all'), ['Mute all']);
    await expectSoon(() => write(guest), 0);
  });

  it('the rules are changed by keyboard only; a value that is not possible changes nothing and is said', async () => {
    await page.focus(at('change-chat-rules'));
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    await page.fill(at('slowSeconds'), '2');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog .notice.bad');
    expect(await rules()).toMatchObject({ slowSeconds: 0 });
    await page.fill(at('slowSeconds'), '30');
    await page.selectOption(`dialog ${at('speak')}`, 'admins');
    await page.focus(`dialog ${at('unique')}`);
    await page.keyboard.press('Space');
    await page.focus(`dialog ${at('links')}`);
    await page.keyboard.press('Space');
    expect([await overflow(page), ...(await inspect(page))]).toEqual([0]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    expect(await rules()).toEqual({
      speak: 'admins',
      slowSeconds: 30,
      unique: true,
      links: false,
      minSecondsInRoom: 0,
    });
    await until(page, at('slow'), ['30 s']);
    expect(await focused(page)).toContain('change-chat-rules');
  });

  it('admins are shown by name, and a change by the host shows after a refresh', async () => {
    expect(await texts(page, '.empty b')).toContain('No admins.');
    await host.api.addAdmin({ roomId: idOf(host), targetUserId: idOf(helper) });
    await host.api.updateChat({ roomId: idOf(host), speak: 'all', slowSeconds: 0 });
    await openScreen(page, 'rooms');
    await openScreen(page, `room/${idOf(host)}`);
    await until(page, at('slow'), ['off']);
    await expectSoon(async () => (await texts(page, 'tbody td')).some((text) => text.startsWith('helper 🎹')), true);
    expect([await overflow(page), ...(await inspect(page))]).toEqual([0]);
    // The value that is not possible.
    expect(window.problems).toEqual([expect.stringContaining('400')]);
  });

  it('a key that may only read sees it all on a phone in Chinese, and changes nothing', async () => {
    const response = await fetch(`${service.base}base/v1/admin/add_operator`, {
      method: 'POST',
      headers: { authorization: `Bearer ${ADMIN_KEY}`, 'content-type': 'application/json' },
      body: JSON.stringify({ name: 'reader', scope: 'read' }),
    });
    const { key } = Object(await response.json()).data;
    const phone = await openWindow({ width: 360, height: 780, locale: 'zh-CN', colorScheme: 'dark' });
    try {
      await phone.page.goto(`${service.base}operators`);
      await signIn(phone.page, key);
      await openScreen(phone.page, `room/${idOf(host)}`);
      await until(phone.page, at('speak'), ['所有人']);
      expect(await phone.page.locator(`${at('mute-all')}, ${at('change-chat-rules')}`).count()).toBe(0);
      expect(await overflow(phone.page)).toBe(0);
      expect(phone.problems).toEqual([]);
    } finally {
      await phone.close();
    }
  });

  it('a picture of the queue that is not in the own bucket is a link, and the page does not load it', async () => {
    const fake = await startFakeOperators({ rooms: 1 });
    const { base, server } = await serve(fake.base);
    const other = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    try {
      const asked: string[] = [];
      other.page.on('request', (request) => asked.push(request.url()));
      await other.page.goto(`${base}operators`);
      await signIn(other.page, KEYS.moderate);
      await openScreen(other.page, 'held');
      await other.page.waitForSelector(at('held-picture'));
      expect(await other.page.getAttribute(at('picture-link'), 'href')).toBe('https://pictures.example.com/a.png');
      expect(asked.filter((url) => url.includes('pictures.example.com'))).toEqual([]);
      expect(other.problems).toEqual([]);
    } finally {
      await other.close();
      server.closeAllConnections();
      server.close();
      await fake.stop();
    }
  });
});
