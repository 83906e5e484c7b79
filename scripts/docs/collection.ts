/** The Postman collection (v2.1), which newman runs and Bruno imports. Checked against the contract while it is made. */
import { ERROR_CODES } from '../../src/base/errors';
import { type AdminCall, adminContract } from '../../src/contract/admin';
import { OPERATOR_VARIABLES, OPERATORS, type OperatorStep } from './collection-operators';
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

function url(path: string, input: OperatorStep['input'] = {}) {
  const query = Object.entries(input).map(([key, value]) => ({ key, value: String(value) }));
  const text = query.map(({ key, value }) => `${key}=${value}`).join('&');
  return {
    raw: `{{baseUrl}}${path}${text === '' ? '' : `?${text}`}`,
    host: ['{{baseUrl}}'],
    path: path.split('/').slice(1),
    ...(query.length > 0 && { query }),
  };
}

function json(input: OperatorStep['input']) {
  return { mode: 'raw', raw: JSON.stringify(input, null, 2), options: { raw: { language: 'json' } } };
}

function request({ as, input }: Step, { path }: EndpointInfo) {
  if (as === 'query') return { method: 'GET', url: url(path, input) };
  if (as === 'form') {
    const urlencoded = Object.entries(input).map(([key, value]) => ({ key, value, type: 'text' }));
    return { method: 'POST', url: url(path), body: { mode: 'urlencoded', urlencoded } };
  }
  const header = [{ key: 'Content-Type', value: 'application/json' }];
  return { method: 'POST', header, url: url(path), body: json(input) };
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

function operatorTest(step: OperatorStep): string[] {
  const { status = 200, error = 'SystemVerifyError', checks = [] } = step;
  const expected = status === 200 ? 'success' : `${error}(${ERROR_CODES[error]}), HTTP ${status}`;
  return [
    `pm.test(${JSON.stringify(`${step.name}: ${expected}`)}, function () {`,
    `  pm.expect(pm.response.code).to.equal(${status});`,
    '  const answer = pm.response.json();',
    `  pm.expect(answer.errorCode).to.equal(${status === 200 ? 0 : ERROR_CODES[error]});`,
    ...(checks.length > 0 ? ['  const data = answer.data;', ...checks.map((line) => `  ${line}`)] : []),
    '});',
  ];
}

function operatorItem(step: OperatorStep) {
  const { path, summary, notes, fields } = adminContract[step.operator];
  const strange = Object.keys(step.input).filter((name) => name !== 'tenant' && !(name in fields));
  if (strange.length > 0) throw new Error(`${step.name}: ${path} has no ${strange.join(', ')}`);
  const header = [{ key: 'Authorization', value: 'Bearer {{adminKey}}' }];
  const full = `/base/v1/${path}`;
  const asked =
    step.as === 'query'
      ? { method: 'GET', header, url: url(full, step.input) }
      : {
          method: 'POST',
          header: [...header, { key: 'Content-Type', value: 'application/json' }],
          url: url(full),
          body: json(step.input),
        };
  return {
    name: step.name,
    event: [...event('prerequest', step.before ?? []), ...event('test', operatorTest(step))],
    request: { ...asked, description: `${summary.en}. ${notes.en}\n\n${summary.zh}。${notes.zh}` },
  };
}

function operators() {
  const told = new Set(OPERATORS.flatMap((step) => ('operator' in step ? [step.operator] : [])));
  // The contract's own names.
  const missing = (Object.keys(adminContract) as AdminCall[]).filter((call) => !told.has(call));
  if (missing.length > 0) throw new Error(`the collection says nothing of the operators' ${missing.join(', ')}`);
  return {
    name: 'Operators',
    description:
      'Needs adminKey: the ADMIN_KEY of the service, or the key that its demo prints. Without it these requests are left out.\n\n需要 adminKey：服务的 ADMIN_KEY，或演示模式启动时打印的密钥；不设置则跳过本文件夹。',
    event: event('prerequest', ["if (!pm.variables.get('adminKey')) pm.execution.skipRequest();"]),
    item: OPERATORS.map((step) => ('operator' in step ? operatorItem(step) : item(step))),
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
  'guestId',
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
    // The last folder deletes who the others are about.
    item: [service(), ...folders.slice(0, -1), operators(), ...folders.slice(-1)],
    variable: [
      { key: 'baseUrl', value: 'http://localhost:9000' },
      ...[...VARIABLES, 'ts', 'signature', 'adminKey', ...OPERATOR_VARIABLES].map((key) => ({ key, value: '' })),
    ],
  };
}
