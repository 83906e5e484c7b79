/**
 * An endpoint as plain data, from which the validator, the types of the handlers, the documents and the client
 * are made, with its policy: who may call it. It says nothing about how the answer is found.
 */
import * as v from 'valibot';
import type { ErrorName } from '../base/errors';
import type { Costs } from './costs';
import type { Fields, FieldsInput } from './fields';
import { type Field, integer, text } from './fields';
import { ID_PATTERN } from './limits';

/** What every call under /base/v1/ declares. */
export interface AnyEndpoint {
  /** Path after /base/v1/. */
  path: string;
  summary: { en: string; zh: string };
  /** Parameters, without those that identify the caller. */
  fields: Fields;
  /** Shape of `data`; absent if the endpoint returns none. */
  data?: v.GenericSchema;
  okMessage: string;
  /** The error of a missing, malformed or too long parameter. */
  invalid: ErrorName;
  /** Further errors, besides SystemError, ServiceDBFailed and, with a token, 203 and 204. */
  errors: readonly ErrorName[];
  exampleData?: unknown;
  /** Responds without the database and without reading the body. */
  withoutDatabase?: true;
  /** The call is not idempotent: a client must not retry automatically after a lost response. */
  notRepeatable?: true;
  /** userId is a parameter of the call; only the token identifies the caller. */
  tokenAlone?: true;
}

/**
 * The proof that the caller's session still exists; a token proves only that it existed.
 *   required: a statement reads it before the rule runs. Needed by all rules that write, unless:
 *   own-statement: the rule's own first statement asks for it, one round trip less; until then the rule has no proof.
 *   recent: a session that this process has just seen counts for two seconds. For reads.
 *   optional: the rule handles a bad token (signing out with it succeeds).
 *   none: there is no caller.
 */
export type SessionProof = 'required' | 'own-statement' | 'recent' | 'optional' | 'none';

/** A call of the apps: always HTTP 200 with the envelope. */
export interface Endpoint extends AnyEndpoint {
  /** Details for developers. */
  notes: { en: string; zh: string };
  session: SessionProof;
  /** Highest cost of one call, and its limits. */
  costs: Costs;
}

/** Whether the caller must be signed in. */
export function needsToken({ session }: Pick<Endpoint, 'session'>): boolean {
  return session !== 'optional' && session !== 'none';
}

/** The parameters that name the caller, on every endpoint with a token. */
export const CALLER_FIELDS = {
  userId: text(
    { max: 64, numbers: true },
    { en: "The caller's userId (or apaasUserId).", zh: '调用者的 userId（或用 apaasUserId）。', example: '1' },
  ),
  apaasUserId: text(
    { max: 1024, numbers: true },
    { en: "The caller's userId, read where userId is absent.", zh: '没有 userId 时使用。', example: '1' },
  ),
  token: text({ max: 1024 }, { en: 'Token of a sign-in.', zh: '登录返回的 token。', example: '<token>' }),
  apaasAppId: text(
    { max: 64, numbers: true },
    { en: 'Tenant; a token already names its tenant.', zh: '租户；token 已包含租户信息。', example: '' },
  ),
} as const satisfies Fields;

export const APP_ID: Field<string, false> = text(
  { max: 20, numbers: true, pattern: /^\d+$/, patternText: 'must be a number' },
  {
    en: 'sdkAppId; "0" or absent means the application of the tenant.',
    zh: 'TRTC/IM 的 sdkAppId；"0" 或不传表示租户的应用。',
  },
);

export const ROOM_ID: Field<string, false> = text(
  { max: 47, numbers: true, pattern: ID_PATTERN, patternText: 'must be letters, digits, _ or -' },
  { en: 'The room.', zh: '房间 ID。', example: '905449688' },
);

export const PAGE_LIMIT: Field<number, false> = integer(
  { min: 1, max: 100 },
  { en: 'Page size, 1 to 100. Default 10.', zh: '最多返回的数目，默认 10，不超过 100。', example: 10 },
);

export type EndpointInput<E extends AnyEndpoint> = FieldsInput<E['fields']>;
export type EndpointData<E extends AnyEndpoint> = E extends { data: v.GenericSchema<unknown, infer D> } ? D : undefined;

export { v };
