/**
 * What operators cost: sign-in and enter_room with and without sanctions, webhooks under a rush of rooms, and the lists of
 * a large installation next to a small one. `npm run bench -- operators [sanctions|webhooks|lists] [small]`: `small` takes
 * sizes a hundred times smaller, for trying it out.
 */
import { join } from 'node:path';
import { benchLists } from './operators-lists';
import { benchSanctions } from './operators-sanctions';
import { benchWebhooks } from './operators-webhooks';
import type { OperatorsBench } from './processes';

export async function benchOperators(root: string, words: readonly string[]): Promise<void> {
  const bench: OperatorsBench = { bundle: join(root, 'dist/index.js'), small: words.includes('small') };
  const only = words.find((word) => word !== 'small');
  if (!only || only === 'sanctions') await benchSanctions(bench);
  if (!only || only === 'webhooks') await benchWebhooks(bench);
  if (!only || only === 'lists') await benchLists(bench);
}
