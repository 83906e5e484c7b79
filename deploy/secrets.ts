/**
 * Secrets that deploy makes where .env has none. They are kept in the environment of the functions, where the next deploy
 * reads them; after `sls remove` they are gone, and users sign in again.
 */
import { randomBytes } from 'node:crypto';
import type { Variables } from './environment';

const random = () => randomBytes(32).toString('base64url');

export interface Secrets {
  readonly variables: Variables;
  /** The key of the first operator, where it was made just now: nobody has seen it yet. */
  readonly newAdminKey: string | undefined;
}

export interface SecretSources {
  /** .env and the shell. */
  readonly given: Variables;
  /** The environment of a deployed function. */
  readonly deployed: Variables;
  readonly rotate: 'none' | 'token-secret' | 'database-password' | 'admin-key';
}

/** One from .env wins, then the one in use. */
export function secretsFor({ given, deployed, rotate }: SecretSources): Secrets {
  const tokenSecret = given['TOKEN_SECRET'] ?? (rotate === 'token-secret' ? undefined : deployed['TOKEN_SECRET']);
  const adminKey = given['ADMIN_KEY'] ?? (rotate === 'admin-key' ? undefined : deployed['ADMIN_KEY']);
  const newAdminKey = adminKey ? undefined : `lrk_${random()}`;
  return {
    variables: { TOKEN_SECRET: tokenSecret ?? random(), ADMIN_KEY: adminKey ?? newAdminKey ?? '' },
    newAdminKey,
  };
}
