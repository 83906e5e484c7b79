/**
 * `npm start`: installs what is missing to build and run, builds the bundle and becomes the server, as the cloud runs it, with `.env` from
 * the root.
 */
import { spawnSync } from 'node:child_process';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ensureInstalled, projectRoot } from './ensure-installed.mjs';

ensureInstalled({ toRun: true });
// In a process of its own, so that the compiler takes no memory of the server's.
const build = spawnSync(process.execPath, [join(projectRoot, 'scripts/build.mjs'), '--service'], { stdio: 'inherit' });
if (build.status !== 0) process.exit(build.status ?? 1);

process.chdir(projectRoot);
const { sampleRoomsIn, serve } = createRequire(import.meta.url)(join(projectRoot, 'dist/index.js'));
// Demo mode when nothing is configured; the cloud never allows it. `npm start -- --sample` fills it with people.
serve({ allowDemo: true, sampleRooms: sampleRoomsIn(process.argv) });

// npm hands a signal to its shell, which ends and leaves this process behind: then it is to stop as well.
const parent = process.ppid;
if (process.env['npm_lifecycle_event'] === 'start') {
  setInterval(() => {
    if (process.ppid !== parent) process.kill(process.pid, 'SIGTERM');
  }, 500).unref();
}
