/** compose.yaml, read: its variables are settings, both services agree, and it matches docs/self-host.md. */
import { existsSync, readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { ALL_SETTINGS } from '../../src/config/settings';
import { repository } from './nginx';

interface Service {
  readonly image?: string;
  readonly build?: string;
  readonly env_file?: string;
  readonly environment: Readonly<Record<string, string>>;
  readonly ports?: readonly string[];
  readonly volumes?: readonly string[];
  readonly depends_on?: Readonly<Record<string, { condition: string }>>;
  readonly healthcheck?: { test: readonly string[] };
  readonly stop_grace_period?: string;
  readonly read_only?: boolean;
  readonly cap_drop?: readonly string[];
  readonly security_opt?: readonly string[];
}

// js-yaml has no types.
const yaml: { load(text: string): unknown } = createRequire(__filename)('js-yaml');
const text = readFileSync(join(repository, 'compose.yaml'), 'utf8');
// The tests below check the part of this shape that matters.
const compose = yaml.load(text) as { services: Record<string, Service>; volumes: Record<string, unknown> };
const service = compose.services['live-room'];
const mysql = compose.services['mysql'];
if (!service || !mysql) throw new Error('compose.yaml has other services');

/** What only deploying reads, in .env.example below the settings. */
const OF_DEPLOYING = ['TENCENT_SECRET_ID', 'TENCENT_SECRET_KEY'];
const known = new Set([...ALL_SETTINGS.map(({ name }) => name), ...OF_DEPLOYING]);

test('has no variable that .env.example does not know', () => {
  const example = readFileSync(join(repository, '.env.example'), 'utf8');
  const variables = [...text.matchAll(/(?<!\$)\$\{(\w+)/g)].map(([, name = '']) => name);
  expect(variables.length).toBeGreaterThan(0);
  for (const name of variables) expect(example).toMatch(new RegExp(`^#?${name}=`, 'm'));
  expect(Object.keys(service.environment).filter((name) => !known.has(name))).toEqual([]);
});

test('lets the service and its database agree', () => {
  const { MYSQL_HOST = '', MYSQL_USER, MYSQL_PASSWORD, MYSQL_DB } = service.environment;
  expect(compose.services[MYSQL_HOST]).toBe(mysql);
  expect(mysql.environment).toMatchObject({ MYSQL_USER, MYSQL_PASSWORD, MYSQL_DATABASE: MYSQL_DB });
  expect(service.depends_on).toEqual({ [MYSQL_HOST]: { condition: 'service_healthy' } });
  // Inside the container, because the shell and not compose inserts the password.
  expect(mysql.healthcheck?.test.join(' ')).toContain(`-u ${MYSQL_USER} -p"$$MYSQL_PASSWORD"`);
  for (const volume of mysql.volumes ?? []) expect(compose.volumes).toHaveProperty(volume.split(':')[0] ?? '');
});

test('keeps the key of anyone who deploys out of the container', () => {
  expect(service.env_file).toBe('.env');
  for (const name of OF_DEPLOYING) expect(service.environment[name]).toBe('');
});

test('builds this checkout, opens one port to this machine only, and stops gracefully', () => {
  const dockerfile = readFileSync(join(repository, service.build ?? '', 'Dockerfile'), 'utf8');
  expect(service.ports).toEqual([`127.0.0.1:9000:${/^EXPOSE (\d+)$/m.exec(dockerfile)?.[1]}`]);
  expect(existsSync(join(repository, service.build ?? '', '.dockerignore'))).toBe(true);
  // The service takes nine seconds at most.
  expect(Number.parseInt(service.stop_grace_period ?? '', 10)).toBeGreaterThan(9);
});

test('closes the container as scripts/container-check.mjs does when it runs the last stage', () => {
  const { read_only, cap_drop, security_opt } = service;
  expect({ read_only, cap_drop, security_opt }).toEqual({
    read_only: true,
    cap_drop: ['ALL'],
    security_opt: ['no-new-privileges:true'],
  });
});
