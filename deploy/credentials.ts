/**
 * Finds the API key of the account that deploys, where Tencent Cloud's own tools keep it. Never in serverless.yml:
 * `sls print` shows that file resolved. The SDK's own chain is not used because it asks a metadata server.
 */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';

export interface Credential {
  secretId: string;
  secretKey: string;
  token?: string;
}

export interface CredentialSources {
  /** Environment and .env files, merged. */
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly home: string;
  /** Path of the SDK's system-wide file; a parameter so that tests do not depend on the machine. */
  readonly systemFile?: string;
}

export interface FoundCredential {
  credential: Credential;
  /** Shown to people: "TENCENT_SECRET_ID", "~/.tccli/default.credential". */
  source: string;
}

function read(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch {
    return undefined;
  }
}

function credentialOf(id: unknown, key: unknown, token: unknown): Credential | undefined {
  const text = (value: unknown) => (typeof value === 'string' ? value.trim() : '');
  if (text(id) === '' || text(key) === '') return undefined;
  const credential = { secretId: text(id), secretKey: text(key) };
  return text(token) === '' ? credential : { ...credential, token: text(token) };
}

/** tccli's file is JSON: secretId, secretKey, token. */
function fromTccli(text: string | undefined): Credential | undefined {
  if (text === undefined) return undefined;
  try {
    const entries = new Map<string, unknown>(Object.entries(JSON.parse(text) as object));
    return credentialOf(entries.get('secretId'), entries.get('secretKey'), entries.get('token'));
  } catch {
    return undefined;
  }
}

/** The SDK's file is INI: [default] secret_id, secret_key, token. */
function fromIni(text: string | undefined, profile: string): Credential | undefined {
  if (text === undefined) return undefined;
  const values = new Map<string, string>();
  let section = '';
  for (const line of text.split(/\r?\n/)) {
    const heading = /^\s*\[([^\]]+)]\s*$/.exec(line);
    if (heading) section = heading[1]?.trim() ?? '';
    const pair = /^\s*([A-Za-z_]+)\s*=\s*(.*?)\s*$/.exec(line);
    if (pair && section === profile) values.set(pair[1] ?? '', pair[2] ?? '');
  }
  return credentialOf(values.get('secret_id'), values.get('secret_key'), values.get('token'));
}

/** The first of: TENCENT_SECRET_ID/KEY, TENCENTCLOUD_SECRET_ID/KEY, tccli's file, the SDK's files. */
export function findCredential({ env, home, systemFile }: CredentialSources): FoundCredential | undefined {
  const profile = env['TCCLI_PROFILE'] ?? 'default';
  const tccli = `~/.tccli/${profile}.credential`;
  const system = systemFile ?? '/etc/tencentcloud/credentials';
  const candidates: [string, () => Credential | undefined][] = [
    [
      'TENCENT_SECRET_ID',
      () => credentialOf(env['TENCENT_SECRET_ID'], env['TENCENT_SECRET_KEY'], env['TENCENT_TOKEN']),
    ],
    [
      'TENCENTCLOUD_SECRET_ID',
      () =>
        credentialOf(
          env['TENCENTCLOUD_SECRET_ID'],
          env['TENCENTCLOUD_SECRET_KEY'],
          env['TENCENTCLOUD_SESSION_TOKEN'] ?? env['TENCENTCLOUD_TOKEN'],
        ),
    ],
    [tccli, () => fromTccli(read(join(home, '.tccli', `${profile}.credential`)))],
    ['~/.tencentcloud/credentials', () => fromIni(read(join(home, '.tencentcloud', 'credentials')), 'default')],
    [system, () => fromIni(read(system), 'default')],
  ];
  for (const [source, load] of candidates) {
    const credential = load();
    if (credential) return { credential, source };
  }
  return undefined;
}
