/**
 * The only reader of the environment: turns it into one frozen Config, or into the list of everything that is wrong
 * with it. Problems name variables and rules, never values.
 */
import { hkdfSync } from 'node:crypto';
import { type Environment, Reader } from './reader';

export interface Tenant {
  /** apaasAppId; '' is the default tenant. */
  id: string;
  sdkAppId: number;
  secret: string;
  /** An administrator account of the IM app; the server signs in to the IM REST API as this user. */
  imAdmin: string;
  /** Fixed sign-in secrets by tag. */
  tagSecrets: ReadonlyMap<string, string>;
  /** Token of the IM webhooks ('' = refused) and key of the TRTC webhooks ('' = refused). */
  imCallbackToken: string;
  trtcCallbackKey: string;
}

export type DatabaseConfig =
  | { kind: 'mysql'; host: string; port: number; user: string; password: string; database: string; poolSize: number }
  | { kind: 'sqlite'; path: string };

/** What signs calls of the cloud API. */
export interface CloudKey {
  secretId: string;
  secretKey: string;
  /** Of temporary keys. */
  token?: string;
}

export interface Config {
  demo: boolean;
  /** The default tenant first. Ids are unique. */
  tenants: readonly Tenant[];
  /** 32 bytes; signs the tokens. */
  tokenKey: Uint8Array;
  database: DatabaseConfig;
  http: { host: string; port: number };
  /** Base URL of the IM REST API without a final slash; null = IM is off. */
  imEndpoint: string | null;
  /** `host[:port]`, and the scheme, of the TRTC cloud API; null = no TRTC calls. */
  trtc: {
    endpoint: string;
    protocol: 'https://' | 'http://';
    region: string;
    credentials: () => CloudKey | null;
    /** The scheduled function gets the keys of a role; this process may have none. */
    readyElsewhere: boolean;
  } | null;
  userSigSeconds: number;
  signatureWindowSeconds: number;
  registrationOpen: boolean;
  queryRoomDefaultLimit: number;
  userQueryPerMinute: number;
  strictEntry: boolean;
  presence: {
    ownerTimeoutSeconds: number;
    disconnectGraceSeconds: number;
    memberTimeoutSeconds: number;
    roomCloseSeconds: number;
    roomIdleSeconds: number;
  };
  console: boolean;
  /** How many reverse proxies of the operator's own stand in front; each adds an entry to X-Forwarded-For. */
  trustedProxies: number;
  /** Runs as a cloud function: nothing local may be relied on. */
  cloud: boolean;
}

export type ConfigResult =
  | { ok: true; config: Config }
  /** The service starts even so, to say what is wrong: where it listens, and whether the page for operators is shown. */
  | { ok: false; message: string; problems: readonly string[]; console: boolean; http: Config['http'] };

export const TRTC_CONFIG_MESSAGE = 'Invalid TRTC config, please check .env file';
/** apaasAppId-n must fit the 32 bytes of a vendor user id, and roomIds the 47 of an IM group id. */
const TENANT_ID = /^[A-Za-z0-9_]{1,20}$/;

function isPlaceholder(value: string): boolean {
  return /^x+$/i.test(value);
}

function validSdkAppId(value: unknown): value is string | number {
  return /^[1-9]\d{0,9}$/.test(String(value)) && Number(value) <= 4_294_967_295;
}

function validSecret(value: unknown): value is string {
  return typeof value === 'string' && /^[\x21-\x7e]{16,128}$/.test(value) && !isPlaceholder(value);
}

function tagSecretsOf(value: unknown, where: string, reader: Reader): ReadonlyMap<string, string> {
  if (value === undefined) return new Map();
  if (typeof value !== 'object' || value === null || Array.isArray(value)) {
    reader.problems.push(`${where} must be a JSON object of tag and secret`);
    return new Map();
  }
  const entries = Object.entries(value);
  const bad = entries.some(([tag, secret]) => tag === '' || typeof secret !== 'string' || secret.length < 16);
  if (bad) reader.problems.push(`${where}: every tag needs a secret of at least 16 characters`);
  return bad ? new Map() : new Map(entries.map(([tag, secret]) => [tag, String(secret)]));
}

