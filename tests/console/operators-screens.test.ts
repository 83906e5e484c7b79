/** Every screen of the operators' pages, looked at closely: on a desk and on a phone, with every kind of row and with none. */
import type { Server } from 'node:http';
import { describeWithChromium, type Look, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type FakeOperators, startFakeOperators } from './support/fake-operators';
import { KEYS } from './support/fake-operators-world';
import { openScreen, serve, signIn } from './support/operators-pages';
import { overflow, until } from './support/pages';

const DESK: Look = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' };
const PHONE: Look = { width: 390, height: 800, locale: 'zh-CN', colorScheme: 'dark' };
const SCREENS = [
  'rooms',
  'room/100000000',
  'reports',
  'users',
  'user/1',
  'sanctions',
  'statistics',
  'broadcasts',
  'audit',
  'webhooks',
  'deliveries/1',
  'operators',
];

const LOOKED_AT = { desk: 0, phone: 1 };

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
    await call('kick_user', { roomId: '100000000', userId: '2', reason: 'spam' });
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
      for (const [index, screen] of SCREENS.entries()) {
        await openScreen(page, screen);
        await screenshot(page, `operators-${name}-${screen.replace('/', '-')}`);
        expect([screen, await overflow(page)]).toEqual([screen, 0]);
        // Every screen under one of the two looks: looking closely takes a second.
        if (index % 2 === LOOKED_AT[name]) expect([screen, ...(await inspect(page))]).toEqual([screen]);
      }
      expect(problems.filter((problem) => !problem.includes('404'))).toEqual([]);
      expect(await page.evaluate('window.broken')).toBeUndefined();
    } finally {
      await close();
    }
  });
});

describeWithChromium('the operators’ pages of a service', () => {
  it('are empty where nothing is on the air, and say so where there are no operators', async () => {
    const fake = await startFakeOperators({ rooms: 0 });
    const { base, server } = await serve(fake.base);
    const { page, close } = await openWindow(PHONE);
    try {
      await page.goto(`${base}operators`);
      await signIn(page, KEYS.moderate);
      await until(page, '.empty', ['当前没有直播。']);
      await screenshot(page, 'operators-6-empty');
    } finally {
      await close();
      server.closeAllConnections();
      server.close();
      await fake.stop();
    }
  });
});
