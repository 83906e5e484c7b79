/** The Postman collection (v2.1), which newman runs and Bruno imports. Checked against the contract while it is made. */
import { ERROR_CODES } from '../../src/base/errors';
import { FOLDERS, type Step } from './collection-steps';
import { ENDPOINTS, type EndpointInfo } from './endpoints';

const SCHEMA = 'https://schema.getpostman.com/json/collection/v2.1.0/collection.json';

function endpointOf(step: Step): EndpointInfo {
  const endpoint = ENDPOINTS.find(({ name }) => name === step.call);
  if (!endpoint) throw new Error(`no endpoint ${step.call}`);
  const known = new Set(endpoint.parameters.map(({ name }) => name));
  const strange = Object.keys(step.input).filter((name) => !known.has(name));
  if (strange.length > 0) throw new Error(`${step.name}: ${step.call} has no ${strange.join(', ')}`);
  if (step.error && !endpoint.errors.some(({ name }) => name === step.error)) {
    throw new Error(`${step.name}: ${step.call} never answers ${step.error}`);
  }
  return endpoint;
}

function testLines(step: Step, endpoint: EndpointInfo): string[] {
  const code = step.error ? ERROR_CODES[step.error] : 0;
  const expected = step.error ? `${step.error}(${code})` : 'success';
  const checks = step.checks ?? [];
  const first = [
    `pm.test(${JSON.stringify(`${step.name}: ${expected}`)}, function () {`,
    '  pm.expect(pm.response.code).to.equal(200);',
    '  const answer = pm.response.json();',
    `  pm.expect(answer.errorCode).to.equal(${code});`,
    "  pm.expect(answer.errorMessage).to.be.a('string');",
  ];
  const more = step.error
    ? [`  pm.expect(answer.codeStr).to.equal('${step.error}');`, "  pm.expect(answer).to.not.have.property('data');"]
    : endpoint.data
      ? ['  const data = answer.data;', ...checks.map((line) => `  ${line}`)]
      : ["  pm.expect(answer).to.not.have.property('data');"];
  return [...first, ...more, '});'];
}

function event(listen: 'prerequest' | 'test', exec: readonly string[]) {
  return exec.length > 0 ? [{ listen, script: { type: 'text/javascript', exec } }] : [];
}

function url(path: string, input: Step['input'] = {}) {
  const query = Object.entries(input).map(([key, value]) => ({ key, value }));
  const text = query.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}${path}${text === '' ? '' : `?${text}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(query.length > 0 && { query }),
  };
}

function request({ as, input }: Step, { path }: EndpointInfo) {
  if (as === 'query') return { method: 'GET', url: url(path, input) };
  if (as === 'form') {
    const urlencoded = Object.entries(input).map(([key, value]) => ({ key, value, type: 'text' }));
    return { method: 'POST', url: url(path), body: { mode: 'urlencoded', urlencoded } };
  }
  const header = [{ key: 'Content-Type', value: 'application/json' }];
  const body = { mode: 'raw', raw: JSON.stringify(input, null, 2), options: { raw: { language: 'json' } } };
  return { method: 'POST', header, url: url(path), body };
}

function item(step: Step) {
  const endpoint = endpointOf(step);
  const { summary, notes } = endpoint;
  return {
    name: step.name,
    event: [...event('prerequest', step.before ?? []), ...event('test', testLines(step, endpoint))],
    request: { ...request(step, endpoint), description: `${summary.en}. ${notes.en}\n\n${summary.zh}。${notes.zh}` },
  };
}

function service() {
  const check = (name: string, path: string, lines: readonly string[]) => ({
    name,
    event: event('test', [`pm.test(${JSON.stringify(name)}, function () {`, ...lines, '});']),
    request: { method: 'GET', url: url(path) },
  });
  return {
    name: 'The service',
    item: [
      check('Is it well?', '/', ['  pm.expect(pm.response.json().errorCode).to.equal(0);']),
      check('Hello', '/helloworld', ["  pm.expect(pm.response.text()).to.include('HelloWorld');"]),
    ],
  };
}

const VARIABLES = [
  'hostName',
  'hostSalt',
  'hostId',
  'hostToken',
  'viewerName',
  'viewerSalt',
  'viewerId',
  'viewerToken',
];

export function createCollection(): object {
  const told = new Set(Object.values(FOLDERS).flatMap((steps) => steps.map(({ call }) => call)));
  const missing = ENDPOINTS.filter(({ name }) => !told.has(name)).map(({ name }) => name);
  if (missing.length > 0) throw new Error(`the collection says nothing of ${missing.join(', ')}`);
  const folders = Object.entries(FOLDERS).map(([name, steps]) => ({ name, item: steps.map(item) }));
  return {
    info: {
      name: 'live-room',
      description:
        'Run the whole collection in order: it makes two users and a room, and deletes them. Set baseUrl first, without a final slash.\n\n请按顺序运行整个集合；先设置 baseUrl（不带结尾斜杠）。',
      schema: SCHEMA,
    },
    item: [service(), ...folders],
    variable: [
      { key: 'baseUrl', value: 'http://localhost:9000' },
      ...[...VARIABLES, 'ts', 'signature'].map((key) => ({ key, value: '' })),
    ],
  };
}
