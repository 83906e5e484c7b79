/** The operators' pages in front of the fake of their API. */
import type { Server } from 'node:http';
import { join } from 'node:path';
import type { Page } from 'playwright-core';
import { createConsoleServer } from '../../../cli/console-server';
import { DIST } from './bundle';
import { at } from './pages';

/** The pages as `live-room console` shows them, in front of the API. */
export async function serve(service: string): Promise<{ base: string; server: Server }> {
  const server = createConsoleServer({ service, directory: join(DIST, 'pages') });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  return { base: `http://localhost:${typeof address === 'object' ? address?.port : 0}/`, server };
}

export async function signIn(page: Page, key: string): Promise<void> {
  await page.fill(at('key'), key);
  await page.click(at('sign-in'));
  await page.waitForSelector(at('scope'));
}

/** Opens a screen and waits for its content. */
export async function openScreen(page: Page, screen: string): Promise<void> {
  await page.evaluate(`location.hash = '#/${screen}'`);
  // A panel is named by its own part of the address; on a phone the time is in the title of the button.
  const [path = ''] = screen.split('?');
  const shown = /(?:^|\/)((?:room|user|delivery)\/[^/]+)$/.exec(path)?.[1] ?? path;
  await page.waitForSelector(`[data-screen="${shown}"] ${at('as-of')}`, { state: 'attached' });
}
