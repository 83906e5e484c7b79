/** Everything that is made from the contract and the settings and kept in the repository, by its path from the root. */
import { createAdminClientContract } from './admin-client';
import { createClientContract } from './client-contract';
import { createCollection } from './collection';
import { createErrorCodes } from './error-codes';
import { eventTable } from './events';
import { createLimits } from './limits';
import { createOpenApi } from './openapi';
import { createPrivacy } from './privacy';
import { createEnvExample, createSettings } from './settings';
import { createWebhookContract } from './webhook-client';

export function createDocuments(version: string): ReadonlyMap<string, string> {
  return new Map([
    ['docs/openapi.json', `${JSON.stringify(createOpenApi(version), null, 2)}\n`],
    ['docs/error-codes.md', createErrorCodes('en')],
    ['docs/error-codes.zh-CN.md', createErrorCodes('zh')],
    ['docs/privacy.md', createPrivacy('en')],
    ['docs/privacy.zh-CN.md', createPrivacy('zh')],
    ['docs/settings.md', createSettings('en')],
    ['docs/settings.zh-CN.md', createSettings('zh')],
    ['docs/limits.md', createLimits('en')],
    ['docs/limits.zh-CN.md', createLimits('zh')],
    ['.env.example', createEnvExample()],
    ['collection/live-room.postman_collection.json', `${JSON.stringify(createCollection(), null, 2)}\n`],
    ['client/src/client-contract.ts', createClientContract()],
    ['client/src/admin-contract.ts', createAdminClientContract()],
    ['client/src/webhook-contract.ts', createWebhookContract()],
  ]);
}

/** The generated parts of handwritten pages, between `<!-- made: name -->` and `<!-- end -->`. */
const SECTIONS: ReadonlyMap<string, { name: string; text: string }> = new Map([
  ['docs/webhooks-out.md', { name: 'events', text: eventTable('en') }],
  ['docs/webhooks-out.zh-CN.md', { name: 'events', text: eventTable('zh') }],
]);

/** The pages that are made in part, as they should be; `read` gives them as they are. */
export function createSections(read: (path: string) => string): ReadonlyMap<string, string> {
  return new Map(
    [...SECTIONS].map(([path, { name, text }]) => {
      const [before, rest] = read(path).split(`<!-- made: ${name} -->\n`);
      const after = rest?.split('<!-- end -->')[1];
      if (before === undefined || after === undefined) throw new Error(`${path} has no section made: ${name}`);
      return [path, `${before}<!-- made: ${name} -->\n${text}<!-- end -->${after}`];
    }),
  );
}

export { createDocsBody } from './docs-page';
export { createOpenApi } from './openapi';
