/** The errors of the cloud API, worded for people, and the questions that the steps ask about them. */
import { adviceFor } from './advice';
import {
  absentCodes,
  existsCodes,
  forbiddenCodes,
  functionBusyCodes,
  internalCodes,
  isOneOf,
  orderInDoubtCodes,
  otherBusyCodes,
  throttledCodes,
} from './codes';
import { DeployError } from './deploy-error';

export interface Refusal {
  /** `scf:CreateFunction` */
  readonly action: string;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
  /** Milliseconds for which the call was repeated before it was given up; 0 = sent once. */
  readonly repeatedFor?: number;
}

/** A refusal by the cloud API, already worded for a person. */
export class CloudError extends DeployError {
  readonly action: string;
  readonly code: string;
  readonly requestId: string;

  constructor(refusal: Refusal) {
    super(sentence(refusal));
    this.action = refusal.action;
    this.code = refusal.code;
    this.requestId = refusal.requestId;
  }
}

/** No connection was made, so the request was not sent. */
const neverSent = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|certificate/i;

/** There was no readable response: the work may have been done, unless the request was never sent. */
export class UnreachableError extends DeployError {
  get mayBeDone(): boolean {
    return !neverSent.test(this.message);
  }
}

export const isAbsent = (error: unknown): boolean =>
  error instanceof CloudError && isOneOf(absentCodes[error.action], error.code);
export const isDuplicate = (error: unknown): boolean =>
  error instanceof CloudError && isOneOf(existsCodes[error.action], error.code);

/** The refusal says that nothing was begun: a request that must not be done twice can still be sent again. */
export const isUntouched = (code: string): boolean => isOneOf([...throttledCodes, ...functionBusyCodes], code);

/** The same request can succeed later. `action` as in `scf:CreateFunction`: a code that it reads as "absent" does not pass. */
export const isPassing = (action: string, code: string): boolean =>
  !isOneOf(absentCodes[action], code) &&
  (isUntouched(code) || isOneOf(internalCodes, code) || isOneOf(otherBusyCodes, code));

/** It is unknown whether an order went through. */
export const isInDoubt = (error: unknown): boolean =>
  (error instanceof UnreachableError && error.mayBeDone) ||
  (error instanceof CloudError && isOneOf([...internalCodes, ...orderInDoubtCodes], error.code));

/** The key lacks this permission; the deploy may still work without it. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof CloudError && isOneOf(forbiddenCodes, error.code);

function sentence({ action, code, requestId, message, repeatedFor = 0 }: Refusal): string {
  const hint = adviceFor(code);
  const id = requestId === '' ? '' : `, request id ${requestId}`;
  const repeated = repeatedFor < 1000 ? '' : ` after ${Math.round(repeatedFor / 1000)} s of repeating it`;
  const text = message.replace(/[.。\s]+$/, '');
  return `${action} failed${repeated}: ${text} (${code}${id}).${hint ? `\n${hint}` : ''}`;
}
