/** Number of open reports: shown in the rail, with an optional sound when it grows. */
import { effect, signal } from '@preact/signals';
import { access, call, scope } from './api';
import { keep, kept } from './keep';
import type { Page, Report } from './types';

const EVERY_MS = 15_000;

/** undefined until it is known. */
export const openReports = signal<number | undefined>(undefined);
export const sound = signal(kept('sound') === 'on');

export function setSound(on: boolean): void {
  sound.value = on;
  keep('sound', on ? 'on' : '');
  // A browser allows sound only after a click: this is one, and it demonstrates the sound.
  if (on) ring();
}

/** Two short notes. */
function ring(): void {
  try {
    const context = new AudioContext();
    for (const [at, frequency] of [
      [0, 660],
      [0.14, 880],
    ] as const) {
      const tone = context.createOscillator();
      const volume = context.createGain();
      tone.frequency.value = frequency;
      volume.gain.setValueAtTime(0.12, context.currentTime + at);
      volume.gain.exponentialRampToValueAtTime(0.001, context.currentTime + at + 0.25);
      tone.connect(volume).connect(context.destination);
      tone.start(context.currentTime + at);
      tone.stop(context.currentTime + at + 0.3);
    }
    setTimeout(() => void context.close(), 1_000);
  } catch {
    // A device without sound.
  }
}

export async function countReports(): Promise<void> {
  if (!access.peek() || !scope.peek() || document.hidden) return;
  try {
    const { total } = await call<Page<Report>>('reports', { state: 'open', limit: 1, count: true });
    noteReports(total ?? 0);
  } catch {
    // The screen's own request reports the error.
  }
}

/** Stores a count from another answer too. */
export function noteReports(count: number): void {
  const before = openReports.peek();
  openReports.value = count;
  if (sound.peek() && before !== undefined && count > before) ring();
}

effect(() => {
  if (!scope.value) openReports.value = undefined;
  else void countReports();
});
setInterval(() => void countReports(), EVERY_MS);
