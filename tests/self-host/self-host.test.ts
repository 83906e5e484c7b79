/**
 * docs/self-host.md, run: Debian's nginx with TLS in front of two processes, a MySQL account with the least rights, a
 * restart that no user notices, and a backup that is really restored.
 */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import { Agent, request } from 'node:https';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { createConnection } from 'mysql2/promise';
import { clientAddress } from '../../src/http/incoming';
import { until } from '../../testkit/lived';
import { describeWithMysql, type MysqlAccess, sharedMysql } from '../../testkit/mysql-server';
import { type ServiceProcess, signUp, startProcess } from '../../testkit/service-process';
import { describeWithNginx, freePort, type Nginx, repository, startNginx } from './nginx';

interface Reply {
  readonly status: number;
  readonly body: string;
}

/** A client that trusts the certificate and keeps its connections. */
function createClient({ httpsPort, certificate }: Nginx) {
  const agent = new Agent({ keepAlive: true, maxSockets: 16, ca: certificate });
  const call = (path: string, body: string, headers: Record<string, string> = {}) =>
    new Promise<Reply>((resolve, reject) => {
      const options = { agent, host: 'localhost', port: httpsPort, path, method: 'POST' };
      const sent = request({ ...options, headers: { 'content-type': 'application/json', ...headers } }, (answer) => {
        let text = '';
        answer.setEncoding('utf8').on('data', (chunk: string) => {
          text += chunk;
        });
        answer.once('end', () => resolve({ status: answer.statusCode ?? 0, body: text })).once('error', reject);
      });
      sent.once('error', reject).end(body);
    });
  return { call, close: () => agent.destroy() };
}

/** Runs the statements of self-host/mysql-account.sql with other names, as root. */
async function makeAccount({ host, port, user, password }: MysqlAccess, name: string): Promise<void> {
  const sql = readFileSync(join(repository, 'self-host/mysql-account.sql'), 'utf8')
    .replaceAll('live_room', name)
    .replaceAll("'localhost'", "'%'");
  const connection = await createConnection({ host, port, user, password, multipleStatements: true });
  await connection.query(sql);
  await connection.end();
}

const application = { TRTC_TIM_APPID: '1400000001', TRTC_TIM_SECRET: 'a'.repeat(64), TIM_ENDPOINT: 'off' };

