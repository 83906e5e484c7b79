/** What serverless.yml names as the plugin: lets Node read the TypeScript sources next to it. */
'use strict';

require('tsx/cjs/api').register();
module.exports = require('./provider.ts').TencentProvider;
