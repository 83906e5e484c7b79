/** Numbers of waiting texts and appeals, shown in the rail. */
import { effect, signal } from '@preact/signals';
import { access, call, scope } from './api';
import type { Page } from './types';

const EVERY_MS = 15_000;
/** The longest list that is counted. */
const MOST = 100;

type Kind = 'held' | 'appeals';
const CALLS: readonly Kind[] = ['held', 'appeals'];

/** undefined until it is known. */
export const waiting = signal<Readonly<Partial<Record<Kind, number>>>>({});

/** A list that a screen has read has counted too. */
export function noteWaiting(kind: Kind, count: number): void {
  if (waiting.peek()[kind] !== count) waiting.value = { ...waiting.peek(), [kind]: count };
}

async function count(kind: Kind): Promise<void> {
  try {
    const { items } = await call<Page<unknown>>(kind, { limit: MOST });
    noteWaiting(kind, items.length);
  } catch {
    // The screen's own call reports the error.
  }
}

export async function countWaiting(): Promise<void> {
  if (!access.peek() || !scope.peek() || document.hidden) return;
  await Promise.all(CALLS.map(count));
}

effect(() => {
  if (!scope.value) waiting.value = {};
  else void countWaiting();
});
setInterval(() => void countWaiting(), EVERY_MS);
