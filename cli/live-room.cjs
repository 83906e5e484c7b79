#!/usr/bin/env node
/** The command: dist/cli.js, built first in a clone where it is missing (a deploy leaves only the function in dist/). */
const { spawnSync } = require('node:child_process');
const { existsSync } = require('node:fs');
const { join } = require('node:path');

const built = join(__dirname, '../dist/cli.js');

/** The service and the command, with no more installed than they need; its output must not stand before the command's. */
function buildInClone() {
  const script = join(__dirname, '../scripts/build.mjs');
  const { status } = spawnSync(process.execPath, [script, '--command'], { stdio: ['ignore', 'ignore', 'inherit'] });
  if (status !== 0) process.exit(status ?? 1);
}

if (!existsSync(built)) buildInClone();
require(built);
