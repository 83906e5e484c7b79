/** The examples, run as their README says: the page in a browser, the backend as a process. */
import { Webhook } from 'standardwebhooks';
import { describeWithChromium, openWindow, type Window } from '../../testkit/browser';
import { request } from '../../testkit/http-client';
import { goLive, newPerson } from '../../testkit/people';
import { useService } from '../../testkit/service';
import { type Running, run } from './support';

const SECRET = 'a secret of sixteen characters or more';
const WEBHOOK_SECRET = `whsec_${Buffer.alloc(24, 9).toString('base64')}`;
const service = useService('sqlite', {
  env: { OAUTH_TAG_SECRETS: JSON.stringify({ shop: SECRET }), OAUTH_REGISTER: 'true' },
});

const address = () => `http://127.0.0.1:${service().port}`;

describeWithChromium('the page', () => {
  let pages: Running;
  const windows: Window[] = [];
  beforeAll(async () => {
    pages = await run('examples/web/serve.mjs', {});
  });
  afterAll(async () => {
    for (const window of windows) await window.close();
    await pages.stop();
  });

  async function open() {
    const window = await openWindow({ width: 800, height: 700, locale: 'en-US', colorScheme: 'light' });
    windows.push(window);
    // The vendor's SDK, replaced at its interface with the page, which records the arguments.
    await window.page.addInitScript(() => {
      const calls: unknown[] = [];
      const sdk = {
        enterRoom: async (options: unknown) => calls.push(['enterRoom', options]),
        startLocalAudio: async () => calls.push(['startLocalAudio']),
        exitRoom: async () => calls.push(['exitRoom']),
      };
      Object.assign(globalThis, { TRTC: { create: () => sdk }, calls });
    });
    await window.page.goto(`http://localhost:${pages.port}/?service=${address()}`);
    return window.page;
  }
  type Page = Awaited<ReturnType<typeof open>>;

  async function signIn(page: Page, name: string): Promise<void> {
    await page.getByLabel('Name').fill(name);
    await page.getByLabel('Password').fill('a password');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText(`Signed in as ${name}`).waitFor();
  }
  const callsOf = (page: Page) =>
    page.evaluate(() => Reflect.get(globalThis, 'calls') as [string, Record<string, unknown>?][]);

  test('signs up, goes live, is found and watched, and ends', async () => {
    const [host, viewer] = [await open(), await open()];
    await signIn(host, 'harriet');
    await host.getByLabel('Title').fill('An <b>evening</b>');
    await host.getByRole('button', { name: 'Go live' }).click();
    await host.getByText('Connected.').waitFor();
    const [entered] = await callsOf(host);
    expect(entered).toEqual([
      'enterRoom',
      {
        roomId: expect.any(Number),
        scene: 'live',
        sdkAppId: expect.any(Number),
        userId: expect.any(String),
        userSig: expect.any(String),
        role: 'anchor',
      },
    ]);
    await signIn(viewer, 'victor');
    await viewer.getByRole('button', { name: 'An <b>evening</b> (1)' }).click();
    await viewer.getByText('Connected.').waitFor();
    expect((await callsOf(viewer))[0]?.[1]).toMatchObject({ role: 'audience', roomId: entered?.[1]?.['roomId'] });
    await viewer.getByRole('button', { name: 'Leave' }).click();
    await host.getByRole('button', { name: 'Leave' }).click();
    await host.getByText('Connected.').waitFor({ state: 'hidden' });
    await viewer.getByRole('button', { name: 'Refresh' }).click();
    await viewer.getByRole('button', { name: /evening/ }).waitFor({ state: 'detached' });
  });

  test('lists the rooms of shipped apps, the console and the sample data: they have one category', async () => {
    await goLive(await newPerson(service()), { category: 'mlvb-show-live', title: 'From another app' });
    const page = await open();
    await signIn(page, 'lena');
    await page.getByRole('button', { name: 'From another app (1)' }).waitFor();
  });

  test('continues after a reload, and says why a user cannot get in', async () => {
    const page = await open();
    await signIn(page, 'rita');
    await page.reload();
    await page.getByText('Signed in as rita').waitFor();
    await page.getByRole('button', { name: 'Sign out' }).click();
    await page.getByLabel('Name').fill('rita');
    await page.getByLabel('Password').fill('another one');
    await page.getByRole('button', { name: 'Sign in' }).click();
    await page.getByText('wrong username or signature').waitFor();
  });
});

describe('the backend', () => {
  let backend: Running;
  beforeAll(async () => {
    backend = await run('examples/own-backend/server.mjs', {
      SERVICE: address(),
      TAG: 'shop',
      TAG_SECRET: SECRET,
      WEBHOOK_SECRET,
    });
  });
  afterAll(() => backend.stop());

  const post = (path: string, body: string, headers: Record<string, string> = {}) =>
    request(`http://127.0.0.1:${backend.port}`, path, { method: 'POST', headers, rawBody: body });

  test('signs its own users in, without a registration', async () => {
    const first = JSON.parse((await post('/login', '{"user":"alice"}')).text);
    expect(first).toMatchObject({ userId: expect.any(String), token: expect.any(String), userSig: expect.any(String) });
    expect(JSON.parse((await post('/login', '{"user":"alice"}')).text).userId).toBe(first.userId);
    const { userId, token } = first;
    expect(await service().call('auth_users/user_query', { userId, token })).toMatchObject({ data: { name: 'alice' } });
  });

  test('accepts a webhook once, and only from the service', async () => {
    const event = {
      id: 'evt_7',
      type: 'room.ended',
      createdUtc: '2026-11-24 12:00:00',
      tenant: '',
      data: { roomId: '1' },
    };
    const body = JSON.stringify(event);
    const at = new Date();
    const headers = {
      'webhook-id': 'msg_7',
      'webhook-timestamp': String(Math.floor(at.getTime() / 1000)),
      'webhook-signature': new Webhook(WEBHOOK_SECRET).sign('msg_7', at, body),
    };
    for (const _again of [1, 2]) expect((await post('/hooks', body, headers)).status).toBe(200);
    expect((await post('/hooks', body.replace('"1"', '"2"'), headers)).status).toBe(400);
    expect(backend.output().match(/room\.ended/g)).toHaveLength(1);
  });
});
