/** The console on its bad days: reloads, a service that goes away, sessions that end, texts that are long or go from right to left. */
import type { Page } from 'playwright-core';
import { LiveRoomClient } from '../../client/src/index';
import { describeWithChromium, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { at, expectSoon, focused, overflow, tabTo, texts, until } from './support/pages';

const LONG = `${'Ganzlanges'.repeat(12)} `;
const RIGHT_TO_LEFT = 'بث مباشر من القاهرة';
const LOOK = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'dark' } as const;

describeWithChromium('the console', () => {
  let service: Running;
  let window: Window;
  let page: Page;
  beforeAll(async () => {
    [service, window] = await Promise.all([runBundle(), openWindow(LOOK)]);
    page = window.page;
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
  });

  /** A host of another app, with a room live. */
  async function otherHost(name: string, title: string): Promise<LiveRoomClient> {
    const client = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    await client.register(name, 'secret');
    const { userId } = await client.signIn({ username: name, password: 'secret' });
    await client.api.enterRoom({ roomId: userId, role: 'anchor', title });
    return client;
  }

  it('is usable with only the keyboard', async () => {
    await page.goto(`${service.base}console`);
    await tabTo(page, 'sign-up');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#host ${at('go-live')}`);
    // The button that was pressed is gone; the keyboard continues in the same panel.
    expect(await focused(page)).toBe('host-head');
    await tabTo(page, 'title');
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Typed by hand');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#host ${at('end-room')}`);
    expect(await focused(page)).toBe('title');
    await until(page, '#rooms .card-title', ['Typed by hand']);
    await tabTo(page, 'sign-up');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#viewer ${at('who')}`);
    await tabTo(page, 'watch');
    await page.keyboard.press('Enter');
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await page.focus('#viewer h2');
    await tabTo(page, 'leave-room');
    // Immediately, not when the list has been read again.
    let answer = () => {};
    const released = new Promise<void>((resolve) => {
      answer = resolve;
    });
    await page.route('**/rooms/query_room', (route) => released.then(() => route.continue()));
    await page.keyboard.press('Space');
    await page.waitForSelector('#viewer .empty');
    expect(await focused(page)).toBe('viewer-head');
    answer();
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('keeps typed text and focus through several refreshes', async () => {
    await page.focus(`#host ${at('title')}`);
    await page.keyboard.press('Control+A');
    await page.keyboard.type('Typing slowly 🎹', { delay: 250 });
    expect(await page.inputValue(`#host ${at('title')}`)).toBe('Typing slowly 🎹');
    expect(await focused(page)).toBe('title');
  });

  it('continues after a reload: the room with its texts, the room that is watched, the name', async () => {
    const other = await otherHost('other-1', 'The other room');
    await page.fill(`#host ${at('title')}`, 'Before the reload');
    await page.fill(`#host ${at('cover')}`, `${service.base}helloworld`);
    await page.click(`#host ${at('update-room')}`);
    await page.click(`[data-room="${other.session?.userId}"] ${at('watch')}`);
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await page.reload();
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await page.waitForSelector(`#host ${at('end-room')}`);
    expect(await page.inputValue(`#host ${at('title')}`)).toBe('Before the reload');
    expect(await texts(page, `#viewer ${at('watched-room')} b`)).toEqual(['The other room']);
    await page.click(`#host ${at('update-room')}`);
    await page.waitForSelector('#host .notice.good');
    expect(await texts(page, '#host .notice.good')).toEqual(['Nothing has changed']);
    const me = await other.api.roomDetail({ roomId: '1' });
    expect(me).toMatchObject({ title: 'Before the reload', cover: `${service.base}helloworld` });
  });

  it('does not open a live room again, even right after a reload', async () => {
    let answer = () => {};
    const released = new Promise<void>((resolve) => {
      answer = resolve;
    });
    for (const call of ['room_detail', 'query_room']) {
      await page.route(`**/${call}`, (route) => released.then(() => route.continue()));
    }
    await page.reload();
    await page.click(`#host ${at('go-live')}`);
    answer();
    await page.waitForSelector(`#host ${at('end-room')}`);
    await until(page, '#host .notice.good', ['“Before the reload” is live']);
    expect(await page.inputValue(`#host ${at('title')}`)).toBe('Before the reload');
    await page.waitForSelector(`#viewer ${at('leave-room')}`);
    await page.unrouteAll({ behavior: 'wait' });
  });

  it('leaves one room when it watches another', async () => {
    const before = (await texts(page, `#viewer ${at('watched-room')} b`))[0];
    expect(before).toBe('The other room');
    await page.click(`[data-room="1"] ${at('watch')}`);
    await until(page, `#viewer ${at('watched-room')} b`, ['Before the reload']);
    const card = (title: string) => `.card:has-text("${title}") ${at('nn-users')}`;
    await until(page, card('The other room'), ['1']);
    await until(page, card('Before the reload'), ['2']);
    expect(await texts(page, `${at('people-of')} h3`)).toEqual(['People in “Before the reload”']);
  });

  it('shows the list that was asked for last, whichever answer comes last', async () => {
    const guest = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    await guest.register('guest', 'secret');
    await guest.signIn({ username: 'guest', password: 'secret' });
    await guest.api.enterRoom({ roomId: '1', role: 'audience' });
    const newest = ['The other room', 'Before the reload'];
    await until(page, '#rooms .card-title', newest);
    const held: (() => void)[] = [];
    await page.route('**/rooms/query_room', async (route) => {
      if (route.request().postData()?.includes('totalJoined')) {
        await new Promise<void>((resolve) => held.push(resolve));
      }
      await route.continue();
    });
    await page.selectOption(at('order'), 'totalJoined');
    await expectSoon(async () => held.length > 0, true);
    const answered = () => page.waitForResponse('**/rooms/query_room');
    await Promise.all([answered(), page.selectOption(at('order'), 'createUtc')]);
    const [late] = await Promise.all([answered(), ...held.map((go) => go())]);
    await late.finished();
    await page.unrouteAll({ behavior: 'wait' });
    await page.evaluate('new Promise((drawn) => requestAnimationFrame(() => setTimeout(drawn, 50)))');
    expect(await texts(page, '#rooms .card-title')).toEqual(newest);
  });

  it('does not rename who signs in', async () => {
    const client = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    await client.register('named', 'secret');
    const { userId } = await client.signIn({ username: 'named', password: 'secret', nickname: 'Her own name' });
    await page.click(`#viewer ${at('sign-out')}`);
    await page.fill(`#viewer ${at('username')}`, 'named');
    await page.fill(`#viewer ${at('password')}`, 'secret');
    await page.click(`#viewer ${at('sign-up')}`);
    await until(page, `#viewer ${at('who')}`, ['Her own name']);
    expect(await client.api.userQuery({ searchUserId: userId })).toMatchObject({ name: 'Her own name' });
  });

  it('keeps sign-ins if the service fails during a reload, and shows the password', async () => {
    const failing = {
      errorCode: 99,
      errorMessage: 'SystemError(99): something went wrong',
      requestId: '',
      version: '',
    };
    await page.route('**/user_login_token', (route) => route.fulfill({ json: failing }));
    await page.reload();
    await page.waitForSelector(`#host ${at('waiting')}`);
    await page.waitForSelector(`#viewer ${at('waiting')}`);
    await screenshot(page, 'days-1-waiting');
    await page.unroute('**/user_login_token');
    await page.waitForSelector(`#host ${at('end-room')}`);
    await page.waitForSelector(`#viewer ${at('who')}`);
    await page.click('#host details.more summary');
    await page.click(`#host ${at('show-password')}`);
    const password = await page.inputValue(`#host ${at('password')}`);
    const username = (await texts(page, `#host ${at('who')}`))[0] ?? '';
    const client = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    expect(await client.signIn({ username, password })).toMatchObject({ name: username });
  });

  it('does not say LIVE of rooms while the service is away, and continues when it is back', async () => {
    // Unread data cannot be stale: the list of the reloaded page has to be loaded first.
    await until(page, '#rooms .badge', ['LIVE', 'LIVE']);
    await service.crash();
    await page.waitForSelector(at('stale'));
    expect(await texts(page, '#rooms .badge')).toEqual(['LAST SEEN LIVE', 'LAST SEEN LIVE']);
    await page.click(`#host ${at('end-room')}`);
    await page.waitForSelector('#host .notice.bad');
    expect((await texts(page, '#host .notice.bad'))[0]).toContain('Cannot reach the service');
    await page.waitForSelector('.tile.failed');
    await screenshot(page, 'days-2-away');
    expect(await inspect(page)).toEqual([]);
    await service.restart();
    await page.waitForSelector(at('stale'), { state: 'detached' });
    expect(await texts(page, '#rooms .badge')).toEqual(['LIVE', 'LIVE']);
    expect(await texts(page, `#host ${at('own-room')} b`)).toEqual(['Before the reload']);
  });

  it('shows long names, texts from right to left and emoji without breaking', async () => {
    await otherHost('long', `${LONG}${'👩‍👩‍👧‍👦'.repeat(3)}`.slice(0, 100));
    await otherHost('rtl', RIGHT_TO_LEFT);
    await page.waitForSelector(`.card:has-text("${RIGHT_TO_LEFT}")`);
    await page.fill(`#host ${at('title')}`, LONG.slice(0, 100));
    await page.click(`#host ${at('update-room')}`);
    await until(page, `#host ${at('own-room')} b`, [LONG.slice(0, 100)]);
    for (const width of [1280, 390, 360]) {
      await page.setViewportSize({ width, height: 860 });
      expect([width, await overflow(page)]).toEqual([width, 0]);
      await screenshot(page, `days-3-long-${width}`);
    }
    await page.setViewportSize({ width: 1280, height: 860 });
  });

  it('says so when the session is over', async () => {
    const other = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    await other.signIn({ username: 'named', password: 'secret' });
    await other.deleteAccount();
    await page.waitForSelector(`#viewer ${at('sign-in')}`);
    expect(await texts(page, '#viewer .notice.bad p')).toEqual([
      'The service refused the token; please sign in again.',
    ]);
    expect(window.problems.filter((problem) => !problem.includes('ERR_CONNECTION_REFUSED'))).toEqual([]);
  });
});
