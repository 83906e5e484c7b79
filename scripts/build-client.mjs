/**
 * The typed client as a package entry: dist/client/ with an ES module, a CommonJS module and types for each. Not part of
 * the function; md5 is inside, so the files stand alone in a browser too.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

/** client-contract.ts and client.ts as one declaration file: its own imports and re-exports of the other are dropped. */
async function declarations() {
  const { default: ts } = await import('typescript');
  const declare = (name) => {
    const text = readFileSync(join(projectRoot, 'client/src', name), 'utf8');
    const { outputText, diagnostics } = ts.transpileDeclaration(text, {
      fileName: name,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, stripInternal: true },
    });
    const problems = (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    if (problems.length > 0) throw new Error(`client/src/${name}: ${problems.join('; ')}`);
    return outputText.replace(/^(import|export) [^;]*from '\.\/client-contract';\n/gm, '');
  };
  return declare('client-contract.ts') + declare('client.ts');
}

export async function buildClient(outdir) {
  const { build } = await import('esbuild');
  const directory = join(outdir, 'client');
  mkdirSync(directory, { recursive: true });
  const bundle = (format, file) =>
    build({
      absWorkingDir: projectRoot,
      entryPoints: ['client/src/client.ts'],
      outfile: join(directory, file),
      bundle: true,
      platform: 'neutral',
      mainFields: ['module', 'main'],
      target: 'es2022',
      format,
      legalComments: 'inline',
      logLevel: 'warning',
    });
  const [types] = await Promise.all([declarations(), bundle('esm', 'index.mjs'), bundle('cjs', 'index.cjs')]);
  for (const file of ['index.d.mts', 'index.d.cts']) writeFileSync(join(directory, file), types);
}
