/** Those who sign in at the same moment are one batch (data/engine/batcher.ts), with their signature and with their token alike. */

import type { LiveSession } from '../../data/accounts/sessions';
import { createSessions, extendSessions, type NewSession, type Renewal } from '../../data/accounts/sign-ins';
import { type Batcher, type BatcherParts, createBatcher } from '../../data/engine/batcher';
import type { Database } from '../../data/engine/database';

export interface TenantRenewal extends Renewal {
  tenant: string;
  now: number;
}

export interface SignIns {
  /** undefined: the account was changed, or may not sign in (createSessions). */
  begin: Batcher<NewSession, LiveSession | undefined>;
  /** undefined: the session has ended, or the address may not sign in (extendSessions). */
  renew: Batcher<TenantRenewal, LiveSession | undefined>;
}

/** One statement for each tenant; those of a batch came within milliseconds. */
async function renewAll(db: Database, asked: readonly TenantRenewal[]): Promise<readonly (LiveSession | undefined)[]> {
  const renewed = new Map<string, LiveSession | undefined>();
  const now = Math.min(...asked.map((renewal) => renewal.now));
  for (const tenant of new Set(asked.map((renewal) => renewal.tenant))) {
    const own = asked.filter((renewal) => renewal.tenant === tenant);
    const sessions = await extendSessions(db, own, { tenant, now });
    for (const [index, { key }] of own.entries()) renewed.set(key.id, sessions[index]);
  }
  return asked.map(({ key }) => renewed.get(key.id));
}

export function createSignIns(parts: BatcherParts): SignIns {
  return {
    // Each is a session of its own, also twice of one user.
    begin: createBatcher(parts, { name: 'sign_ins', keyOf: (session) => session, run: createSessions }),
    renew: createBatcher(parts, { name: 'token_sign_ins', keyOf: ({ key }) => key.id, run: renewAll }),
  };
}
