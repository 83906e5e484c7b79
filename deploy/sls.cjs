#!/usr/bin/env node
/**
 * `npx sls` in a clone: npx finds this file by package.json. In a clone without node_modules npx would otherwise fetch and
 * run the package `sls` of the registry, which has nothing to do with deploying.
 */
'use strict';

let program;
try {
  program = require.resolve('serverless/bin/serverless.js');
} catch {
  process.stderr.write(
    'The deploy tools are not installed yet. Run `npm ci` in this folder, then the same command again.\n' +
      '(`npm run deploy` does both.)\n',
  );
  process.exit(1);
}
process.argv[1] = program;
require(program);
