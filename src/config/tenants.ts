/** Who the service works for: the default tenant from single variables, more of them from TENANTS, by the same schema. */
import type { Reader } from './environment';
import { nearest } from './names';
import type { Values } from './setting';
import { TENANT_SETTINGS } from './settings/application';

type TenantValues = Values<typeof TENANT_SETTINGS>;

export interface Tenant extends TenantValues {
  /** apaasAppId; '' is the default tenant. */
  readonly id: string;
  readonly sdkAppId: number;
  readonly secret: string;
}

const ID_KEY = 'apaasAppId';
/** apaasAppId-n must fit the 32 bytes of a vendor user id, and roomIds the 47 of an IM group id. */
const TENANT_ID = /^[A-Za-z0-9_]{1,20}$/;

/** Made up; used only in demo mode. No vendor service accepts it. */
const DEMO = { sdkAppId: 1_400_000_000, secret: 'demo-mode-only-not-a-vendor-secret' };
/** A made-up token, with which the chat of a demo works without IM. */
const DEMO_CALLBACK_TOKEN = 'demo-mode-only-callback-token';

/** The settings of the default tenant. If its application is missing or invalid, `problems` says so. */
export function defaultTenant(reader: Reader, demo: boolean): Tenant {
  const values = reader.all(TENANT_SETTINGS);
  checkIdentity(values, (key) => TENANT_SETTINGS[key].name, reader);
  if (demo) return { ...values, ...DEMO, imCallbackToken: values.imCallbackToken || DEMO_CALLBACK_TOKEN, id: '' };
  for (const { name, check } of [TENANT_SETTINGS.sdkAppId, TENANT_SETTINGS.secret]) {
    if (reader.text(name) === '') reader.check<unknown>({ check, fallback: null, where: name, value: '' });
  }
  return tenantOf('', values);
}

/** Half an identity provider is a mistake that would show only at the first sign-in. */
function checkIdentity(
  values: TenantValues,
  where: (key: 'authIssuer' | 'authAudience' | 'authJwksUrl' | 'authJwtSecret') => string,
  reader: Reader,
): void {
  const { authIssuer, authAudience, authJwksUrl, authJwtSecret } = values;
  const keys = [authJwksUrl !== null, authJwtSecret !== ''].filter(Boolean).length;
  const [jwks, secret] = [where('authJwksUrl'), where('authJwtSecret')];
  if (keys === 2) reader.problems.push(`${secret} and ${jwks} exclude each other`);
  for (const [key, value] of [
    ['authIssuer', authIssuer],
    ['authAudience', authAudience],
  ] as const) {
    if (keys > 0 && value === '') reader.problems.push(`${where(key)} is required with ${jwks} or ${secret}`);
    if (keys === 0 && value !== '') reader.problems.push(`${where(key)} needs ${jwks} or ${secret}`);
  }
}

/** Whether oauth/exchange is set up for it. */
export function hasIdentity({ authJwksUrl, authJwtSecret }: Tenant): boolean {
  return authJwksUrl !== null || authJwtSecret !== '';
}

/** A missing required setting is already in `problems`, and a configuration with problems is never used. */
function tenantOf(id: string, values: TenantValues): Tenant {
  return { ...values, id, sdkAppId: values.sdkAppId ?? 0, secret: values.secret ?? '' };
}

function unknownKeys(entry: object, where: string): string[] {
  const known = [ID_KEY, ...Object.keys(TENANT_SETTINGS)];
  return Object.keys(entry)
    .filter((key) => !known.includes(key))
    .map((key) => {
      const wanted = nearest(key, known);
      // A key can be anything, even a secret in the wrong place: only what looks like one of ours is repeated.
      return wanted === undefined
        ? `${where} has a key that is none of ${known.join(', ')}`
        : `${where}.${key} is not known; did you mean ${wanted}?`;
    });
}

function extraTenant(entry: object, where: string, reader: Reader): Tenant {
  reader.problems.push(...unknownKeys(entry, where));
  const id: unknown = Reflect.get(entry, ID_KEY);
  if (typeof id !== 'string' || !TENANT_ID.test(id) || /^\d+$/.test(id)) {
    reader.problems.push(`${where}.${ID_KEY} must be 1 to 20 letters, digits or _, with at least one letter`);
  }
  const values = reader.all(TENANT_SETTINGS, (setting, key) => {
    const value: unknown = Reflect.get(entry, key);
    const required = key === 'sdkAppId' || key === 'secret';
    const absent = value === undefined || value === '';
    return absent && !required ? setting.fallback : reader.check({ ...setting, where: `${where}.${key}`, value });
  });
  checkIdentity(values, (key) => `${where}.${key}`, reader);
  return tenantOf(String(id), values);
}

/** Names of two tenants, or a name and a number, may be equal: in one application they would be one IM account. */
export function checkApplications(tenants: readonly Tenant[], reader: Reader): void {
  for (const { id, sdkAppId } of tenants.filter(({ userIds }) => userIds === 'username')) {
    const shared = tenants.some((other) => other.id !== id && other.sdkAppId === sdkAppId);
    if (shared) reader.problems.push(`tenant ${id || '(default)'}: userIds username needs an sdkAppId of its own`);
  }
}

export function extraTenants(value: unknown, reader: Reader): Tenant[] {
  if (value === undefined) return [];
  if (!Array.isArray(value)) {
    reader.problems.push('TENANTS must be a JSON list');
    return [];
  }
  const tenants = value.flatMap((entry: unknown, index) => {
    const where = `TENANTS[${index}]`;
    if (typeof entry === 'object' && entry !== null) return extraTenant(entry, where, reader);
    reader.problems.push(`${where} must be a JSON object`);
    return [];
  });
  if (new Set(tenants.map((tenant) => tenant.id)).size < tenants.length) {
    reader.problems.push('TENANTS: every apaasAppId must be there once');
  }
  return tenants;
}
