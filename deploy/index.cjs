/** The plugin that serverless.yml names: lets Node read the TypeScript sources next to it. */
'use strict';

/** An error that every version of the framework prints without a stack. */
function plainError(message) {
  const error = new Error(message);
  error.stack = message;
  return error;
}

let tsx;
try {
  tsx = require('tsx/cjs/api');
} catch {
  throw plainError(
    'The deploy tools are not installed yet: another `serverless`, installed globally, is reading serverless.yml.\n' +
      'Run `npm ci` in this folder, then `npx sls deploy` (or `npm run deploy`).',
  );
}
tsx.register();
module.exports = require('./provider.ts').TencentProvider;
