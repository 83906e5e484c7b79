/** Runs the collection for Postman with newman, which is installed in testkit/document-tools: `npm test` does it. */
import { spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const root = join(__dirname, '../..');

export interface Report {
  run: {
    stats: Readonly<Record<string, { total: number; failed: number }>>;
    failures: readonly { source: { name: string }; error: { message: string } }[];
  };
}

/** newman as a separate program: its packages do not run in jest's sandbox. */
export function runNewman(baseUrl: string, adminKey = ''): Promise<Report> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-newman-'));
  const file = join(folder, 'report.json');
  const program = join(root, 'testkit/document-tools/node_modules/newman/bin/newman.js');
  const collection = join(root, 'collection/live-room.postman_collection.json');
  const variables = [`baseUrl=${baseUrl}`, ...(adminKey === '' ? [] : [`adminKey=${adminKey}`])];
  const options = [
    ...variables.flatMap((one) => ['--env-var', one]),
    '--reporters',
    'json',
    '--reporter-json-export',
    file,
  ];
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
