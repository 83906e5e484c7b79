/**
 * The pages of the service: dist/pages/, one compressed file each, with their styles and scripts inside, and a manifest of
 * types and policies. A page may run exactly the scripts it was built with: the policy names them by their hash.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDocs, projectVersion } from './docs.mjs';
import { projectRoot } from './ensure-installed.mjs';

const read = (name) => readFileSync(join(projectRoot, 'web', name), 'utf8');

async function minify(text, loader) {
  const { transform } = await import('esbuild');
  return (await transform(text, { loader, minify: true, legalComments: 'none' })).code.trim();
}

const BUNDLE = {
  absWorkingDir: projectRoot,
  bundle: true,
  minify: true,
  write: false,
  platform: 'browser',
  target: 'es2022',
  legalComments: 'none',
  logLevel: 'warning',
};

/**
 * A script with all it needs, from web/: inside its page, or as a module of its own that the page loads when it is needed.
 * A script inside a page must not hold the text that ends it.
 */
async function bundle(entry, format = 'iife') {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({ ...BUNDLE, entryPoints: [`web/${entry}`], format });
  return outputFiles[0].text.trim().replaceAll('</script', '<\\/script');
}

/**
 * The operators' script in parts, so that the first screen does not wait for what few open: main.js, setup.js (screens that
 * are not opened every minute), review.js (what users write), and shared.js, which all import. A part that only two of them
 * share would need a name of its own: the build fails then.
 */
async function operatorsScripts() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    ...BUNDLE,
    entryPoints: {
      main: 'web/operators/main.tsx',
      setup: 'web/operators/setup.tsx',
      review: 'web/operators/review.tsx',
    },
    format: 'esm',
    splitting: true,
    outdir: projectRoot,
    chunkNames: 'shared',
  });
  return Object.fromEntries(outputFiles.map(({ path, text }) => [`operators-${basename(path)}`, text.trim()]));
}

function hashes(html, tag) {
  const texts = [...html.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map(([, text]) => text);
  const list = texts.map((text) => `'sha256-${createHash('sha256').update(text).digest('base64')}'`);
  return list.length > 0 ? list.join(' ') : "'none'";
}

/** Nothing but what is in the page and, where it is named, the service itself. */
function policy(html, more = 'img-src data:') {
  const own = `script-src ${hashes(html, 'script')}; style-src ${hashes(html, 'style')}`;
  return `default-src 'none'; ${own}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; ${more}`;
}

/** Fills a template; the replacement is a function so that `$` in a script stays what it is. */
const put = (html, mark, text) => html.replace(mark, () => text);

const ICON =
  "data:image/svg+xml,%3Csvg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 32 32'%3E%3Crect width='32' height='32' rx='8' fill='%233e63dd'/%3E%3Ccircle cx='16' cy='16' r='6' fill='%23fff'/%3E%3C/svg%3E";

/** Domains of TRTC's web SDK (https://cloud.tencent.com/document/faq/647/34399): scheduling and signals. */
const TRTC = [
  'yun.tim.qq.com',
  ...['rtc.qcloud', 'rtc.qq', 'cloud-rtc', 'my-imcloud', 'rtc-web'].map((name) => `*.${name}.com`),
];
const TRTC_TALKS = [...TRTC, '*.cloud-rtc.net', '*.rtc-web.io']
  .map((name) => `https://${name} wss://${name}`)
  .join(' ');
/** The operators' pages call the service and, when a room is watched, TRTC. Covers of the tenant's bucket are added when served. */
const WATCHES = `connect-src 'self' ${TRTC_TALKS}; worker-src blob:; media-src blob: mediastream:; img-src data:`;

/** `styles` are read from web/ and come after the theme; `script` is an entry in web/. */
async function page(template, { styles = [], script, body = '' } = {}) {
  // Read here, so that a fresh clone gets its packages before: the file imports one.
  const { tokensCss } = await import('../web/shared/tokens.mjs');
  const css = [tokensCss(), ...['shared/theme.css', ...styles].map(read)].join('\n');
  const marks = {
    // What all pages share comes first: it has marks of its own.
    '<!--head-->': read('shared/head.html').trim(),
    '<!--switches-->': read('shared/switches.html').trim(),
    '/*icon*/': ICON,
    '/*style*/': await minify(css, 'css'),
    '/*preferences*/': await minify(read('shared/preferences.js'), 'js'),
    '<!--body-->': body,
    '/*script*/': script ? await bundle(script) : '',
  };
  return Object.entries(marks).reduce((text, [mark, value]) => put(text, mark, value), read(template));
}

const OPERATORS_STYLES = ['rail', 'lists', 'panel', 'screens', 'dialogs', 'review', 'narrow'].map(
  (name) => `operators/styles/${name}.css`,
);

export async function buildPages(outdir) {
  const { createDocsBody, createOpenApi } = await loadDocs();
  const directory = join(outdir, 'pages');
  mkdirSync(directory, { recursive: true });
  const parts = 'shared/parts.css';
  const status = await page('status/status.html', { styles: [parts, 'status/status.css'] });
  const docs = await page('docs/docs.html', {
    styles: ['docs/docs.css'],
    script: 'docs/main.ts',
    body: createDocsBody(),
  });
  const console = await page('console/console.html', {
    styles: [parts, 'console/console.css', 'console/running.css'],
    script: 'console/main.tsx',
  });
  const operators = await page('operators/operators.html', {
    styles: [parts, '../node_modules/uplot/dist/uPlot.min.css', ...OPERATORS_STYLES],
  });
  // Covers and avatars may come from anywhere; calls go to the service only.
  const talks = "connect-src 'self'; img-src http: https: data:";
  const module = 'text/javascript; charset=utf-8';
  const html = 'text/html; charset=utf-8';
  const files = {
    'status.html': [html, policy(status), status],
    'docs.html': [html, policy(docs, "connect-src 'self'; img-src data:"), docs],
    'console.html': [html, policy(console, talks), console],
    'operators.html': [html, policy(operators, WATCHES).replace('script-src', "script-src 'self'"), operators],
    ...Object.fromEntries(Object.entries(await operatorsScripts()).map(([name, text]) => [name, [module, '', text]])),
    'operators-plots.js': [module, '', await bundle('operators/lazy/plots.ts', 'esm')],
    'operators-player.js': [module, '', await bundle('operators/lazy/player.ts', 'esm')],
    'openapi.json': ['application/json; charset=utf-8', '', JSON.stringify(createOpenApi(projectVersion()))],
  };
  const manifest = {};
  const sizes = {};
  for (const [name, [contentType, contentSecurityPolicy, text]] of Object.entries(files)) {
    const compressed = gzipSync(text, { level: 9 });
    writeFileSync(join(directory, `${name}.gz`), compressed);
    manifest[name] = { contentType, contentSecurityPolicy };
    sizes[name] = compressed.length;
  }
  writeFileSync(join(directory, 'manifest.json'), JSON.stringify(manifest));
  return sizes;
}
