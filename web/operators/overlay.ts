/** Overlays of the screens: jumping to a room or user, or the list of keys. */
import { signal } from '@preact/signals';

export const overlay = signal<'jump' | 'keys' | undefined>(undefined);
