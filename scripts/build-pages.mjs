/**
 * The pages of the service: dist/pages/, one compressed file each, with their styles and scripts inside, and a manifest of
 * types and policies. A page may run exactly the scripts it was built with: the policy names them by their hash.
 */
import { createHash } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { loadDocs, projectVersion } from './docs.mjs';
import { projectRoot } from './ensure-installed.mjs';

const read = (name) => readFileSync(join(projectRoot, 'web', name), 'utf8');

async function minify(text, loader) {
  const { transform } = await import('esbuild');
  return (await transform(text, { loader, minify: true, legalComments: 'none' })).code.trim();
}

async function consoleScript() {
  const { build } = await import('esbuild');
  const { outputFiles } = await build({
    absWorkingDir: projectRoot,
    entryPoints: ['web/console/main.ts'],
    bundle: true,
    minify: true,
    write: false,
    platform: 'browser',
    target: 'es2022',
    format: 'iife',
    legalComments: 'none',
    logLevel: 'warning',
  });
  return outputFiles[0].text.trim();
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

async function page(template, parts = {}) {
  const css = await minify(read('shared/theme.css') + (parts.css ?? ''), 'css');
  const html = put(
    put(template, '/*preferences*/', await minify(read('shared/preferences.js'), 'js')),
    '/*theme*/',
    css,
  );
  return Object.entries(parts.marks ?? {}).reduce((text, [mark, value]) => put(text, mark, value), html);
}

export async function buildPages(outdir) {
  const { createDocsBody, createOpenApi } = await loadDocs();
  const directory = join(outdir, 'pages');
  mkdirSync(directory, { recursive: true });
  const status = await page(read('status.html'));
  const docs = await page(read('docs.html'), { marks: { '<!--body-->': createDocsBody() } });
  // A script must not hold the text that ends it.
  const script = (await consoleScript()).replaceAll('</script', '<\\/script');
  const console = await page(read('console/console.html'), {
    css: read('console/console.css'),
    marks: { '/*script*/': script },
  });
  const html = 'text/html; charset=utf-8';
  const files = {
    'status.html': [html, policy(status), status],
    'docs.html': [html, policy(docs), docs],
    // Covers and avatars may come from anywhere; calls go to the service only.
    'console.html': [html, policy(console, "connect-src 'self'; img-src http: https: data:"), console],
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