function extraTenant(value: unknown, index: number, reader: Reader): Tenant | null {
  const where = `TENANTS[${index}]`;
  if (typeof value !== 'object' || value === null) {
    reader.problems.push(`${where} must be a JSON object`);
    return null;
  }
  const entry = new Map<string, unknown>(Object.entries(value));
  const id = entry.get('apaasAppId');
  const secret = entry.get('secret');
  const sdkAppId = entry.get('sdkAppId');
  const text = (key: string, fallback: string) => {
    const given = entry.get(key) ?? fallback;
    return typeof given === 'string' ? given : fallback;
  };
  const before = reader.problems.length;
  if (typeof id !== 'string' || !TENANT_ID.test(id) || /^\d+$/.test(id)) {
    reader.problems.push(`${where}.apaasAppId must be 1 to 20 letters, digits or _, with at least one letter`);
  }
  if (!validSdkAppId(sdkAppId)) reader.problems.push(`${where}.sdkAppId must be the number of a TRTC application`);
  if (!validSecret(secret)) reader.problems.push(`${where}.secret must be the key of that TRTC application`);
  const tagSecrets = tagSecretsOf(entry.get('tagSecrets'), `${where}.tagSecrets`, reader);
  if (reader.problems.length > before) return null;
  return {
    id: String(id),
    sdkAppId: Number(sdkAppId),
    secret: String(secret),
    imAdmin: text('imAdmin', 'administrator'),
    tagSecrets,
    imCallbackToken: text('imCallbackToken', ''),
    trtcCallbackKey: text('trtcCallbackKey', ''),
  };
}

function extraTenants(reader: Reader): Tenant[] {
  const value = reader.json('TENANTS');
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    reader.problems.push('TENANTS must be a JSON list');
    return [];
  }
  const tenants = value.flatMap((entry: unknown, index) => extraTenant(entry, index, reader) ?? []);
  if (new Set(tenants.map((tenant) => tenant.id)).size < tenants.length) {
    reader.problems.push('TENANTS: every apaasAppId must be there once');
  }
  return tenants;
}

function databaseOf(reader: Reader, cloud: boolean, defaultPoolSize: number): DatabaseConfig {
  const host = reader.text('MYSQL_HOST');
  if (host === '') {
    if (cloud) reader.problems.push('MYSQL_HOST is required in a cloud function: its disk does not last');
    return { kind: 'sqlite', path: reader.text('SQLITE_PATH', '.data/live-room.sqlite') };
  }
  const database = reader.text('MYSQL_DB', 'live_room');
  if (!/^[A-Za-z0-9_-]{1,64}$/.test(database)) reader.problems.push('MYSQL_DB must be letters, digits, _ or -');
  return {
    kind: 'mysql',
    host,
    port: reader.integer('MYSQL_PORT', 3306, { min: 1, max: 65_535 }),
    user: reader.text('MYSQL_USER', 'root'),
    password: reader.env['MYSQL_PASSWORD'] ?? '',
    database,
    poolSize: reader.integer('MYSQL_POOL_SIZE', defaultPoolSize, { min: 1, max: 500 }),
  };
}

function presenceOf(reader: Reader): Config['presence'] {
  const seconds = (key: string, fallback: number) => reader.integer(key, fallback, { min: 1, max: 31_536_000 });
  const ownerTimeoutSeconds = seconds('OWNER_TIMEOUT_SECONDS', 90);
  return {
    ownerTimeoutSeconds,
    disconnectGraceSeconds: reader.integer('DISCONNECT_GRACE_SECONDS', 30, { min: 0, max: 86_400 }),
    memberTimeoutSeconds: seconds('MEMBER_TIMEOUT_SECONDS', ownerTimeoutSeconds),
    roomCloseSeconds: reader.integer('ROOM_CLOSE_SECONDS', 600, { min: 0, max: 31_536_000 }),
    roomIdleSeconds: seconds('ROOM_IDLE_SECONDS', 43_200),
  };
}

function tokenKeyOf(reader: Reader, secret: string): Uint8Array {
  const own = reader.text('TOKEN_SECRET');
  if (own !== '' && (own.length < 16 || isPlaceholder(own))) {
    reader.problems.push('TOKEN_SECRET must be at least 16 characters that nobody can guess');
  }
  return new Uint8Array(hkdfSync('sha256', own || secret, 'live-room', 'token signing key', 32));
}

/** `roleKeys`: the platform keeps the environment of this process supplied with the keys of its role. */
function trtcOf(reader: Reader, roleKeys: boolean): Config['trtc'] {
  const url = reader.url('TRTC_ENDPOINT', 'https://trtc.tencentcloudapi.com');
  if (!url) return null;
  return {
    endpoint: url.host,
    protocol: url.protocol === 'http:' ? 'http://' : 'https://',
    region: reader.text('TRTC_REGION', 'ap-guangzhou'),
    credentials: () => cloudKey(reader, roleKeys),
    readyElsewhere: reader.flag('TRTC_ROLE', false),
  };
}

