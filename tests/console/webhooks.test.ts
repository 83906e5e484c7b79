/** The screens of webhooks against the built service and real receivers: a working, a failing and a missing one. */
import { createServer, type IncomingHttpHeaders } from 'node:http';
import type { AddressInfo } from 'node:net';
import type { Page } from 'playwright-core';
import { Webhook } from 'standardwebhooks';
import { LiveRoomAdmin } from '../../client/src/admin';
import { LiveRoomClient } from '../../client/src/index';
import { describeWithChromium, openWindow, screenshot, type Window } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { openScreen } from './support/operators-pages';
import { at, expectSoon, focused, overflow, tabTo, texts, until } from './support/pages';

const ADMIN_KEY = 'lrk_a-key-for-these-tests-only-0123456789';
const LOOK = { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' } as const;

/** Answers every request with `status`, and stores it. */
async function startReceiver(status: number) {
  const got: { headers: IncomingHttpHeaders; body: string }[] = [];
  const server = createServer((message, reply) => {
    let body = '';
    message.setEncoding('utf8').on('data', (part: string) => {
      body += part;
    });
    message.on('end', () => {
      got.push({ headers: message.headers, body });
      reply.writeHead(receiver.status).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  // It listens on TCP.
  const { port } = server.address() as AddressInfo;
  const receiver = { url: `http://127.0.0.1:${port}/hooks`, got, status, server };
  return receiver;
}
type Receiver = Awaited<ReturnType<typeof startReceiver>>;

describeWithChromium('the screens of webhooks', () => {
  let service: Running;
  let window: Window;
  let page: Page;
  let admin: LiveRoomAdmin;
  let good: Receiver;
  let failing: Receiver;
  let gone: Receiver;
  let secret = '';

  const rowOf = ({ url }: Receiver) => `tbody tr:has-text("${url}")`;
  const cells = async (receiver: Receiver) => texts(page, `${rowOf(receiver)} td`);
  const openDeliveries = async (receiver: Receiver) => {
    await openScreen(page, 'webhooks');
    await page.click(`${rowOf(receiver)} a`);
    await page.waitForSelector(`main h2:has-text("${receiver.url}")`);
    await page.waitForSelector('tbody tr');
  };
  const states = () => texts(page, 'tbody td:nth-child(3)');
  const confirm = async () => {
    await page.click(at('do'));
    await page.waitForSelector('dialog', { state: 'hidden' });
  };
  const signUp = (username: string) =>
    new LiveRoomClient({ baseUrl: service.base, keepaliveMs: 0 }).register(username, 'secret');

  beforeAll(async () => {
    [good, failing, gone] = await Promise.all([startReceiver(204), startReceiver(500), startReceiver(410)]);
    const env = { ADMIN_KEY, WEBHOOK_ALLOW_PRIVATE: 'true' };
    [service, window] = await Promise.all([runBundle({ env }), openWindow(LOOK)]);
    admin = new LiveRoomAdmin({ baseUrl: service.base, key: ADMIN_KEY });
    page = window.page;
    await page.goto(`${service.base}operators#/webhooks`);
    await page.fill(at('key'), ADMIN_KEY);
    await page.click(at('sign-in'));
    await until(page, '.empty b', ['No webhooks.']);
  });
  afterAll(async () => {
    await window?.close();
    await service?.stop();
    for (const receiver of [good, failing, gone]) receiver?.server.close();
  });

  it('add one with only the keyboard, with the chosen events, and show its secret once', async () => {
    await page.focus('main h2');
    await tabTo(page, 'add');
    await page.keyboard.press('Enter');
    await page.waitForSelector('dialog[open]');
    expect(await focused(page)).toBe('url');
    await page.keyboard.type(good.url);
    await tabTo(page, 'all');
    await page.keyboard.press('Space');
    // No event at all would be taken for all of them.
    await page.keyboard.press('Enter');
    await tabTo(page, 'user.created');
    await page.keyboard.press('Space');
    await tabTo(page, 'description');
    await page.keyboard.type('حسابات جديدة');
    await screenshot(page, 'webhooks-1-add');
    expect(await inspect(page)).toEqual([]);
    await page.keyboard.press('Enter');
    await page.waitForSelector(at('secret'));
    expect(await focused(page)).toBe('secret');
    expect(await inspect(page)).toEqual([]);
    secret = await page.inputValue(at('secret'));
    expect(secret).toMatch(/^whsec_[\w+/]{32}$/);
    await page.keyboard.press('Escape');
    await page.waitForSelector(rowOf(good));
    expect(await focused(page)).toBe('add');
    expect(await page.content()).not.toContain(secret);
    expect(await cells(good)).toEqual([
      `${good.url} حسابات جديدة`,
      'user.created',
      'On',
      '–',
      '–',
      expect.stringContaining('New secret'),
    ]);
  });

  it('show who takes events, who fails since when, and who is gone and was switched off', async () => {
    await admin.api.addWebhook({ url: failing.url });
    await admin.api.addWebhook({ url: gone.url, events: ['user.created'], description: 'will be cleared' });
    await signUp('one');
    await expectSoon(async () => {
      await page.click(at('refresh'));
      const shown = await Promise.all([good, failing, gone].map(cells));
      return shown.map(([, events, state, last]) => [events, state, last]);
    }, [
      ['user.created', 'On', '204'],
      ['all', 'Failing', '500'],
      ['user.created', 'Off Disabled: the receiver returned 410 Gone', '410'],
    ]);
    const since = (await Promise.all([good, failing, gone].map(cells))).map((row) => row[4] !== '–');
    expect(since).toEqual([false, true, true]);
    const [{ headers, body } = { headers: {}, body: '' }] = good.got;
    const names = ['webhook-id', 'webhook-timestamp', 'webhook-signature'];
    const signed = Object.fromEntries(names.map((name) => [name, String(headers[name])]));
    expect(new Webhook(secret).verify(body, signed)).toMatchObject({ type: 'user.created' });
    await screenshot(page, 'webhooks-2-list');
    expect(await inspect(page)).toEqual([]);
  });

  it('send a delivery again, and show on their own that it has arrived', async () => {
    await openDeliveries(failing);
    expect(await states()).toEqual(['Waiting']);
    expect((await texts(page, 'tbody td:nth-child(2)'))[0]).toContain(String(failing.got[0]?.headers['webhook-id']));
    await page.selectOption(at('state'), 'failed');
    await page.waitForSelector('.empty');
    await page.selectOption(at('state'), 'pending');
    await page.waitForSelector('tbody tr');
    await page.selectOption(at('state'), '');
    failing.status = 200;
    await page.click(at('replay'));
    await until(page, '.notice.good p', ['user.created is being sent again.']);
    await expectSoon(states, ['Delivered']);
    await screenshot(page, 'webhooks-3-deliveries');
    expect(await inspect(page)).toEqual([]);
  });

  it('say that nothing is sent while it is off, and send what waits when it is switched on', async () => {
    await openDeliveries(gone);
    await until(page, '.notice.warn', ['This webhook is off. Nothing is sent until it is enabled.']);
    expect(await states()).toEqual(['Failed']);
    await page.click(at('replay'));
    await until(page, '.notice.good p', ['Queued. user.created is sent once the webhook is enabled.']);
    await expectSoon(states, ['Waiting']);
    gone.status = 200;
    await openScreen(page, 'webhooks');
    await page.click(`${rowOf(gone)} ${at('change')}`);
    await page.fill(`dialog ${at('description')}`, '');
    await page.check(`dialog ${at('all')}`);
    await page.selectOption(`dialog ${at('enabled')}`, 'true');
    await confirm();
    await expectSoon(async () => (await cells(gone)).slice(0, 3), [gone.url, 'all', 'On']);
    await openDeliveries(gone);
    await expectSoon(states, ['Delivered']);
    expect(await page.locator('.notice.warn').count()).toBe(0);
  });

  it('change the secret, and take one away', async () => {
    await openScreen(page, 'webhooks');
    await page.click(`${rowOf(good)} ${at('rotate')}`);
    await page.click(at('do'));
    await page.waitForSelector(at('secret'));
    const next = await page.inputValue(at('secret'));
    expect([/^whsec_/.test(next), next === secret]).toEqual([true, false]);
    await page.click(at('close'));
    await page.click(`${rowOf(good)} ${at('remove')}`);
    await confirm();
    await page.waitForSelector(rowOf(good), { state: 'detached' });
    expect(await focused(page)).toBe('screen-head');
    expect(window.problems.filter((problem) => !/40[0-9]/.test(problem))).toEqual([]);
  });

  it('fit a phone, in Chinese and dark', async () => {
    await page.setViewportSize({ width: 390, height: 800 });
    await page.click('[data-set=lang]');
    await page.click('[data-set=theme]');
    await page.click(at('add'));
    await page.waitForSelector('dialog[open]');
    await screenshot(page, 'webhooks-4-phone-add');
    expect([await overflow(page), await inspect(page)]).toEqual([0, []]);
    await page.keyboard.press('Escape');
    await page.click(`${rowOf(gone)} a`);
    await page.waitForSelector('tbody tr');
    await screenshot(page, 'webhooks-5-phone-deliveries');
    expect([await overflow(page), await inspect(page)]).toEqual([0, []]);
  });
});
