/**
 * Files that the build puts next to the bundle: pages and the OpenAPI document, compressed once. They
 * are read when first asked for, never written, and a service without them answers as if the pages were not there.
 */
import { createHash } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { gunzip } from 'node:zlib';
import type { Request, Response } from '../messages';

const inflate = promisify(gunzip);

interface Asset {
  compressed: Buffer;
  /** Inflated when it is first asked for, and kept. */
  inflated: () => Promise<Buffer>;
  etag: string;
  contentType: string;
  contentSecurityPolicy: string;
}

export interface Assets {
  /** The response with the file; undefined if there is no such file. */
  answer(name: string, request: Request): Promise<Response | undefined>;
  /** The file as text, for pages that are filled in; with its Content-Security-Policy. */
  text(name: string): Promise<{ html: string; contentSecurityPolicy: string } | undefined>;
}

/** What every page is sent with: nothing from elsewhere, no frames around it, nothing guessed. */
export function pageHeaders(contentType: string, contentSecurityPolicy: string): Record<string, string> {
  return {
    'content-type': contentType,
    ...(contentSecurityPolicy !== '' && { 'content-security-policy': contentSecurityPolicy }),
    'x-content-type-options': 'nosniff',
    'x-frame-options': 'DENY',
    'referrer-policy': 'no-referrer',
  };
}

function acceptsGzip(request: Request): boolean {
  return /\bgzip\b(?!\s*;\s*q=0(\.0+)?\s*(,|$))/i.test(request.headers['accept-encoding'] ?? '');
}

/** manifest.json has the type and the policy of each file. */
async function readManifest(directory: string): Promise<ReadonlyMap<string, unknown>> {
  const parsed: unknown = JSON.parse(await readFile(join(directory, 'manifest.json'), 'utf8'));
  return new Map(Object.entries(Object(parsed)));
}

async function readAsset(directory: string, name: string): Promise<Asset | undefined> {
  try {
    const entry = (await readManifest(directory)).get(name);
    const { contentType, contentSecurityPolicy } = Object(entry);
    if (typeof contentType !== 'string' || typeof contentSecurityPolicy !== 'string') return undefined;
    const compressed = await readFile(join(directory, `${name}.gz`));
    const etag = `"${createHash('sha256').update(compressed).digest('hex').slice(0, 20)}"`;
    let bytes: Promise<Buffer> | undefined;
    const inflated = () => {
      bytes ??= inflate(compressed);
      return bytes;
    };
    return { compressed, inflated, etag, contentType, contentSecurityPolicy };
  } catch {
    return undefined;
  }
}

export function createAssets(directory: string): Assets {
  const known = new Map<string, Promise<Asset | undefined>>();
  const find = (name: string) => {
    const asset = known.get(name) ?? readAsset(directory, name);
    known.set(name, asset);
    return asset;
  };
  return {
    async answer(name, request) {
      const asset = await find(name);
      if (!asset) return undefined;
      const headers = {
        ...pageHeaders(asset.contentType, asset.contentSecurityPolicy),
        // Revalidated each time, with 304 while unchanged: a new version shows immediately.
        'cache-control': 'no-cache',
        etag: asset.etag,
        vary: 'accept-encoding',
      };
      if (request.headers['if-none-match'] === asset.etag) return { status: 304, headers, body: '' };
      if (!acceptsGzip(request)) return { status: 200, headers, body: await asset.inflated() };
      return { status: 200, headers: { ...headers, 'content-encoding': 'gzip' }, body: asset.compressed };
    },
    async text(name) {
      const asset = await find(name);
      if (!asset) return undefined;
      const html = (await asset.inflated()).toString();
      return { html, contentSecurityPolicy: asset.contentSecurityPolicy };
    },
  };
}
