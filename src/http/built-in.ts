/** What the service answers at paths that are no endpoint: a greeting, its health, or that there is nothing. */
import { ApiError } from '../base/errors';
import type { Composition } from './app';
import { failure } from './envelope';
import { healthAsJson, readHealth } from './health';
import type { Response } from './messages';

function helloWorld(): Response {
  const headers = { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' };
  return { status: 200, headers: { ...headers, 'access-control-allow-origin': '*' }, body: 'HelloWorld' };
}

export function unknownPath(underBase: boolean, requestId: string): Response {
  // The apps read the body of a 200 only, and nothing else calls below the base path.
  return failure(new ApiError('SystemVerifyError', 'there is no such endpoint'), requestId, underBase ? 200 : 404);
}

/** `path` without slashes in front; '' is the root. */
export async function answerBuiltIn(composition: Composition, path: string, requestId: string): Promise<Response> {
  if (path === 'helloworld') return helloWorld();
  if (path !== '' && path !== 'base/v1') return unknownPath(false, requestId);
  return healthAsJson(await readHealth(composition), requestId, path === '' ? 503 : 200);
}
