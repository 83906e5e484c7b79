/** Comparing secrets without telling by the time it takes where they differ. */
import { hash, timingSafeEqual } from 'node:crypto';

/** Whether the two are the same, in a time that depends on their lengths alone. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
