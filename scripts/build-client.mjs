/**
 * The typed client as a package entry: dist/client/ with an ES module, a CommonJS module and types for each. Not part of
 * the function; md5 is inside, so the files stand alone in a browser too.
 */
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectRoot } from './ensure-installed.mjs';

/** The entries of the package: what each is made of, and the names of its files. */
const ENTRIES = [
  { name: 'index', source: 'client.ts', contract: 'client-contract' },
  { name: 'admin', source: 'admin.ts', contract: 'admin-contract' },
];

/** The contract and the client as one declaration file: its own imports and re-exports of the other are dropped. */
async function declarations({ source, contract }) {
  const { default: ts } = await import('typescript');
  const declare = (name) => {
    const text = readFileSync(join(projectRoot, 'client/src', name), 'utf8');
    const { outputText, diagnostics } = ts.transpileDeclaration(text, {
      fileName: name,
      compilerOptions: { target: ts.ScriptTarget.ES2022, module: ts.ModuleKind.ESNext, stripInternal: true },
    });
    const problems = (diagnostics ?? []).map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, ' '));
    if (problems.length > 0) throw new Error(`client/src/${name}: ${problems.join('; ')}`);
    return outputText.replace(new RegExp(`^(import|export) [^;]*from '\\./${contract}';\n`, 'gm'), '');
  };
  return declare(`${contract}.ts`) + declare(source);
}

export async function buildClient(outdir) {
  const { build } = await import('esbuild');
  const directory = join(outdir, 'client');
  mkdirSync(directory, { recursive: true });
  for (const entry of ENTRIES) {
    const bundle = (format, extension) =>
      build({
        absWorkingDir: projectRoot,
        entryPoints: [`client/src/${entry.source}`],
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
}
