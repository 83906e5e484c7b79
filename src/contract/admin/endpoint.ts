/**
 * What a call of operators is: plain data, as the calls of the apps are (../endpoint.ts), with the policy of this API: who
 * may make it and whether it changes something. A call is added by its entry here, in one of the files beside this one,
 * and its rule in rules/operators/calls.ts; routing, checks, audit, documents and the client follow by themselves.
 */
import * as v from 'valibot';
import type { ErrorName } from '../../base/errors';
import type { Fields, FieldsInput } from '../fields';

/** From the least to the most: whoever may do the last may do all. */
export const SCOPES = ['read', 'moderate', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

export interface Words {
  en: string;
  zh: string;
}

export interface AdminEndpoint {
  /** Below /base/v1/. What follows admin/ is the name of the call in the audit. */
  path: `admin/${string}`;
  summary: Words;
  notes: Words;
  scope: Scope;
  /** It writes: POST only, in one transaction that also holds its row of the audit. */
  changes: boolean;
  fields: Fields;
  /** Shape of `data`; left out where there is none. */
  data?: v.GenericSchema;
  exampleData?: unknown;
  /** What else may be answered, beside 98, 99, 103 and, for a throttled key, 209. */
  errors: readonly ErrorName[];
}

export type AdminInput<E extends AdminEndpoint> = FieldsInput<E['fields']>;
export type AdminData<E extends AdminEndpoint> = E extends { data: v.GenericSchema<unknown, infer D> } ? D : undefined;

/** A name from outside, as far as it may be repeated in an answer. */
export function shownName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : 'a parameter';
}

/** A page of a list and where the next one begins; '' = there is none. */
export function pageOf<T extends v.GenericSchema>(item: T) {
  return v.strictObject({ items: v.array(item), cursor: v.string() });
}

/** Which of the vendor's services have not yet done their part. */
export const PENDING = v.array(v.picklist(['im', 'trtc']));
export type Pending = v.InferOutput<typeof PENDING>;

export const int = v.pipe(v.number(), v.integer());

export { v };
