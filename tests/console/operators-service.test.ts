/** The operators' pages against the built service: apps see each change to rooms and people. */
import { mkdtempSync, rmSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import Database from 'libsql';
import type { Page } from 'playwright-core';
import { LiveRoomClient } from '../../client/src/index';
import { describeWithChromium, openWindow, screenshot, type Window } from '../../testkit/browser';
import { type Running, runBundle } from './support/bundle';
import { openScreen, signIn } from './support/operators-pages';
import { at, expectSoon, texts, until } from './support/pages';

const ADMIN_KEY = 'lrk_a-key-for-these-tests-only-0123456789';

/** `count` live rooms, all of one owner, the later the busier. */
function fillRooms(path: string, count: number): void {
  const database = new Database(path);
  database.pragma('busy_timeout = 10000');
  database.exec(`INSERT INTO rooms (tenant, room_id, owner_id, updated_by, broadcast_no, status, category, title, created_at,
      updated_at, nn_users, total_joined, counted_at)
    WITH RECURSIVE numbers (n) AS (SELECT 1 UNION ALL SELECT n + 1 FROM numbers WHERE n < ${count})
    SELECT '', CAST(500000000 + n AS TEXT), 1, 1, 1, 1, 'talk', 'Seeded room ' || n, ${Date.now()}, ${Date.now()},
      100 + n, 200 + n, ${Date.now() + 3_600_000} FROM numbers`);
  database.close();
}

/**
 * A sample for every minute of the last hour but the 20th to the 29th, with the peak in the 50th: higher than what the
 * service itself counts, when a minute begins while this runs.
 */
function fillSamples(path: string): void {
  const database = new Database(path);
  database.pragma('busy_timeout = 10000');
  const now = Math.floor(Date.now() / 60_000);
  const add = database.prepare(`INSERT OR REPLACE INTO samples (tenant, step, at, rooms, rooms_at, viewers, viewers_at)
    VALUES ('', 0, ?, ?, ?, ?, ?)`);
  for (let minute = 1; minute <= 60; minute += 1) {
    const at = (now - 60 + minute) * 60_000;
    if (minute < 20 || minute >= 30) add.run(at, minute === 50 ? 77_777 : minute, at, minute * 10, at);
  }
  database.close();
}

describeWithChromium('the operators’ pages of a real service', () => {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-operators-'));
  const path = join(folder, 'test.sqlite');
  let service: Running;
  let window: Window;
  let page: Page;
  let host: LiveRoomClient;
  let guest: LiveRoomClient;
  let guestId: string;

  async function person(username: string): Promise<LiveRoomClient> {
    const client = new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 });
    await client.register(username, 'secret');
    await client.signIn({ username, password: 'secret', nickname: `${username} 🎹` });
    return client;
  }
  const idOf = (client: LiveRoomClient) => client.session?.userId ?? '';
  const enter = (client: LiveRoomClient) => client.api.enterRoom({ roomId: idOf(host), role: 'audience' });
  const open = (screen: string) => openScreen(page, screen);
  const confirm = async () => {
    await page.fill(`dialog ${at('reason')}`, 'spam');
    await page.click(at('do'));
    await page.waitForSelector('dialog', { state: 'hidden' });
  };

  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY, SQLITE_PATH: path } });
    [host, guest] = [await person('host'), await person('guest')];
    guestId = idOf(guest);
    await host.api.enterRoom({ roomId: idOf(host), role: 'anchor', title: 'The real room', category: 'music' });
    await enter(guest);
    fillRooms(path, 20_000);
    window = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    page = window.page;
    await page.goto(`${service.base}operators`);
    await page.fill(at('key'), ADMIN_KEY);
    await page.click(at('sign-in'));
    await openScreen(page, 'rooms');
    await page.waitForSelector('tbody tr');
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  it('show 20,000 rooms live, page by page, and find one of them', async () => {
    expect((await texts(page, 'tbody tr a >> nth=0'))[0]).toBe('Seeded room 20000');
    await page.click(at('next'));
    await until(page, at('page'), ['Page 2']);
    await until(page, 'tbody tr a >> nth=0', ['Seeded room 19950']);
    await page.fill(at('category'), 'music');
    await until(page, 'tbody tr a[data-open]', ['The real room']);
    await page.fill(at('category'), '');
    await page.fill(at('search'), idOf(host));
    await until(page, 'tbody tr a[data-open]', ['The real room']);
    await screenshot(page, 'operators-real-1-found');
  });

  it('leave the developers’ console usable with as many', async () => {
    const tab = await page.context().newPage();
    try {
      await tab.goto(`${service.base}console`);
      await tab.click(`#host ${at('sign-up')}`);
      await tab.waitForSelector('.card >> nth=99');
      expect(await tab.locator('.card').count()).toBe(100);
      expect(await texts(tab, '#rooms > p.soft')).toEqual(['Only the first 100 are shown.']);
      await tab.click(`#viewer ${at('sign-up')}`);
      await tab.waitForSelector(`#viewer ${at('who')}`);
      await tab.click(`.card >> nth=50 >> ${at('watch')}`);
      await tab.waitForSelector(`#viewer ${at('leave-room')}`);
    } finally {
      await tab.close();
    }
  });

  it('kick a user out of a room, who cannot come back until it is lifted', async () => {
    await page.click('tbody tr a[data-open]');
    await page.click(`[data-row="${guestId}"] ${at('kick_user')}`);
    await confirm();
    await page.waitForSelector(`[aria-label^="Members"] [data-row="${guestId}"]`, { state: 'detached' });
    await expect(enter(guest)).rejects.toMatchObject({ code: 98 });
    await screenshot(page, 'operators-real-2-kicked');
    await page.click(at('lift'));
    await confirm();
    await page.waitForSelector(at('lift'), { state: 'detached' });
    await expectSoon(
      () =>
        enter(guest).then(
          () => 'in',
          () => 'out',
        ),
      'in',
    );
  });

  it('ban a user, whose sessions end and who gets the reason', async () => {
    await open(`user/${guestId}`);
    await page.click(at('ban_user'));
    await page.selectOption(`dialog ${at('seconds')}`, '0');
    await confirm();
    await page.waitForSelector(`.side ${at('banned')}`);
    await expect(guest.api.userKeepalive()).rejects.toMatchObject({ code: 204 });
    await expect(guest.signIn({ username: 'guest', password: 'secret' })).rejects.toThrow(/banned permanently: spam/);
    await open('sanctions');
    await page.fill(at('userId'), guestId);
    await page.selectOption(at('kind'), 'ban');
    await expectSoon(async () => (await texts(page, 'tbody tr')).map((row) => /permanently/.test(row)), [true]);
    await screenshot(page, 'operators-real-3-banned');
  });

  it('decide reports of viewers: one with an immediate kick, one with a verdict only', async () => {
    const viewer = await person('viewer');
    const troll = await person('troll');
    await Promise.all([enter(viewer), enter(troll)]);
    const about = { targetRoomId: idOf(host), targetUserId: idOf(troll) };
    await viewer.api.reportRoom({ ...about, reason: 'fraud', description: 'asks for money' });
    await troll.api.reportRoom({ ...about, targetUserId: idOf(viewer), reason: 'other', description: 'a quarrel' });
    await open('reports');
    await page.click(`tr:has-text("asks for money") ${at('resolve')}`);
    await page.selectOption(`dialog ${at('measure')}`, 'kick_user');
    await confirm();
    await page.waitForSelector('tr:has-text("asks for money")', { state: 'detached' });
    await expect(enter(troll)).rejects.toMatchObject({ code: 98 });
    await page.click(`tr:has-text("a quarrel") ${at('resolve')}`);
    await page.selectOption(`dialog ${at('verdict')}`, 'dismissed');
    await confirm();
    await page.waitForSelector('.empty');
    await enter(viewer);
    await page.selectOption(at('state'), 'done');
    await expectSoon(
      async () => (await texts(page, 'tbody td:has(.pill)')).sort(),
      ['No violation by admin', 'Violation by admin'],
    );
  });

  it('warn and end a room', async () => {
    await open(`room/${idOf(host)}`);
    await page.click(at('warn_room'));
    await page.fill(`dialog ${at('text')}`, 'please mind the rules');
    await page.click(at('do'));
    await page.waitForSelector(`.side ${at('warned')}`);
    await page.click(at('end_room'));
    await confirm();
    await expectSoon(async () => (await host.api.queryRoom({ roomIds: [idOf(host)] })).length, 0);
  });

  it('plot the past hour, and list the ended broadcast with the reason', async () => {
    fillSamples(path);
    await open('statistics');
    await page.click(at('hour'));
    await page.waitForSelector('[data-plot] canvas >> nth=5');
    expect((await texts(page, at('peak')))[0]).toMatch(/Peak 77,777 · /);
    const rooms = page.locator('.plot').first();
    await rooms.focus();
    // Back over the gap: a missing value is not a zero.
    const seen = new Set<string>();
    for (let step = 0; step < 45; step += 1) {
      seen.add((await texts(page, `${at('value')} b`))[0] ?? '');
      await page.keyboard.press('ArrowLeft');
    }
    expect([...seen]).toEqual(expect.arrayContaining(['77,777', '49', '30', 'no data', '19']));
    await screenshot(page, 'operators-real-5-statistics');
    // One step more or less, as the first minute or hour has begun or not.
    const points = "Math.round(document.querySelector('.plot').ariaValueMax / 10)";
    for (const [range, count] of [
      ['day', 144],
      ['month', 72],
    ] as const) {
      await page.click(at(range));
      await expectSoon(() => page.evaluate<number>(points), count);
      expect((await texts(page, at('peak')))[0]).toMatch(/Peak 77,777 · /);
    }
    await open('broadcasts');
    await page.waitForSelector('tbody tr');
    expect((await texts(page, 'tbody tr'))[0]).toMatch(/The real room(.|\s)*an operator spam/);
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(at('csv'))]);
    expect(await readFile(await file.path(), 'utf8')).toContain('The real room');
  });

  it('survive a restart in the middle: the screen stays, and the next refresh works', async () => {
    await open('sanctions');
    await page.waitForSelector('tbody tr');
    await service.crash();
    await page.click(at('refresh'));
    await page.waitForSelector('.notice.bad');
    expect(await page.locator('tbody tr').count()).toBe(1);
    await service.restart();
    await page.click(at('refresh'));
    await page.waitForSelector('.notice.bad', { state: 'detached' });
  });

  it('show the audit, complete and searched, here and as a file', async () => {
    await open('audit');
    const verbs = async () => (await texts(page, 'tbody td.grow')).map((text) => /^admin (\w+) /.exec(text)?.[1]);
    const done = ['ended', 'sent', 'resolved', 'resolved', 'kicked', 'banned', 'lifted', 'kicked'];
    await expectSoon(verbs, done);
    expect((await texts(page, 'tbody td.grow'))[0]).toBe('admin ended the broadcast The real room: spam');
    await screenshot(page, 'operators-real-4-audit');
    await page.selectOption(at('action'), 'kick_user');
    await page.fill(at('userId'), guestId);
    await expectSoon(verbs, ['kicked']);
    const [file] = await Promise.all([page.waitForEvent('download'), page.click(at('csv'))]);
    expect(file.suggestedFilename()).toBe('audit.csv');
    const lines = (await readFile(await file.path(), 'utf8')).trimEnd().split('\r\n');
    expect(lines).toEqual([expect.stringMatching(/^.?auditId,/), expect.stringContaining(`kick_user,${idOf(host)}`)]);
  });

  it('keep operators and their keys, of which only the newest is valid, and none when they are removed', async () => {
    const allowed = async (key: string) =>
      (await fetch(`${service.base}base/v1/admin/rooms`, { headers: { authorization: `Bearer ${key}` } })).status;
    const keyShown = async () => {
      await page.click(at('do'));
      await page.waitForSelector(at('secret'));
      const key = await page.inputValue(at('secret'));
      await page.click(at('close'));
      return key;
    };
    await open('operators');
    await page.click(at('add'));
    await page.fill(`dialog ${at('name')}`, 'bob');
    const first = await keyShown();
    await page.click(`[data-row="bob"] ${at('rotate')}`);
    const second = await keyShown();
    expect(await Promise.all([first, second].map(allowed))).toEqual([401, 200]);
    const tab = await page.context().newPage();
    await tab.goto(`${service.base}operators`);
    await signIn(tab, second);
    await until(tab, at('scope'), ['Moderator']);
    await page.click(`[data-row="bob"] ${at('remove')}`);
    await page.click(at('do'));
    await page.waitForSelector('[data-row="bob"]', { state: 'detached' });
    expect(await allowed(second)).toBe(401);
    await tab.click(at('refresh'));
    await until(tab, '.notice.bad p', ['Invalid or revoked key.']);
    await tab.close();
    expect(window.problems.filter((problem) => !/40[0-9]|ERR_CONNECTION_REFUSED/.test(problem))).toEqual([]);
  });
});

describeWithChromium('the operators’ pages of a service without operators', () => {
  it('name missing fields', async () => {
    const production = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'f'.repeat(64), TIM_ENDPOINT: 'off' };
    const service = await runBundle({ env: { ...production, TRTC_ENDPOINT: 'off' } });
    const { page, close } = await openWindow({ width: 390, height: 800, locale: 'zh-CN', colorScheme: 'dark' });
    try {
      await page.goto(`${service.base}operators`);
      await page.fill(at('key'), ADMIN_KEY);
      await page.click(at('sign-in'));
      await until(page, '.notice.bad p', ['运营后台未开启：请联系技术同事设置 ADMIN_KEY 并重启服务。']);
    } finally {
      await close();
      await service.stop();
    }
  });
});