describeWithNginx(describeWithMysql)('your own server', () => {
  const name = `self_host_${process.pid}`;
  let mysql: MysqlAccess;
  let nginx: Nginx;
  let processes: ServiceProcess[];
  let ports: number[];
  const env = (database = name) => ({
    ...application,
    TRTC_ENDPOINT: 'off',
    MYSQL_HOST: mysql.host,
    MYSQL_PORT: String(mysql.port),
    MYSQL_USER: name,
    MYSQL_PASSWORD: 'replace-this-password',
    MYSQL_DB: database,
    TRUSTED_PROXIES: '1',
  });

  beforeAll(async () => {
    mysql = sharedMysql();
    await makeAccount(mysql, name);
    ports = [await freePort(), await freePort()];
    processes = await Promise.all(ports.map((port) => startProcess({ ...env(), PORT: String(port) })));
    nginx = await startNginx(ports);
  });

  afterAll(async () => {
    await nginx?.stop();
    await Promise.all(processes?.map((process) => process.kill()) ?? []);
    const { host, port, user, password } = mysql;
    const connection = await createConnection({ host, port, user, password, multipleStatements: true });
    await connection.query(`DROP DATABASE ${name}; DROP DATABASE IF EXISTS ${name}_restored; DROP USER '${name}'@'%'`);
    await connection.end();
  });

  it('serves over TLS, sends plain HTTP there, and keeps connections', async () => {
    const client = createClient(nginx);
    expect(await client.call('/helloworld', '')).toEqual({ status: 200, body: 'HelloWorld' });
    const plain = await fetch(`http://127.0.0.1:${nginx.httpPort}/base/v1/x?y=1`, { redirect: 'manual' });
    expect([plain.status, plain.headers.get('location')]).toEqual([308, expect.stringMatching(/^https:.*\/x\?y=1$/)]);
    client.close();
  });

  it('refuses bodies that are too large for both, before they are read', async () => {
    const client = createClient(nginx);
    const huge = await client.call('/base/v1/oauth/register', 'x'.repeat(2_000_000)).catch(() => ({ status: 413 }));
    expect(huge.status).toBe(413);
    const large = await client.call('/base/v1/oauth/register', `{"x":"${'x'.repeat(200_000)}"}`);
    expect([large.status, JSON.parse(large.body).errorCode]).toEqual([200, 210]);
    client.close();
  });

  it('passes the real address of a client to the service, with any headers of the client', async () => {
    const seen: Record<string, string>[] = [];
    const echo = createServer((incoming, answer) => {
      seen.push(Object.fromEntries(Object.entries(incoming.headers).map(([key, value]) => [key, String(value)])));
      answer.end();
    });
    await new Promise<void>((resolve) => echo.listen(0, '127.0.0.1', resolve));
    const port = (echo.address() as AddressInfo).port;
    const inFront = await startNginx([port, port]);
    const client = createClient(inFront);
    await client.call('/base/v1/x?token=secret-token&Sign=secret-sign', '', {
      'x-forwarded-for': '203.0.113.9',
      'x-scf-request-id': 'forged',
      'x-api-requestid': 'forged',
      referer: 'https://a/?code=secret-code',
    });
    const origin = { kind: 'socket' as const, address: '127.0.0.1' };
    const headers = seen.at(-1) ?? {};
    expect(headers['x-forwarded-for']).toBe('203.0.113.9, 127.0.0.1');
    expect(clientAddress({ origin, headers }, { cloud: false, trustedProxies: 1 })).toBe('127.0.0.1');
    expect([headers['x-scf-request-id'], headers['x-api-requestid']]).toEqual([undefined, undefined]);
    await until('the request is in the access log', () => inFront.accessLog().includes('/base/v1/x'));
    expect(inFront.accessLog()).not.toContain('secret');
    client.close();
    await inFront.stop();
    echo.closeAllConnections();
    await new Promise((resolve) => echo.close(resolve));
  });

  it('restarts one process after the other under load without one failed request', async () => {
    const [first] = processes;
    if (!first) throw new Error('not started');
    const user = await signUp(first, 'roller');
    const client = createClient(nginx);
    const failed: unknown[] = [];
    let done = 0;
    let rolling = true;
    const load = async () => {
      for (const body = JSON.stringify(user); rolling; done += 1) {
        const path = done % 2 === 0 ? 'auth_users/user_keepalive' : 'auth_users/user_query';
        const reply = await client
          .call(`/base/v1/${path}`, body)
          .catch((error: unknown) => ({ status: 0, body: `${error}` }));
        if (reply.status !== 200 || !reply.body.includes('"errorCode":0')) failed.push(reply);
      }
    };
    const clients = Array.from({ length: 12 }, load);
    await sleep(500);
    for (const [index, port] of ports.entries()) {
      expect(await processes[index]?.terminate()).toMatchObject({ code: 0 });
      processes[index] = await startProcess({ ...env(), PORT: String(port) });
      await sleep(500);
    }
    rolling = false;
    await Promise.all(clients);
    client.close();
    process.stderr.write(`rolling restart: ${failed.length} of ${done} requests failed\n`);
    expect(failed).toEqual([]);
    expect(done).toBeGreaterThan(200);
  });

  it('comes back from a backup: users sign in at a service on the restored database', async () => {
    const [first] = processes;
    if (!first) throw new Error('not started');
    const { userId } = await signUp(first, 'keeper');
    const { host, port, user, password } = mysql;
    const access = ['-h', host, '-P', String(port), '-u', user];
    const vars = { env: { ...process.env, MYSQL_PWD: password }, encoding: 'utf8' as const, maxBuffer: 1e8 };
    const dump = spawnSync('mysqldump', [...access, '--single-transaction', '--routines', name], vars);
    expect([dump.status, dump.stderr]).toEqual([0, '']);
    const restored = `${name}_restored`;
    const make = `CREATE DATABASE ${restored} CHARACTER SET utf8mb4; GRANT ALL ON ${restored}.* TO '${name}'@'%';`;
    expect(spawnSync('mysql', access, { ...vars, input: make }).status).toBe(0);
    expect(spawnSync('mysql', [...access, restored], { ...vars, input: dump.stdout }).status).toBe(0);
    const again = await startProcess(env(restored));
    expect(await signUp(again, 'keeper')).toMatchObject({ userId });
    await again.kill();
  });
});
