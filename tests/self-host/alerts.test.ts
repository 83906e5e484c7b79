/** The alert rules: promtool accepts and tests them, each has an entry in both runbooks, and each metric exists. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { createMetrics } from '../../src/http/metrics';
import { whereThereIs } from './tools';

// js-yaml has no types.
const { load }: { load(text: string): unknown } = createRequire(__filename)('js-yaml');
const root = join(__dirname, '../..');
const RULES = join(root, 'self-host/alerts.yml');
const TESTS = join(__dirname, 'alerts.promtool.yml');

interface Alert {
  alert: string;
  expr: string;
  labels: { severity: string };
  annotations: { summary: string; runbook: string };
}
// The tests check its content.
const { groups } = load(readFileSync(RULES, 'utf8')) as { groups: { rules: Alert[] }[] };
const alerts = groups.flatMap(({ rules }) => rules);
const { tests } = load(readFileSync(TESTS, 'utf8')) as { tests: { name: string }[] };

whereThereIs('promtool', () => {
  test.each([
    ['check', RULES],
    ['test', TESTS],
  ])('promtool %s rules succeeds', (verb, file) => {
    const { status, stdout, stderr } = spawnSync('promtool', [verb, 'rules', file], { encoding: 'utf8' });
    expect([status, status === 0 ? '' : stdout + stderr]).toEqual([0, '']);
  });
});

test('there are alerts, and their number is what the pages say', () => {
  for (const page of ['docs/alerts.md', 'docs/alerts.zh-CN.md']) {
    expect(readFileSync(join(root, page), 'utf8')).toContain(` ${alerts.length} `);
  }
});

let known: string[];
beforeAll(async () => {
  const none = async () => ({ due: 0, oldestSeconds: 0 });
  const sources = { pool: () => undefined, outbox: none, webhooks: async () => [], samples: async () => [] };
  const page = await createMetrics(sources, { jobs: ['rooms'], callbacks: ['im'] }).text();
  known = [...page.matchAll(/^# TYPE (\S+) (\S+)/gm)].flatMap(([, name = '', type]) =>
    type === 'histogram' ? [`${name}_bucket`, `${name}_count`] : [name],
  );
});

describe.each(alerts)('$alert', ({ alert, expr, labels, annotations }) => {
  test('is tested both ways, and has its severity', () => {
    const names = tests.map(({ name }) => name);
    expect(names).toEqual(expect.arrayContaining([`${alert} fires`, `${alert} is quiet`]));
    expect(['critical', 'warning']).toContain(labels.severity);
  });

  test.each(['docs/alerts.md', 'docs/alerts.zh-CN.md'])('has an entry in %s', (page) => {
    expect(annotations.runbook).toBe(`docs/alerts.md#${alert.toLowerCase()}`);
    const [, entry = ''] = readFileSync(join(root, page), 'utf8').split(`### ${alert}\n`);
    const text = entry.split('\n### ')[0] ?? '';
    expect(text.trim().length).toBeGreaterThan(40);
  });

  test('asks for metrics that there are', () => {
    const asked = [...expr.matchAll(/\b(live_room_\w+|nodejs_\w+|process_\w+|up)\b(?=[{[)\s])/g)].map(([name]) => name);
    expect(asked.length).toBeGreaterThan(0);
    for (const name of asked) expect([...known, 'up']).toContain(name);
  });
});

test('no entry is about an alert that there is not', () => {
  for (const page of ['docs/alerts.md', 'docs/alerts.zh-CN.md']) {
    const headings = [...readFileSync(join(root, page), 'utf8').matchAll(/^### (.+)$/gm)].map(([, name]) => name);
    expect(headings).toEqual(alerts.map(({ alert }) => alert));
  }
});
