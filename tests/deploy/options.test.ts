/** Options of the command line, and the meaning of the cloud API's codes. */
import {
  CloudError,
  isAbsent,
  isDuplicate,
  isForbidden,
  isInDoubt,
  isPassing,
  isUntouched,
  UnreachableError,
} from '../../deploy/cloud-errors';
import { codeIn, releaseIn } from '../../deploy/function-plan';
import { eventOf } from '../../deploy/invoke';
import { parseSince } from '../../deploy/logs';
import { readSettings } from '../../deploy/settings';

const refused = (code: string, action = 'scf:X') => new CloudError({ action, code, requestId: 'r', message: 'No.' });

describe('the codes of the cloud API', () => {
  it.each([
    ['scf:GetFunction', 'ResourceNotFound.Function'],
    ['scf:GetFunction', 'ResourceNotFound.FunctionName'],
    ['scf:GetFunction', 'InvalidParameterValue.FunctionName'],
    ['scf:GetAlias', 'ResourceNotFound.Alias'],
    ['scf:GetCustomDomain', 'FailedOperation.Domain.UnExist'],
    ['vpc:DeleteVpc', 'ResourceNotFound'],
    ['cynosdb:DescribeClusterDetail', 'ResourceNotFound.ClusterNotFoundError'],
    ['cynosdb:DescribeClusterDetail', 'InternalError.DbOperationFailed'],
    ['cam:GetRole', 'InvalidParameter.RoleNotExist'],
  ])('%s refused with %s reads as "absent"', (action, code) => {
    expect(isAbsent(refused(code, action))).toBe(true);
    expect(isPassing(action, code)).toBe(false);
  });

  it.each([
    ['scf:GetAlias', 'ResourceNotFound.Function'],
    ['scf:UpdateAlias', 'ResourceNotFound.FunctionVersion'],
    ['scf:UpdateFunctionConfiguration', 'ResourceNotFound.Role'],
    ['cynosdb:CreateClusters', 'InternalError.DbOperationFailed'],
  ])('%s refused with %s is not "absent": another thing is missing', (action, code) => {
    expect(isAbsent(refused(code, action))).toBe(false);
  });

  it.each([
    'RequestLimitExceeded',
    'RequestLimitExceeded.UinLimitExceeded',
    'InternalError',
    'FailedOperation.FunctionStatusError',
    'FailedOperation.UpdateFunctionCode',
    'OperationDenied.ClusterStatusDeniedError',
    'OperationDenied.TaskConflictError',
    'OperationDenied.ClusterTaskConflictError',
    'OperationDenied.InstanceTaskConflictError',
    'OperationDenied.InstanceGrpTaskConflictError',
    'FailedOperation.UpdateFunctionConfiguration',
    'FailedOperation.PublishVersion',
    'FailedOperation.UpdateAlias',
    'FailedOperation.UpdateTrigger',
    'ResourceNotFound.FunctionVersion',
    'ResourceInUse',
    'OperationDenied.InstanceStatusLimitError',
    'ResourceUnavailable.InstanceStatusAbnormal',
    'FailedOperation.DatabaseAccessError',
    'FailedOperation.FlowCreateError',
    'FailedOperation.TopicCreating',
    'LimitExceeded.IndexOperating',
  ])('%s can pass', (code) => expect(isPassing('scf:X', code)).toBe(true));

  it.each([
    ['scf:CreateFunction', 'ResourceInUse.FunctionName'],
    ['scf:CreateTrigger', 'ResourceInUse.Trigger'],
    ['cls:CreateLogset', 'InvalidParameter.LogsetConflict'],
    ['cls:CreateTopic', 'InvalidParameter.TopicConflict'],
    ['cynosdb:CreateAccounts', 'InvalidParameterValue.AccountAlreadyExistError'],
  ])('%s refused with %s reads as "exists"', (action, code) => {
    expect(isDuplicate(refused(code, action))).toBe(true);
    expect(isPassing(action, code)).toBe(false);
  });

  it('distinguishes a missing permission from a wrong key', () => {
    expect(isForbidden(refused('UnauthorizedOperation.CAM'))).toBe(true);
    expect(isForbidden(refused('AuthFailure.UnauthorizedOperation'))).toBe(true);
    expect(isForbidden(refused('AuthFailure.SignatureFailure'))).toBe(false);
  });

  it.each([
    ['AuthFailure.SignatureFailure', 'https://console.cloud.tencent.com/cam/capi'],
    ['AuthFailure.SignatureExpire', 'clock'],
    ['FailedOperation.InsufficientBalance', 'https://console.cloud.tencent.com/expense/recharge'],
    ['FailedOperation.QcsRoleNotFound', 'https://console.cloud.tencent.com/scf'],
    ['InvalidParameterValue.EnvironmentExceededLimit', '4 KB'],
    ['InvalidParameterValue.Runtime', 'provider.runtime'],
    ['LimitExceeded.Function', 'quota'],
    ['FailedOperation.TradeCreateOrderError', 'https://console.cloud.tencent.com/expense/deal'],
    ['FailedOperation.CreateOrder', 'https://console.cloud.tencent.com/expense/deal'],
    ['UnauthorizedOperation.NotRealNameAccount', 'https://console.cloud.tencent.com/developer/auth'],
    ['OperationDenied.UserNotAuthenticatedError', 'https://console.cloud.tencent.com/developer/auth'],
    ['OperationDenied.CamDeniedError', 'docs/deploy.md'],
    ['OperationDenied.ACLFailed', 'docs/deploy.md'],
    ['UnauthorizedOperation.Region', '--region'],
    ['FailedOperation.ClsServiceUnregistered', 'https://console.cloud.tencent.com/cls'],
    ['FailedOperation.AccountInsufficient', 'https://console.cloud.tencent.com/expense/recharge'],
    ['FailedOperation.CallNetDeployFailed', 'free addresses'],
    ['FailedOperation.CallRoleFailed', 'QcloudAccessForScfRole'],
    ['FailedOperation.InsufficientResources', '--region'],
    ['UnsupportedOperation.VpcConfig', 'provider.vpc'],
    ['OperationDenied.NewStorageOnlySupport80Error', "'8.0'"],
    ['FailedOperation.Ssl', 'https://console.cloud.tencent.com/ssl'],
    ['FailedOperation.UpdateFunctionConfiguration', 'still being changed'],
    ['FailedOperation.CamSigAndAuthError', 'docs/deploy.md'],
    ['InvalidParameterValue.RegionZoneUnavailable', 'provider.zone'],
    ['OperationDenied.UnSupportSaleSpecError', 'provider.zone'],
    ['OperationDenied.AccountNotExists', 'https://console.cloud.tencent.com/cls'],
    ['OperationDenied.AccountIsolate', 'https://console.cloud.tencent.com/expense/recharge'],
    ['FailedOperation.UnOpenedService', 'https://console.cloud.tencent.com/scf'],
    ['FailedOperation.OpenService', 'https://console.cloud.tencent.com/scf'],
    ['FailedOperation.CNAME', 'CNAME'],
  ])('%s comes with advice', (code, advice) => {
    const { message } = refused(code);
    expect(message).toContain(`scf:X failed: No (${code}, request id r).\n`);
    expect(message.split('\n')[1]).toContain(advice);
  });

  it('takes an unknown outcome as possibly done, and a refusal as not done', () => {
    expect(isInDoubt(refused('InternalError.UnknownError'))).toBe(true);
    expect(isInDoubt(new UnreachableError('read ECONNRESET'))).toBe(true);
    expect(isInDoubt(new UnreachableError('connect ECONNREFUSED 127.0.0.1:1'))).toBe(false);
    expect(isInDoubt(refused('InvalidParameterValue.DealNameNotFound'))).toBe(true);
    for (const code of ['FailedOperation.TradeCreateOrderError', 'UnauthorizedOperation', 'RequestLimitExceeded']) {
      expect(isInDoubt(refused(code))).toBe(false);
    }
    expect(isUntouched('RequestLimitExceeded.UinLimitExceeded')).toBe(true);
    expect(isUntouched('InternalError')).toBe(false);
  });

  it('shows an unknown code as it is', () => {
    expect(refused('Strange.Code').message).toBe('scf:X failed: No (Strange.Code, request id r).');
  });
});

