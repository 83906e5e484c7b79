/** The pages as answers: their paths, compression, headers, and content that they never have. */
import { chmodSync, cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { compose } from '../../src/compose';
import { createPages } from '../../src/http/pages/pages';
import { createApp } from '../../src/http/pipeline';
import { handleEvent } from '../../src/http/scf-event';
import { startFakeIm } from '../../testkit/fake-im';
import { request } from '../../testkit/http-client';
import { DIST, type Running, runBundle } from './support/bundle';

const SECRET = 'f0e1d2c3b4a5968778695a4b3c2d1e0f';
const PASSWORD = 'hunter2-hunter2';
const PRODUCTION = {
  TRTC_TIM_APPID: '1400000001',
  TRTC_TIM_SECRET: SECRET,
  TIM_ENDPOINT: 'off',
  TRTC_ENDPOINT: 'off',
};
const PAGES = ['docs', 'console', 'operators', 'openapi.json'];
const browser = { accept: 'text/html,application/xhtml+xml,*/*;q=0.8', host: 'localhost:9000' };

const databases = mkdtempSync(join(tmpdir(), 'live-room-pages-'));
const opened: (() => Promise<void>)[] = [];
afterAll(async () => {
  for (const close of opened) await close();
  rmSync(databases, { recursive: true, force: true });
});

function appWith(env: Readonly<Record<string, string>>, directory = join(DIST, 'pages')) {
  const sqlite = { SQLITE_PATH: join(databases, 'test.sqlite') };
  const { composition, configuration } = compose({ env: { ...sqlite, ...env }, write: () => {} });
  if (composition.ok) opened.push(() => composition.services.database.close());
  const pages = createPages({ composition, configuration, directory });
  return createApp({ composition, write: () => {}, pages });
}

const origin = { kind: 'socket', address: '127.0.0.1' } as const;

function get(env: Readonly<Record<string, string>>, path: string, headers: Readonly<Record<string, string>> = {}) {
  return appWith(env).handle({ method: 'GET', path, query: [], origin, headers, body: Buffer.alloc(0) });
}

describe('the console', () => {
  it('does not exist in production', async () => {
    for (const path of ['/console', '/console/state', '/release/console']) {
      const { status, body } = await get(PRODUCTION, path, browser);
      expect([path, status]).toEqual([path, 404]);
      expect(JSON.parse(body.toString())).toMatchObject({ errorCode: 98 });
    }
    expect((await get(PRODUCTION, '/', browser)).body.toString()).toContain('class="off-link"');
  });

  it('exists with CONSOLE=on, and the first page links to it', async () => {
    const env = { ...PRODUCTION, CONSOLE: 'on' };
    expect((await get(env, '/console')).status).toBe(200);
    expect((await get(env, '/', browser)).body.toString()).toContain('class="on-link"');
  });

  it('names the faults of the configuration, and none of its values', async () => {
    const env = { ...PRODUCTION, TRTC_TIM_SECRET: 'short-secret', PORT: 'nonsense-value', CONSOLE: 'on' };
    const { body } = await get(env, '/console/state');
    expect(JSON.parse(body.toString())).toMatchObject({
      configuration: {
        ok: false,
        demo: false,
        tenants: 0,
        problems: [
          'TRTC_TIM_SECRET must be the key of your TRTC application',
          'PORT must be a whole number from 0 to 65535',
        ],
      },
      database: { state: 'unknown' },
      im: { state: 'unknown' },
    });
    expect(body.toString()).not.toMatch(/short-secret|nonsense-value/);
  });

  it('says that the database is down without its address', async () => {
    const mysql = { MYSQL_HOST: '127.0.0.1', MYSQL_PORT: '1', MYSQL_USER: 'shopkeeper', MYSQL_PASSWORD: PASSWORD };
    const { body } = await get({ ...PRODUCTION, ...mysql, CONSOLE: 'on' }, '/console/state');
    const { database } = JSON.parse(body.toString()) as { database: { state: string; detail: string } };
    expect(database.state).toBe('failed');
    expect(database.detail).toMatch(/^MySQL: \w+ ECONNREFUSED( [\w.]+)?$/);
    expect(body.toString()).not.toMatch(/127\.0\.0\.1|shopkeeper|hunter2|f0e1d2/);
  });

  it('says whether IM is reachable and takes our keys', async () => {
    const im = await startFakeIm({ sdkAppId: 1_400_000_001, secret: SECRET });
    try {
      const state = async (env: Readonly<Record<string, string>>) => {
        const { body } = await get({ ...PRODUCTION, TIM_ENDPOINT: im.url, CONSOLE: 'on', ...env }, '/console/state');
        return (JSON.parse(body.toString()) as { im: { state: string; detail: string } }).im;
      };
      expect(await state({})).toMatchObject({ state: 'ok', detail: 'IM REST API' });
      const wrongKey = await state({ TRTC_TIM_SECRET: SECRET.replace('f', 'e') });
      expect([wrongKey.state, wrongKey.detail]).toEqual(['failed', expect.stringContaining('misconfigured')]);
      const unreachable = await state({ TIM_ENDPOINT: 'http://127.0.0.1:1' });
      expect([unreachable.state, unreachable.detail]).toEqual(['failed', 'IM REST API: unreachable']);
    } finally {
      await im.stop();
    }
  });

  it('lets no other page read its state', async () => {
    const { headers } = await get({ ...PRODUCTION, CONSOLE: 'on' }, '/console/state');
    expect(headers).not.toHaveProperty('access-control-allow-origin');
    expect(headers['cache-control']).toBe('no-store');
  });
});

describe('the first page', () => {
  it('is for browsers; programs get the JSON', async () => {
    const page = await get(PRODUCTION, '/', browser);
    expect([page.status, page.headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    for (const headers of [{}, { accept: '*/*' }, { accept: 'application/json' }]) {
      expect(JSON.parse((await get(PRODUCTION, '/', headers)).body.toString())).toMatchObject({ errorCode: 0 });
    }
  });

  it('names the problem, with the same status as the JSON', async () => {
    const env = { ...PRODUCTION, TRTC_TIM_APPID: '<b>xxx</b>' };
    const page = await get(env, '/', browser);
    expect(page.status).toBe(503);
    expect(page.body.toString()).toContain('SystemError(99): Invalid TRTC config');
    expect(page.body.toString()).not.toContain('<b>xxx');
    expect((await get(env, '/')).status).toBe(503);
  });

  it('is the JSON for every user if the vendor would turn it into a download', async () => {
    const address = { host: '10.0.0.1:9000', 'x-scf-request-id': 'a' };
    for (const headers of [{ host: '1-a.ap-guangzhou.tencentscf.com' }, { host: '' }, address]) {
      const { body } = await get(PRODUCTION, '/', { ...browser, ...headers });
      expect(JSON.parse(body.toString())).toMatchObject({ errorCode: 0 });
    }
    const own = await get(PRODUCTION, '/', { ...browser, host: 'live.example.com', 'x-scf-request-id': 'a' });
    expect(own.headers['content-type']).toBe('text/html; charset=utf-8');
  });

  it('leaves helloworld as it is', async () => {
    expect((await get(PRODUCTION, '/helloworld', browser)).body).toBe('HelloWorld');
  });
});

describe('a default address of the platform, where pages become downloads', () => {
  const env = { ...PRODUCTION, CONSOLE: 'on' };
  const there = { ...browser, host: '1300000000-abcdefgh.ap-guangzhou.tencentscf.com' };

  it.each(['docs', 'console', 'operators'])('says how to see /%s', async (path) => {
    const { status, body } = await get(env, `/${path}`, there);
    expect([status, JSON.parse(body.toString()).errorMessage]).toEqual([
      404,
      expect.stringContaining(`npx live-room console https://${there.host}/`),
    ]);
    expect((await get(env, `/${path}`, { host: there.host })).status).toBe(200);
  });

  it('is recognised by its whole name', async () => {
    for (const host of ['tencentscf.com.evil.example', 'nottencentscf.com', 'live.example.com']) {
      expect((await get(env, '/docs', { ...browser, host })).headers['content-type']).toContain('text/html');
    }
    expect((await get(env, '/helloworld', there)).body).toBe('HelloWorld');
  });
});

describe('every page', () => {
  const env = { ...PRODUCTION, CONSOLE: 'on' };

  it.each(PAGES)('%s is compressed for clients that accept it, and plain for others', async (path) => {
    const small = await get(env, `/${path}`, { 'accept-encoding': 'br, gzip' });
    expect(small.headers).toMatchObject({ 'content-encoding': 'gzip', vary: 'accept-encoding' });
    for (const accept of ['', 'br', 'gzip;q=0']) {
      const plain = await get(env, `/${path}`, { 'accept-encoding': accept });
      expect(plain.headers).not.toHaveProperty('content-encoding');
      expect(plain.body.toString()).toBe(gunzipSync(small.body as Buffer).toString());
    }
    const etag = small.headers['etag'] ?? '';
    expect(await get(env, `/${path}`, { 'if-none-match': etag })).toMatchObject({ status: 304, body: '' });
  });

  it.each(['', 'docs', 'console', 'operators'])(
    '/%s may run its own scripts only, and load nothing from elsewhere',
    async (path) => {
      const { headers } = await get(env, `/${path}`, browser);
      const policy = headers['content-security-policy'] ?? '';
      expect(policy).toMatch(/^default-src 'none'; script-src ('none'|('self' )?'sha256-[^']+'( 'sha256-[^']+')*);/);
      // Parts of TRTC's own domains begin with *., and nothing is allowed from everywhere.
      expect(policy).not.toMatch(/unsafe|[ /]\*(?:[ ;]|$)/);
      expect(headers).toMatchObject({ 'x-content-type-options': 'nosniff', 'referrer-policy': 'no-referrer' });
    },
  );

  it('/operators loads pictures only from the installation’s bucket', async () => {
    const uploads = { COS_BUCKET: 'covers-1250000000', TRTC_SECRET_ID: 'AKIDexample', TRTC_SECRET_KEY: 'example' };
    const pictures = async (more: Readonly<Record<string, string>>) => {
      const { headers } = await get({ ...env, ...more }, '/operators', browser);
      return /img-src ([^;]+)/.exec(headers['content-security-policy'] ?? '')?.[1];
    };
    expect(await pictures({})).toBe('data:');
    expect(await pictures(uploads)).toBe('data: https://covers-1250000000.cos.ap-guangzhou.myqcloud.com/');
  });

  it.each(PAGES)('%s comes as plain text through events, below a stage too', async (path) => {
    const plain = await get(env, `/${path}`);
    for (const place of [`/${path}`, `/release/${path}`, `/${path}/`]) {
      const headers = { 'Accept-Encoding': 'gzip' };
      const answer = await handleEvent(appWith(env), { httpMethod: 'GET', path: place, headers, queryString: {} });
      expect([answer.statusCode, answer.isBase64Encoded]).toEqual([200, false]);
      expect(answer.headers).not.toHaveProperty('content-encoding');
      expect(answer.body).toBe(plain.body.toString());
    }
  });

  it('is read only: other methods get the error of an unknown path', async () => {
    const asked = { method: 'POST', path: '/docs', query: [], origin, headers: {}, body: Buffer.alloc(0) };
    expect((await appWith(env).handle(asked)).status).toBe(404);
  });

  it('answers everything but the pages if the files are missing', async () => {
    const app = appWith(env, join(tmpdir(), 'no-such-folder'));
    const ask = (path: string) =>
      app.handle({ method: 'GET', path, query: [], origin, headers: browser, body: Buffer.alloc(0) });
    expect((await ask('/docs')).status).toBe(404);
    expect(JSON.parse((await ask('/')).body.toString())).toMatchObject({ errorCode: 0 });
  });

  const files = (...names: string[]) => names.map((name) => readFileSync(join(DIST, 'pages', `${name}.gz`)));

  it.each([
    // The scripts of the first screen. Other screens, plots and the player are separate scripts.
    ['/operators', 190_000, ['operators.html', 'operators-main.js', 'operators-shared.js']],
    ['/console', 190_000, ['console.html']],
    ['/', 20_000, ['status.html']],
    // All chapters and every call with its examples.
    ['/docs', 400_000, ['docs.html']],
  ])('%s takes little room: at most %d bytes, 60,000 of them compressed', (_page, most, names) => {
    const compressed = files(...names);
    expect(compressed.reduce((sum, file) => sum + file.length, 0)).toBeLessThanOrEqual(60_000);
    expect(compressed.reduce((sum, file) => sum + gunzipSync(file).length, 0)).toBeLessThanOrEqual(most);
  });

  it.each(['operators-setup.js', 'operators-review.js', 'operators-plots.js'])(
    '%s adds at most 60,000 bytes',
    (name) => {
      const [file = Buffer.alloc(0)] = files(name);
      expect(gunzipSync(file).length).toBeLessThanOrEqual(60_000);
    },
  );
});

describe('the bundle in a folder that cannot be written', () => {
  let folder: string;
  let service: Running;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'live-room-code-'));
    cpSync(DIST, folder, { recursive: true });
    // libsql is next to the bundle on a laptop only; this needs the pages and no database.
    chmodSync(join(folder, 'pages'), 0o555);
    chmodSync(folder, 0o555);
    service = await runBundle({ file: join(folder, 'index.js'), env: { ...PRODUCTION, CONSOLE: 'on' }, args: [] });
  });
  afterAll(async () => {
    await service?.stop();
    chmodSync(folder, 0o755);
    chmodSync(join(folder, 'pages'), 0o755);
    rmSync(folder, { recursive: true, force: true });
  });

  it.each(PAGES)('serves %s over HTTP', async (path) => {
    const plain = await request(service.base, `/${path}`);
    const small = await request(service.base, `/${path}`, { headers: { 'accept-encoding': 'gzip' } });
    expect([plain.status, small.status]).toEqual([200, 200]);
    expect(gunzipSync(small.body).toString()).toBe(plain.text);
    expect(small.body.length).toBeLessThan(plain.body.length / 2);
  });

  it('serves the OpenAPI document that is kept in docs', async () => {
    const kept: unknown = JSON.parse(readFileSync(join(__dirname, '../../docs/openapi.json'), 'utf8'));
    expect((await request(service.base, '/openapi.json')).json()).toEqual(kept);
  });
});

describe('a service with a bad configuration', () => {
  it('listens on its configured port even so, and names the problem', async () => {
    const service = await runBundle({ env: { TRTC_TIM_APPID: 'xxx' }, args: [] });
    try {
      expect(service.base).not.toContain(':9000/');
      const page = await request(service.base, '/', { headers: browser });
      expect([page.status, page.text]).toEqual([503, expect.stringContaining('SystemError(99)')]);
    } finally {
      await service.stop();
    }
  });
});
