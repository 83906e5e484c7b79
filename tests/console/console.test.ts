/** The console in a real browser against the built service: the whole life of a room by clicking, on a desk and a phone. */
import { createServer } from 'node:http';
import type { Page } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { at, overflow, texts, until } from './support/pages';

const HOSTILE = `<img src=x onerror="window.broken=1"><script>window.broken=1</script>`;

const LOOKS: readonly (readonly [string, Look & { live: string; left: RegExp }])[] = [
  [
    'desk',
    { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light', live: 'LIVE', left: /^(2 d|1 d 23 h) left$/ },
  ],
  [
    'phone',
    {
      width: 360,
      height: 740,
      locale: 'zh-CN',
      colorScheme: 'dark',
      live: '直播中',
      left: /^剩余 (2 天|1 天 23 小时)$/,
    },
  ],
];

/** Codes of the calls that are listed, newest first. */
async function listedCalls(page: Page): Promise<string[]> {
  const paths = await texts(page, '#calls .call-path');
  const codes = await texts(page, '#calls .code');
  return paths.map((path, index) => `${path} ${codes[index]}`);
}

/** One green pixel, as a host's cover from some other server. */
const COVER = Buffer.from(
  'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNkaPhfDwAEAgH/OSB0GgAAAABJRU5ErkJggg==',
  'base64',
);

describeWithChromium('the console', () => {
  let service: Running;
  let coverUrl = '';
  const covers = createServer((_message, reply) => reply.setHeader('content-type', 'image/png').end(COVER));
  beforeAll(async () => {
    service = await runBundle();
    await new Promise<void>((resolve) => covers.listen(0, '127.0.0.1', resolve));
    const address = covers.address();
    coverUrl = `http://127.0.0.1:${typeof address === 'object' ? address?.port : 0}/cover.png`;
  });
  afterAll(async () => {
    covers.closeAllConnections();
    covers.close();
    await service?.stop();
  });

  describe.each(LOOKS)('on a %s', (name, look) => {
    let window: Window;
    beforeAll(async () => {
      window = await openWindow(look);
    });
    afterAll(() => window?.close());

    it('shows the whole life of a room by clicking', async () => {
      const { page } = window;
      await page.goto(`${service.base}console`);
      await page.waitForSelector('.tile');
      expect(await texts(page, '.tile')).toHaveLength(4);
      // Versions are a fact, not a check.
      expect(await texts(page, '.tile-state')).toHaveLength(3);
      await screenshot(page, `${name}-1-start`);
      expect(await inspect(page)).toEqual([]);

      await page.click(`#host ${at('sign-up')}`);
      await page.waitForSelector(`#host ${at('who')}`);
      await page.click('#host details.more summary');
      expect((await texts(page, `#host ${at('time-left')}`))[0]).toMatch(look.left);
      expect((await texts(page, `#host ${at('usersig')}`))[0]).toContain('1400000000');

      await page.fill(`#host ${at('title')}`, HOSTILE);
      await page.fill(`#host ${at('cover')}`, 'javascript:window.broken=1');
      await page.click(`#host ${at('go-live')}`);
      await page.waitForSelector('#host .notice.bad');
      expect(await page.locator('#rooms .card').count()).toBe(0);
      await page.fill(`#host ${at('cover')}`, '');
      await page.click(`#host ${at('go-live')}`);
      await page.waitForSelector(`#host ${at('end-room')}`);
      await page.waitForSelector('#rooms .card');
      expect(await texts(page, '#rooms .card .badge')).toEqual([look.live]);
      expect(await texts(page, '#rooms .card-title')).toEqual([HOSTILE]);
      expect(await texts(page, at('nn-users'))).toEqual(['1']);
      expect(await page.locator(`#rooms ${at('watch')}`).isDisabled()).toBe(true);

      await page.fill(`#host ${at('title')}`, 'A quiet evening 🎹');
      expect(await page.locator('#rooms .cover img').count()).toBe(0);
      await page.fill(`#host ${at('cover')}`, coverUrl);
      await page.click(`#host ${at('update-room')}`);
      await page.waitForSelector('#rooms .cover img');
      await page.locator('#rooms .cover img').scrollIntoViewIfNeeded();
      await page.waitForFunction("document.querySelector('#rooms .cover img')?.naturalWidth === 1");

      await page.click(`#viewer ${at('sign-up')}`);
      await page.waitForSelector(`#rooms ${at('watch')}:not([disabled])`);
      await page.click(`#rooms ${at('watch')}`);
      await page.waitForSelector(`#viewer ${at('leave-room')}`);
      await until(page, at('nn-users'), ['2']);
      await page.waitForSelector('.chip >> nth=1');
      expect(await texts(page, `${at('people-of')} h3`)).toEqual([expect.stringContaining('A quiet evening 🎹')]);
      expect(await texts(page, at('total-joined'))).toEqual(['2']);
      expect(await texts(page, '#rooms .card-title')).toEqual(['A quiet evening 🎹']);
      await page.evaluate('window.scrollTo(0, 0)');
      await screenshot(page, `${name}-2-live`);
      expect(await overflow(page)).toBe(0);
      expect(await inspect(page)).toEqual([]);

      await page.click(`#viewer ${at('leave-room')}`);
      await until(page, at('nn-users'), ['1']);
      await page.click(`#host ${at('end-room')}`);
      await page.waitForSelector('#rooms .empty');
      const calls = await listedCalls(page);
      expect(calls.filter((call) => !call.endsWith(' 0'))).toEqual([]);
      expect(calls.slice(0, 3)).toEqual(['rooms/destroy_room 0', 'rooms/leave_room 0', 'rooms/enter_room 0']);
    });

    it('hides secrets until their owner asks, and copies a call that works', async () => {
      const { page } = window;
      const value = (test: string) => page.inputValue(`#host ${at(test)}`);
      const secrets = [await value('token'), await value('usersig-text')];
      expect(secrets.every((text) => text.endsWith('••••••') && text.length < 12)).toBe(true);
      await page.click(`#host ${at('show-token')}`);
      expect(await value('token')).toMatch(/^eyJ[\w.-]{100,}$/);
      const lines = `document.querySelector('#host ${at('token')}').getClientRects()[0].height`;
      expect(await page.evaluate<number>(lines)).toBeLessThan(40);

      await page.click('#calls [data-call=signature] summary >> nth=0');
      const call = page.locator('#calls [data-call=signature]').first();
      expect(await call.textContent()).not.toMatch(/eyJ[\w-]{15,}|eJ[\w*-]{40,}/);
      await call.locator(at('reveal')).click();
      expect(await call.textContent()).toMatch(/"token": "eyJ[\w-]{15,}/);
      await call.locator(at('copy-curl')).scrollIntoViewIfNeeded();
      await screenshot(page, `${name}-3-call`);
      expect(await inspect(page)).toEqual([]);
      await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
      await call.locator(at('copy-curl')).click();
      const copied = await page.evaluate<string>('navigator.clipboard.readText()');
      const body = /-d '(.*)'$/s.exec(copied)?.[1] ?? '';
      const response = await fetch(`${service.base}base/v1/oauth/signature`, { method: 'POST', body });
      expect(await response.json()).toMatchObject({ errorCode: 0, data: { sdkAppId: 1_400_000_000 } });
    });

    it('shows the error and the remedy, in the language of the page', async () => {
      const { page } = window;
      await page.click(`#viewer ${at('sign-out')}`);
      await page.fill(`#viewer ${at('username')}`, 'nobody-at-all');
      await page.click(`#viewer ${at('sign-in')}`);
      await page.waitForSelector('#viewer .notice.bad');
      const wrong =
        name === 'phone'
          ? '用户名或密码错误，或者尚未注册。'
          : 'User name or password is wrong, or the name is not registered.';
      expect(await texts(page, '.notice.bad p')).toEqual([wrong]);
      expect((await texts(page, '.notice.bad code'))[0]).toContain('SystemVerifyError(98)');
      await screenshot(page, `${name}-4-wrong`);
      page.once('dialog', (dialog) => void dialog.accept());
      await page.click(`#host ${at('delete-account')}`);
      await page.waitForSelector(`#host ${at('sign-up')}`);
    });

    it('changes language and colours', async () => {
      const { page } = window;
      const before = await page.evaluate<string>('document.documentElement.lang');
      await page.click('[data-set=lang]');
      await page.click('[data-set=theme]');
      expect(await page.evaluate<string>('document.documentElement.lang')).not.toBe(before);
      expect(await texts(page, '#host h2')).toEqual([before === 'zh' ? 'Host' : '主播']);
      await screenshot(page, `${name}-5-other-language`);
      expect(await inspect(page)).toEqual([]);
    });

    it('runs nothing a user typed, breaks no policy and asks no user but the service', async () => {
      const { page, problems, requests } = window;
      expect(await page.evaluate('window.broken')).toBeUndefined();
      expect(problems).toEqual([]);
      const known = [service.base, 'data:', coverUrl];
      const away = requests.filter((url) => !known.some((start) => url.startsWith(start)));
      expect(away).toEqual([]);
    });
  });

  it('works below a stage and with a final slash', async () => {
    const { page, close } = await openWindow({ width: 800, height: 600, locale: 'en-US', colorScheme: 'light' });
    try {
      await page.goto(`${service.base}release/console/`);
      await page.waitForSelector('.tile.ok');
      expect(await texts(page, '#base')).toEqual([`${service.base}release/`]);
      expect(await page.getAttribute('[data-page=docs]', 'href')).toBe(`${service.base}release/docs`);
      // A press during an unfinished action is not lost.
      let answer = () => {};
      const released = new Promise<void>((resolve) => {
        answer = resolve;
      });
      await page.route('**/user_update', (route) => released.then(() => route.continue()));
      await page.click(`#host ${at('sign-up')}`);
      await page.click(`#host ${at('go-live')}`);
      answer();
      await page.waitForSelector(`#host ${at('end-room')}`);
      expect(await texts(page, '#calls .code')).toEqual(['0', '0', '0', '0']);
    } finally {
      await close();
    }
  });
});
