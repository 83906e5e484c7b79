/** The collection for Postman and Bruno, run by newman against the built service. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Running, runBundle } from '../console/support/bundle';

const root = join(__dirname, '../..');

interface Report {
  run: {
    stats: Readonly<Record<string, { total: number; failed: number }>>;
    failures: readonly { source: { name: string }; error: { message: string } }[];
  };
}

/** newman as a program of its own: what it brings along is not for jest's sandbox. */
function runNewman(baseUrl: string): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-newman-'));
  const file = join(folder, 'report.json');
  const program = join(root, 'tests/docs/tools/node_modules/newman/bin/newman.js');
  const collection = join(root, 'collection/live-room.postman_collection.json');
  const options = ['--env-var', `baseUrl=${baseUrl}`, '--reporters', 'json', '--reporter-json-export', file];
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, [program, 'run', collection, ...options], { stdio: 'ignore' });
    child.once('error', reject);
    child.once('exit', () => {
      try {
        // newman documents this shape of its JSON report.
        resolve(JSON.parse(readFileSync(file, 'utf8')) as Report);
      } catch (error) {
        reject(error);
      } finally {
        rmSync(folder, { recursive: true, force: true });
      }
    });
  });
}

describe('the collection', () => {
  let service: Running;
  beforeAll(async () => {
    service = await runBundle();
  });
  afterAll(() => service?.stop());

  it('passes against the service, request by request', async () => {
    const { run } = await runNewman(service.base.replace(/\/$/, ''));
    expect(run.failures.map(({ source, error }) => `${source.name}: ${error.message}`)).toEqual([]);
    expect(run.stats['requests']).toMatchObject({ failed: 0 });
    expect(run.stats['requests']?.total).toBeGreaterThan(30);
    expect(run.stats['assertions']?.total).toBe(run.stats['requests']?.total);
  });

  it('fails against something else', async () => {
    const { run } = await runNewman(`${service.base}no/such/stage`);
    expect(run.failures.length).toBeGreaterThan(30);
  });
});
