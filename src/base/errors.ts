/**
 * The error table of the API and the one error class that reaches a caller. Nothing here knows HTTP.
 * Numbers and names are those of the README's table; the apps in the stores depend on them.
 */

/** Every code of the table, once. 102, 200–202 and 207 belong to sign-in by SMS or mail (rules/codes). */
export const ERROR_CODES = {
  SystemVerifyError: 98,
  SystemError: 99,
  ServiceUnavailable: 100,
  ServiceResponseInvalid: 101,
  ServiceSmsFailed: 102,
  ServiceDBFailed: 103,
  ServiceUnknownError: 104,
  UserCodeInvalid: 200,
  UserCodeExpired: 201,
  UserCodeConsumed: 202,
  UserTokenExpired: 203,
  UserTokenInvalid: 204,
  UseInfoEmpty: 205,
  UserNotExists: 206,
  UserEmailInvalid: 207,
  UserQueryParams: 208,
  UserQueryLimit: 209,
  UserOAuthParams: 210,
  UserAlreadyInRooms: 211,
  RoomCreateParams: 2000,
  RoomDestroyParams: 2001,
  RoomQueryParams: 2002,
  RoomLeaveParams: 2003,
  RoomNotExists: 2004,
  RoomsUserExists: 2006,
} as const;

export type ErrorName = keyof typeof ERROR_CODES;

/** Why a user may not sign in, enter or continue. */
export interface Refusal {
  /** broadcast: an operator ended the user's own broadcast. */
  kind: 'account' | 'address' | 'room' | 'broadcast';
  /** ms since 1970; 'broadcast': until the room's broadcast ends. */
  until: number | 'permanent' | 'broadcast';
  /** '': none was given. */
  reason: string;
  /** Why the last appeal was turned down. */
  appeal?: string | undefined;
  /** What the user appeals against; '': nothing, as with an address. */
  sanctionId: string;
}

interface ErrorOptions {
  cause?: unknown;
  refusal?: Refusal;
}

/**
 * An error for the caller. The apps show `text`: short, readable, without secrets; English here, in the tenant's language in
 * the answer (contract/error-messages.ts).
 */
export class ApiError extends Error {
  override readonly name: ErrorName;
  readonly code: number;
  readonly text: string;
  readonly refusal: Refusal | undefined;

  constructor(name: ErrorName, text: string, { cause, refusal }: ErrorOptions = {}) {
    super(`${name}(${ERROR_CODES[name]}): ${text}`, cause === undefined ? {} : { cause });
    this.name = name;
    this.code = ERROR_CODES[name];
    this.text = text;
    this.refusal = refusal;
  }
}

/** A failure of the database. Carries the driver's code, never SQL text or parameters. */
export class DatabaseError extends Error {
  override readonly name = 'DatabaseError';
  readonly driverCode: string;
  /** Name of the failed statement, if it was a statement (data/engine/sql.ts). */
  statement: string | undefined;
  /**
   * busy: another process is writing to the same SQLite file.
   * elsewhere: this server takes no writes (now), another one does; the statement was not carried out.
   */
  readonly kind:
    | 'duplicate'
    | 'deadlock'
    | 'busy'
    | 'lost'
    | 'refused'
    | 'resuming'
    | 'timeout'
    | 'missing'
    | 'elsewhere'
    | 'other';

  constructor(kind: DatabaseError['kind'], driverCode: string) {
    super(`database error ${driverCode}`);
    this.kind = kind;
    this.driverCode = driverCode;
  }
}

/** driverCode of the error with which MIGRATE=manual refuses an older schema. */
export const OLDER_SCHEMA = 'OLDER_SCHEMA';

/** driverCode of the error with which the service refuses to start: `userIds` of a tenant with accounts was changed. */
export const OTHER_IDS = 'OTHER_IDS';

/** Name of the failed statement, for the log; undefined if something else failed. */
export function failedStatement(error: unknown): string | undefined {
  return error instanceof DatabaseError ? error.statement : undefined;
}
