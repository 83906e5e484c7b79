/** Responses at paths without an endpoint: a greeting, the health, or 404. */
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
  const text = underBase
    ? 'there is no such endpoint'
    : 'there is no such path; the API is at /base/v1, described at /docs';
  return failure(new ApiError('SystemVerifyError', text), requestId, underBase ? 200 : 404);
}

/** Pages that a setting turns on, while it is not set. */
export const PAGES_OFF: Readonly<Record<string, string>> = {
  metrics: '/metrics is off; set METRICS_TOKEN to turn it on',
  console: '/console is off; set CONSOLE=on to turn it on',
};

/** `path` without slashes in front; '' is the root. */
export async function answerBuiltIn(composition: Composition, path: string, requestId: string): Promise<Response> {
  if (path === 'helloworld') return helloWorld();
  const off = PAGES_OFF[path];
  if (off !== undefined) return failure(new ApiError('SystemVerifyError', off), requestId, 404);
  if (path !== '' && path !== 'base/v1') return unknownPath(false, requestId);
  return healthAsJson(await readHealth(composition), requestId, path === '' ? 503 : 200);
}
