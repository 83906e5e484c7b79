/** Every screen of the operators' pages in detail: on a desktop and on a phone, with every kind of row and with none. */
import type { Server } from 'node:http';
import { describeWithChromium, type Look, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { runBundle } from './support/bundle';
import { type FakeOperators, startFakeOperators } from './support/fake-operators';
import { KEYS } from './support/fake-operators-world';
import { openScreen, serve, signIn } from './support/operators-pages';
import { at, overflow, until } from './support/pages';

const ADMIN_KEY = 'lrk_a-key-for-these-tests-only-0123456789';
const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };
const PHONE: Look = { width: 390, height: 800, locale: 'zh-CN', colorScheme: 'dark' };
const SCREENS = [
  'overview',
  'rooms',
  'room/100000000',
  'reports',
  'held',
  'held?state=refused',
  'chat?roomId=100000000',
  'appeals',
  'words',
  'review',
  'users',
  'user/1',
  'sanctions',
  'statistics',
  'broadcasts',
  'audit',
  'webhooks',
  'deliveries/1',
  'deliveries/1/delivery/1',
  'operators',
  'settings',
];

const BROKEN_WORDS = `[...document.querySelectorAll('td .user-text, td code')].filter(
  (one) => one.textContent.length < 12 && !one.textContent.includes(' ') && new Set([...one.getClientRects()].map(({ top }) => Math.round(top))).size > 1
).map((one) => one.textContent)`;

/** Every kind of row on few pages: looking closely at a page takes longer the more there is on it. */
describeWithChromium('every screen of the operators’ pages', () => {
  let fake: FakeOperators;
  let server: Server;
  let base: string;
  beforeAll(async () => {
    fake = await startFakeOperators({ rooms: 6 });
    ({ base, server } = await serve(fake.base));
    const headers = { authorization: `Bearer ${KEYS.manage}` };
    const call = (name: string, body: object) =>
      fetch(`${fake.base}base/v1/admin/${name}`, { method: 'POST', headers, body: JSON.stringify(body) });
    await call('kick_user', { roomId: '100000000', userId: '2', reason: 'r'.repeat(180) });
    await call('ban_user', { userId: '1', reason: 'spam', seconds: 3_600 });
  });
  afterAll(async () => {
    server?.closeAllConnections();
    server?.close();
    await fake?.stop();
  });

  it.each([
    ['desk', DESK],
    ['phone', PHONE],
  ] as const)('has nothing to find fault with on a %s', async (name, look) => {
    const { page, problems, close } = await openWindow(look);
    try {
      await page.goto(`${base}operators`);
      await signIn(page, KEYS.manage);
      for (const screen of SCREENS) {
        await openScreen(page, screen);
        await screenshot(page, `operators-${name}-${screen.replace(/\W/g, '-')}`);
        expect([screen, await overflow(page)]).toEqual([screen, 0]);
        expect([screen, ...(await inspect(page))]).toEqual([screen]);
        // The narrowest width of tables before they are cards: no overflow, no short word broken by a long text next to it.
        await page.setViewportSize({ width: 821, height: 800 });
        expect([screen, await overflow(page), await page.evaluate(BROKEN_WORDS)]).toEqual([screen, 0, []]);
        await page.setViewportSize(look);
      }
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
      expect(await page.evaluate('window.broken')).toBeUndefined();
    } finally {
      await close();
    }
  });

  it('is about the tenant that was chosen, and operators of others can be added', async () => {
    const { page, close } = await openWindow(DESK);
    const asked = (call: string) => fake.asked.findLast((one) => one.call === call)?.params;
    try {
      await page.goto(`${base}operators`);
      await page.fill(at('tenant'), 'elsewhere');
      await signIn(page, KEYS.manage);
      await until(page, at('scope'), ['elsewhere Full access']);
      await openScreen(page, 'operators');
      expect(asked('operators')).toMatchObject({ tenant: 'elsewhere' });
      await page.click(at('add'));
      await page.fill(`dialog ${at('name')}`, 'carol');
      await page.fill(`dialog ${at('tenant')}`, '*');
      await page.click(at('do'));
      await page.waitForSelector(at('secret'));
      expect(asked('add_operator')).toEqual({ name: 'carol', scope: 'moderate', tenant: '*' });
    } finally {
      await close();
    }
  });
});

/** The first line of each list without entries, and the next step below it. */
const EMPTY = [
  ['rooms', '当前没有直播'],
  ['reports', '暂无待处理的举报'],
  ['users', '暂无用户'],
  ['sanctions', '暂无生效中的处罚'],
  ['held', '审核未开启'],
  ['appeals', '暂无待处理的申诉'],
  ['words', '词库为空'],
  ['broadcasts', '暂无已结束的直播'],
  ['audit', '暂无操作记录'],
  ['webhooks', '暂无事件推送'],
  ['operators', '还没有运营账号，目前只有 ADMIN_KEY 可用。'],
  // Last, because reading a chat is an entry of the audit log.
  ['chat?roomId=1', '暂无聊天记录'],
] as const;

describeWithChromium('the operators’ pages of a service', () => {
  it('are empty if nothing has happened, and say so; missing things are not found', async () => {
    const service = await runBundle({ env: { ADMIN_KEY } });
    const { page, close } = await openWindow(PHONE);
    try {
      await page.goto(`${service.base}operators`);
      await signIn(page, ADMIN_KEY);
      for (const [screen, words] of EMPTY) {
        await openScreen(page, screen);
        await until(page, '.empty b', [words]);
        expect(await page.locator('.empty span').count()).toBe(1);
      }
      await openScreen(page, 'statistics');
      await page.waitForSelector('[data-plot] canvas >> nth=5');
      await screenshot(page, 'operators-6-empty');
      for (const screen of ['room/999', 'user/999', 'deliveries/999']) {
        await page.evaluate(`location.hash = '#/${screen}'`);
        await until(page, `[data-screen="${screen}"] .notice.bad p`, ['内容不存在，可能已结束或被删除。']);
      }
    } finally {
      await close();
      await service.stop();
    }
  });
});
