/**
 * The only reader of the environment: turns it into one frozen Config, or into the list of everything that is wrong
 * with it. Problems name variables and rules, never values. Which settings there are is said in settings.ts.
 */
import { hkdfSync } from 'node:crypto';
import { type Environment, Reader } from './environment';
import { type SettingInForce, settingsInForce } from './in-force';
import { ineffective } from './names';
import { type Addresses, addressesOf } from './server-addresses';
import type { Values } from './setting';
import { CODES, GROUPS, PLAIN } from './settings';
import { checkApplications, defaultTenant, extraTenants, type Tenant } from './tenants';

export type { Tenant } from './tenants';

export interface MysqlConfig {
  kind: 'mysql';
  servers: Addresses;
  user: string;
  password: string;
  database: string;
  poolSize: number;
  /** Absent: not encrypted. `ca`: PEM; '' = the authorities of Node.js. */
  tls?: { verify: boolean; ca: string };
}

export type DatabaseConfig = MysqlConfig | { kind: 'sqlite'; path: string };

/** What signs calls of the cloud API. */
export interface CloudKey {
  secretId: string;
  secretKey: string;
  /** Session token, for temporary keys only. */
  token?: string;
}

type ServerValues = Omit<Values<typeof GROUPS.server.settings>, 'host' | 'port' | 'logFormat'>;
type AccountValues = Omit<
  Values<typeof GROUPS.accounts.settings>,
  'tokenSecret' | 'tokenSecrets' | 'userIds' | 'tagSecrets' | 'customByApps' | 'requireTs' | 'tenants'
>;

/** Plain settings keep their name from the schema; the other fields are derived from several settings. */
export interface Config extends AccountValues, ServerValues, Values<typeof PLAIN> {
  demo: boolean;
  /** The default tenant first. Ids are unique. */
  tenants: readonly Tenant[];
  /** 32 bytes; signs the tokens. */
  tokenKey: Uint8Array;
  /** Their tokens are still valid. */
  olderTokenKeys: readonly Uint8Array[];
  /** 32 bytes; what codes, phone numbers and client addresses are hashed with before they are stored. */
  codeKey: Uint8Array;
  /** 32 bytes each, newest first; what sanctions of deleted accounts are recognized by (data/sanctions/person-hashes.ts). */
  personKeys: readonly Uint8Array[];
  /** Sign-in by code. */
  codes: Values<typeof CODES>;
  /** Uploads of covers; without a bucket there are none. */
  uploads: Values<typeof GROUPS.uploads.settings>;
  /** Review of texts. */
  review: Values<typeof GROUPS.review.settings>;
  database: DatabaseConfig;
  /** Handling of an older schema. */
  migrate: 'auto' | 'manual';
  http: { host: string; port: number };
  /** What signs calls of the cloud API now; null = nothing. Asked for every call: a role gets new keys all the time. */
  cloudKey: () => CloudKey | null;
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
  imAccountDelete: boolean;
  presence: Values<typeof GROUPS.presence.settings> & { memberTimeoutSeconds: number };
  console: boolean;
  /** Every setting with its value as text, for operators; secrets without theirs. */
  inForce: readonly SettingInForce[];
  /** Runs as a cloud function: nothing local may be relied on, and the platform's gateway is in front. */
  cloud: boolean;
}

interface Reported {
  /** Variables that have no effect: misspelt, or without another that they need. */
  warnings: readonly string[];
}

interface BadConfig {
  ok: false;
  message: string;
  problems: readonly string[];
  /**
   * Whether the service starts and returns the problem in every response: if only the application is missing, and in
   * the cloud, in which nothing would show an exit.
   */
  starts: boolean;
  /** Whether the page for operators is shown. */
  console: boolean;
  http: Config['http'];
}

export type ConfigResult = Reported & ({ ok: true; config: Config } | BadConfig);

