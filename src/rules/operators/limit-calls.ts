/** How often one key may call. It bounds the damage of a stolen key, or of a program that runs wild, in a minute. */
import type { Services } from '../context';
import type { Operator } from './access';
import { Refusal } from './refusal';

/** A service calls for many users. */
export const SERVICE_TIMES = 10;

export function limitCalls({ config, throttles, clock }: Services, { name, scope, tenant = '*' }: Operator): void {
  const { operatorCallsPerMinute } = config;
  if (operatorCallsPerMinute === 0) return;
  const most = scope === 'service' ? operatorCallsPerMinute * SERVICE_TIMES : operatorCallsPerMinute;
  const calls = throttles.keyCalls.add(`${tenant} ${name}`, clock());
  if (calls > most) throw new Refusal('throttled', 'too many calls with this key, please wait a minute');
}
