/** The pages for people: /docs, /openapi.json, a friendly / in a browser and, where it is switched on, /console. */

import type { Request, Response } from '../messages';
import type { Page } from '../pipeline';
import { type Assets, createAssets, pageHeaders } from './assets';
import { createStateReader, type StateParts } from './service-state';

export interface PagesParts extends StateParts {
  /** Where the build put the files of the pages. */
  directory: string;
}

function reads(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

function asset(assets: Assets, name: string): Page {
  return async (request, _requestId, builtIn) =>
    (reads(request) ? await assets.answer(name, request) : undefined) ?? builtIn();
}

/** Browsers name text/html when a person opens an address; programs do not. */
function isForPeople(request: Request): boolean {
  return reads(request) && (request.headers['accept'] ?? '').toLowerCase().includes('text/html');
}

/**
 * The vendor's own host names turn HTML into a download, and an event of a Function URL may come without a host: a
 * person gets to read the JSON there.
 */
function turnsPagesIntoFiles(request: Request): boolean {
  const host = (request.headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase();
  if (host === '' || host.endsWith('.tencentscf.com')) return true;
  // Behind the vendor's gateway an address instead of a name is one of its own machines.
  return request.headers['x-scf-request-id'] !== undefined && /^[\d.:[\]a-f]*$|^localhost$/.test(host);
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** Puts the answer of / into the marks of the page. */
function fill(html: string, health: Response, console: boolean): string {
  const answer: unknown = JSON.parse(health.body.toString());
  const { errorCode, errorMessage, version } = Object(answer);
  const values: Readonly<Record<string, string>> = {
    state: errorCode === 0 ? 'ok' : 'bad',
    message: String(errorMessage),
    version: String(version),
    console: console ? 'on' : 'off',
  };
  return html.replace(/\{\{(\w+)\}\}/g, (_mark, name: string) => escapeHtml(values[name] ?? ''));
}

function root(assets: Assets, console: boolean): Page {
  return async (request, _requestId, builtIn) => {
    const health = await builtIn();
    const headers = { ...health.headers, vary: 'accept' };
    const page = isForPeople(request) && !turnsPagesIntoFiles(request) ? await assets.text('status.html') : undefined;
    if (!page) return { ...health, headers };
    return {
      status: health.status,
      headers: {
        ...pageHeaders('text/html; charset=utf-8', page.contentSecurityPolicy),
        'cache-control': 'no-store',
        vary: 'accept',
      },
      body: fill(page.html, health, console),
    };
  };
}

function state(parts: StateParts): Page {
  const read = createStateReader(parts);
  return async (request, _requestId, builtIn) => {
    if (!reads(request)) return builtIn();
    // No Access-Control-Allow-Origin: other people's pages need not know.
    const headers = { ...pageHeaders('application/json; charset=utf-8', ''), 'cache-control': 'no-store' };
    return { status: 200, headers, body: JSON.stringify(await read()) };
  };
}

export function createPages(parts: PagesParts): Readonly<Record<string, Page>> {
  const { configuration, directory } = parts;
  const assets = createAssets(directory);
  const console = configuration.ok ? configuration.config.console : configuration.console;
  return {
    '': root(assets, console),
    docs: asset(assets, 'docs.html'),
    'openapi.json': asset(assets, 'openapi.json'),
    ...(console && { console: asset(assets, 'console.html'), 'console/state': state(parts) }),
  };
}
