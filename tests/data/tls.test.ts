/** MYSQL_TLS and MYSQL_CA: a server with a self-signed certificate, one of an untrusted authority, and an expired one. */
import { execFileSync } from 'node:child_process';
import { chmodSync, copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createConnection } from 'mysql2/promise';
import { loadConfig } from '../../src/config/config';
import { createDatabaseSource } from '../../src/data/engine/open';
import { computed, raw, read, sql } from '../../src/data/engine/sql';
import { databaseFault } from '../../src/terminal/database-fault';
import { configOf, whenMigrated } from '../../testkit/database';
import { describeWithMysql, type MysqlServer, serverName, startMysqlServer } from '../../testkit/mysql-server';

interface Made {
  by?: string;
  host?: string;
  days?: number;
}

/** Makes an authority, or with `by` a certificate that it has signed for the host. */
function certificate(folder: string, name: string, { by, host = 'localhost', days = 2 }: Made = {}): void {
  const file = (end: string, of = name) => join(folder, `${of}.${end}`);
  const openssl = (...args: string[]) => execFileSync('openssl', args, { stdio: 'ignore' });
  openssl('req', '-newkey', 'rsa:2048', '-nodes', '-subj', `/CN=${name}`, '-keyout', file('key'), '-out', file('csr'));
  const extensions = by ? `subjectAltName=DNS:${host}` : 'basicConstraints=critical,CA:true';
  writeFileSync(file('ext'), extensions);
  const signer = by
    ? ['-CA', file('pem', by), '-CAkey', file('key', by), '-CAcreateserial']
    : ['-signkey', file('key')];
  const made = ['-days', String(days), '-extfile', file('ext'), '-out', file('pem')];
  openssl('x509', '-req', '-in', file('csr'), ...signer, ...made);
  chmodSync(file('key'), 0o644);
}

const CIPHER = computed<{ value: string }>({ value: raw('VARIABLE_VALUE') });
const USED = read(
  'test.cipher',
  CIPHER,
  sql`SELECT ${CIPHER} FROM information_schema.SESSION_STATUS WHERE VARIABLE_NAME = 'Ssl_cipher'`,
);

// MySQL keeps SESSION_STATUS elsewhere and reloads certificates otherwise: the driver is the same.
(serverName === 'MariaDB' ? describeWithMysql : describe.skip)('TLS to the database', () => {
  let server: MysqlServer;
  let folder: string;
  let database: string;
  beforeAll(async () => {
    folder = mkdtempSync(join(tmpdir(), 'live-room-tls-'));
    chmodSync(folder, 0o755);
    certificate(folder, 'ours');
    certificate(folder, 'others');
    certificate(folder, 'good', { by: 'ours' });
    certificate(folder, 'foreign', { by: 'others' });
    certificate(folder, 'elsewhere', { by: 'ours', host: 'db.example.com' });
    certificate(folder, 'expired', { by: 'ours', days: 0 });
    for (const end of ['key', 'pem']) copyFileSync(join(folder, `good.${end}`), join(folder, `served.${end}`));
    const files = [`--ssl-cert=${join(folder, 'served.pem')}`, `--ssl-key=${join(folder, 'served.key')}`];
    server = await startMysqlServer({ options: files });
    database = server.createDatabaseName();
    const source = createDatabaseSource(configOf(server.env(database)));
    await whenMigrated(source);
    await source.close();
  });
  afterAll(async () => {
    await server.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  async function serve(name: string): Promise<void> {
    for (const end of ['key', 'pem']) copyFileSync(join(folder, `${name}.${end}`), join(folder, `served.${end}`));
    const { host, port, user, password } = server;
    const admin = await createConnection({ host, port, user, password });
    await admin.query('FLUSH SSL');
    await admin.end();
  }
  const ca = () => readFileSync(join(folder, 'ours.pem'), 'utf8');

  /** The cipher in use, or the sentence for the terminal without its beginning. */
  async function connect(env: Readonly<Record<string, string>>): Promise<string> {
    const config = configOf({ ...server.env(database), MYSQL_HOST: 'localhost', ...env });
    const source = createDatabaseSource(config);
    try {
      await source.check();
      return (await source.forRequest().query(USED)).map(({ value }) => value).join();
    } catch (error) {
      return databaseFault(config, error).replace(/^MySQL at \S+ /, '');
    } finally {
      await source.close();
    }
  }

  const UNTRUSTED = 'no trusted authority has signed its certificate. Put the one that has into MYSQL_CA.';

  test('off is not encrypted; on and verify are', async () => {
    await serve('good');
    expect(await connect({ MYSQL_TLS: 'off' })).toBe('');
    expect(await connect({ MYSQL_TLS: 'on' })).toMatch(/^TLS_|AES|CHACHA/);
    expect(await connect({ MYSQL_TLS: 'verify', MYSQL_CA: ca() })).toMatch(/^TLS_|AES|CHACHA/);
    const oneLine = ca().trim().replaceAll('\n', '\\n');
    const byAddress = { MYSQL_HOST: '127.0.0.1', MYSQL_TLS: 'verify', MYSQL_CA: oneLine };
    expect(await connect(byAddress)).toMatch(/^TLS_|AES|CHACHA/);
  });

  test('verify refuses a certificate of an authority that is not trusted, which on takes', async () => {
    await serve('good');
    expect(await connect({ MYSQL_TLS: 'verify' })).toBe(UNTRUSTED);
    await serve('foreign');
    expect(await connect({ MYSQL_TLS: 'verify', MYSQL_CA: ca() })).toBe(UNTRUSTED);
    expect(await connect({ MYSQL_TLS: 'on' })).toMatch(/^TLS_|AES|CHACHA/);
  });

  test('verify refuses a certificate for another name, and an expired one', async () => {
    const verify = { MYSQL_TLS: 'verify', MYSQL_CA: ca() };
    await serve('elsewhere');
    const another = 'its certificate is for another name. Correct MYSQL_HOST, or the certificate.';
    expect(await connect(verify)).toBe(another);
    await serve('expired');
    expect(await connect(verify)).toBe('its certificate has expired. Renew it.');
  });
});

describe('the settings', () => {
  const GOOD = {
    TRTC_TIM_APPID: '1400000001',
    TRTC_TIM_SECRET: 'f0e1d2c3b4a5968778695a4b3c2d1e0f',
    MYSQL_HOST: 'db.example.com',
  };

  test('an installation without MYSQL_TLS connects without TLS, and is warned', () => {
    const unset = loadConfig(GOOD);
    expect(unset.ok && unset.config.database).not.toHaveProperty('tls');
    expect(unset.warnings).toEqual([
      expect.stringMatching(/^MYSQL_TLS is not set: the connection to MySQL is not encrypted/),
    ]);
    expect(loadConfig({ ...GOOD, MYSQL_HOST: '127.0.0.1' }).warnings).toEqual([]);
    expect(loadConfig({ ...GOOD, MYSQL_TLS: 'off' }).warnings).toEqual([]);
  });

  test('an invalid certificate is refused, without its text', () => {
    const bad = loadConfig({ ...GOOD, MYSQL_TLS: 'verify', MYSQL_CA: 'a file name' });
    expect(bad.ok ? [] : bad.problems).toEqual(['MYSQL_CA must be certificates as PEM']);
    expect(loadConfig({ ...GOOD, MYSQL_CA: 'x' }).warnings).toContain('MYSQL_CA is ignored without MYSQL_TLS');
  });
});