const TRTC_CONFIG_MESSAGE = 'Invalid TRTC config, please check .env file';
/** The log has the details; callers get no information about the configuration. */
const CONFIG_MESSAGE = 'Invalid configuration, please check .env file';

interface Platform {
  /** Runs as a cloud function: nothing local may be relied on. */
  cloud: boolean;
  defaultPoolSize: number;
  /** It keeps the environment of this process supplied with the keys of its role. */
  roleKeys: boolean;
}

function databaseOf(reader: Reader, { cloud, defaultPoolSize }: Platform): DatabaseConfig {
  const values = reader.all(GROUPS.database.settings);
  if (values.mysqlHost === '') {
    if (cloud) reader.problems.push('MYSQL_HOST is required in a cloud function: its disk does not last');
    return { kind: 'sqlite', path: values.sqlitePath };
  }
  return {
    kind: 'mysql',
    // The setting's own rule is that these are addresses.
    servers: addressesOf(values.mysqlHost, values.mysqlPort) ?? [{ host: values.mysqlHost, port: values.mysqlPort }],
    user: values.mysqlUser,
    password: values.mysqlPassword,
    database: values.mysqlDatabase,
    poolSize: values.mysqlPoolSize ?? defaultPoolSize,
    ...(values.mysqlTls !== 'off' && { tls: { verify: values.mysqlTls === 'verify', ca: values.mysqlCa } }),
  };
}

function trtcOf(reader: Reader, roleKeys: boolean): Config['trtc'] {
  const { trtcEndpoint: url, trtcRegion: region, trtcRole: readyElsewhere } = reader.all(GROUPS.application.settings);
  if (!url) return null;
  const protocol = url.protocol === 'http:' ? 'http://' : 'https://';
  return { endpoint: url.host, protocol, region, credentials: () => cloudKey(reader, roleKeys), readyElsewhere };
}

/** The configured key, else that of the function's role, which the platform replaces from time to time; null = none. */
function cloudKey(reader: Reader, roleKeys: boolean): CloudKey | null {
  const { cloudSecretId, cloudSecretKey } = GROUPS.application.settings;
  const [ownId, ownKey] = [reader.text(cloudSecretId.name), reader.text(cloudSecretKey.name)];
  if (ownId !== '' && ownKey !== '') return { secretId: ownId, secretKey: ownKey };
  if (!roleKeys) return null;
  const [secretId, secretKey] = [reader.text('TENCENTCLOUD_SECRETID'), reader.text('TENCENTCLOUD_SECRETKEY')];
  const token = reader.text('TENCENTCLOUD_SESSIONTOKEN');
  return secretId !== '' && secretKey !== '' ? { secretId, secretKey, ...(token !== '' && { token }) } : null;
}

export interface ConfigOptions {
  /** A made-up application may be used where none is configured. */
  allowDemo?: boolean;
  /** An event function: its instances need one connection each, and there are many of them. */
  oneRequestAtATime?: boolean;
}

