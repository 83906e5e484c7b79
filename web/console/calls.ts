/** The last requests and answers, newest first: background calls never push out a person's own ones. */
import { signal } from '@preact/signals';
import type { CallRecord } from '../../client/src/index';
import { UNREACHABLE } from '../../client/src/index';
import { newest } from './call-list';
import { reachable } from './reachable';

export type Role = 'host' | 'viewer' | 'viewer2';

export interface Entry {
  id: number;
  who: Role;
  background: boolean;
  record: CallRecord;
}

export const calls = signal<readonly Entry[]>([]);
let lastId = 0;

export function addCall(who: Role, background: boolean, record: CallRecord): void {
  lastId += 1;
  reachable.value = record.error?.code !== UNREACHABLE;
  calls.value = newest([{ id: lastId, who, background, record }, ...calls.value]);
}

export function clearCalls(): void {
  calls.value = [];
}
