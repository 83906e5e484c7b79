/** Keyed hashes: phone numbers, mail addresses and accounts that are counted are not stored as they are. */
import { createHmac } from 'node:crypto';
import type { Services } from '../context';
import type { Address } from './contact';

/** 43 characters. `what` separates the uses. */
function keyed({ config }: Services, what: string, ...parts: readonly string[]): string {
  return createHmac('sha256', config.codeKey)
    .update(JSON.stringify([what, ...parts]))
    .digest('base64url');
}

export function addressKey(services: Services, tenant: string, { text }: Address): string {
  return keyed(services, 'address', tenant, text);
}

export function clientKey(services: Services, clientAddress: string): string {
  return keyed(services, 'client', clientAddress);
}

export function uploaderKey(services: Services, tenant: string, userId: string): string {
  return keyed(services, 'uploader', tenant, userId);
}

export function blockKey(services: Services, block: string): string {
  return keyed(services, 'block', block);
}

/** Bound to the session and the address: it is worth nothing with another of either. */
export function codeHash(services: Services, code: { session: string; addressKey: string; digits: string }): string {
  return keyed(services, 'code', code.session, code.addressKey, code.digits);
}
