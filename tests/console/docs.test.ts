/** The first page and the documents in a real browser: readable, searchable, with examples that work unchanged. */
import { execFileSync } from 'node:child_process';
import { describeWithChromium, type Look, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { expectSoon, overflow, tabTo, texts, until } from './support/pages';

const LOOKS: readonly (readonly [string, Look])[] = [
  ['desk', { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' }],
  ['phone', { width: 390, height: 800, locale: 'zh-CN', colorScheme: 'dark' }],
];

describeWithChromium('the documents', () => {
  let service: Running;
  beforeAll(async () => {
    service = await runBundle();
  });
  afterAll(() => service?.stop());

  it.each(LOOKS)('are readable on a %s', async (name, look) => {
    const { page, problems, close } = await openWindow(look);
    try {
      await page.goto(service.base);
      await screenshot(page, `docs-${name}-1-first-page`);
      expect(await inspect(page)).toEqual([]);
      await page.click('a[href=docs]');
      await page.waitForSelector('#enter_room');
      expect(await texts(page, '#enter_room h3')).toEqual([
        look.locale === 'zh-CN' ? '进入房间' : 'Go live, or enter a live room',
      ]);
      await screenshot(page, `docs-${name}-2`);
      if (name === 'phone') await page.click('.contents summary');
      await page.click('nav a[href="#enter_room"]');
      await screenshot(page, `docs-${name}-3-call`);
      expect(await overflow(page)).toBe(0);
      expect(await inspect(page)).toEqual([]);
      expect(problems).toEqual([]);
    } finally {
      await close();
    }
  });

  it('have the service’s own address in their examples, below a stage too, and copies of them work', async () => {
    const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'dark' });
    try {
      await page.goto(`${service.base}release/docs`);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await page.click('#register .copy >> nth=0');
      await until(page, '#register .copy >> nth=0', ['Copied']);
      const command = await page.evaluate<string>('navigator.clipboard.readText()');
      expect(command).toContain(`${service.base}release/base/v1/oauth/register`);
      const answer: unknown = JSON.parse(execFileSync('sh', ['-c', `${command} -s`], { encoding: 'utf8' }));
      expect(answer).toMatchObject({ errorCode: 0 });
      expect(await texts(page, '#callbacks pre >> nth=0')).toEqual([`${service.base}release/base/v1/callbacks/im`]);
      expect(await page.textContent('main')).not.toContain('example.com/base');
    } finally {
      await close();
    }
  });

  it('list the best hit first, open it on Enter, and say what to try if nothing is found', async () => {
    const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    try {
      await page.goto(`${service.base}docs`);
      await page.keyboard.press('/');
      await page.keyboard.type('go live');
      await expectSoon(
        async () => (await texts(page, '#hits a >> nth=0'))[0]?.includes('Go live, or enter a live room'),
        true,
      );
      expect(await texts(page, '#hits a >> nth=0 >> mark')).toEqual(['Go', 'live', 'live']);
      expect(await inspect(page)).toEqual([]);
      await page.keyboard.press('Enter');
      await expectSoon(() => page.evaluate<string>('location.hash'), '#enter_room');
      await page.fill('#search', '2004');
      await expectSoon(async () => (await texts(page, '#hits a >> nth=0'))[0]?.includes('RoomNotExists'), true);
      await page.fill('#search', 'qwertzuiop');
      await expectSoon(async () => (await texts(page, '#found'))[0]?.startsWith('Nothing found. Try'), true);
      expect(await page.locator('article:visible').count()).toBeGreaterThan(15);
    } finally {
      await close();
    }
  });

  it('are searched by typing, with only the keyboard', async () => {
    const { page, close } = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
    try {
      await page.goto(`${service.base}docs`);
      await tabTo(page, 'search');
      await page.keyboard.type('webhook-signature');
      await until(page, '#found', ['1 place']);
      expect(await texts(page, 'main h2:visible')).toEqual(['Webhooks']);
      await page.keyboard.press('Control+A');
      await page.keyboard.type('destroy_room');
      await expectSoon(() => page.locator('article:visible').count(), 1);
      await screenshot(page, 'docs-search');
      expect(await inspect(page)).toEqual([]);
      await page.keyboard.press('Control+A');
      await page.keyboard.press('Delete');
      await expectSoon(async () => (await page.locator('article:visible').count()) > 15, true);
      expect(await texts(page, '#found')).toEqual(['']);
    } finally {
      await close();
    }
  });
});
