/** Every page while it waits, with nothing to show, and when its calls fail: without a finding, from 360 to 2,560 px. */
import type { Page, Route } from 'playwright-core';
import { describeWithChromium, type Look, openWindow, screenshot } from '../../testkit/browser';
import { inspect } from './support/axe';
import { type Running, runBundle } from './support/bundle';
import { signIn } from './support/operators-pages';
import { at, overflow } from './support/pages';

const ADMIN_KEY = 'lrk_a-key-for-these-tests-only-0123456789';
/** Each state at one width and in one theme. */
const LOOKS: Readonly<Record<'loading' | 'empty' | 'failed', Look>> = {
  loading: { width: 360, height: 780, locale: 'zh-CN', colorScheme: 'dark' },
  empty: { width: 2560, height: 1300, locale: 'en-US', colorScheme: 'dark' },
  failed: { width: 1280, height: 860, locale: 'en-US', colorScheme: 'light' },
};
type State = keyof typeof LOOKS;
/** A limit that ends a hanging test: there are many screens to inspect. */
const LIMIT_MS = 600_000;
const SCREENS = [
  'overview',
  'rooms',
  'rooms/room/1',
  'reports',
  'held',
  'chat?roomId=1',
  'appeals',
  'words',
  'review',
  'users',
  'users/user/1',
  'sanctions',
  'statistics',
  'broadcasts',
  'audit',
  'webhooks',
  'deliveries/1',
  'operators',
  'settings',
];

/** The handling of the calls of a page. */
const STATES: Readonly<Record<State, (route: Route) => Promise<void>>> = {
  loading: () => new Promise(() => {}),
  empty: (route) => route.continue(),
  failed: (route) => route.fulfill({ status: 503, body: 'no upstream' }),
};

const SHOWN: Readonly<Record<State, string>> = {
  loading: '[data-screen]',
  // The time of the answer, or the notice of a missing thing.
  empty: `[data-screen] ${at('as-of')}, [data-screen] .notice`,
  failed: '[data-screen] .notice.bad',
};

async function findings(page: Page, name: string): Promise<string[]> {
  const wide = await overflow(page);
  return [...(wide > 0 ? [`${wide} px too wide`] : []), ...(await inspect(page))].map((one) => `${name}: ${one}`);
}

describeWithChromium('every page', () => {
  let service: Running;
  beforeAll(async () => {
    service = await runBundle({ env: { ADMIN_KEY, CONSOLE: 'on' } });
  });
  afterAll(() => service?.stop());

  const cases = (['loading', 'empty', 'failed'] as const).map((state) => [state, LOOKS[state]] as const);

  it.each(cases)(
    'of operators has nothing to find fault with when %s',
    async (state, look) => {
      const { page, close } = await openWindow(look);
      try {
        await page.goto(`${service.base}operators`);
        await signIn(page, ADMIN_KEY);
        await page.route(/\/base\/v1\/admin\/(?!me$)/, (route) => STATES[state](route));
        const found: string[] = [];
        for (const screen of SCREENS) {
          await page.evaluate(`location.hash = '#/${screen}'`);
          const [path = ''] = screen.split('?');
          const last = /[^/]+\/[^/]+$/.exec(path)?.[0] ?? path;
          await page.waitForSelector(`[data-screen="${last}"]`, { state: 'attached' });
          await page.waitForSelector(SHOWN[state], { state: 'attached' });
          await screenshot(page, `state-${state}-${screen.replace(/\W/g, '-')}`);
          found.push(...(await findings(page, screen)));
        }
        expect(found).toEqual([]);
      } finally {
        await close();
      }
    },
    LIMIT_MS,
  );

  it.each(cases)(
    'for developers has nothing to find fault with when %s',
    async (state, look) => {
      const { page, close } = await openWindow(look);
      try {
        await page.route(/\/base\/v1\/|\/console\/state/, (route) => STATES[state](route));
        const found: string[] = [];
        for (const path of ['console', 'docs', '']) {
          await page.goto(service.base + path, { waitUntil: 'load' });
          await page.waitForSelector('h1');
          await screenshot(page, `state-${state}-${path || 'first'}`);
          found.push(...(await findings(page, path)));
        }
        expect(found).toEqual([]);
      } finally {
        await close();
      }
    },
    LIMIT_MS,
  );
});