describe('options', () => {
  const now = Date.UTC(2026, 10, 23, 12);

  it('reads times as an age or as a date', () => {
    expect(parseSince('10m', now)).toBe(now - 600_000);
    expect(parseSince('2h', now)).toBe(now - 7_200_000);
    expect(parseSince('2026-11-23T08:00:00Z', now)).toBe(now - 14_400_000);
    expect(() => parseSince('yesterday', now)).toThrow('--since must be like 10m');
  });

  it('completes a request, leaves a timer event as it is, and refuses values other than objects', () => {
    const given = { functionName: undefined, path: undefined };
    expect(eventOf({ ...given, data: '{"path":"/x"}' })).toMatchObject({ httpMethod: 'GET', path: '/x', headers: {} });
    expect(eventOf({ ...given, functionName: 'timer', data: undefined })).toMatchObject({ Type: 'Timer' });
    expect(eventOf({ ...given, functionName: 'timer', data: '{"a":1}' })).toEqual({ a: 1 });
    for (const data of ['[1]', '1', '{'])
      expect(() => eventOf({ ...given, data })).toThrow('--data must be a JSON object');
    expect(() => eventOf({ ...given, data: undefined, path: 'no-such-file' })).toThrow('There is no file no-such-file');
  });

  it('prefers the stage and region of the command line', () => {
    const block = { stage: 'test', region: 'ap-beijing' };
    expect(readSettings('live-room', block, {})).toMatchObject({ name: 'live-room-test', region: 'ap-beijing' });
    const given = { stage: 'prod', region: 'ap-shanghai' };
    expect(readSettings('live-room', block, given)).toMatchObject({ name: 'live-room-prod', region: 'ap-shanghai' });
  });

  it('refuses a stage or region that cannot be one', () => {
    expect(() => readSettings('live-room', {}, { stage: 'My_Stage' })).toThrow('stage My_Stage: a lower-case letter');
    expect(() => readSettings('live-room', {}, { region: 'guangzhou' })).toThrow(
      'region guangzhou: one of ap-guangzhou',
    );
  });

  it('refuses another provider and sizes that are not sold, and names the valid ones', () => {
    const block = { name: 'aws', memorySize: 250, cluster: { pauseAfterSeconds: 60 } };
    expect(() => readSettings('live-room', block, {})).toThrow(
      /provider\.name aws: only tencent[\s\S]*memorySize 250: 64, or a multiple of 128[\s\S]*pauseAfterSeconds 60: 600 to/,
    );
  });

  it('finds code and release in a description, and none in a foreign one', () => {
    const text = 'Deployed with sls, live room dev, code 0123456789abcdef. Release fedcba9876543210.';
    expect([codeIn(text), releaseIn(text)]).toEqual(['0123456789abcdef', 'fedcba9876543210']);
    expect([codeIn('My function'), releaseIn(undefined)]).toEqual([undefined, undefined]);
  });
});
