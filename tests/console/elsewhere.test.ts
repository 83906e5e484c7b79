/** The pages of a service that runs elsewhere, as `live-room console <url>` shows them: everything named is that service. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import { createConsoleServer } from '../../cli/console-server';
import { describeWithChromium, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { DIST, type Running, runBundle } from './support/bundle';
import { at, texts, until } from './support/pages';

/** The settings of production: without a console. */
const ENV = {
  TRTC_TIM_APPID: '1400000001',
  TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f0123456789abcdef',
  TIM_ENDPOINT: 'off',
  TRTC_ENDPOINT: 'off',
};

describeWithChromium('the pages of a service that runs elsewhere', () => {
  let service: Running;
  let server: Server;
  let window: Window;
  let base: string;
  beforeAll(async () => {
    service = await runBundle({ env: ENV });
    server = createConsoleServer({ service: service.base, directory: join(DIST, 'pages') });
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const address = server.address();
    base = `http://localhost:${typeof address === 'object' ? address?.port : 0}/`;
    window = await openWindow({ width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' });
  });
  afterAll(async () => {
    await window?.close();
    server?.closeAllConnections();
    server?.close();
    await service?.stop();
  });

  it('say how the service is, though it shows its own console to no user', async () => {
    const { page } = window;
    expect((await fetch(`${service.base}console`)).status).toBe(404);
    await page.goto(`${base}console`);
    await until(page, '.tile-state', ['healthy']);
    expect(await texts(page, '#base')).toEqual([service.base]);
    expect(await inspect(page)).toEqual([]);
  });

  it('go live there, and copy calls that go there', async () => {
    const { page } = window;
    await page.click(`#host ${at('sign-up')}`);
    await page.click(`#host ${at('go-live')}`);
    await page.waitForSelector(`#host ${at('end-room')}`);
    await page.context().grantPermissions(['clipboard-read', 'clipboard-write']);
    await page.click('#calls [data-call=enterRoom] summary');
    await page.click(at('copy-curl'));
    const copied = await page.evaluate<string>('navigator.clipboard.readText()');
    expect(copied).toContain(`curl '${service.base}base/v1/rooms/enter_room'`);
    await screenshot(page, 'elsewhere-1-console');
  });

  it('have examples for that service', async () => {
    const { page } = window;
    await page.goto(`${base}docs`);
    expect((await texts(page, '#enter_room pre >> nth=0'))[0]).toContain(`${service.base}base/v1/rooms/enter_room`);
    await page.goto(base);
    expect(await texts(page, '.is-ok:visible')).toEqual(['Service healthy']);
  });

  it('say so when that service goes away', async () => {
    const { page } = window;
    await page.goto(`${base}console`);
    await page.waitForSelector(`#host ${at('end-room')}`);
    await service.crash();
    await page.waitForSelector(at('stale'));
    await page.click(`#host ${at('update-room')}`);
    await page.fill(`#host ${at('title')}`, 'Another title');
    await page.click(`#host ${at('update-room')}`);
    await page.waitForSelector('#host .notice.bad');
    expect((await texts(page, '#host .notice.bad'))[0]).toMatch(/does not answer|cannot be reached/);
  });
});
