/** What moderators use all evening, in a real browser: states, addresses, keys, several rows, undo, notes, watching. */
import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type FakeOperators, startFakeOperators } from './support/fake-operators';
import { KEYS } from './support/fake-operators-world';
import { openScreen, serve, signIn } from './support/operators-pages';
import { at, expectSoon, focused, texts, until } from './support/pages';

const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };
const ROOM = '100000000';

describeWithChromium('moderating with the operators’ pages', () => {
  let fake: FakeOperators;
  let pages: { base: string; server: Server };
  let window: Window;
  let page: Page;
  const open = (screen: string) => openScreen(page, screen);
  const asked = (call: string) => fake.asked.findLast((one) => one.call === call)?.params;
  const hash = () => page.evaluate<string>('location.hash');
  const fresh = async () => {
    await page.goto(`${pages.base}operators`);
    await page.reload();
    await page.waitForSelector(at('as-of'), { state: 'attached' });
  };

  beforeAll(async () => {
    fake = await startFakeOperators({ rooms: 60 });
    [pages, window] = await Promise.all([serve(fake.base), openWindow(DESK)]);
    page = window.page;
    await page.goto(`${pages.base}operators`);
    expect(await focused(page)).toBe('key');
    await signIn(page, KEYS.manage);
  });
  afterAll(async () => {
    await window?.close();
    pages?.server.closeAllConnections();
    pages?.server.close();
    await fake?.stop();
  });

  it('the overview shows figures against yesterday, health, the busiest rooms and reports that wait', async () => {
    await page.waitForSelector(at('figure-rooms'));
    expect((await texts(page, at('figure-rooms')))[0]).toMatch(/Live rooms\s+60\s+-6%\s+64 yesterday at this time/);
    expect((await texts(page, at('figure-viewers')))[0]).toContain('No data for yesterday.');
    expect(await texts(page, '[data-test^=health-]')).toEqual(['Healthy', 'Delayed', 'Off', 'Failing', 'Healthy']);
    await until(page, at('open-reports'), ['2']);
    expect(await inspect(page)).toEqual([]);
  });

  it('an ended room is marked as ended, counts no further, and offers nothing that makes no sense', async () => {
    const [, , , , room] = fake.world.rooms;
    Object.assign(room ?? {}, { state: 'ended', startUtc: '2026-11-30 10:00:00', endUtc: '2026-11-30 11:30:00' });
    await open(`room/${room?.roomId}`);
    await until(page, `.side ${at('state')}`, ['Ended']);
    expect(await texts(page, '.side dt')).toEqual(expect.arrayContaining(['Lasted', 'Ended']));
    expect((await texts(page, '.side .fact-list'))[0]).toContain('1 h 30 min');
    for (const test of ['warn_room', 'end_room', 'watch_room']) {
      expect(await page.locator(`.side ${at(test)}`).count()).toBe(0);
    }
    Object.assign(room ?? {}, { state: 'live', endUtc: '' });
  });

  it('search, order and page survive reload, back and a panel', async () => {
    await open('rooms');
    await page.selectOption(at('order'), 'newest');
    await page.fill(at('search'), 'number 1');
    await expectSoon(hash, '#/rooms?order=newest&search=number+1');
    await page.click('tbody tr a[data-open] >> nth=0');
    await page.waitForSelector('.side');
    expect(await hash()).toContain('?order=newest&search=number+1');
    await page.reload();
    await page.waitForSelector('.side');
    expect(await page.inputValue(at('search'))).toBe('number 1');
    expect([await page.locator('[aria-label=Refresh]').count(), await page.locator('[name=search]').count()]).toEqual([
      1, 1,
    ]);
    await page.goBack();
    await page.waitForSelector('.side', { state: 'detached' });
    expect([await page.inputValue(at('search')), await page.inputValue(at('order'))]).toEqual(['number 1', 'newest']);
  });

  it('is walked along with j and k, left with Esc, searched with /, and jumped about with Ctrl-K', async () => {
    await fresh();
    await open('users');
    await page.keyboard.press('j');
    await page.keyboard.press('j');
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-screen="user/2"]');
    await page.keyboard.press('j');
    await page.waitForSelector('[data-screen="user/3"]');
    await page.keyboard.press('k');
    await page.waitForSelector('[data-screen="user/2"]');
    await page.keyboard.press('Escape');
    await page.waitForSelector('.side', { state: 'detached' });
    await page.keyboard.press('/');
    expect(await focused(page)).toBe('search');
    await page.keyboard.press('Escape');
    await page.keyboard.press('?');
    await page.waitForSelector('dialog[open] .keys');
    expect(await inspect(page)).toEqual([]);
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    await page.keyboard.press('Control+k');
    await page.keyboard.type('number 7');
    await until(page, `${at('hit')} .user-text >> nth=0`, ['Room number 7']);
    expect(await inspect(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector('[data-screen="room/100000007"]');
  });

  it('says before and after a warning that it reaches no user while IM is off', async () => {
    fake.world.im = false;
    await fresh();
    await open(`room/${ROOM}`);
    await page.click(at('warn_room'));
    expect((await texts(page, at('effect')))[0]).toMatch(
      /^IM is off, so no user in “A quiet evening 🎹” sees this text\./,
    );
    await page.fill(`dialog ${at('text')}`, 'mind the rules');
    await page.click(at('do'));
    await until(page, '.notice.good p', ['Recorded: Send a warning. IM is off, so no user was notified.']);
    fake.world.im = true;
    await fresh();
  });

  it('takes a sanction back for ten seconds', async () => {
    await open('user/8');
    await page.click(`.side ${at('ban_user')}`);
    await page.click(`dialog ${at('template')} >> text=fraud`);
    await page.click(at('do'));
    await page.waitForSelector('dialog[open]', { state: 'detached' });
    expect(asked('ban_user')).toMatchObject({ reason: 'fraud' });
    await page.click(at('undo'));
    await until(page, '.notice.good p', ['Undone: Ban.']);
    expect(asked('lift_sanction')).toMatchObject({ reason: 'undone by the operator' });
  });

  it('acts on several rows, says how many, and keeps those chosen that failed', async () => {
    await open('users');
    for (const index of [0, 1, 2]) await page.check(`${at('choose')} >> nth=${index}`);
    await until(page, `${at('bulk')} b`, ['3 selected']);
    expect(await inspect(page)).toEqual([]);
    await page.click(at('bulk-mute_user'));
    await page.fill(`dialog ${at('reason')}`, 'spam');
    await page.click(at('do'));
    await until(page, '.notice.good p', ['Mute: 3 done.']);
    const muted = fake.asked.filter(({ call }) => call === 'mute_user').map(({ params }) => params['userId']);
    expect(muted.slice(-3)).toEqual(['1', '2', '3']);
    await page.waitForSelector(at('bulk'), { state: 'detached' });
  });

  it('keeps notes on a user, for operators only', async () => {
    await open('user/9');
    await page.fill(at('note'), 'asked for a second chance');
    await page.click(at('add-note'));
    await until(page, `${at('notes')} li > :first-child`, ['asked for a second chance']);
    expect(await inspect(page)).toEqual([]);
    await page.click(at('remove-note'));
    await page.click(at('do'));
    await page.waitForSelector(at('notes'), { state: 'detached' });
  });

  it('watches a room: the player is loaded only then, or the tenant’s own opens', async () => {
    const loaded = () => window.requests.some((url) => url.endsWith('/operators/player.js'));
    await open(`room/${ROOM}`);
    await page.click(at('watch_room'));
    await page.waitForSelector(at('player-link'));
    expect(await page.getAttribute(at('player-link'), 'href')).toBe(`https://play.example/${ROOM}`);
    expect(loaded()).toBe(false);
    await page.click(at('stop-watching'));
    fake.world.watch = 'trtc';
    await page.click(at('watch_room'));
    await page.waitForSelector('.picture');
    await expectSoon(async () => loaded(), true);
    expect(await inspect(page)).toEqual([]);
    await page.click(at('stop-watching'));
    expect(await page.locator(at('watching')).count()).toBe(0);
  });

  it('looks like a wall of covers on wish, and says so of an unknown page', async () => {
    await open('rooms');
    await page.click(at('to-wall'));
    await page.waitForSelector(`${at('wall')} li >> nth=49`);
    expect(await hash()).toBe('#/rooms?look=wall');
    expect(await inspect(page)).toEqual([]);
    await page.evaluate("location.hash = '#/nonsense'");
    await until(page, '.empty b', ['There is no page “nonsense”.']);
    expect(await inspect(page)).toEqual([]);
  });

  it('is kept in this browser on wish, until signing out', async () => {
    await page.click(at('sign-out'));
    await page.check(at('stay'));
    await signIn(page, KEYS.read);
    const other = await page.context().newPage();
    await other.goto(`${pages.base}operators#/reports`);
    await other.waitForSelector(at('scope'));
    await other.click(at('sign-out'));
    expect(await other.evaluate<string>('JSON.stringify(Object.values(localStorage))')).not.toContain('lrk_');
    await other.close();
  });
});
