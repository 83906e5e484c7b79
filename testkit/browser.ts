/** A real Chromium for tests, skipped with a warning where it is missing and a failure where CI=true. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Browser, Page } from 'playwright-core';

const PROGRAMS = ['chromium-headless-shell', 'chromium', 'chromium-browser', 'google-chrome'].map(
  (name) => `/usr/bin/${name}`,
);
/** It makes errors while it loads, and jest would look in all of its code, 3 MB, for where in its sources they were made. */
function loadChromium(): typeof import('playwright-core').chromium {
  const { stackTraceLimit } = Error;
  Error.stackTraceLimit = 0;
  const { chromium } = require('playwright-core') as typeof import('playwright-core');
  Error.stackTraceLimit = stackTraceLimit;
  return chromium;
}

const program = [process.env['CHROMIUM'] ?? '', ...PROGRAMS].find((path) => path !== '' && existsSync(path));

const FLAGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-quic',
  '--no-first-run',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
];

const warning = `
*****************************************************************************
  Chromium is not installed: the tests of the pages in a browser are SKIPPED.
  On Debian: sudo apt-get install chromium, or set CHROMIUM to its path.
*****************************************************************************
`;

/** describe() for tests that need a browser. */
export function describeWithChromium(name: string, body: () => void): void {
  if (program) {
    describe(name, () => {
      body();
      afterAll(closeBrowser);
    });
  } else if (process.env['CI'] === 'true') {
    test(`${name}: needs Chromium, which is not installed`, () => {
      throw new Error(warning);
    });
  } else {
    process.stderr.write(warning);
    describe.skip(name, body);
  }
}

export interface Look {
  width: number;
  height: number;
  locale: 'en-US' | 'zh-CN';
  colorScheme: 'light' | 'dark';
}

export interface Window {
  page: Page;
  /** Errors of scripts, refused policies and failed loads, as the browser reports them. */
  problems: string[];
  /** Everything the page asked for. */
  requests: string[];
  close(): Promise<void>;
}

let browser: Promise<Browser> | undefined;

function launch(): Promise<Browser> {
  return loadChromium().launch({ executablePath: program ?? '', args: FLAGS, chromiumSandbox: false });
}

/** Ends the browser of all windows; describeWithChromium does it after its tests. */
export async function closeBrowser(): Promise<void> {
  const closed = await browser;
  browser = undefined;
  await closed?.close();
}

/** A window with an empty profile of its own. */
export async function openWindow({ width, height, ...look }: Look): Promise<Window> {
  browser ??= launch();
  // Without animations, what a test measures does not depend on the moment.
  const context = await (await browser).newContext({ reducedMotion: 'reduce', viewport: { width, height }, ...look });
  const page = await context.newPage();
  const problems: string[] = [];
  const requests: string[] = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => {
    if (message.type() === 'error') problems.push(message.text());
  });
  page.on('request', (request) => requests.push(request.url()));
  // Only ends what hangs.
  page.setDefaultTimeout(60_000);
  return {
    page,
    problems,
    requests,
    close: () => context.close(),
  };
}

/** A picture to look at, where SCREENSHOTS names a folder for them; each takes a third of a second of processor time. */
export async function screenshot(page: Page, name: string): Promise<void> {
  const folder = process.env['SCREENSHOTS'];
  if (!folder) return;
  mkdirSync(folder, { recursive: true });
  await page.screenshot({ path: join(folder, `${name}.png`) });
}
