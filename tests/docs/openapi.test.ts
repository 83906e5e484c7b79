/** The documents made from the contract: up to date, valid, and equal to the validator of requests. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { version } from '../../package.json';
import { createDocuments, createSections } from '../../scripts/docs/documents';
import { ENDPOINTS, exampleInput, type ParameterInfo } from '../../scripts/docs/endpoints';
import { createOpenApi } from '../../scripts/docs/openapi';
import { contract } from '../../src/contract';
import { CALLER_FIELDS, type Endpoint, v } from '../../src/contract/endpoint';
import { EVENT_TYPES, EVENTS } from '../../src/contract/events';
import type { Fields } from '../../src/contract/fields';
import { CALLBACK_PATHS } from '../../src/http/callbacks';
import { readParameters } from '../../src/http/parameters';

const root = join(__dirname, '../..');

interface Findings {
  valid: boolean;
  errors: unknown[];
  findings: string[];
}

function validate(document: unknown): Findings {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-openapi-'));
  try {
    const file = join(folder, 'openapi.json');
    writeFileSync(file, JSON.stringify(document));
    const { stdout, stderr } = spawnSync(process.execPath, [join(__dirname, 'validate-openapi.mjs'), file], {
      encoding: 'utf8',
    });
    if (stdout === '') throw new Error(stderr);
    // The script prints this shape and nothing else.
    return JSON.parse(stdout) as Findings;
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

describe('the documents', () => {
  it.each([...createDocuments(version).keys()])('%s is what npm run docs makes', (path) => {
    expect(readFileSync(join(root, path), 'utf8')).toBe(createDocuments(version).get(path));
  });

  it.each([...createSections((path) => readFileSync(join(root, path), 'utf8'))])(
    '%s has what npm run docs makes of it',
    (path, text) => {
      expect(readFileSync(join(root, path), 'utf8')).toBe(text);
    },
  );

  it('two validators find nothing in the OpenAPI document, its examples included', () => {
    expect(validate(createOpenApi(version))).toEqual({ valid: true, errors: [], findings: [] });
  });

  it('both validators do find a mistake', () => {
    const document = createOpenApi(version);
    const { valid, errors, findings } = validate({ ...document, paths: { 'no-slash': {} } });
    expect(valid).toBe(false);
    expect(errors).not.toEqual([]);
    expect(findings).not.toEqual([]);
    const told = { ...document.webhooks['user.created'], post: { ...document.webhooks['user.created']?.post } };
    const missing = { 'application/json': { schema: { $ref: '#/components/schemas/Nothing' } } };
    const webhooks = { told: { post: { ...told.post, requestBody: { content: missing } } } };
    expect(validate({ ...document, webhooks }).findings).not.toEqual([]);
  });

  it('the OpenAPI document has every event that goes out, signed, with an example in its shape', () => {
    const { webhooks } = createOpenApi(version);
    expect(Object.keys(webhooks)).toEqual(EVENT_TYPES);
    for (const type of EVENT_TYPES) {
      const { exampleData, data } = EVENTS[type];
      expect([type, v.is(data, exampleData)]).toEqual([type, true]);
      expect(webhooks[type]).toMatchObject({
        post: { parameters: [{ name: 'webhook-id' }, { name: 'webhook-timestamp' }, { name: 'webhook-signature' }] },
      });
    }
  });

  it('the OpenAPI document has the callbacks of IM and TRTC too', () => {
    const { paths } = createOpenApi(version);
    for (const path of CALLBACK_PATHS) expect(Object.keys(paths[`/base/v1/${path}`] ?? {})).toEqual(['post']);
  });

  it('the OpenAPI document has GET and POST of every endpoint', () => {
    const { paths } = createOpenApi(version);
    for (const { path } of Object.values(contract)) {
      expect(Object.keys(paths[`/base/v1/${path}`] ?? {}).sort()).toEqual(['get', 'post']);
    }
  });
});

describe.each(ENDPOINTS.map((endpoint) => [endpoint.call, endpoint] as const))('%s', (_call, endpoint) => {
  it('takes its own example, as JSON, as a form and as a query', () => {
    const example = exampleInput(endpoint);
    const pairs = Object.entries(example).flatMap(([name, value]) =>
      (Array.isArray(value) ? value : [value]).map((one): [string, string] => [name, String(one)]),
    );
    const origin = { kind: 'event', address: undefined } as const;
    const request = { origin, method: 'POST', path: endpoint.path, query: [], headers: {}, body: Buffer.alloc(0) };
    const asJson = readParameters({ ...request, body: Buffer.from(JSON.stringify(example)) }, contract[endpoint.name]);
    const form = Buffer.from(new URLSearchParams(pairs).toString());
    expect(readParameters({ ...request, body: form }, contract[endpoint.name])).toEqual(asJson);
    expect(readParameters({ ...request, query: pairs }, contract[endpoint.name])).toEqual(asJson);
    expect(Object.keys(asJson.input)).toEqual(
      Object.keys(contract[endpoint.name].fields).filter((name) => name in example),
    );
  });

  const own = endpoint.parameters.filter(({ name }) => name in contract[endpoint.name].fields);
  const fields: Fields = { ...CALLER_FIELDS, ...contract[endpoint.name].fields };
  const accepts = ({ name }: ParameterInfo, value: unknown) => {
    const field = fields[name];
    return field !== undefined && v.is(field.schema, value);
  };

  it('takes every text up to its documented length, and no longer', () => {
    const limited = own.filter(({ docs }) => docs.maxLength !== undefined);
    const upTo = (one: ParameterInfo, more: number) => accepts(one, '1'.repeat((one.docs.maxLength ?? 0) + more));
    expect(limited.filter((one) => !upTo(one, 0)).map(({ name }) => name)).toEqual([]);
    expect(limited.filter((one) => upTo(one, 1)).map(({ name }) => name)).toEqual([]);
  });

  it('takes every number in its documented range, and no other', () => {
    for (const one of own.filter(({ docs }) => docs.minimum !== undefined)) {
      const { minimum = 0, maximum = 0 } = one.docs;
      const accepted = [minimum - 1, minimum, maximum, maximum + 1].map((value) => accepts(one, value));
      expect([one.name, ...accepted]).toEqual([one.name, false, true, true, false]);
    }
  });

  it('gives the example of its answer in the shape of its answer', () => {
    const declared: Endpoint = contract[endpoint.name];
    expect(declared.data ? v.is(declared.data, declared.exampleData) : declared.exampleData === undefined).toBe(true);
  });
});
