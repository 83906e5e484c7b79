/**
 * What the error codes of the cloud API mean to the steps: ask again, not there, there already, may be done all the same.
 * Codes are those of the vendor's SDKs (scf, cynosdb, vpc, cls, cam, sts) and those that others met, read 2026-11.
 */
import { adviceFor } from './advice';
import { DeployError } from './deploy-error';

/** A refusal by the cloud API, already worded for a person. */
export class CloudError extends DeployError {
  readonly action: string;
  readonly code: string;
  readonly requestId: string;

  constructor({ action, code, requestId, message }: Refusal) {
    super(sentence({ action, code, requestId, message }));
    this.action = action;
    this.code = code;
    this.requestId = requestId;
  }
}

/** There was nobody to talk to: the request has not left. */
const neverSent = /ENOTFOUND|EAI_AGAIN|ECONNREFUSED|EHOSTUNREACH|ENETUNREACH|certificate/i;

/** No answer that could be read: what was asked for may have been done, unless the request has not left. */
export class UnreachableError extends DeployError {
  get mayBeDone(): boolean {
    return !neverSent.test(this.message);
  }
}

export interface Refusal {
  /** `scf:CreateFunction` */
  readonly action: string;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
}

const absent =
  /^(ResourceNotFound(\.|$)|InvalidParameterValue\.(ClusterNotFound|AccountNotExist|DbNotFound|FunctionName$))|^InvalidParameter\.RoleNotExist$/;
/** What the database service says of a cluster that has just been deleted. */
const recordNotFound = /record not found/i;
const exists =
  /^ResourceInUse\.(Function|FunctionName|Trigger|TriggerName|Alias|CustomDomain)$|\.(AccountExist|AccountAlreadyExist\w*|DbNameAlreadyExist\w*|DatabaseExist\w*|LogsetConflict|TopicConflict|IndexConflict)$/;
const throttled = /^(RequestLimitExceeded|LimitExceeded\.RequestLimit|FailedOperation\.Throttl)/;
const internal = /^InternalError/;
/** The function is in another state than the action needs; nothing was begun. */
const functionBusy =
  /^FailedOperation\.(FunctionStatusError|FunctionNameStatusError|FunctionVersionStatusNotActive|OperationConflict|ReservedInProgress)$/;
const busy = new RegExp(
  [
    '^FailedOperation\\.(UpdateFunctionCode|CreateTrigger|DeleteFunction|PublishVersion|DatabaseAccessError',
    'FlowCreateError|TopicCreating)$',
    '^OperationDenied\\.(TaskConflictError|ClusterStatusDeniedError|InstanceStatusDeniedError|ClusterOpNotAllowedError',
    'InstanceStatusLimitError|ServerlessClusterStatusDenied|ServerlessInstanceStatusDenied)$',
    '^(ResourceUnavailable\\.(InstanceLockFail|InstanceStatusAbnormal)|ResourceInUse|LimitExceeded\\.IndexOperating)$',
  ].join('|'),
);

export const isAbsent = (error: unknown): boolean =>
  error instanceof CloudError && (absent.test(error.code) || recordNotFound.test(error.message));
export const isDuplicate = (error: unknown): boolean => error instanceof CloudError && exists.test(error.code);

/** Asking again later is the right answer. */
export const isPassing = ({ code, message }: { code: string; message: string }): boolean =>
  !recordNotFound.test(message) &&
  (throttled.test(code) || internal.test(code) || functionBusy.test(code) || busy.test(code));

/** The refusal says that nothing has been begun: even what must not happen twice may be sent again. */
export const isUntouched = (code: string): boolean => throttled.test(code) || functionBusy.test(code);

/** Neither done nor refused for certain: an order may have gone through. */
export const isInDoubt = (error: unknown): boolean =>
  (error instanceof UnreachableError && error.mayBeDone) ||
  (error instanceof CloudError && (internal.test(error.code) || error.code === 'FailedOperation.FlowCreateError'));

/** The caller may not ask this; the deploy may still be able to work. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof CloudError && /^(UnauthorizedOperation|AuthFailure\.UnauthorizedOperation)/.test(error.code);

function sentence({ action, code, requestId, message }: Refusal): string {
  const hint = adviceFor(code);
  const id = requestId === '' ? '' : `, request id ${requestId}`;
  return `${action} failed: ${message.replace(/[.。\s]+$/, '')} (${code}${id}).${hint ? `\n${hint}` : ''}`;
}
