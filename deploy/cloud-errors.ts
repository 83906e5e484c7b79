/**
 * What the error codes of the cloud API mean to somebody who deploys: retry, not there, or a sentence with what to do.
 * Codes are those of the vendor's SDKs (scf, cynosdb, vpc, cls, cam, sts), read 2026-11.
 */
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

export interface Refusal {
  /** `scf:CreateFunction` */
  readonly action: string;
  readonly code: string;
  readonly requestId: string;
  readonly message: string;
}

const absent =
  /^(ResourceNotFound(\.|$)|InvalidParameterValue\.(ClusterNotFound|AccountNotExist|DbNotFound)|ResourceNotFound\.)|^InvalidParameter\.RoleNotExist$/;
const exists =
  /^ResourceInUse\.(Function|FunctionName|Trigger|TriggerName|Alias)$|\.(AccountExist|AccountAlreadyExist\w*|DbNameAlreadyExist\w*|DatabaseExist\w*|LogsetConflict|TopicConflict|IndexConflict)$/;
const throttled = /^(RequestLimitExceeded|InternalError|LimitExceeded\.RequestLimit|FailedOperation\.Throttl)/;
const busy = new RegExp(
  [
    '^FailedOperation\\.(FunctionStatusError|FunctionNameStatusError|FunctionVersionStatusNotActive|UpdateFunctionCode',
    'CreateTrigger|DeleteFunction|PublishVersion|OperationConflict|ReservedInProgress)$',
    '^OperationDenied\\.(TaskConflictError|ClusterStatusDeniedError|InstanceStatusDeniedError|ClusterOpNotAllowedError',
    'ServerlessClusterStatusDenied|ServerlessInstanceStatusDenied)$',
    '^(ResourceUnavailable\\.InstanceLockFail|ResourceInUse)$',
  ].join('|'),
);

export const isAbsent = (error: unknown): boolean => error instanceof CloudError && absent.test(error.code);
export const isDuplicate = (error: unknown): boolean => error instanceof CloudError && exists.test(error.code);
/** Asking again later is the right answer. */
export const isPassing = (code: string): boolean => throttled.test(code) || busy.test(code);
/** The caller may not ask this; the deploy may still be able to work. */
export const isForbidden = (error: unknown): boolean =>
  error instanceof CloudError && /^(UnauthorizedOperation|AuthFailure\.UnauthorizedOperation)/.test(error.code);

const advice: readonly [RegExp, string][] = [
  [
    /^AuthFailure\.(SecretIdNotFound|SignatureFailure|InvalidSecretId)/,
    'The API key is wrong or disabled. Keys: https://console.cloud.tencent.com/cam/capi',
  ],
  [/^AuthFailure\.SignatureExpire/, "This computer's clock is wrong by more than five minutes. Set it and try again."],
  [/^AuthFailure\.TokenFailure/, 'The temporary key has run out. Fetch a new one and try again.'],
  [
    /^(UnauthorizedOperation|AuthFailure\.Unauthorized)/,
    'The key may not do this. Attach the policy from docs/deploy.md to its user: https://console.cloud.tencent.com/cam',
  ],
  [
    /InsufficientBalance|BalanceInsufficient|Arrears/,
    'The account has no money left. Top up: https://console.cloud.tencent.com/expense/recharge',
  ],
  [
    /QcsRoleNotFound/,
    'SCF has not been authorised in this account. Open https://console.cloud.tencent.com/scf once and accept.',
  ],
  [/EnvironmentExceededLimit/, 'The environment of a function may hold 4 KB. Shorten TENANTS or OAUTH_TAG_SECRETS.'],
  [/EnvironmentSystemProtect/, 'A variable has a name that SCF reserves (SCF_, QCLOUD_, TENCENTCLOUD_). Rename it.'],
  [/InvalidParameterValue\.Runtime/, 'This region does not know the runtime. Set provider.runtime in serverless.yml.'],
  [/(ZipFile|FunctionCodeSize|CodeSize)/, 'The code package was refused. Run `npx sls package` and look at its size.'],
  [
    /^LimitExceeded|QuotaLimit|QuotaExceeded/,
    'A quota of the account is used up. Raise it or remove what is not used.',
  ],
  [/UnsupportedRegion|InvalidParameterValue\.Region/, 'The service is not sold in this region. Try another --region.'],
  [/(StockNotEnough|SoldOut|ZoneNotSupport|InsufficientStock)/, 'Sold out in this zone. Set provider.zone to another.'],
  [/DealName|CreateOrderFailed|TradeError/, 'Buying failed. See https://console.cloud.tencent.com/expense/deal'],
];

function sentence({ action, code, requestId, message }: Refusal): string {
  const hint = advice.find(([pattern]) => pattern.test(code))?.[1];
  const id = requestId === '' ? '' : `, request id ${requestId}`;
  return `${action} failed: ${message.replace(/[.。\s]+$/, '')} (${code}${id}).${hint ? `\n${hint}` : ''}`;
}
