/** `npm start`: installs what is missing, builds the bundle and runs it as the cloud does, with `.env` from the root. */
import { spawn } from 'node:child_process';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled();
const { build } = await import('./build.mjs');
await build();
// --local allows demo mode when nothing is configured; the cloud never passes it.
const server = spawn(process.execPath, [join(projectRoot, 'dist/index.js'), '--local'], {
  cwd: projectRoot,
  stdio: 'inherit',
});
for (const signal of ['SIGINT', 'SIGTERM']) process.on(signal, () => server.kill(signal));
server.on('exit', (code, signal) => process.exit(code ?? (signal ? 0 : 1)));
