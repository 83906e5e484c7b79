/**
 * The meaning of the cloud API's error codes for the steps. Codes decide, never messages: those come in two languages and
 * change. The vendor lists every code here; tests/deploy/vendor/error-codes.json has the lists and their
 * source, and a test compares.
 */

/** Codes that say "it does not exist", by action: the same code can mean a parent or a version in another action. */
export const absentCodes: Readonly<Record<string, readonly string[]>> = {
  'scf:GetFunction': [
    'ResourceNotFound.Function',
    'ResourceNotFound.FunctionName',
    'ResourceNotFound.Version',
    'InvalidParameterValue.FunctionName',
  ],
  'scf:DeleteFunction': [
    'ResourceNotFound',
    'ResourceNotFound.Function',
    'ResourceNotFound.FunctionName',
    'ResourceNotFound.Qualifier',
  ],
  'scf:GetAlias': ['ResourceNotFound.Alias'],
  'scf:UpdateAlias': ['ResourceNotFound.Alias'],
  'scf:GetCustomDomain': ['FailedOperation.Domain.UnExist'],
  'scf:DeleteCustomDomain': ['FailedOperation.Domain.UnExist', 'ResourceNotFound'],
  'vpc:DeleteSubnet': ['ResourceNotFound'],
  'vpc:DeleteVpc': ['ResourceNotFound'],
  'cls:DeleteTopic': ['ResourceNotFound.TopicNotExist'],
  'cls:DeleteLogset': ['ResourceNotFound.LogsetNotExist'],
  // DbOperationFailed: "record not found", soon after the cluster was listed and after it was deleted.
  'cynosdb:DescribeClusterDetail': [
    'ResourceNotFound.ClusterNotFoundError',
    'InvalidParameterValue.ClusterNotFound',
    'InternalError.DbOperationFailed',
  ],
  'cynosdb:IsolateCluster': ['ResourceNotFound.ClusterNotFoundError', 'InvalidParameterValue.ClusterNotFound'],
  // The order is paid; billing has not reported it to the database service yet.
  'cynosdb:DescribeResourcesByDealName': ['InvalidParameterValue.DealNameNotFound'],
  'cam:GetRole': ['InvalidParameter.RoleNotExist'],
};

/** Codes that say "it exists already", by action. */
export const existsCodes: Readonly<Record<string, readonly string[]>> = {
  'scf:CreateFunction': ['ResourceInUse.Function', 'ResourceInUse.FunctionName'],
  'scf:CreateTrigger': ['ResourceInUse.Trigger', 'ResourceInUse.TriggerName'],
  'cls:CreateLogset': ['InvalidParameter.LogsetConflict', 'FailedOperation.LogsetConflict'],
  'cls:CreateTopic': ['InvalidParameter.TopicConflict'],
  'cls:CreateIndex': ['InvalidParameter.IndexConflict'],
  'cynosdb:CreateAccounts': ['InvalidParameterValue.AccountExist', 'InvalidParameterValue.AccountAlreadyExistError'],
};

/** The request exceeded a rate limit and was not processed. */
export const throttledCodes: readonly string[] = [
  'RequestLimitExceeded',
  'RequestLimitExceeded.UinLimitExceeded',
  'RequestLimitExceeded.IPLimitExceeded',
  'RequestLimitExceeded.GlobalRegionUinLimitExceeded',
  'FailedOperation.TagQpsLimit',
  'LimitExceeded.ActionLimited',
];

/**
 * A function or version is in another state than the action needs, or not visible to it yet; nothing was begun. Some of
 * them are also returned for a change that is never possible, so they are repeated for a limited time only.
 */
export const functionBusyCodes: readonly string[] = [
  'FailedOperation.FunctionStatusError',
  'FailedOperation.FunctionNameStatusError',
  'FailedOperation.FunctionVersionStatusNotActive',
  'FailedOperation.OperationConflict',
  'FailedOperation.ProvisionedInProgress',
  'FailedOperation.ReservedInProgress',
  'FailedOperation.UpdateFunctionConfiguration',
  'FailedOperation.UpdateFunctionCode',
  'FailedOperation.PublishVersion',
  'FailedOperation.UpdateAlias',
  'FailedOperation.CreateTrigger',
  'FailedOperation.UpdateTrigger',
  'FailedOperation.DeleteFunction',
  'ResourceNotFound.FunctionVersion',
];

/** Another task runs on the cluster, the network or the log topic. */
export const otherBusyCodes: readonly string[] = [
  'FailedOperation.DatabaseAccessError',
  'FailedOperation.FlowCreateError',
  'FailedOperation.TopicCreating',
  'FailedOperation.Timeout',
  'LimitExceeded.IndexOperating',
  'OperationDenied.TaskConflictError',
  'OperationDenied.ClusterTaskConflictError',
  'OperationDenied.InstanceTaskConflictError',
  'OperationDenied.InstanceGrpTaskConflictError',
  'OperationDenied.ClusterStatusDeniedError',
  'OperationDenied.InstanceStatusDeniedError',
  'OperationDenied.InstanceStatusLimitError',
  'OperationDenied.ClusterOpNotAllowedError',
  'OperationDenied.ServerlessClusterStatusDenied',
  'OperationDenied.ServerlessInstanceStatusDenied',
  'ResourceUnavailable.InstanceLockFail',
  'ResourceUnavailable.InstanceStatusAbnormal',
  'ResourceInUse',
];

/** `InternalError` and its kinds say nothing about whether the work was done. */
export const internalCodes: readonly string[] = ['InternalError', 'InternalError.*', 'ServiceUnavailable'];

/** Further codes after which an order of a cluster may exist: billing or the task of making it answered late. */
export const orderInDoubtCodes: readonly string[] = [
  'FailedOperation.FlowCreateError',
  'InvalidParameterValue.DealNameNotFound',
];

/** The key lacks the permission for one action. */
export const forbiddenCodes: readonly string[] = [
  'UnauthorizedOperation',
  'UnauthorizedOperation.CAM',
  'UnauthorizedOperation.PermissionDenied',
  'AuthFailure.UnauthorizedOperation',
];

/** `pattern`: a code, or a family such as `LimitExceeded.*`. */
export function fits(pattern: string, code: string): boolean {
  return pattern.endsWith('.*') ? code.startsWith(pattern.slice(0, -1)) : code === pattern;
}

export function isOneOf(patterns: readonly string[] | undefined, code: string): boolean {
  return patterns?.some((pattern) => fits(pattern, code)) ?? false;
}
