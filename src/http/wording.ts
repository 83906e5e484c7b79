/** How the tenant of a request words what its users read. */
import { DEFAULT_WORDING, type Wording } from '../contract/refusal-texts';
import type { Composition } from './app';
import type { Incoming } from './incoming';

/** The tenant of the token, else the one that the request names, else the default tenant. */
export function wordingOf(composition: Composition, { tenant, claimedTenant }: Incoming): Wording {
  if (!composition.ok) return DEFAULT_WORDING;
  const { tenants } = composition.services.config;
  const wanted = tenant || claimedTenant;
  const found = tenants.find(({ id }) => id === wanted) ?? tenants[0];
  return found ? { language: found.messageLanguage, timeZone: found.timeZone } : DEFAULT_WORDING;
}
