/** The operators' pages in a real browser: every measure taken, with 20,000 rooms live. */
import { readFile } from 'node:fs/promises';
import type { Server } from 'node:http';
import type { Page } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type FakeOperators, startFakeOperators } from './support/fake-operators';
import { KEYS } from './support/fake-operators-world';
import { openScreen, serve, signIn } from './support/operators-pages';
import { at, expectSoon, focused, tabTo, texts, until } from './support/pages';

const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };
describeWithChromium('the operators’ pages', () => {
  let fake: FakeOperators;
  let pages: { base: string; server: Server };
  let window: Window;
  let page: Page;
  const open = (screen: string) => openScreen(page, screen);
  const rows = (count: number) => expectSoon(() => page.locator('tbody tr').count(), count);
  const asked = (call: string) => fake.asked.findLast((one) => one.call === call)?.params;
  const fillReason = () => page.fill(`dialog ${at('reason')}`, 'spam');
  const confirm = async () => {
    await page.click(at('do'));
    await page.waitForSelector('dialog', { state: 'hidden' });
  };

  beforeAll(async () => {
    fake = await startFakeOperators({ rooms: 20_000 });
    [pages, window] = await Promise.all([serve(fake.base), openWindow(DESK)]);
    page = window.page;
  });
  afterAll(async () => {
    await window?.close();
    pages?.server.closeAllConnections();
    pages?.server.close();
    await fake?.stop();
  });

  it('asks for a key, refuses a wrong one in words, and keeps a right one in this tab only', async () => {
    await page.goto(`${pages.base}operators`);
    await page.fill(at('key'), 'lrk_wrong');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice.bad');
    expect(await texts(page, '.notice.bad p')).toEqual(['Invalid or revoked key.']);
    expect(await inspect(page)).toEqual([]);
    await screenshot(page, 'operators-0-key');
    await page.fill(at('key'), KEYS.manage);
    await page.keyboard.press('Enter');
    await page.waitForSelector('tbody tr');
    // The pressed button is gone.
    expect(await focused(page)).toBe('screen-head');
    await until(page, at('scope'), ['Full access']);
    const kept = 'JSON.stringify([Object.values(localStorage), document.cookie]) + location.href';
    expect(await page.evaluate<string>(kept)).not.toContain('lrk_');
    await page.reload();
    await page.waitForSelector('tbody tr');
  });

  it('shows live rooms by members, a page at a time, with how many there are', async () => {
    await open('rooms');
    await rows(50);
    expect(await page.locator('tbody tr').count()).toBe(50);
    expect((await texts(page, 'tbody tr >> nth=0'))[0]).toContain('90,000');
    await page.click(at('next'));
    // More than 10,000 are not counted.
    await until(page, at('page'), ['Page 2']);
    await until(page, at('total'), ['more than 10,000']);
    await until(page, 'tbody tr a >> nth=0', ['Room number 50']);
    await page.reload();
    await until(page, 'tbody tr a >> nth=0', ['Room number 50']);
    await page.click(at('previous'));
    await until(page, at('page'), ['Page 1']);
    await page.fill(at('search'), 'number 19999');
    await rows(1);
    expect((await texts(page, 'tbody tr a >> nth=0'))[0]).toBe('Room number 19999');
    expect(await focused(page)).toBe('search');
    expect(await page.evaluate('location.hash')).toBe('#/rooms?search=number+19999');
    await page.fill(at('search'), 'no such room');
    await until(page, '.empty b', ['No results.']);
    await page.fill(at('search'), '');
    await page.fill(at('category'), 'music');
    await expectSoon(async () => asked('rooms'), { category: 'music', orderBy: 'viewers', count: true, limit: 50 });
    await rows(50);
    await page.fill(at('category'), '');
    await page.selectOption(at('order'), 'newest');
    await expectSoon(async () => fake.asked.at(-1), {
      call: 'rooms',
      params: { orderBy: 'newest', count: true, limit: 50 },
    });
  });

  it('describes the effects of a kick before it, and does it', async () => {
    await open('room/100000000');
    await page.waitForSelector(at('kick_user'));
    await page.click(`[data-row="5"] ${at('kick_user')}`);
    expect(await texts(page, at('effect'))).toEqual([
      'Removes host-4 from “A quiet evening 🎹” now. They cannot rejoin until this broadcast ends.',
    ]);
    await page.selectOption(`dialog ${at('seconds')}`, '86400');
    await until(page, at('effect'), ['Removes host-4 from “A quiet evening 🎹” now. They cannot rejoin for 1 day.']);
    await screenshot(page, 'operators-3-kick');
    expect(await inspect(page)).toEqual([]);
    // Nothing is done without a reason.
    await page.click(at('do'));
    expect(asked('kick_user')).toBeUndefined();
    await fillReason();
    await confirm();
    expect(asked('kick_user')).toEqual({ roomId: '100000000', userId: '5', reason: 'spam', seconds: 86_400 });
    await until(page, '.notice.good p', ['Done: Kick. Pending in IM; retried automatically for up to 24 hours.']);
    await page.waitForSelector('[data-row="5"]', { state: 'detached' });
  });

  it('takes every other measure', async () => {
    await page.click(`[data-row="6"] ${at('mute_user')}`);
    await page.click(at('everywhere'));
    await fillReason();
    await confirm();
    expect(asked('mute_user')).toEqual({ userId: '6', reason: 'spam', seconds: 600 });
    await page.click(`[data-row="7"] ${at('ban_user')}`);
    await page.click(at('withAddress'));
    expect((await texts(page, at('effect')))[0]).toContain('Also blocks every other user on that IP address');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'hidden' });
    expect(asked('ban_user')).toBeUndefined();
    await page.click(at('warn_room'));
    await page.fill(`dialog ${at('text')}`, 'please mind the rules');
    await confirm();
    expect(asked('warn_room')).toEqual({ roomId: '100000000', text: 'please mind the rules' });
    await page.waitForSelector(`.side ${at('warned')}`);
    await page.click(at('end_room'));
    expect((await texts(page, at('effect')))[0]).toMatch(
      /^Ends “A quiet evening 🎹” now\. Its 90,000 people .* The host may go live again\.$/,
    );
    await page.selectOption(`dialog ${at('banOwner')}`, '0');
    expect((await texts(page, at('effect')))[0]).toContain('Also bans the host permanently');
    await fillReason();
    await confirm();
    expect(asked('end_room')).toEqual({ roomId: '100000000', reason: 'spam', banOwnerSeconds: 0 });
    await page.waitForSelector('.notice.bad');
    expect(await texts(page, '.notice.bad p')).toEqual(['Not found. It may have ended or been deleted.']);
  });

  it('shows a user, bans and lets back, and has the sanctions in a list', async () => {
    await open('users');
    await page.fill(at('search'), 'user-9');
    await rows(1);
    await page.click('tbody tr a');
    await page.waitForSelector(at('ban_user'));
    await page.click(at('ban_user'));
    await fillReason();
    await confirm();
    expect(asked('ban_user')).toEqual({ userId: '10', reason: 'spam', seconds: 3_600 });
    await page.waitForSelector(at('banned'));
    await page.click(at('sign_out_user'));
    await fillReason();
    await confirm();
    await open('sanctions');
    await page.selectOption(at('kind'), 'ban');
    await rows(1);
    await page.click(at('lift'));
    await fillReason();
    await confirm();
    expect(asked('lift_sanction')).toEqual({ sanctionId: '3', reason: 'spam' });
    await page.waitForSelector('.empty');
  });

  it('works the queue of reports, with an immediate sanction', async () => {
    await open('reports');
    await page.click(`[data-row="1"] ${at('resolve')}`);
    await page.selectOption(`dialog ${at('measure')}`, 'ban_user');
    await fillReason();
    expect((await texts(page, at('effect')))[0]).toContain('out on every device');
    await screenshot(page, 'operators-4-resolve');
    await confirm();
    const action = { ban_user: { userId: '1', reason: 'spam', seconds: 3_600 } };
    expect(asked('resolve_report')).toEqual({ reportId: '1', verdict: 'upheld', reason: 'spam', action });
    await rows(1);
    await page.click(at('resolve'));
    await page.selectOption(`dialog ${at('verdict')}`, 'dismissed');
    await fillReason();
    await confirm();
    await page.waitForSelector('.empty');
  });

  it('plots an hour, a day and 30 days, with the peak, gaps, and values under pointer and arrow keys', async () => {
    await open('statistics');
    await page.click(at('hour'));
    await page.waitForSelector('[data-plot] canvas >> nth=5');
    expect(await texts(page, '[data-plot] figcaption > b')).toEqual([
      'Live rooms',
      'Members in rooms',
      'Users online',
      'Sign-ins',
      'Sign-ups',
      'Joins',
    ]);
    expect((await texts(page, at('peak')))[0]).toMatch(/Peak 800 · /);
    expect((await texts(page, at('peak')))[3]).toMatch(/Total [\d,]+$/);
    const before = (await texts(page, at('value')))[0];
    const moved = async (index: number, from: string | undefined) => (await texts(page, at('value')))[index] !== from;
    await page.hover('[data-plot] .u-over >> nth=0', { position: { x: 30, y: 40 } });
    await expectSoon(() => moved(0, before), true);
    await page.focus('.plot >> nth=1');
    const second = (await texts(page, at('value')))[1];
    await page.keyboard.press('ArrowLeft');
    await expectSoon(() => moved(1, second), true);
    for (const [range, step, points] of [
      ['day', '1m', 1_440],
      ['week', '1h', 168],
      ['month', '1h', 720],
    ] as const) {
      await page.click(at(range));
      await page.waitForSelector(`.plot[aria-valuemax="${points - 1}"]`);
      expect(asked('statistics')).toMatchObject({
        step,
        series: ['rooms', 'viewers', 'online', 'signIns', 'signUps', 'entries'],
      });
    }
    await screenshot(page, 'operators-5-month');
  });

  it('gives lists away as CSV, by days of the reader’s calendar', async () => {
    await open('broadcasts');
    await page.fill(at('from'), '2026-11-01');
    await page.fill(at('to'), '2026-11-30');
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(at('csv'))]);
    expect(file.suggestedFilename()).toBe('broadcasts.csv');
    expect(await readFile(await file.path(), 'utf8')).toContain('Over 0');
    expect(asked('broadcasts')).toMatchObject({ fromUtc: '2026-11-01 00:00:00', toUtc: '2026-12-01 00:00:00' });
    await open('audit');
    await until(page, 'tbody td.grow >> nth=0', ['alice banned host-0 for 1 h: spam']);
  });

  it('shows keys and secrets once', async () => {
    await open('operators');
    await page.click(at('add'));
    await page.fill(`dialog ${at('name')}`, 'bob');
    await page.selectOption(`dialog ${at('scope')} >> nth=-1`, 'read');
    await page.selectOption(`dialog ${at('valid')}`, '90');
    await page.click(at('do'));
    await page.waitForSelector(at('secret'));
    expect(await page.inputValue(at('secret'))).toBe('lrk_bob-once');
    expect(asked('add_operator')).toEqual({ name: 'bob', scope: 'read', validDays: 90 });
    await page.click(at('close'));
    await page.waitForSelector('[data-row="bob"]');
    expect(await page.content()).not.toContain('lrk_bob-once');
  });

  it('is usable with only the keyboard', async () => {
    await open('rooms');
    await page.waitForSelector('tbody tr');
    await page.focus('main h2');
    await tabTo(page, 'search');
    await page.keyboard.type('number 777');
    await rows(11);
    await tabTo(page, 'end_room');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    expect(await focused(page)).toBe('reason');
    await page.keyboard.press('Escape');
    await page.waitForSelector('dialog', { state: 'hidden' });
    expect(await focused(page)).toBe('end_room');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    await page.keyboard.type('spam');
    await page.keyboard.press('Enter');
    await page.waitForSelector('.notice.good');
    await rows(10);
    // The row with the button is gone.
    expect(await focused(page)).toBe('screen-head');
    await page.fill(at('search'), '');
  });

  it('shows less to anyone who may do less, and says so when a key is rolled back', async () => {
    await page.click(at('sign-out'));
    await page.waitForSelector(at('key'));
    expect(await focused(page)).toBe('screen-head');
    await signIn(page, KEYS.read);
    await until(page, at('scope'), ['Read only']);
    expect(await page.locator(at('to-operators')).count()).toBe(0);
    await open('rooms');
    await page.waitForSelector('tbody tr');
    expect(await page.locator(at('end_room')).count()).toBe(0);
    fake.world.keys.delete(KEYS.read);
    await page.click(at('refresh'));
    await page.waitForSelector(at('key'));
    expect(await texts(page, '.notice.bad p')).toEqual(['Invalid or revoked key.']);
    await signIn(page, KEYS.moderate);
    await until(page, at('scope'), ['Moderator']);
    // The pending action goes with the key: the next user is not asked about it.
    await open('rooms');
    await page.click(`${at('end_room')} >> nth=0`);
    await fillReason();
    fake.world.keys.delete(KEYS.moderate);
    await page.click(at('do'));
    await page.waitForSelector(at('key'));
    fake.world.keys.set(KEYS.moderate, 'moderate');
    await signIn(page, KEYS.moderate);
    await page.waitForSelector('tbody tr');
    expect(await page.locator('dialog[open]').count()).toBe(0);
  });

  it('keeps its content while the service is down, and shows its age', async () => {
    await page.waitForSelector('tbody tr');
    await fake.stop();
    await page.click(at('refresh'));
    await page.waitForSelector('.notice.bad');
    expect((await texts(page, '.notice.bad p'))[0]).toBe('Cannot reach the service.');
    expect(await page.locator('tbody tr').count()).toBe(50);
    expect((await texts(page, at('as-of')))[0]).toMatch(/^Updated \d\d:\d\d:\d\d$/);
  });
});
