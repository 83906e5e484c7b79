/**
 * The package live-room-client: client/dist with an ES module, a CommonJS module and types for each entry. What it uses is
 * inside, so that its files stand alone in a browser too.
 */
import { copyFileSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

/** The entries of the package, and the files whose declarations each of them consists of. */
const ENTRIES = [
  { name: 'index', files: ['transport', 'client-contract', 'index'] },
  { name: 'admin', files: ['transport', 'admin-contract', 'admin'] },
  { name: 'webhooks', files: ['webhook-contract', 'webhooks'] },
];

/** What a declaration file may take from elsewhere; nothing else has to be installed for the types. */
const INLINED = {
  // The one class of standardwebhooks that shows.
  standardwebhooks: 'declare class WebhookVerificationError extends Error {\n    constructor(message: string);\n}\n',
};

/** Several files as one declaration file: imports and re-exports among them are dropped. */
async function declarations({ files }) {
  const { default: ts } = await import('typescript');
  const declare = (name) => {
    const text = readFileSync(join(projectRoot, 'client/src', `${name}.ts`), 'utf8');
    const { outputText, diagnostics } = ts.transpileDeclaration(text, {
      fileName: `${name}.ts`,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, stripInternal: true },
    });
    const problems = (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    if (problems.length > 0) throw new Error(`client/src/${name}.ts: ${problems.join('; ')}`);
    const own = outputText.replace(/^(import|export) [^;]*from '\.\/[\w-]+';\n/gm, '');
    return own.replace(/^import [^;]*from '([\w-]+)';\n/gm, (_line, module) => INLINED[module] ?? _line);
  };
  return files.map(declare).join('');
}

export async function buildClient() {
  const { build } = await import('esbuild');
  const directory = join(projectRoot, 'client/dist');
  rmSync(directory, { recursive: true, force: true });
  mkdirSync(directory, { recursive: true });
  for (const entry of ENTRIES) {
    const bundle = (format, extension) =>
      build({
        absWorkingDir: projectRoot,
        entryPoints: [`client/src/${entry.name}.ts`],
        outfile: join(directory, `${entry.name}.${extension}`),
        bundle: true,
        platform: 'neutral',
        mainFields: ['module', 'main'],
        target: 'es2022',
        format,
        legalComments: 'inline',
        logLevel: 'warning',
      });
    const [types] = await Promise.all([declarations(entry), bundle('esm', 'mjs'), bundle('cjs', 'cjs')]);
    for (const extension of ['d.mts', 'd.cts']) writeFileSync(join(directory, `${entry.name}.${extension}`), types);
  }
  copyFileSync(join(projectRoot, 'LICENSE'), join(projectRoot, 'client/LICENSE'));
}
