/** Debian's nginx with the documented configuration, on loopback ports and with a self-signed certificate. */
import { type ChildProcess, execFileSync, spawn, spawnSync } from 'node:child_process';
import { chmodSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';

export const repository: string = join(__dirname, '../..');
const path = `${process.env['PATH'] ?? ''}:/usr/sbin:/usr/local/sbin`;
const has = (program: string, option: string) =>
  spawnSync(program, [option], { env: { PATH: path }, stdio: 'ignore' }).status === 0;
export const nginxAvailable: boolean = has('nginx', '-v') && has('openssl', 'version');

const warning = `
*****************************************************************************
  nginx or openssl is not here: the tests of docs/self-host.md are SKIPPED.
  On Debian or Ubuntu: sudo apt-get install --no-install-recommends nginx openssl
*****************************************************************************
`;

/** describe() for tests that need nginx: skipped with a warning if it is missing, a failure if CI=true. */
export function describeWithNginx(describeInner: (name: string, body: () => void) => void): typeof describeInner {
  return (name, body) => {
    if (nginxAvailable) return describeInner(name, body);
    if (process.env['CI'] === 'true') {
      test(`${name}: needs nginx`, () => {
        throw new Error(warning);
      });
      return;
    }
    process.stderr.write(warning);
    describe.skip(name, body);
  };
}

export async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const address = server.address();
  await new Promise((resolve) => server.close(resolve));
  if (typeof address !== 'object' || address === null) throw new Error('no port');
  return address.port;
}

export interface Nginx {
  readonly httpsPort: number;
  readonly httpPort: number;
  /** PEM of the certificate, which signed itself. */
  readonly certificate: string;
  /** Lines of its access log so far. */
  accessLog(): string;
  stop(): Promise<void>;
}

/** The documented site with its ports, names and files replaced; nothing else of it is touched. */
function siteFor(folder: string, ports: { http: number; https: number; upstream: readonly number[] }): string {
  const [first, second] = ports.upstream;
  return readFileSync(join(repository, 'self-host/nginx.conf'), 'utf8')
    .replaceAll(/^ *listen \[::].*\n/gm, '')
    .replace('listen 80;', `listen 127.0.0.1:${ports.http};`)
    .replace('listen 443 ssl', `listen 127.0.0.1:${ports.https} ssl`)
    .replace('127.0.0.1:9001', `127.0.0.1:${first}`)
    .replace('127.0.0.1:9002', `127.0.0.1:${second}`)
    .replaceAll('live.example.com', 'localhost')
    .replaceAll('/etc/letsencrypt/live/localhost', folder)
    .replace('/var/log/nginx/live-room.log', join(folder, 'access.log'));
}

function makeCertificate(folder: string): string {
  const files = ['-keyout', join(folder, 'privkey.pem'), '-out', join(folder, 'fullchain.pem')];
  const kind = ['-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2'];
  const names = ['-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost'];
  execFileSync('openssl', ['req', ...kind, ...names, ...files], { stdio: 'ignore' });
  return readFileSync(join(folder, 'fullchain.pem'), 'utf8');
}

async function listening(child: ChildProcess, port: number, output: () => string): Promise<void> {
  for (const deadline = Date.now() + 60_000; Date.now() < deadline; await sleep(30)) {
    if (child.exitCode !== null) break;
    if (await fetch(`http://127.0.0.1:${port}/`, { redirect: 'manual' }).then(Boolean, () => false)) return;
  }
  throw new Error(`nginx does not start:\n${output()}`);
}

export async function startNginx(upstream: readonly number[]): Promise<Nginx> {
  const folder = mkdtempSync(join(tmpdir(), 'live-room-nginx-'));
  chmodSync(folder, 0o755);
  mkdirSync(join(folder, 'logs'));
  const certificate = makeCertificate(folder);
  const ports = { http: await freePort(), https: await freePort(), upstream };
  const temporary = ['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'];
  const main = [
    'daemon off; worker_processes 2; error_log stderr warn;',
    `pid ${folder}/nginx.pid;`,
    'events { worker_connections 1024; }',
    'http {',
    'access_log off;',
    ...temporary.map((name) => `${name}_temp_path ${folder}/${name};`),
    siteFor(folder, ports),
    '}',
  ];
  const file = join(folder, 'nginx.conf');
  writeFileSync(file, main.join('\n'));
  const child = spawn('nginx', ['-p', folder, '-c', file], { env: { PATH: path }, stdio: ['ignore', 'pipe', 'pipe'] });
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (part: Buffer) => (text += part.toString()));
  await listening(child, ports.http, () => text);
  return {
    httpsPort: ports.https,
    httpPort: ports.http,
    certificate,
    accessLog: () => readFileSync(join(folder, 'access.log'), 'utf8'),
    async stop() {
      const ended = new Promise((resolve) => child.once('exit', resolve));
      child.kill('SIGTERM');
      await ended;
      rmSync(folder, { recursive: true, force: true });
    },
  };
}
