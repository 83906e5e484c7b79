/** Whether a changed file still has right types. The compiler notices the mutants that have not, so they are no tests' work. */
import { join } from 'node:path';
import ts from 'typescript';
import { projectRoot } from '../ensure-installed.mjs';

/** Leaving something unused is no error of types. */
const LENIENT = { noUnusedLocals: false, noUnusedParameters: false, allowUnreachableCode: true, noEmit: true };

/** Gives a function of a file's name and changed text. Errors that the change makes in other files are not seen. */
export function createTypeCheck() {
  const host = { ...ts.sys, onUnRecoverableConfigFileDiagnostic: () => {} };
  const config = ts.getParsedCommandLineOfConfigFile(join(projectRoot, 'tsconfig.json'), LENIENT, host);
  const names = config.fileNames.filter((name) => name.startsWith(join(projectRoot, 'src/')));
  let changed = { name: '', text: '', version: 0 };
  const service = ts.createLanguageService({
    ...ts.sys,
    useCaseSensitiveFileNames: () => ts.sys.useCaseSensitiveFileNames,
    getCompilationSettings: () => config.options,
    getCurrentDirectory: () => projectRoot,
    getDefaultLibFileName: ts.getDefaultLibFilePath,
    getScriptFileNames: () => names,
    getScriptVersion: (name) => (name === changed.name ? `changed ${changed.version}` : '0'),
    getScriptSnapshot: (name) => {
      const text = name === changed.name ? changed.text : ts.sys.readFile(name);
      return text === undefined ? undefined : ts.ScriptSnapshot.fromString(text);
    },
  });
  return (file, text) => {
    const name = join(projectRoot, file);
    changed = { name, text, version: changed.version + 1 };
    return service.getSyntacticDiagnostics(name).length + service.getSemanticDiagnostics(name).length === 0;
  };
}
