/** Everything that is made from the contract and the settings and kept in the repository, by its path from the root. */
import { createAdminClientContract } from './admin-client';
import { createClientContract } from './client-contract';
import { createCollection } from './collection';
import { createErrorCodes } from './error-codes';
import { createOpenApi } from './openapi';
import { createEnvExample, createSettings } from './settings';

export function createDocuments(version: string): ReadonlyMap<string, string> {
  return new Map([
    ['docs/openapi.json', `${JSON.stringify(createOpenApi(version), null, 2)}\n`],
    ['docs/error-codes.md', createErrorCodes('en')],
    ['docs/error-codes.zh-CN.md', createErrorCodes('zh')],
    ['docs/settings.md', createSettings('en')],
    ['docs/settings.zh-CN.md', createSettings('zh')],
    ['.env.example', createEnvExample()],
    ['collection/live-room.postman_collection.json', `${JSON.stringify(createCollection(), null, 2)}\n`],
    ['client/src/client-contract.ts', createClientContract()],
    ['client/src/admin-contract.ts', createAdminClientContract()],
  ]);
}

export { createDocsBody } from './docs-page';
export { createOpenApi } from './openapi';
