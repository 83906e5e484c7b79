/** The pages: /docs, /operators, /openapi.json, / in a browser and, if it is on, /console. */

import { ApiError } from '../../base/errors';
import { coversOf } from '../../rules/operators/overview-calls';
import type { Composition, Page } from '../app';
import { failure } from '../envelope';
import { healthAsJson, readHealth } from '../health';
import type { Request, Response } from '../messages';
import { type Assets, createAssets, pageHeaders } from './assets';
import { createStateReader, type StateParts } from './service-state';

export interface PagesParts extends StateParts {
  /** The build's folder of pages. */
  directory: string;
}

function reads(request: Request): boolean {
  return request.method === 'GET' || request.method === 'HEAD';
}

/** Browsers name text/html when a person opens an address; programs do not. */
function isForPeople(request: Request): boolean {
  return reads(request) && (request.headers['accept'] ?? '').toLowerCase().includes('text/html');
}

function hostOf(request: Request): string {
  return (request.headers['host'] ?? '').replace(/:\d+$/, '').toLowerCase();
}

/** The vendor's own host names turn HTML into a download. */
const VENDOR_NAME = /^(?:[\w-]+\.)*tencentscf\.com$/;

/** An event of a Function URL may come without a host: a person gets to read the JSON there too. */
function turnsPagesIntoFiles(request: Request): boolean {
  const host = hostOf(request);
  if (host === '' || VENDOR_NAME.test(host)) return true;
  // A numeric Host behind the vendor's gateway is one of its machines.
  return request.headers['x-scf-request-id'] !== undefined && /^[\d.:[\]a-f]*$|^localhost$/.test(host);
}

function asset(assets: Assets, name: string): Page {
  return async (request, _requestId, builtIn) =>
    (reads(request) ? await assets.answer(name, request) : undefined) ?? builtIn();
}

/** A page, or, if the browser would save it as a file, the command that shows it. */
function page(assets: Assets, name: string): Page {
  const serve = asset(assets, name);
  return async (request, requestId, builtIn) => {
    const host = hostOf(request);
    if (!isForPeople(request) || !VENDOR_NAME.test(host)) return serve(request, requestId, builtIn);
    const command = `npx live-room console https://${host}/`;
    const text = `browsers save pages of this address as files; see them with: ${command}`;
    const error = new ApiError('SystemVerifyError', text);
    const answer = failure(error, requestId, 404);
    return { ...answer, headers: { ...answer.headers, vary: 'accept, host' } };
  };
}

function escapeHtml(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`);
}

/** The state of the service, in words for the page and as the answer for programs. */
export interface ShownState {
  ok: boolean;
  message: string;
  version: string;
  asJson: Response;
}

/** Puts the state of the service into the marks of the page. */
function fill(html: string, { ok, message, version }: ShownState, console: boolean): string {
  const values: Readonly<Record<string, string>> = {
    state: ok ? 'ok' : 'bad',
    message,
    version,
    console: console ? 'on' : 'off',
  };
  return html.replace(/\{\{(\w+)\}\}/g, (_mark, name: string) => escapeHtml(values[name] ?? ''));
}

export interface FirstPageParts {
  assets: Assets;
  /** Whether the page links to /console. */
  console: boolean;
  readState: (requestId: string) => Promise<ShownState>;
}

export function createFirstPage({
  assets,
  console,
  readState,
}: FirstPageParts): (request: Request, requestId: string) => Promise<Response> {
  return async (request, requestId) => {
    const state = await readState(requestId);
    const { asJson } = state;
    const page = isForPeople(request) && !turnsPagesIntoFiles(request) ? await assets.text('status.html') : undefined;
    if (!page) return { ...asJson, headers: { ...asJson.headers, vary: 'accept' } };
    return {
      status: asJson.status,
      error: asJson.error,
      headers: {
        ...pageHeaders('text/html; charset=utf-8', page.contentSecurityPolicy),
        'cache-control': 'no-store',
        vary: 'accept',
      },
      body: fill(page.html, state, console),
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

async function ownState(composition: Composition, requestId: string): Promise<ShownState> {
  const health = await readHealth(composition);
  const { error, version } = health;
  return { ok: !error, message: error?.message ?? 'ok', version, asJson: healthAsJson(health, requestId, 503) };
}

/** Scripts of the operators' pages, most of which are loaded when they are needed: path of the page's address, name of the file. */
export const SCRIPTS: Readonly<Record<string, string>> = {
  'operators/main.js': 'operators-main.js',
  'operators/shared.js': 'operators-shared.js',
  'operators/setup.js': 'operators-setup.js',
  'operators/review.js': 'operators-review.js',
  'operators/plots.js': 'operators-plots.js',
  'operators/player.js': 'operators-player.js',
};

/** Pictures on the operators' pages come from the tenant's own bucket, in a demo from the service; any other cover is a link there. */
function withCovers(page: Page, composition: Composition): Page {
  if (!composition.ok) return page;
  const { vendors, config } = composition.services;
  const { uploads } = vendors;
  const sources = [...(uploads ? [coversOf(uploads)] : []), ...(config.demo ? ["'self'"] : [])];
  if (sources.length === 0) return page;
  return async (request, requestId, builtIn) => {
    const answer = await page(request, requestId, builtIn);
    const policy = answer.headers['content-security-policy'];
    if (policy === undefined) return answer;
    const allowed = policy.replace('img-src data:', `img-src data: ${sources.join(' ')}`);
    return { ...answer, headers: { ...answer.headers, 'content-security-policy': allowed } };
  };
}

export function createPages(parts: PagesParts): Readonly<Record<string, Page>> {
  const { composition, configuration, directory } = parts;
  const assets = createAssets(directory);
  const console = configuration.ok ? configuration.config.console : configuration.console;
  return {
    '': createFirstPage({ assets, console, readState: (requestId) => ownState(composition, requestId) }),
    docs: page(assets, 'docs.html'),
    // The page has no data: it calls the API with an operator's key.
    operators: withCovers(page(assets, 'operators.html'), composition),
    ...Object.fromEntries(Object.entries(SCRIPTS).map(([path, name]) => [path, asset(assets, name)])),
    'openapi.json': asset(assets, 'openapi.json'),
    ...(console && { console: page(assets, 'console.html'), 'console/state': state(parts) }),
  };
}
