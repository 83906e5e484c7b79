/**
 * The suites walk lists. Here the lists are compared with the contract, so that an endpoint, a parameter or an event that is
 * missing from one of them fails one test that names it.
 */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { FOLDERS } from '../../scripts/docs/collection-steps';
import { createOpenApi } from '../../scripts/docs/openapi';
import { ERROR_CODES } from '../../src/base/errors';
import { contract } from '../../src/contract';
import type { Endpoint } from '../../src/contract/endpoint';
import { EVENT_TYPES } from '../../src/contract/events';
import type { Field } from '../../src/contract/fields';
import { hostsContract } from '../../src/contract/hosts';
import { handlers } from '../../src/rules/handlers';
import { ENDPOINT_CASES } from './support/cases';
import { STORY } from './support/story';

const endpoints = Object.values<Endpoint>(contract);
const paths = endpoints.map(({ path }) => path).sort();
/** They take no parameter that could be wrong. */
const withParameters = endpoints.filter(({ withoutDatabase }) => !withoutDatabase);

/** Those that these files never name, by the last part of their path. */
function notNamedIn(...files: readonly string[]): string[] {
  const text = files.map((file) => readFileSync(join(__dirname, '../..', file), 'utf8')).join('\n');
  return withParameters.map(({ path }) => path).filter((path) => !text.includes(path.split('/').at(-1) ?? path));
}

describe('every endpoint of the contract', () => {
  test('has a rule', () => {
    expect(Object.keys(handlers).sort()).toEqual(Object.keys(contract).sort());
  });

  test('has cases of bad input, and with them of bad tokens, transport and secrets', () => {
    expect(ENDPOINT_CASES.map(({ endpoint }) => endpoint).sort()).toEqual(
      withParameters.map(({ path }) => path).sort(),
    );
  });

  test('is called in the story that goes through every way in', () => {
    // gslb answers by which way it was reached: tests/codes.
    const called = new Set([...STORY.map(({ endpoint }) => endpoint), contract.gslb.path]);
    expect([...called].sort()).toEqual(paths);
  });

  test('is in the OpenAPI document and in the collection', () => {
    const documented = Object.keys(createOpenApi('1.0.0').paths);
    expect(paths.filter((path) => !documented.includes(`/base/v1/${path}`))).toEqual([]);
    const collected = new Set<string>(
      Object.values(FOLDERS).flatMap((steps) => steps.map(({ call }) => contract[call].path)),
    );
    expect(paths.filter((path) => !collected.has(path))).toEqual([]);
  });

  test('has its plans checked', () => {
    // people.ts signs up and in there. The counts of codes are a few rows, where a scan is the best plan.
    const asked = notNamedIn('tests/data/explain.test.ts', 'testkit/people.ts');
    expect(asked.filter((path) => !path.includes('_code') && !path.includes('_by_picture'))).toEqual([]);
  });

  test('is measured', () => {
    // The time of these is that of a vendor or an identity provider.
    const outside = ['auth_users/user_verify_by_picture', 'auth_users/user_login_code', 'cos/config', 'oauth/exchange'];
    // Rare calls of one host.
    const rare = [contract.appeal, ...Object.values<Endpoint>(hostsContract)].map(({ path }) => path);
    const unmeasured = notNamedIn('bench/cases.ts', 'bench/people.ts');
    expect(unmeasured.filter((path) => ![...outside, ...rare].includes(path))).toEqual([]);
  });
});

test('every event that the contract announces is sent by a rule', () => {
  const folder = join(__dirname, '../../src/rules');
  const files = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.ts'));
  const rules = files.map((file) => readFileSync(join(folder, file), 'utf8')).join('\n');
  // An argument or a property, not a part of a type.
  const sent = (type: string) => new RegExp(`'${type.replace('.', '\\.')}'(?=[,)]| :)`).test(rules);
  expect(EVENT_TYPES.filter((type) => !sent(type))).toEqual([]);
});

const isText = (field: Field) => field.docs.type === 'string' && field.docs.maxLength !== undefined;

describe.each(ENDPOINT_CASES.map((cases) => [cases.endpoint, cases] as const))('%s', (path, cases) => {
  const endpoint = endpoints.find((one) => one.path === path) as Endpoint;
  const fields = Object.entries<Field>(endpoint.fields);

  test('has bad input for every parameter', () => {
    const tried = new Set([...Object.keys(cases.texts), ...Object.keys(cases.others ?? {})]);
    expect(fields.map(([name]) => name).filter((name) => !tried.has(name))).toEqual([]);
  });

  test('has the lengths, the required parameters and the error of the contract', () => {
    const texts = fields.filter(([name, field]) => isText(field) && name in cases.texts);
    expect(cases.texts).toEqual(Object.fromEntries(texts.map(([name, { docs }]) => [name, docs.maxLength])));
    // Some have another name in the message, and a separate test.
    const required = fields.filter(([, field]) => field.required).map(([name]) => name);
    expect(required).toEqual(expect.arrayContaining([...cases.required]));
    expect(required.filter((name) => !(name in cases.texts) && !(name in (cases.others ?? {})))).toEqual([]);
    expect(cases.invalid).toBe(ERROR_CODES[endpoint.invalid]);
  });
});
