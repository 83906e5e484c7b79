/** Comparing secrets without telling by the time it takes where they differ. */
import { createHash, timingSafeEqual } from 'node:crypto';

/** Whether the two are the same, in a time that depends on their lengths alone. */
export function sameText(a: string, b: string): boolean {
  const digest = (text: string) => createHash('sha256').update(text).digest();
  return timingSafeEqual(digest(a), digest(b));
}
