/**
 * Secrets that deploy makes if .env has none. The environment of the functions stores them, and the next deploy reads
 * them there. `sls remove` deletes them with the functions, and prints DATA_KEYS first if the database stays.
 */
import { randomBytes } from 'node:crypto';
import type { Variables } from './environment';

export const rotations = ['none', 'token-secret', 'database-password', 'admin-key', 'data-keys'] as const;
export type Rotation = (typeof rotations)[number];

/** The setting that a rotation replaces, if .env may set it. */
export const rotatedSetting: Partial<Record<Rotation, string>> = {
  'token-secret': 'TOKEN_SECRET',
  'admin-key': 'ADMIN_KEY',
  'data-keys': 'DATA_KEYS',
};

const random = () => randomBytes(32).toString('base64url');

/** One entry of DATA_KEYS: `id:key`. The id is stored with everything that the key encrypts. */
function newDataKey(): string {
  return `k${randomBytes(4).toString('hex')}:${randomBytes(32).toString('hex')}`;
}

export interface Secrets {
  readonly variables: Variables;
  /** The super administrator's key, if this deploy made it: not shown to anyone yet. */
  readonly newAdminKey: string | undefined;
  /** All of DATA_KEYS, if this deploy made or extended them. */
  readonly newDataKeys: string | undefined;
}

export interface SecretSources {
  /** .env and the shell. */
  readonly given: Variables;
  /** The environment of a deployed function. */
  readonly deployed: Variables;
  readonly rotate: Rotation;
}

/** Older keys stay behind a new one: the service still decrypts with them. */
function dataKeysOf({ given, deployed, rotate }: SecretSources): Pick<Secrets, 'newDataKeys'> & { dataKeys: string } {
  const known = given['DATA_KEYS'] || deployed['DATA_KEYS'] || '';
  if (known !== '' && rotate !== 'data-keys') return { dataKeys: known, newDataKeys: undefined };
  const dataKeys = [newDataKey(), ...(known === '' ? [] : [known])].join(',');
  return { dataKeys, newDataKeys: dataKeys };
}

/** A secret of .env wins, then the deployed one. */
export function secretsFor(sources: SecretSources): Secrets {
  const { given, deployed, rotate } = sources;
  const tokenSecret = given['TOKEN_SECRET'] ?? (rotate === 'token-secret' ? undefined : deployed['TOKEN_SECRET']);
  const adminKey = given['ADMIN_KEY'] ?? (rotate === 'admin-key' ? undefined : deployed['ADMIN_KEY']);
  const newAdminKey = adminKey ? undefined : `lrk_${random()}`;
  const { dataKeys, newDataKeys } = dataKeysOf(sources);
  return {
    variables: {
      TOKEN_SECRET: tokenSecret ?? random(),
      ADMIN_KEY: adminKey ?? newAdminKey ?? '',
      DATA_KEYS: dataKeys,
    },
    newAdminKey,
    newDataKeys,
  };
}

/** Whether a version with the variables `then` can decrypt the data of `now`: it has the newest key. */
export function readsDataOf(then: Variables, now: Variables): boolean {
  const [newest = ''] = (now['DATA_KEYS'] ?? '').split(',');
  return newest === '' || (then['DATA_KEYS'] ?? '').split(',').includes(newest);
}