function read(reader: Reader, demo: boolean, platform: Platform): Config {
  const first = defaultTenant(reader, demo);
  const { imEndpoint, imAccountDelete, userSigSeconds } = reader.all(GROUPS.application.settings);
  const {
    tokenSecret,
    tokenSecrets,
    userIds: _ofTenant,
    tagSecrets: _ofTenantToo,
    customByApps: _too,
    requireTs: _also,
    tenants,
    ...accounts
  } = reader.all(GROUPS.accounts.settings);
  const all = [first, ...extraTenants(tenants, reader)];
  checkApplications(all, reader);
  const { host, port, console, logFormat: _ofMain, ...server } = reader.all(GROUPS.server.settings);
  const presence = reader.all(GROUPS.presence.settings);
  const codes = reader.all(CODES);
  const plain = reader.all(PLAIN);
  const listed = [...tokenSecrets, ...(tokenSecret === '' ? [] : [tokenSecret])];
  const [newest = first.secret, ...older] = listed;
  const keyOf = (secret: string, use: string) => new Uint8Array(hkdfSync('sha256', secret, 'live-room', use, 32));
  const key = (use: string) => keyOf(newest, use);
  return {
    ...accounts,
    ...server,
    ...plain,
    demo,
    tenants: all,
    tokenKey: key('token signing key'),
    olderTokenKeys: older.map((secret) => keyOf(secret, 'token signing key')),
    codeKey: key('sign-in codes'),
    // A person must be recognized after a rotation, and after the first TOKEN_SECRETS.
    personKeys: [...new Set([...listed, first.secret])].map((secret) => keyOf(secret, 'deleted people')),
    // Demo mode supports sign-in by code with curl only.
    codes: demo ? { ...codes, captcha: 'off', codeDelivery: 'log' } : codes,
    uploads: reader.all(GROUPS.uploads.settings),
    review: reader.all(GROUPS.review.settings),
    cloudKey: () => cloudKey(reader, platform.roleKeys),
    database: databaseOf(reader, platform),
    migrate: reader.one(GROUPS.database.settings.migrate),
    http: { host: host ?? (demo ? '127.0.0.1' : '0.0.0.0'), port },
    imEndpoint: demo || !imEndpoint ? null : `${imEndpoint.origin}${imEndpoint.pathname.replace(/\/+$/, '')}`,
    trtc: demo ? null : trtcOf(reader, platform.roleKeys),
    userSigSeconds,
    imAccountDelete,
    presence: { ...presence, memberTimeoutSeconds: presence.memberTimeoutSeconds ?? presence.ownerTimeoutSeconds },
    // Demos use a receiver on this machine.
    webhookAllowPrivate: plain.webhookAllowPrivate || (demo && reader.text(PLAIN.webhookAllowPrivate.name) === ''),
    console: console ?? demo,
    inForce: settingsInForce(reader),
    cloud: platform.cloud,
  };
}

/** A server on this machine needs no encryption. */
const OWN_MACHINE = /^(localhost|127\.[\d.]+|::1)$/;

function unencrypted(reader: Reader, database: DatabaseConfig): string[] {
  if (database.kind !== 'mysql' || reader.text(GROUPS.database.settings.mysqlTls.name) !== '') return [];
  if (database.servers.every(({ host }) => OWN_MACHINE.test(host))) return [];
  return [
    'MYSQL_TLS is not set: the connection to MySQL is not encrypted. Set verify or on, or off if it has to be so',
  ];
}

/**
 * Reads and checks everything. only `npm start` passes `allowDemo`: with no TRTC setting at all, a made-up
 * application is used and IM is off. Otherwise missing, malformed or placeholder TRTC values are problems.
 */
export function loadConfig(env: Environment, options: ConfigOptions = {}): ConfigResult {
  const reader = new Reader(env);
  const cloud = reader.text('TENCENTCLOUD_RUNENV') === 'SCF';
  const configured = reader.text('TRTC_TIM_APPID') !== '' || reader.text('TRTC_TIM_SECRET') !== '';
  const demo = options.allowDemo === true && !cloud && !configured;
  const eventFunction = options.oneRequestAtATime === true;
  // A web function gets its role's keys in the headers of each request; what its environment has of them is stale.
  const platform = { cloud, defaultPoolSize: eventFunction ? 1 : 10, roleKeys: !cloud || eventFunction };
  const config = read(reader, demo, platform);
  const warnings = [...ineffective(env), ...unencrypted(reader, config.database)];
  const problems = [...new Set(reader.problems)];
  if (problems.length === 0) return { ok: true, config: Object.freeze(config), warnings };
  const ofApplication = problems.filter((problem) => problem.startsWith('TRTC_TIM_'));
  const message = ofApplication.length > 0 ? TRTC_CONFIG_MESSAGE : CONFIG_MESSAGE;
  const starts = cloud || ofApplication.length === problems.length;
  return { ok: false, message, problems, warnings, starts, console: config.console, http: config.http };
}
