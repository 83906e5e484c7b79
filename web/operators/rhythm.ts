/** Interval of automatic refreshes of lists and panels: one setting for all. */
import { signal } from '@preact/signals';
import { keep, kept } from './keep';

export const RHYTHMS = ['0', '10', '30', '60', '300'] as const;
export type Rhythm = (typeof RHYTHMS)[number];

const remembered = kept('every');

/** Seconds; 0 = never. */
export const every = signal<Rhythm>(RHYTHMS.find((one) => one === remembered) ?? '10');
every.subscribe((value) => keep('every', value === '10' ? '' : value));
