/** `npx live-room`: the service on this machine, or the pages of one that runs elsewhere. */
import { join } from 'node:path';
import { createConsoleServer } from './console-server';
import { HELP, type Options, readOptions } from './options';

declare const LIVE_ROOM_VERSION: string;

/** The bundle's own; the exit code is 3 if there is something to do. */
function migrate(apply: boolean): void {
  // As below: the type is that of src/main.ts.
  const bundle = require(join(__dirname, 'index.js')) as { migrateSchema(of: { apply: boolean }): Promise<number> };
  // Connections that are left do not hold the process up.
  void bundle.migrateSchema({ apply }).then((code) => process.exit(code));
}

/** The bundle, as the cloud runs it, with the .env of the folder one is in. */
function startService(port: number | undefined): void {
  if (port !== undefined) process.env['PORT'] = String(port);
  // Beside this file, and not inside it: the type is that of src/main.ts.
  const { serve } = require(join(__dirname, 'index.js')) as { serve(options: { allowDemo: boolean }): void };
  serve({ allowDemo: true });
}

function showConsole(service: string, wanted: number): void {
  const server = createConsoleServer({ service, directory: join(__dirname, 'pages') });
  server.on('error', (error) => {
    process.stderr.write(`live-room cannot listen on port ${wanted}: ${error.message}\n`);
    process.exit(1);
  });
  server.listen(wanted, '127.0.0.1', () => {
    const address = server.address();
    const base = `http://localhost:${typeof address === 'object' && address ? address.port : wanted}/`;
    const pages = ['console', 'operators', 'docs'].map((page) => `  ${base}${page}\n`);
    process.stdout.write(`The pages of ${service} (until Ctrl+C):\n${pages.join('')}`);
  });
  for (const signal of ['SIGINT', 'SIGTERM'] as const) process.once(signal, () => process.exit(0));
}

function run(options: Options): void {
  if (options.command === 'start') startService(options.port);
  else if (options.command === 'migrate') migrate(options.apply);
  else if (options.command === 'console') showConsole(options.service, options.port);
  else if (options.command === 'help') process.stdout.write(HELP);
  else if (options.command === 'version') process.stdout.write(`${LIVE_ROOM_VERSION}\n`);
  else {
    process.stderr.write(`${options.problem}\n\n${HELP}`);
    process.exitCode = 2;
  }
}

run(readOptions(process.argv.slice(2)));