/** The configured key, else that of the function's role, which the platform replaces from time to time; null = none. */
function cloudKey(reader: Reader, roleKeys: boolean): CloudKey | null {
  const [ownId, ownKey] = [reader.text('TRTC_SECRET_ID'), reader.text('TRTC_SECRET_KEY')];
  if (ownId !== '' && ownKey !== '') return { secretId: ownId, secretKey: ownKey };
  if (!roleKeys) return null;
  const [secretId, secretKey] = [reader.text('TENCENTCLOUD_SECRETID'), reader.text('TENCENTCLOUD_SECRETKEY')];
  const token = reader.text('TENCENTCLOUD_SESSIONTOKEN');
  return secretId !== '' && secretKey !== '' ? { secretId, secretKey, ...(token !== '' && { token }) } : null;
}

function demoTenant(): Tenant {
  // Made up, and used only where nothing is configured on a developer's machine: no vendor service accepts it.
  const secret = 'demo-mode-only-not-a-vendor-secret';
  const none = { imCallbackToken: '', trtcCallbackKey: '', tagSecrets: new Map<string, string>() };
  return { id: '', sdkAppId: 1_400_000_000, secret, imAdmin: 'administrator', ...none };
}

export interface ConfigOptions {
  /** A made-up application may be used where none is configured. */
  allowDemo?: boolean;
  /** An event function: its instances need one connection each, and there are many of them. */
  oneRequestAtATime?: boolean;
}

/**
 * Reads and checks everything. `allowDemo` is given by `npm start` alone: with no TRTC setting at all, a made-up
 * application is used and IM is off. Otherwise missing, malformed or placeholder TRTC values are problems.
 */
export function loadConfig(env: Environment, options: ConfigOptions = {}): ConfigResult {
  const reader = new Reader(env);
  const cloud = reader.text('TENCENTCLOUD_RUNENV') === 'SCF';
  const appId = reader.text('TRTC_TIM_APPID');
  const secret = reader.text('TRTC_TIM_SECRET');
  const demo = options.allowDemo === true && !cloud && appId === '' && secret === '';
  const trtcProblems: string[] = [];
  if (!demo && !validSdkAppId(appId)) trtcProblems.push('TRTC_TIM_APPID must be the SDKAppID of your TRTC application');
  if (!demo && !validSecret(secret)) trtcProblems.push('TRTC_TIM_SECRET must be the key of your TRTC application');
  const first: Tenant = demo
    ? demoTenant()
    : {
        id: '',
        sdkAppId: Number(appId),
        secret,
        imAdmin: reader.text('TIM_ADMIN', 'administrator'),
        tagSecrets: tagSecretsOf(reader.json('OAUTH_TAG_SECRETS'), 'OAUTH_TAG_SECRETS', reader),
        imCallbackToken: reader.text('IM_CALLBACK_TOKEN'),
        trtcCallbackKey: reader.text('TRTC_CALLBACK_KEY'),
      };
  const imUrl = reader.url('TIM_ENDPOINT', 'https://console.tim.qq.com');
  const config: Config = {
    demo,
    tenants: [first, ...extraTenants(reader)],
    tokenKey: tokenKeyOf(reader, first.secret),
    database: databaseOf(reader, cloud, options.oneRequestAtATime ? 1 : 10),
    http: { host: reader.text('HOST', '0.0.0.0'), port: reader.integer('PORT', 9000, { min: 0, max: 65_535 }) },
    imEndpoint: demo || !imUrl ? null : `${imUrl.origin}${imUrl.pathname.replace(/\/+$/, '')}`,
    // A web function gets its role's keys in the headers of each request; what its environment has of them is stale.
    trtc: demo ? null : trtcOf(reader, !cloud || options.oneRequestAtATime === true),
    userSigSeconds: reader.integer('USERSIG_EXPIRE_SECONDS', 172_800, { min: 60, max: 15_552_000 }),
    signatureWindowSeconds: reader.integer('OAUTH_TS_WINDOW_SECONDS', 86_400, { min: 0, max: 31_536_000 }),
    registrationOpen: reader.flag('OAUTH_REGISTER', true),
    queryRoomDefaultLimit: reader.integer('QUERY_ROOM_DEFAULT_LIMIT', 10, { min: 1, max: 100 }),
    userQueryPerMinute: reader.integer('USER_QUERY_LIMIT_PER_MINUTE', 600, { min: 0, max: 1_000_000 }),
    strictEntry: reader.flag('ROOM_STRICT_ENTRY', false),
    presence: presenceOf(reader),
    console: reader.flag('CONSOLE', demo),
    trustedProxies: reader.integer('TRUSTED_PROXIES', 0, { min: 0, max: 10 }),
    cloud,
  };
  const problems = [...trtcProblems, ...reader.problems];
  if (problems.length === 0) return { ok: true, config: Object.freeze(config) };
  const message = trtcProblems.length > 0 ? TRTC_CONFIG_MESSAGE : `Invalid configuration: ${problems.join('; ')}`;
  return { ok: false, message, problems, console: config.console, http: config.http };
}
