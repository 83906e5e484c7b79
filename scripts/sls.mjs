/** `npm run deploy`, `npm run remove` …: installs what is missing, then runs that command of `npx sls` with its options. */
import { spawn } from 'node:child_process';
import { createRequire } from 'node:module';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const program = createRequire(import.meta.url).resolve('serverless/bin/serverless.js');
const child = spawn(process.execPath, [program, ...process.argv.slice(2)], { cwd: projectRoot, stdio: 'inherit' });
// Ctrl-C reaches both; the command says what goes on in the cloud and ends first.
process.on('SIGINT', () => {});
child.once('close', (code) => process.exit(code ?? 1));
