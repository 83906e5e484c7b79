/** How often lists and panels refresh by themselves: one wish for all of them. */
import { signal } from '@preact/signals';
import { keep, kept } from './keep';

export const RHYTHMS = ['0', '10', '30', '60', '300'] as const;
export type Rhythm = (typeof RHYTHMS)[number];

const remembered = kept('every');

/** Seconds; 0 = never. */
export const every = signal<Rhythm>(RHYTHMS.find((one) => one === remembered) ?? '10');
every.subscribe((value) => keep('every', value === '10' ? '' : value));
