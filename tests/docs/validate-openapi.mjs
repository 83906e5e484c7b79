/** Two validators by different authors over an OpenAPI file; prints their findings. Both are ES modules, so not in jest. */
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { pathToFileURL } from 'node:url';

// Packages that only these tests need.
const tools = createRequire(new URL('../../testkit/document-tools/package.json', import.meta.url));
const load = (name) => import(pathToFileURL(tools.resolve(name)).href);
const { createConfig, lintFromString } = await load('@redocly/openapi-core');
const { Validator } = await load('@seriousme/openapi-schema-validator');

const file = process.argv[2];
const source = readFileSync(file, 'utf8');
const { valid, errors } = await new Validator().validate(JSON.parse(source));
const config = await createConfig({
  extends: ['recommended-strict'],
  // Every answer below /base/v1 is HTTP 200 by design: the apps read the body of nothing else.
  rules: { 'operation-4xx-response': 'off' },
});
const problems = await lintFromString({ source, absoluteRef: file, config });
const findings = problems.map(({ ruleId, message, location }) => `${ruleId}: ${message} ${location[0]?.pointer ?? ''}`);
process.stdout.write(JSON.stringify({ valid, errors: errors ?? [], findings }));
