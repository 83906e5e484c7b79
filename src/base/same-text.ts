/** Compares secrets in constant time. */
import { hash, timingSafeEqual } from 'node:crypto';

/** Whether both are equal; the time depends only on their lengths. */
export function sameText(a: string, b: string): boolean {
  return timingSafeEqual(hash('sha256', a, 'buffer'), hash('sha256', b, 'buffer'));
}
