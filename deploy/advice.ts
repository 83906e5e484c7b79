/** The sentence that helps, and the page to open, for the refusals that a first deploy meets. */
import { fits } from './codes';

const pages = 'https://console.cloud.tencent.com';

interface Advice {
  /** Codes, or families such as `LimitExceeded.*`. */
  readonly codes: readonly string[];
  readonly text: string;
}

/** The first entry that fits counts, so exact codes come before families. A test finds every code in the vendor's lists. */
export const advice: readonly Advice[] = [
  {
    codes: ['AuthFailure.SecretIdNotFound', 'AuthFailure.SignatureFailure', 'AuthFailure.InvalidSecretId'],
    text: `The API key is wrong or disabled. Keys: ${pages}/cam/capi`,
  },
  {
    codes: ['AuthFailure.SignatureExpire'],
    text: "This computer's clock is wrong by more than five minutes. Set it and try again.",
  },
  {
    codes: ['AuthFailure.TokenFailure'],
    text: 'The temporary key is invalid or has expired. Fetch a new one and try again.',
  },
  {
    codes: ['UnauthorizedOperation.NotRealNameAccount', 'OperationDenied.UserNotAuthenticatedError'],
    text: `The account is not verified (实名认证), and unverified accounts cannot buy: ${pages}/developer/auth`,
  },
  {
    codes: ['UnauthorizedOperation.Region', 'UnsupportedRegion', 'UnsupportedOperation.UnsupportedRegion'],
    text: 'The service is not sold in this region. Try another --region.',
  },
  {
    codes: ['UnauthorizedOperation.Role', 'FailedOperation.CallRoleFailed', 'ResourceNotFound.Role'],
    text:
      `SCF cannot use a role. Check that SCF_QcsRole has the policy QcloudAccessForScfRole (open ${pages}/scf as the root ` +
      `account and accept), and that provider.role is a role for the service SCF: ${pages}/cam/role`,
  },
  {
    codes: [
      'UnauthorizedOperation',
      'UnauthorizedOperation.*',
      'AuthFailure.UnauthorizedOperation',
      'OperationDenied.CamDeniedError',
      'OperationDenied.ACLFailed',
      'FailedOperation.CamSigAndAuthError',
      'FailedOperation.CamCheckResourceError',
    ],
    text: `The API key lacks this permission. Attach the policy from docs/deploy.md to its user: ${pages}/cam`,
  },
  {
    codes: [
      'FailedOperation.InsufficientBalance',
      'FailedOperation.AccountInsufficient',
      'OperationDenied.InsufficientBalanceError',
      'OperationDenied.AccountIsolate',
      'OperationDenied.AccountDestroy',
      'ResourceUnavailable.InsufficientBalance',
      'ResourceUnavailable.ServiceSuspended',
    ],
    text: `Insufficient account balance. Top up: ${pages}/expense/recharge (vouchers are used automatically).`,
  },
  {
    codes: ['FailedOperation.QcsRoleNotFound', 'FailedOperation.UnOpenedService', 'FailedOperation.OpenService'],
    text: `SCF is not authorised in this account. Open ${pages}/scf once, as the root account, and accept.`,
  },
  {
    codes: ['OperationDenied.AccountNotExists', 'FailedOperation.ClsServiceUnregistered'],
    text: `The log service is not open in this account. Open ${pages}/cls once, or run \`npx sls deploy --open-cls\`.`,
  },
  {
    codes: ['InvalidParameterValue.EnvironmentExceededLimit'],
    text: 'A function can have 4 KB of environment variables. Shorten TENANTS or OAUTH_TAG_SECRETS.',
  },
  {
    codes: ['InvalidParameterValue.EnvironmentSystemProtect', 'InvalidParameterValue.SystemEnvironment'],
    text: 'SCF reserves names that start with SCF_, QCLOUD_ or TENCENTCLOUD_. Rename the variable.',
  },
  {
    codes: ['InvalidParameterValue.Runtime'],
    text: 'This region does not have the runtime. Set provider.runtime in serverless.yml.',
  },
  {
    codes: ['InvalidParameterValue.ZipFile', 'InvalidParameterValue.ZipFileBase64BinasciiError'],
    text: 'SCF rejected the code package. Run `npx sls package` and check its size.',
  },
  {
    codes: ['FailedOperation.CallNetDeployFailed', 'LimitExceeded.IntraIp'],
    text:
      `SCF could not connect the function to the network. Check that the subnet has free addresses (${pages}/vpc/subnet) ` +
      'and deploy again.',
  },
  {
    codes: ['UnsupportedOperation.VpcConfig', 'InvalidParameterValue.Vpc', 'ResourceNotFound.Vpc'],
    text: 'SCF cannot use this network. Check provider.vpc, or the zone of its subnet (provider.zone).',
  },
  {
    codes: ['FailedOperation.InsufficientResources'],
    text: 'SCF has no capacity left in this region. Try again later, or another --region.',
  },
  {
    codes: ['OperationDenied.NewStorageOnlySupport80Error', 'InvalidParameterValue.InvalidDBVersion'],
    text: "This zone sells MySQL 8.0 only. Set provider.cluster.version to '8.0'.",
  },
  {
    codes: [
      'OperationDenied.UnSupportSaleSpecError',
      'InvalidParameterValue.InvalidSpec',
      'InvalidParameterValue.InvalidZoneIdError',
      'InvalidParameterValue.RegionZoneUnavailable',
    ],
    text:
      'This zone does not sell that size now. Set provider.zone or provider.cluster to another; ' +
      '`npx sls deploy --plan` lists what each zone has.',
  },
  {
    codes: ['FailedOperation.CreateOrder', 'FailedOperation.TradeCreateOrderError'],
    text: `Buying failed. Check for an unpaid order, the balance and the right to pay: ${pages}/expense/deal`,
  },
  {
    codes: ['FailedOperation.CNAME'],
    text: 'SCF does not see the CNAME record of the domain yet. Wait some minutes and run the same command again.',
  },
  {
    codes: ['FailedOperation.Ssl'],
    text: `The certificate does not exist, is not issued, or is for another domain: ${pages}/ssl`,
  },
  {
    codes: ['InvalidParameterValue.Domain'],
    text: `SCF rejected the domain. In mainland regions it needs an ICP filing (${pages}/beian), and no other account may use it.`,
  },
  {
    codes: [
      'FailedOperation.UpdateFunctionConfiguration',
      'FailedOperation.UpdateFunctionCode',
      'FailedOperation.PublishVersion',
      'FailedOperation.UpdateAlias',
      'FailedOperation.CreateTrigger',
      'FailedOperation.UpdateTrigger',
      'FailedOperation.DeleteFunction',
    ],
    text:
      `The function is still being changed, or this change is not possible. See its state at ${pages}/scf/list and run the ` +
      'same command again.',
  },
  {
    codes: ['LimitExceeded', 'LimitExceeded.*', 'InvalidParameterValue.LimitExceeded'],
    text: 'A quota of the account is used up. Raise it or remove unused resources.',
  },
];

/** Undefined for a code without advice. */
export function adviceFor(code: string): string | undefined {
  return advice.find(({ codes }) => codes.some((pattern) => fits(pattern, code)))?.text;
}
