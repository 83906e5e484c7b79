/** The last requests and answers, newest first: a person's own ones are never pushed out by what runs by itself. */
import { signal } from '@preact/signals';
import type { CallRecord } from '../../client/src/index';
import { UNREACHABLE } from '../../client/src/index';
import type { Role } from './person';
import { reachable } from './reachable';

const MAX_OWN = 200;
const MAX_BACKGROUND = 100;

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
  const entries = [{ id: lastId, who, background, record }, ...calls.value];
  let left = background ? MAX_BACKGROUND : MAX_OWN;
  calls.value = entries.filter((entry) => {
    if (entry.background === background) left -= 1;
    return entry.background !== background || left >= 0;
  });
}

export function clearCalls(): void {
  calls.value = [];
}
