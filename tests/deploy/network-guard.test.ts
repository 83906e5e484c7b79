/** The guard refuses and writes down what leaves the loopback; otherwise an empty record would mean nothing. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const attempts = `
const http = require('node:http');
const server = http.createServer((request, response) => response.end('ok')).listen(0, '127.0.0.1', async () => {
  const results = [];
  for (const url of ['http://127.0.0.1:' + server.address().port, 'http://203.0.113.1/', 'http://example.com/']) {
    results.push(await fetch(url).then(() => 'reached', () => 'failed'));
  }
  console.log(results.join());
  server.close();
});`;

describe('the network guard', () => {
  it('lets the loopback through, and refuses addresses and names beyond it', () => {
    const folder = mkdtempSync(join(tmpdir(), 'live-room-guard-'));
    const log = join(folder, 'log');
    writeFileSync(log, '');
    const env = { PATH: process.env['PATH'], NETWORK_GUARD_LOG: log };
    const guard = join(__dirname, 'network-guard.cjs');
    const { stdout } = spawnSync(process.execPath, ['--require', guard, '-e', attempts], { env, encoding: 'utf8' });
    const lines = readFileSync(log, 'utf8').trim().split('\n');
    rmSync(folder, { recursive: true });
    expect(stdout).toBe('reached,failed,failed\n');
    expect(lines[0]).toMatch(/^allowed 127\.0\.0\.1:\d+$/);
    expect(lines).toContain('refused 203.0.113.1:80');
    expect(lines.some((line) => line.startsWith('refused') && line.includes('example.com'))).toBe(true);
  });
});
