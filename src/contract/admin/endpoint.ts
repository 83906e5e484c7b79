/**
 * A call of the operators' API as plain data, like the calls of the apps (../endpoint.ts), with its policy: who
 * may make it and whether it changes something. To add a call, add an entry in one of the files of this folder
 * and its rule in rules/operators/calls.ts; routing, checks, audit, documents and the client follow from these.
 */
import * as v from 'valibot';
import type { ErrorName } from '../../base/errors';
import type { Costs } from '../costs';
import type { Fields, FieldsInput } from '../fields';

/** `service` is the key of a team's own service: it reads, and makes the calls that say so, but moderates nothing. */
export const SCOPES = ['read', 'moderate', 'service', 'manage'] as const;
export type Scope = (typeof SCOPES)[number];

/** The scopes whose calls an operator of each scope may use. */
export const GRANTS: Readonly<Record<Scope, readonly Scope[]>> = {
  read: ['read'],
  moderate: ['read', 'moderate'],
  service: ['read', 'service'],
  manage: SCOPES,
};

export interface Words {
  en: string;
  zh: string;
}

interface AnyAdminEndpoint {
  /** Path after /base/v1/. The part after admin/ is the name of the call in the audit. */
  path: `admin/${string}`;
  summary: Words;
  notes: Words;
  scope: Scope;
  /**
   * It changes in several steps, some of which wait for IM: its rule writes in separate transactions, and its row of the
   * audit after them.
   */
  inSteps?: true;
  /** Its body is NDJSON instead of parameters. */
  lines?: true;
  fields: Fields;
  /** Shape of `data`; absent if there is none. */
  data?: v.GenericSchema;
  exampleData?: unknown;
  /** Further errors, besides 98, 99, 103 and, for a throttled key, 209. */
  errors: readonly ErrorName[];
}

interface Reading extends AnyAdminEndpoint {
  changes: false;
  /** Its row of the audit, if reading leaves one. */
  costs?: Costs;
}

interface Changing extends AnyAdminEndpoint {
  /** The call writes: POST only, in one transaction with its audit row. */
  changes: true;
  /** Highest cost of one call besides its row of the audit, and its limits. */
  costs: Costs;
}

export type AdminEndpoint = Reading | Changing;

export type AdminInput<E extends AdminEndpoint> = FieldsInput<E['fields']>;
export type AdminData<E extends AdminEndpoint> = E extends { data: v.GenericSchema<unknown, infer D> } ? D : undefined;

/** A name from the request, reduced to what a response may repeat. */
export function shownName(name: string): string {
  return /^[\w.-]{1,40}$/.test(name) ? name : 'a parameter';
}

export const int = v.pipe(v.number(), v.integer());

/** A page of a list and the cursor of the next page; '' on the last page. */
export function pageOf<T extends v.GenericSchema>(item: T) {
  return v.strictObject({ items: v.array(item), cursor: v.string() });
}

/** Like pageOf, with the length of the list if `count` asks for it. */
export function countedPageOf<T extends v.GenericSchema>(item: T) {
  return v.strictObject({
    items: v.array(item),
    cursor: v.string(),
    total: v.optional(int),
    totalIsMore: v.optional(v.boolean()),
  });
}

/** A text for operators in both languages. */
export const DETAIL = v.strictObject({ en: v.string(), zh: v.string() });

/** Which of the vendor's services have not yet done their part. */
export const PENDING = v.array(v.picklist(['im', 'trtc']));
export type Pending = v.InferOutput<typeof PENDING>;

export { v };
