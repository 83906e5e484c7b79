/** The sentence that helps, and the page to click, for the refusals that people meet. The first that matches counts. */

const pages = 'https://console.cloud.tencent.com';

const advice: readonly [RegExp, string][] = [
  [
    /^AuthFailure\.(SecretIdNotFound|SignatureFailure|InvalidSecretId)/,
    `The API key is wrong or disabled. Keys: ${pages}/cam/capi`,
  ],
  [/^AuthFailure\.SignatureExpire/, "This computer's clock is wrong by more than five minutes. Set it and try again."],
  [/^AuthFailure\.TokenFailure/, 'The temporary key has run out. Fetch a new one and try again.'],
  [
    /NotRealNameAccount|UserNotAuthenticated|RealName/,
    `The account has not been verified (实名认证), and unverified accounts cannot buy: ${pages}/developer/auth`,
  ],
  [
    /^(UnauthorizedOperation|AuthFailure\.Unauthorized)|CamDenied|CamSigAndAuth|CamAuth/,
    `The key may not do this. Attach the policy from docs/deploy.md to its user: ${pages}/cam`,
  ],
  [
    /InsufficientBalance|BalanceInsufficient|Arrears|AccountIsolate|InsufficientAccount/,
    `The account has no money left. Top up: ${pages}/expense/recharge (vouchers are used by themselves).`,
  ],
  [
    /QcsRoleNotFound|UnOpenedService|OpenService/,
    `SCF has not been authorised in this account. Open ${pages}/scf once, as the root account, and accept.`,
  ],
  [/AccountNotExists/, `The log service has not been opened in this account. Open ${pages}/cls once.`],
  [/EnvironmentExceededLimit/, 'The environment of a function may hold 4 KB. Shorten TENANTS or OAUTH_TAG_SECRETS.'],
  [/EnvironmentSystemProtect/, 'A variable has a name that SCF reserves (SCF_, QCLOUD_, TENCENTCLOUD_). Rename it.'],
  [/InvalidParameterValue\.Runtime/, 'This region does not know the runtime. Set provider.runtime in serverless.yml.'],
  [/(ZipFile|FunctionCodeSize|CodeSize)/, 'The code package was refused. Run `npx sls package` and look at its size.'],
  [
    /UnSupportSaleSpec|StockNotEnough|SoldOut|InsufficientStock|ZoneNotSupport|InvalidZoneId|RegionZoneUnavailable/,
    'This zone does not sell it at the moment. Set provider.zone, or provider.cluster, to another; ' +
      '`npx sls deploy --plan` lists what the zones have.',
  ],
  [/UnsupportedRegion|InvalidParameterValue\.Region/, 'The service is not sold in this region. Try another --region.'],
  [
    /DealName|CreateOrder|TradeError|TradeCreate|PayOrder/,
    `Buying failed: an unpaid order, no money, no right to pay? See ${pages}/expense/deal`,
  ],
  [/CNAME/, 'The CNAME record of the domain does not lead to the functions of this account yet; DNS may need minutes.'],
  [/\.(Certificate|CertificateId|CertConfig)/, `The certificate is not there or not issued: ${pages}/ssl`],
  [
    /ICP|NotFiled|Record\b/,
    'In mainland regions the domain needs an ICP filing: https://console.cloud.tencent.com/beian',
  ],
  [
    /^LimitExceeded|QuotaLimit|QuotaExceeded/,
    'A quota of the account is used up. Raise it or remove what is not used.',
  ],
];

/** Undefined for a code that nobody has met. */
export function adviceFor(code: string): string | undefined {
  return advice.find(([pattern]) => pattern.test(code))?.[1];
}
