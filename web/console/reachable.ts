import { signal } from '@preact/signals';

/** False from the first call without an answer to the next call with one. */
export const reachable = signal(true);
